"""A solver child that is killed, stopped, starved, crashed or silent is a stated failure, or the checked incumbent."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from functools import cache

import psutil
import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.responsibility import verify
from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.model.outcome import Limits, Outcome, ProblemError, Progress, Status

from tests.matching_worker.markets import make_large_market
from tests.support.instances import make_province
from tests.support.places import HO_CHI_MINH

SMALL = cache(lambda: make_large_market(20))
BUSY = cache(lambda: make_province(HO_CHI_MINH))
"""Its first plan comes at once, its proof takes most of a minute: whatever befalls the child does so at work."""


def children() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "matching_worker.child.main" in child.cmdline():
                found.append(child)
    return found


def to_every_child(number: signal.Signals) -> Callable[[Progress], None]:
    """A listener that sends a signal as soon as there is news, which is when the child is at work."""

    def listener(progress: Progress) -> None:
        for child in children():
            with contextlib.suppress(psutil.NoSuchProcess):
                child.send_signal(number)

    return listener


def assert_checked_incumbent(problem: InstanceDocument, outcome: Outcome, words: str) -> None:
    assert outcome.status is Status.FEASIBLE
    assert isinstance(outcome.solution, InstanceSolution)
    verdict = verify(problem, outcome.solution)
    assert verdict.accepted
    assert verdict.objective == outcome.objective
    vietnamese, english = outcome.notes[0].split(" / ")
    assert ("Giữ phương án" in vietnamese, words in english) == (True, True)
    assert all(outcome.bound[level] <= value for level, value in outcome.objective.items())


async def test_a_solve_in_a_child_gives_what_the_stage_gives() -> None:
    news: list[Progress] = []
    outcome = await solve_in_child(SMALL(), limits=Limits(), listener=news.append)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == outcome.bound
    assert news[0].solution is not None
    assert children() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_killed_child_leaves_its_checked_incumbent(number: signal.Signals) -> None:
    outcome = await solve_in_child(BUSY(), limits=Limits(), listener=to_every_child(number))
    assert_checked_incumbent(BUSY(), outcome, "ended suddenly")
    assert children() == []


async def test_a_child_killed_once_is_tried_again_and_solves() -> None:
    killed: list[int] = []

    def kill_the_first(progress: Progress) -> None:
        for child in children():
            if not killed:
                killed.append(child.pid)
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()

    outcome = await solve_in_child(make_large_market(3000), limits=Limits(), listener=kill_the_first)
    assert outcome.status is Status.OPTIMAL
    assert len(killed) == 1


async def test_a_stopped_child_is_found_silent_and_ended() -> None:
    terms = ChildTerms(silence_seconds=4)
    outcome = await solve_in_child(BUSY(), limits=Limits(), terms=terms, listener=to_every_child(signal.SIGSTOP))
    assert_checked_incumbent(BUSY(), outcome, "no sign of life")
    assert children() == []


async def test_a_child_over_its_memory_limit_is_ended() -> None:
    with pytest.raises(SolverFailed) as failure:
        await solve_in_child(SMALL(), limits=Limits(), terms=ChildTerms(memory_mb=10))
    assert failure.value.kind == "out_of_memory"
    assert failure.value.vi
    assert children() == []


async def test_a_child_that_outstays_its_time_is_ended_with_its_incumbent() -> None:
    terms = ChildTerms(grace_seconds=0.2)
    limits = Limits(time_seconds=3.0)
    outcome = await solve_in_child(BUSY(), limits=limits, terms=terms, listener=to_every_child(signal.SIGSTOP))
    assert_checked_incumbent(BUSY(), outcome, "did not stop")


async def test_a_wish_to_stop_brings_the_best_plan_even_from_a_child_that_does_not_hear() -> None:
    stop = asyncio.Event()
    make_deaf = to_every_child(signal.SIGSTOP)

    def ask(progress: Progress) -> None:
        make_deaf(progress)
        stop.set()

    async with asyncio.timeout(30):
        outcome = await solve_in_child(
            BUSY(), limits=Limits(), terms=ChildTerms(grace_seconds=1.0), listener=ask, stop=stop
        )
    assert_checked_incumbent(BUSY(), outcome, "did not stop")


async def test_an_inconsistent_document_is_refused_as_in_process() -> None:
    doubled = SMALL().model_copy(update={"posts": [SMALL().posts[0], SMALL().posts[0]]})
    with pytest.raises(ProblemError) as refusal:
        await solve_in_child(doubled, limits=Limits())
    assert refusal.value.pointer == "/posts/1/id"


async def test_cancelling_the_task_leaves_no_child_behind() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(solve_in_child(BUSY(), limits=Limits(), listener=lambda _: started.set()))
    await asyncio.wait_for(started.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []


async def test_a_child_dies_with_its_parent() -> None:
    """The parent here is a process of its own, killed so that it cannot clean up."""
    script = (
        "import asyncio\n"
        "from matching_worker.model.outcome import Limits\n"
        "from matching_worker.child.process import solve_in_child\n"
        "from tests.matching_worker.markets import make_large_market\n"
        "tell = lambda progress: print('at work', flush=True)\n"
        "asyncio.run(solve_in_child(make_large_market(3000), limits=Limits(), listener=tell))\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    await asyncio.wait_for(parent.stdout.readline(), 90)
    (child,) = psutil.Process(parent.pid).children()
    parent.kill()
    await parent.wait()
    _, alive = psutil.wait_procs([child], timeout=30)
    assert not alive
