"""engine.*: what policies ask of the engine: prices, shortage, everybody used, and planning again when people left."""

import asyncio
import json
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from commune_schemas.documents import InstanceDocument, Prices
from commune_schemas.matching import MatchingProblem
from matching_worker.campaign.cut import joint_short
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.child.process import ChildTerms
from matching_worker.child.warm import WarmChildren
from matching_worker.roster.news import RunNews

from bench.processes import run_apart
from bench.replan_instances import demo_problem, who_came
from bench.rows import Row, case_rows, growth_row, make_row
from bench.solves import memory_row, solve_all
from tests.support.instances import Shape, list_cases, make_province
from tests.support.placement_instances import khanh_hoa
from tests.support.places import list_communes, list_provinces

A22 = Path(__file__).parents[1] / "tests/matching_worker/documents/examples/A22_khanhhoa_prices.json"
DEFAULT_POLICY = {"theta_pct": 130, "prices": Prices(overcap=10, scattered=40)}
SHORT_OF_PEOPLE = (0.2, 0.3, 0.4, 0.5)
"""Shares of the usual people; needs stay as for all of them."""
SHORTEST, LONGEST, SHORT_CASES = 45, 65, 22
CURVE = (0, 5, 20)
REPLAN_SECONDS = 10.0
FIRST_SECONDS = 20.0
SECONDS_A_SCHOOL = 5.0
PRICED_SECONDS = 60.0
NEARLY = 0.01


def prices() -> Iterator[Row]:
    """The real Khánh Hòa with the default policy, and as its document stands (prices 2 and 40)."""
    case = "engine.a.prices"
    stands = InstanceDocument.model_validate(json.loads(A22.read_text("utf-8")))
    policy = stands.policy.model_copy(update=DEFAULT_POLICY)
    (default,) = solve_all([stands.model_copy(update={"policy": policy})], limit_seconds=30.0).solved
    batch = solve_all([stands], limit_seconds=120.0)
    (own,) = batch.solved
    details = [
        make_row(f"{case}.gap_at_10s", default.gap_after(10), "", at_most=0.01, cost_km=default.objective["cost_km"]),
        make_row(f"{case}.as_it_stands.gap_at_30s", own.gap_after(30), "", at_most=0.005),
        make_row(f"{case}.as_it_stands.proved", own.proved_seconds, "s", at_most=120.0, gap=own.gap, **own.took),
        make_row(f"{case}.as_it_stands.gap", own.gap, "", at_most=0.0, cost_km=own.objective["cost_km"]),
        memory_row(case, batch),
    ]
    first = max(default.first_plan_seconds, own.first_plan_seconds)
    yield from case_rows(case, first, details, ceiling=None, at_most=1.0, **default.took)


def priced_provinces() -> Iterator[Row]:
    """Every province with the default policy's prices; the seconds of the slowest until its gap is at most 1 %."""
    case = "engine.a.prices_provinces"
    problems = [
        whole.model_copy(update={"policy": whole.policy.model_copy(update=DEFAULT_POLICY)}) for whole in list_cases()
    ]
    batch = solve_all(problems, limit_seconds=PRICED_SECONDS)
    within = sum(one.gap <= NEARLY for one in batch.solved)
    reached = [next((news.seconds for news in one.news if news.gap <= NEARLY), one.seconds) for one in batch.solved]
    slow = max(range(len(problems)), key=lambda number: reached[number])
    details = [
        make_row(f"{case}.gap", max(one.gap for one in batch.solved), "", at_most=NEARLY),
        make_row(f"{case}.within_1_percent", within, "cases", ceiling=len(problems), at_least=len(problems)),
        make_row(f"{case}.proved", sum(one.gap == 0 for one in batch.solved), "cases", ceiling=len(problems)),
        make_row(f"{case}.first_plan_max", max(one.first_plan_seconds for one in batch.solved), "s", at_most=1.0),
        memory_row(case, batch),
    ]
    took = batch.solved[slow].took
    yield from case_rows(case, reached[slow], details, ceiling=None, at_most=PRICED_SECONDS, **took)


def shortage() -> Iterator[Row]:
    """Provinces of 45 to 65 communes that need more than their people can give; the seconds of the slowest proof."""
    case = "engine.a.shortage"
    problems = list_short()
    batch = solve_all(problems, limit_seconds=60.0)
    slow = max(batch.solved, key=lambda one: one.proved_seconds)
    proved = sum(one.gap == 0 for one in batch.solved)
    details = [
        make_row(f"{case}.proved", proved, "cases", ceiling=len(problems), at_least=len(problems)),
        memory_row(case, batch),
    ]
    yield from case_rows(case, slow.proved_seconds, details, ceiling=None, at_most=30.0, **slow.took)


