"""engine.d.khanhhoa: the 65 communes of Khánh Hòa for 3, 4 and 5 deputy directors, within 10 % of equal weight."""

import math
import time
from collections.abc import Iterator
from random import Random

from commune_schemas.documents import GroupsDocument
from matching_worker.geography import distance_m, neighbours
from matching_worker.model.groups import solve, verify
from matching_worker.model.groups.problem import read_map, total_cost
from matching_worker.model.groups.search import search
from matching_worker.model.outcome import Limits

from bench.places import list_places
from bench.rows import Row, make_row

TARGET_SECONDS = 3.0
BALANCE = 0.1


def rows() -> Iterator[Row]:
    for k in (3, 4, 5):
        problem = make_map("56", k=k, seed=1)
        started = time.perf_counter()
        outcome = solve(problem, limits=Limits())
        seconds = time.perf_counter() - started
        assert outcome.solution is not None
        assert verify(problem, outcome.solution).accepted  # type: ignore[arg-type] # a grouping
        name = f"engine.d.khanhhoa.k{k}"
        yield make_row(name + ".seconds", seconds, "s", target=TARGET_SECONDS, met=seconds <= TARGET_SECONDS)
        yield make_row(name + ".gap", outcome.gaps()["cost"], "", target=0.0, met=outcome.gaps()["cost"] == 0)
        communes = read_map(problem)
        local_search = min(total_cost(communes, grouping) for grouping in search(communes, seed=0))
        yield make_row(name + ".cost", outcome.objective["cost"], "km", ceiling=local_search)


def make_map(province: str, *, k: int, seed: int) -> GroupsDocument:
    """Weights 1 to 6 (blockers or need) by a fixed seed; neighbours by the Gabriel graph of the offices."""
    random = Random(seed)
    places = [place for place in list_places() if place.province == province]
    weights = {place.code: random.randint(1, 6) for place in places}
    mean = sum(weights.values()) / k
    return GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": f"{province} in {k}",
            "communes": [{"id": code, "weight": weight} for code, weight in weights.items()],
            "edges": [(places[i].code, places[j].code) for i, j in neighbours([place.point for place in places])],
            "k": k,
            "lo": math.floor(mean * (1 - BALANCE)),
            "hi": math.ceil(mean * (1 + BALANCE)),
            "dist_km": {a.code: {b.code: round(distance_m(a.point, b.point) / 1000) for b in places} for a in places},
        }
    )
