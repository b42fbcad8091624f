"""The worker with a real Valkey, real solvers, and a small roster-api: every run ends visibly, and is written once."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import psutil
import pytest
from arq.connections import ArqRedis, create_pool
from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from commune_schemas.jobs import JOB_CONSUMERS, MATCHING_QUEUE, SOLVE_MATCHING_RUN, deserialize_job, serialize_job
from commune_schemas.matching import MatchingResult, RunStatus
from commune_stack.valkey import as_user
from commune_verify import placement, responsibility
from matching_worker.settings import Settings
from matching_worker.worker import is_alive, make_worker, redis_settings, serve

from tests.matching_worker.fake_roster import SERVICE_KEY, FakeRoster
from tests.matching_worker.problems import make_infeasible_problem, make_problem, solver_children
from tests.support.deadlines import until

Equipment = tuple[FakeRoster, ArqRedis, Settings]


@pytest.fixture
async def equipment(redis_url: str) -> AsyncIterator[Equipment]:
    pool = await create_pool(
        redis_settings(redis_url),
        job_serializer=serialize_job,
        job_deserializer=deserialize_job,
        default_queue_name=MATCHING_QUEUE,
    )
    async with FakeRoster().serving() as roster:
        settings = Settings.model_validate(
            {
                "redis_url": as_user(redis_url, "matching-worker"),
                "roster_api_url": roster.url,
                "roster_solver_key": SERVICE_KEY,
                "matching_heartbeat_seconds": 0.2,
                "matching_patience_seconds": 8,
                "matching_silence_seconds": 20,
            }
        )
        yield roster, pool, settings
    await pool.aclose(close_connection_pool=True)


@contextlib.asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    """A worker in this process, stopped at the end as SIGTERM would stop it."""
    task = asyncio.create_task(serve(settings))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 20)


@contextlib.asynccontextmanager
async def worker_process(settings: Settings, name: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "REDIS_URL": settings.redis_url,
        "ROSTER_API_URL": settings.roster_api_url,
        "ROSTER_SOLVER_KEY": SERVICE_KEY,
        "MATCHING_NAME": name,
        "MATCHING_HEARTBEAT_SECONDS": "0.2",
    }
    program = "import sys; from matching_worker.cli.commands import main; sys.exit(main(['serve']))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=environment)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def hold_solver(parent_pid: int | None = None) -> psutil.Process:
    """Wait for a solver child and stop it, so that the run stays "being solved" for as long as the test likes."""
    await until(lambda: solver_children(parent_pid))
    child = solver_children(parent_pid)[0]
    child.suspend()
    return child


def assert_plan_is_checked(result: MatchingResult) -> None:
    """What was handed in, judged again from its own documents."""
    assert result.stage_a is not None
    assert result.certificate is not None
    plan = InstanceSolution.model_validate(result.stage_a.solution)
    verdict = responsibility.verify(InstanceDocument.model_validate(result.stage_a.problem), plan)
    assert verdict.accepted
    assert verdict.objective == result.certificate.stages[0].objective
    for documents in result.stage_b.values():
        placed = PlacementSolution.model_validate(documents.solution)
        assert placement.verify(PlacementDocument.model_validate(documents.problem), placed).accepted
    assert all(stage.verified for stage in result.certificate.stages)


async def test_a_run_is_solved_checked_and_handed_in_with_its_certificate(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    problem = make_problem()
    run = roster.add(problem)
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(problem.run_id))
        await until(lambda: run.is_finished)
    (result,) = run.results
    assert result.status is RunStatus.SUCCEEDED
    assert_plan_is_checked(result)
    leads = {item.commune_code: item for item in result.responsibilities if item.is_lead}
    assert set(leads) == {commune.code for commune in problem.communes}
    assert leads["22000"].distance_m == 0, "a remote commune is served from afar"
    assert result.certificate is not None
    assert result.certificate.unmet_lower_bound <= result.certificate.unmet_upper_bound
    assert set(result.explanations) == {commune.code for commune in problem.communes}
    assert result.certificate.notes == []
    for commune, told in result.explanations.items():
        assert told.data["lead"] == leads[commune].school_code
        assert told.text_vi
        assert told.text_en
    for placed in result.placements:
        assert placed.dates, "every placed person has days of service"
        assert {day.weekday() for day in placed.dates} == set(placed.weekdays)
    assert run.progress[-1].message_vi
    assert [p.percent for p in run.progress] == sorted(p.percent for p in run.progress)


async def test_an_infeasible_run_names_what_clashes(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_infeasible_problem())
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        await until(lambda: run.is_finished)
    (result,) = run.results
    assert result.status is RunStatus.INFEASIBLE
    assert result.conflict
    assert all(member["vi"] and member["en"] for member in result.conflict)


async def test_a_wish_to_cancel_ends_the_run_within_seconds(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        child = await hold_solver()
        run.cancel_requested = True
        count = len(run.progress)
        await until(lambda: len(run.progress) > count + 1)
        child.resume()
        await until(lambda: run.is_finished)
    assert run.results[0].status is RunStatus.CANCELLED
    assert_plan_is_checked(run.results[0])


async def test_a_worker_that_lost_its_lease_stops_and_writes_nothing(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        await hold_solver()
        run.lease_token = uuid4()
        await until(lambda: not solver_children())
    assert run.refused_writes > 0
    assert not run.is_finished


async def test_roster_api_may_be_away_for_a_while_in_the_middle_of_a_run(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        child = await hold_solver()
        await roster.go_away()
        child.resume()
        await until(lambda: not solver_children())
        await roster.come_back()
        await until(lambda: run.is_finished)
    assert run.results[0].status is RunStatus.SUCCEEDED
    assert len(run.claims) == 1


async def test_a_run_is_left_to_others_when_roster_api_stays_away(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings.model_copy(update={"matching_patience_seconds": 0.5})):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        await hold_solver()
        await roster.go_away()
        await until(lambda: not solver_children())
        await roster.come_back()
        run.lease_until = 0.0
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id), _job_id="enqueued again")
        await until(lambda: run.is_finished)
    assert len(run.claims) == 2
    assert run.results[0].status is RunStatus.SUCCEEDED


async def test_a_killed_solver_is_tried_again_and_the_run_succeeds(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        (await hold_solver()).kill()
        await until(lambda: run.is_finished)
    assert run.results[0].status is RunStatus.SUCCEEDED


async def test_a_solver_without_memory_is_a_stated_failure(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings.model_copy(update={"matching_memory_mb": 10})):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        await until(lambda: run.is_finished)
        other = roster.add(make_problem())
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(other.problem.run_id))
        await until(lambda: other.claims != [])
    (failure,) = run.failures
    assert failure.kind == "out_of_memory"
    assert failure.detail_vi
    assert failure.detail_en


async def test_a_killed_worker_s_run_is_solved_by_another(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with worker_process(settings, "first") as first, worker_process(settings, "second"):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        await until(lambda: run.claims != [])
        second_is_to_finish = run.claims == ["first"]
        if second_is_to_finish:
            child = await hold_solver(first.pid)
            first.kill()
            await first.wait()
            child.kill()  # an orphan ends by itself, one that is stopped cannot

            async def is_claimed_anew() -> bool:
                """A beat sent before the death may arrive now and hold the run: it is enqueued until it is claimed."""
                if len(run.claims) == 1:
                    run.lease_until = 0.0
                    await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
                return len(run.claims) > 1

            await until(is_claimed_anew)
        await until(lambda: run.is_finished)
    assert len(run.results) == 1
    assert run.claims == (["first", "second"] if second_is_to_finish else ["second"])


async def test_two_workers_given_one_run_write_it_once(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings), worker_process(settings, "other"):
        for attempt in range(4):
            await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id), _job_id=f"attempt {attempt}")
        await until(lambda: run.is_finished)
        await until_queue_is_empty(pool)
    assert len(run.claims) == 1
    assert len(run.results) == 1


async def test_sigterm_lets_the_run_go_and_leaves_no_solver_behind(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with worker_process(settings, "stopped") as process:
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        child = await hold_solver(process.pid)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 15) == 0
        assert not child.is_running()
    assert not run.is_finished


async def test_a_wiped_redis_loses_no_worker(equipment: Equipment) -> None:
    roster, pool, settings = equipment
    run = roster.add(make_problem())
    async with working(settings):
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(run.problem.run_id))
        child = await hold_solver()
        await pool.flushdb()
        child.resume()
        await until(lambda: run.is_finished)
        following = roster.add(make_problem())
        await pool.enqueue_job(SOLVE_MATCHING_RUN, str(following.problem.run_id))
        await until(lambda: following.is_finished)


async def test_a_worker_shows_whether_it_is_alive(equipment: Equipment, free_port: int) -> None:
    _, _, settings = equipment
    name = settings.matching_name
    assert not await is_alive(settings.redis_url, name=name)
    async with working(settings), asyncio.timeout(20):
        while not await is_alive(settings.redis_url, name=name):  # noqa: ASYNC110 - Redis has no event for it
            await asyncio.sleep(0.05)
        assert await is_alive(settings.redis_url, name=None)
        assert not await is_alive(settings.redis_url, name="another")
    assert not await is_alive(settings.redis_url, name=name), "a stopped worker takes its sign down"
    assert not await is_alive(f"redis://127.0.0.1:{free_port}/0", name=None)


def test_the_worker_consumes_every_job_meant_for_it_and_no_other() -> None:
    from matching_worker.roster.client import RosterClient  # noqa: PLC0415

    worker = make_worker(Settings(), RosterClient("http://127.0.0.1:1", key=""))
    assert set(worker.functions) == {job for job, consumer in JOB_CONSUMERS.items() if consumer == "matching-worker"}


async def until_queue_is_empty(pool: ArqRedis) -> None:
    async with asyncio.timeout(20):
        while await pool.zcard(MATCHING_QUEUE):  # noqa: ASYNC110 - Redis has no event for it
            await asyncio.sleep(0.05)
