"""A counted limit asks no clock: provinces of a national run have the same plans and proofs on a busy machine."""

import asyncio
import json
import time
from typing import Any

import pytest
from commune_schemas.matching import MatchingProblem
from matching_worker.campaign import allowance
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.child.main import ChannelMonitor
from matching_worker.child.messages import dump_document
from matching_worker.child.process import ChildTerms
from matching_worker.roster.news import RunNews

from tests.matching_worker.problems import make_problem

pytestmark = pytest.mark.usefixtures("solving_here")

TIMES_SLOWER = 10_000


def make_provinces(*, counted: bool) -> list[MatchingProblem]:
    """Too large to be proved within the limit, so that the limit decides what is found."""
    made = []
    for seed in (1, 2):
        problem = make_problem(schools=4, communes=40, people=110, seed=seed)
        update: dict[str, Any] = {"time_limit_seconds": 0.3, "counted_limit": counted, "use": "days"}
        made.append(problem.model_copy(update={"options": problem.options.model_copy(update=update)}))
    return made


def plan_all(problems: list[MatchingProblem]) -> list[JointPlan]:
    async def plan(problem: MatchingProblem) -> JointPlan:
        return await Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms()).plan()

    return [asyncio.run(plan(problem)) for problem in problems]


def as_bytes(plans: list[JointPlan]) -> bytes:
    """Every document, plan and certificate, the certificates' seconds too: these are counted as well."""
    solved = [
        [dump_document(one.problem), one.certificate.model_dump(mode="json"), one.outcome.solution]
        for plan in plans
        for one in plan.solved
    ]
    return json.dumps(solved, sort_keys=True, default=dump_document).encode()


def slow_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every clock that a run could ask says that ten thousand times as long has passed."""
    began = time.monotonic()
    slow = type("Clock", (), {"monotonic": staticmethod(lambda: began + (time.monotonic() - began) * TIMES_SLOWER)})
    monkeypatch.setattr(allowance, "time", slow)
    monkeypatch.setattr(ChannelMonitor, "seconds", lambda self: (time.monotonic() - self._started) * TIMES_SLOWER)


@pytest.fixture
def short_solves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "SHORTEST_SOLVE_SECONDS", 0.05)


@pytest.mark.usefixtures("short_solves")
def test_a_slow_machine_gives_the_same_bytes_where_the_limit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    provinces = make_provinces(counted=True)
    idle = plan_all(provinces)
    assert any(one.certificate.status == "feasible" for plan in idle for one in plan.solved)
    slow_down(monkeypatch)
    assert as_bytes(plan_all(provinces)) == as_bytes(idle)


@pytest.mark.usefixtures("short_solves")
def test_a_limit_by_the_clock_ends_on_a_slow_machine_before_anything_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(monkeypatch)
    by_clock = plan_all(make_provinces(counted=False))
    counted = plan_all(make_provinces(counted=True))
    proved = [
        sum(one.certificate.status == "optimal" for plan in plans for one in plan.solved)
        for plans in (by_clock, counted)
    ]
    assert proved[0] < proved[1]


@pytest.mark.usefixtures("short_solves")
def test_the_certificate_says_that_seconds_were_counted() -> None:
    (plan, *_) = plan_all(make_provinces(counted=True)[:1])
    assert all(any("not by the clock" in note for note in one.certificate.notes) for one in plan.solved)