def list_short() -> list[InstanceDocument]:
    """Every province of that size, with fewer people than its needs were made for."""
    made = [
        whole.model_copy(update={"volunteers": whole.volunteers[: round(share * len(whole.volunteers))]})
        for share in SHORT_OF_PEOPLE
        for province in list_provinces()
        if SHORTEST <= len(list_communes(province)) <= LONGEST
        for whole in [make_province(province)]
    ]
    return made[:SHORT_CASES]


def danang() -> Iterator[Row]:
    """105 people, most of them students, of 44 communes that ask for two each; the seconds of the proof."""
    case = "engine.a.danang"
    province = make_province("48", Shape(schools=8, people=105))
    communes = [commune.model_copy(update={"min_people": 2}) for commune in province.communes[:44]]
    kept = {commune.id for commune in communes}
    problem = province.model_copy(
        update={
            "communes": communes,
            "dist_m": province.dist_m[: len(communes)],
            "edges": [(a, b) for a, b in province.edges if a in kept and b in kept],
        }
    )
    batch = solve_all([problem], limit_seconds=30.0)
    (one,) = batch.solved
    details = [make_row(f"{case}.gap", one.gap, "", at_most=0.0), memory_row(case, batch)]
    yield from case_rows(case, one.proved_seconds, details, ceiling=None, at_most=2.0, **one.took)


def use_days() -> Iterator[Row]:
    """Khánh Hòa's 12 schools, every day that people offer to be used."""
    case = "engine.b.use_days"
    problems = [one.model_copy(update={"policy": one.policy.model_copy(update={"use": "days"})}) for one in khanh_hoa()]
    batch = solve_all(problems, limit_seconds=SECONDS_A_SCHOOL)
    details = [
        make_row(f"{case}.gap", batch.gap, "", at_most=0.01),
        make_row(f"{case}.proved", sum(one.is_proved for one in batch.solved), "schools", ceiling=len(problems)),
        memory_row(case, batch),
    ]
    yield from case_rows(case, batch.seconds, details, ceiling=None, at_most=10.0, **batch.took)


@dataclass(frozen=True)
class Replanned:
    """One point of the curve: so many changes beyond those that must be."""

    beyond: int
    seconds: float
    cpu_seconds: float
    """Of the solver's processes; what the planner itself takes is little."""
    at_least: int
    at_most: int
    changed: int
    short: int
    unmet: int


def replan_162() -> Iterator[Row]:
    """243 promised and 162 came: seconds of the slowest point of the curve, each planned as a run of its own."""
    case = "engine.replan_162"
    (run,) = run_apart(replan_all, [None])
    points, memory = run.result, round(run.peak_memory_mb, 1)
    undone = [(one.short, one.unmet) for one in points]
    steps, proved = len(points) - 1, sum(one.at_least == one.at_most for one in points)
    better = sum(b <= a for a, b in pairwise(undone))
    details = [
        make_row(f"{case}.never_worse", better, "steps", ceiling=steps, at_least=steps),
        make_row(f"{case}.least_proved", proved, "points", ceiling=len(points), at_least=len(points)),
        *(point_row(case, one, memory) for one in points),
    ]
    slowest, cpu = max(one.seconds for one in points), max(one.cpu_seconds for one in points)
    took = {"cpu_seconds": cpu, "peak_memory_mb": memory}
    yield from case_rows(case, slowest, details, ceiling=None, at_most=REPLAN_SECONDS, **took)


def point_row(case: str, point: Replanned, memory: float) -> Row:
    return growth_row(
        f"{case}.growth.k{point.beyond}",
        "Planning again: changes beyond the least",
        point.beyond,
        point.seconds,
        cpu_seconds=point.cpu_seconds,
        peak_memory_mb=memory,
        must_change=point.at_least,
        changed=point.changed,
        short_people=point.short,
        unmet=point.unmet,
    )


def replan_all(_: None) -> list[Replanned]:
    return asyncio.run(replan())


async def replan() -> list[Replanned]:
    problem = demo_problem(seconds=FIRST_SECONDS)
    first, _ = await plan(problem)
    assert first.lead_plan is not None
    points = []
    for beyond in CURVE:
        came = who_came(problem, first.lead_plan.lead, first.placements, beyond=beyond, seconds=REPLAN_SECONDS / 2)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        again, seconds = await plan(came)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        least = again.least_people
        assert least is not None
        changed = sum(solved.outcome.objective.get("changed", 0) for solved in again.placed.values())
        short = joint_short(came.communes, again.placements)
        points.append(
            Replanned(beyond, seconds, cpu, least.at_least, least.at_most, changed, short, again.unmet_upper_bound)
        )
    return points


async def plan(problem: MatchingProblem) -> tuple[JointPlan, float]:
    began = time.perf_counter()
    async with WarmChildren() as warm:
        planner = Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms(warm=warm))
        return await planner.plan(), time.perf_counter() - began


CASES = {
    "engine.a.prices": prices,
    "engine.a.prices_provinces": priced_provinces,
    "engine.a.shortage": shortage,
    "engine.a.danang": danang,
    "engine.b.use_days": use_days,
    "engine.replan_162": replan_162,
}
