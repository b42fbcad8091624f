"""engine.d.*: the 65 communes of Khánh Hòa for 3, 4 and 5 deputy directors, then for 3 to 8, also within 3 %."""

import math
from collections.abc import Iterator
from random import Random

import numpy as np
from commune_schemas.documents import GroupsDocument
from matching_worker.model.geography import distance_m, neighbours
from matching_worker.model.groups.formulation import base_rows
from matching_worker.model.groups.highs import GroupSolver
from matching_worker.model.groups.problem import cost_of, read_map, total_cost
from matching_worker.model.groups.search import excess, grow, search, spread_seeds
from matching_worker.model.outcome import SILENT, Limits

from bench.rivals import Rivals, find_all, rows_against, time_rival
from bench.rows import Row, case_rows, growth_row, make_row
from bench.solves import Objective, memory_row, solve_all
from tests.support.places import KHANH_HOA, list_communes

TARGET_SECONDS = 3.0
LIMIT_SECONDS = 60.0
SEEDS = 8
TIGHT = 0.03
WITHIN = {0.1: "10", TIGHT: "3"}


def khanhhoa() -> Iterator[Row]:
    """The case's own seconds are those of the grouping that took longest."""
    case, ks = "engine.d.khanhhoa", (3, 4, 5)
    problems = [make_map(KHANH_HOA, k=k, seed=1) for k in ks]
    batch = solve_all(problems, limit_seconds=LIMIT_SECONDS)
    rivals = find_all(find_rivals, problems, batch.solved)
    slow = max(range(len(ks)), key=lambda number: batch.solved[number].seconds)
    details = [memory_row(case, batch)]
    for k, one, its in zip(ks, batch.solved, rivals, strict=True):
        prefix, lp = f"{case}.k{k}", its["lp_bound"].seconds
        details += [
            make_row(f"{prefix}.seconds", one.seconds, "s", ceiling=lp, at_most=TARGET_SECONDS, **one.took),
            make_row(f"{prefix}.gap", one.gap, "", at_most=0.0),
            *rows_against(prefix, [one], [its]),
        ]
    seconds, ceiling = batch.solved[slow].seconds, rivals[slow]["lp_bound"].seconds
    took = batch.solved[slow].took
    yield from case_rows(case, seconds, details, ceiling=ceiling, at_most=TARGET_SECONDS, **took)


def balance() -> Iterator[Row]:
    """More groups, and tighter balance. The case's own seconds are those of the slowest grouping within 3 %."""
    case = "engine.d.balance"
    asked = [(balance, k) for balance in WITHIN for k in range(3, 9)]
    batch = solve_all(
        [make_map(KHANH_HOA, k=k, seed=1, balance=balance) for balance, k in asked], limit_seconds=LIMIT_SECONDS
    )
    tight = [one for (within, _), one in zip(asked, batch.solved, strict=True) if within == TIGHT]
    slow = max(tight, key=lambda one: one.seconds)
    details = [make_row(f"{case}.gap", max(one.gap for one in tight), "", at_most=0.0)]
    for (within, k), one in zip(asked, batch.solved, strict=True):
        name = f"{case}.growth.k{k}_within_{WITHIN[within]}"
        curve = f"D, balance within {WITHIN[within]} %: groups"
        details.append(growth_row(name, curve, k, one.seconds, **one.took, gap=one.gap))
    yield from case_rows(case, slow.seconds, details, ceiling=None, at_most=TARGET_SECONDS, **slow.took)


def make_map(province: str, *, k: int, seed: int, balance: float = 0.1) -> GroupsDocument:
    """Weights 1 to 6 (blockers or need) by a fixed seed; neighbours by the Gabriel graph of the offices."""
    random = Random(seed)
    places = list_communes(province)
    weights = {place.code: random.randint(1, 6) for place in places}
    mean = sum(weights.values()) / k
    return GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": f"{province} in {k}",
            "communes": [{"id": code, "weight": weight} for code, weight in weights.items()],
            "edges": [(places[i].code, places[j].code) for i, j in neighbours([place.point for place in places])],
            "k": k,
            "lo": math.floor(mean * (1 - balance)),
            "hi": math.ceil(mean * (1 + balance)),
            "dist_km": {a.code: {b.code: round(distance_m(a.point, b.point) / 1000) for b in places} for a in places},
        }
    )


def find_rivals(task: tuple[GroupsDocument, Objective]) -> Rivals:
    """Greedy grows groups from seeds, most of them out of balance; local search mends that; both without proof."""
    problem, _ = task
    return {
        "greedy": time_rival(lambda: grow_groups(problem)),
        "local_search": time_rival(lambda: search_groups(problem)),
        "lp_bound": time_rival(lambda: bound(problem)),
    }


def grow_groups(problem: GroupsDocument) -> Objective | None:
    """The best of the balanced ones."""
    communes = read_map(problem)
    everyone = set(range(communes.size))
    seeds = [[{one} for one in spread_seeds(communes, Random(seed))] for seed in range(SEEDS)]
    grown = [groups for cores in seeds if (groups := grow(communes, cores, everyone))]
    balanced = [groups for groups in grown if not sum(excess(communes, group) for group in groups)]
    costs = [sum(cost_of(group, communes.km) for group in groups) for groups in balanced]
    return {"cost": min(costs)} if costs else None


def search_groups(problem: GroupsDocument) -> Objective | None:
    communes = read_map(problem)
    costs = [total_cost(communes, grouping) for grouping in search(communes)]
    return {"cost": min(costs)} if costs else None


def bound(problem: GroupsDocument) -> Objective | None:
    """Balance without connectedness."""
    communes = read_map(problem)
    cost = communes.km.astype(np.float64).ravel()
    relaxed = GroupSolver(cost, base_rows(communes), limits=Limits(), monitor=SILENT).relax()
    return None if relaxed is None else {"cost": relaxed.value}


CASES = {"engine.d.khanhhoa": khanhhoa, "engine.d.balance": balance}
