"""Four communes and eight people, with teams, pins and caps: the proved plan is the best of all plans, and where none
is, HiGHS says so without its presolve, too.

`SMALL_PLACEMENTS=200` draws so many.
"""

import os
from random import Random
from typing import Any

import highspy
import pytest
from commune_schemas.documents import PlacementDocument
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import FIELDS, find_optimum, make_person

DRAWN = int(os.environ.get("SMALL_PLACEMENTS", "8"))
CHUNKS = 4
COMMUNES, PEOPLE = 4, 8


def make_small(random: Random) -> PlacementDocument:
    """Nobody has more than two days, and each person is near to two of the communes: so all plans can be listed."""
    names = [f"c{index}" for index in range(COMMUNES)]
    people = [make_person(random, index, names, decisions=True) for index in range(PEOPLE)]
    for person in people:
        person |= {"days": person["days"][:2], "max_m": 60_000}
        person["team"] = random.choice([None, None, "t1", "t2"])
        if person.get("previous_days"):
            person["previous_days"] = person["previous_days"][:1]
    policy: dict[str, Any] = {
        "students_per_lecturer": random.choice([1, 2, 5]),
        "keep_previous": random.random() < 0.5,
        "max_changes": random.choice([None, 0, 1, 3]),
    }
    far = {person["id"]: random.sample(names, COMMUNES - 2) for person in people}
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "small",
            "fields": FIELDS,
            "communes": [
                {
                    "id": name,
                    "need": {field: random.randint(0, 3) for field in random.sample(FIELDS, random.randint(1, 3))},
                    "presence": [random.choice([0, 0, 1]) for _ in range(5)],
                    "priority": random.choice([1, 3]),
                }
                for name in names
            ],
            "volunteers": people,
            "dist_m": {
                person: {name: 90_000 if name in away else random.randint(0, 60_000) for name in names}
                for person, away in far.items()
            },
            "policy": policy,
        }
    )


def turn_presolve_off(patch: pytest.MonkeyPatch) -> list[str]:
    """For every HiGHS from now on. What was asked of them: the names of options."""
    asked: list[str] = []
    original = highspy.Highs.setOptionValue

    def without(highs: Any, name: str, value: Any) -> Any:
        asked.append(name)
        original(highs, "presolve", "off")
        return original(highs, name, "off" if name == "presolve" else value)

    patch.setattr(highspy.Highs, "setOptionValue", without)
    return asked


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_presolve_makes_an_optimum_or_a_refusal_that_is_none(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []
    for seed in range(chunk, DRAWN, CHUNKS):
        document = make_small(Random(90_000 + seed))
        outcome, best = solve(document, limits=Limits()), find_optimum(document)
        if best is None:
            assert outcome.status is Status.INFEASIBLE, seed
            refused.append(document)
        else:
            assert (outcome.status, tuple(outcome.objective.values())) == (Status.OPTIMAL, best), seed
    asked = turn_presolve_off(monkeypatch)
    assert [solve(document, limits=Limits()).status for document in refused] == [Status.INFEASIBLE] * len(refused)
    assert solve(make_small(Random(1)), limits=Limits()).status in {Status.OPTIMAL, Status.INFEASIBLE}
    assert asked
