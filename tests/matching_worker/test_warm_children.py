"""Children kept warm between the solves of one job: fewer processes, the same answers, none left behind."""

import asyncio

from matching_worker.campaign.explanations import explain_run
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.child.process import ChildTerms
from matching_worker.child.spawn import end_process
from matching_worker.child.warm import MOST_RESIDENT_MB, WarmChildren
from matching_worker.roster.news import RunNews

from tests.matching_worker.problems import make_problem, solver_children


async def plan(terms: ChildTerms) -> JointPlan:
    return await Planner(make_problem(), news=RunNews(), stop=asyncio.Event(), terms=terms).plan()


async def test_a_job_solves_and_explains_in_one_process_and_leaves_none() -> None:
    async with WarmChildren() as warm:
        terms = ChildTerms(warm=warm)
        planned = await plan(terms)
        (child,) = solver_children()
        explained = await explain_run(planned, stop=asyncio.Event(), terms=terms)
        assert [one.pid for one in solver_children()] == [child.pid]
    assert solver_children() == []
    cold = await plan(ChildTerms())
    assert planned.placements == cold.placements
    assert planned.lead_plan == cold.lead_plan
    assert explained == await explain_run(cold, stop=asyncio.Event(), terms=ChildTerms())


async def test_a_child_that_died_waiting_or_grew_too_large_is_not_used_again() -> None:
    async with WarmChildren() as warm:
        await plan(ChildTerms(warm=warm))
        waiting = warm.take()
        assert waiting is not None
        assert not warm.keep(*waiting, MOST_RESIDENT_MB + 1)
        assert warm.keep(*waiting, 100)
        await end_process(*waiting)
        assert warm.take() is None
        assert (await plan(ChildTerms(warm=warm))).placements
    assert solver_children() == []


async def test_a_child_asked_to_stop_is_fit_for_the_next_request() -> None:
    stop = asyncio.Event()
    stop.set()
    async with WarmChildren() as warm:
        terms = ChildTerms(warm=warm)
        stopped = await Planner(make_problem(communes=6), news=RunNews(), stop=stop, terms=terms).plan()
        assert stopped.lead_plan is not None
        again = await plan(terms)
    assert all(solved.certificate.status == "optimal" for solved in again.solved)
