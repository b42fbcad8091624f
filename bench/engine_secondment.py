"""engine.c.*: secondment at the size of Điện Biên (251 posts) and of the country (18,600), against greedy.

Markets are made from the real communes with their coordinates, by fixed seeds. The ceiling is what a greedy filling
reaches on the same input: weight left unfilled, by the plan over by greedy.
"""

import time
from collections.abc import Iterator
from random import Random
from typing import Any

from commune_schemas.documents import SecondmentDocument
from matching_worker.geography import distance_m
from matching_worker.model.outcome import Limits, Progress, SilentMonitor
from matching_worker.model.secondment import solve, verify

from bench.places import Place, list_places
from bench.rows import Row, make_row

FIELDS = ("it", "land", "construction", "transport", "urban", "education", "finance")
MAX_MOVE_M = 60_000


def rows() -> Iterator[Row]:
    dien_bien = make_market([place for place in list_places() if place.province == "11"], posts=251, seed=1)
    yield from measure("engine.c.dienbien", dien_bien, target_seconds=0.2)
    yield from measure("engine.c.national", make_market(list_places(), posts=18_600, seed=2), target_seconds=10.0)


def measure(name: str, problem: SecondmentDocument, *, target_seconds: float) -> Iterator[Row]:
    monitor = FirstPlan()
    started = time.perf_counter()
    outcome = solve(problem, limits=Limits(), monitor=monitor)
    seconds = time.perf_counter() - started
    assert outcome.solution is not None
    verdict = verify(problem, outcome.solution)  # type: ignore[arg-type] # a secondment plan
    assert verdict.accepted
    assert verdict.objective == outcome.objective
    yield make_row(name + ".seconds", seconds, "s", target=target_seconds, met=seconds <= target_seconds)
    gap = sum(outcome.gaps().values())
    yield make_row(name + ".gap", gap, "", target=0.0, met=gap == 0)
    greedy = monitor.first_objective
    yield make_row(name + ".travel_km", outcome.objective["travel_km"], "km", ceiling=greedy["travel_km"])
    yield make_row(name + ".province", outcome.objective["province"], "people", ceiling=greedy["province"])
    yield make_row(name + ".unfilled", outcome.objective["unfilled"], "weight", ceiling=greedy["unfilled"])


class FirstPlan(SilentMonitor):
    """Keeps the objective of the first plan reported: the greedy one."""

    def __init__(self) -> None:
        self.first_objective: dict[str, int] = {}

    def report(self, progress: Progress) -> None:
        if not self.first_objective and progress.objective is not None:
            self.first_objective = dict(progress.objective)


def make_market(places: list[Place], *, posts: int, seed: int) -> SecondmentDocument:
    """Surplus staff for 154 of 251 posts in their own province, and provincial agencies for the rest, as reported."""
    random = Random(seed)
    by_province: dict[str, list[Place]] = {}
    for place in places:
        by_province.setdefault(place.province, []).append(place)
    people: list[dict[str, Any]] = []
    for index in range(round(posts * 0.66)):
        unit = random.choice(places)
        fields = random.sample(FIELDS, 1 if random.random() < 0.8 else 2)
        people.append({"id": f"I{index}", "kind": "internal", "unit": unit.code, "fields": fields})
    for index in range(round(posts * 0.45)):
        agency = f"P{random.choice(places).province}"
        people.append({"id": f"P{index}", "kind": "province", "unit": agency, "fields": [random.choice(FIELDS)]})
    distances = {
        place.code: {
            other.code: metres
            for other in by_province[place.province]
            if (metres := distance_m(place.point, other.point)) <= MAX_MOVE_M
        }
        for place in places
    }
    for province, members in by_province.items():
        distances[f"P{province}"] = {place.code: distance_m(members[0].point, place.point) for place in members}
    return SecondmentDocument.model_validate(
        {
            "schema": "mw-secondment/1",
            "id": f"{posts} posts",
            "posts": [
                {
                    "id": f"Q{index}",
                    "commune": random.choice(places).code,
                    "field": random.choice(FIELDS),
                    "priority": random.choice([1, 1, 2]),
                }
                for index in range(posts)
            ],
            "people": people,
            "dist_m": distances,
            "policy": {"max_move_m": MAX_MOVE_M},
        }
    )
