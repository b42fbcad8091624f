"""A run belongs to the holder of its lease: two workers, paused zombies, workers that die."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.matching_runs.expiry import end_overdue_runs
from roster_api.matching_runs.models import MatchingRun
from roster_api.outbox.models import OutboxRow

from tests.roster_api.planning_world import World, planning_world, progress, run_path
from tests.support.refusals import check_refusal

PLACES = ((0, "C1", (0, 1)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def let_lease_run_out(world: World, run_id: str) -> None:
    async with world.session() as session:
        past = sa.func.now() - sa.text("interval '1 second'")
        await session.execute(sa.update(MatchingRun).where(MatchingRun.id == run_id).values(held_until=past))


async def get_run(world: World, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    return run


async def test_of_two_workers_at_once_one_gets_the_run(world: World) -> None:
    run_id = await world.request_run()
    answers = await asyncio.gather(*(world.claim(run_id, worker=f"w{number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"lease.held"}


async def test_a_paused_worker_that_wakes_up_writes_nothing(world: World) -> None:
    run_id = await world.request_run()
    paused = (await world.claim(run_id, "paused")).json()["lease_token"]
    await let_lease_run_out(world, run_id)
    living = (await world.claim(run_id, "living")).json()["lease_token"]
    service = world.as_("solver")
    writes = {
        "progress": progress(paused),
        "result": world.result(paused, PLACES),
        "failure": {"lease_token": paused, "kind": "internal", "detail_vi": "", "detail_en": ""},
    }
    for part, body in writes.items():
        answer = await service.put(f"{run_path(run_id)}/{part}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "lease.lost")
    assert (await get_run(world, run_id))["progress"] is None
    assert (await service.put(f"{run_path(run_id)}/result", json=world.result(living, PLACES))).status_code == 204
    late = await service.put(f"{run_path(run_id)}/result", json=writes["result"])
    assert (late.status_code, late.json()["code"]) == (409, "lease.lost")


async def test_the_same_result_twice_makes_one_plan(world: World) -> None:
    run_id = await world.request_run()
    result = await world.solve(run_id, PLACES)
    again = await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    assert again.status_code == 204
    other = await world.as_("solver").put(f"{run_path(run_id)}/result", json={**result, "placements": []})
    assert (other.status_code, other.json()["code"]) == (409, "run.finished")
    plans = (await world.as_("admin").get(f"/v1/campaigns/{world.campaign_id}/plans")).json()
    assert (plans["total"], plans["items"][0]["counts"]["people_placed"]) == (1, 2)
    assert (await world.claim(run_id)).json()["code"] == "run.finished"


async def test_progress_renews_the_lease_and_brings_back_the_wish_to_cancel(world: World) -> None:
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    await let_lease_run_out(world, run_id)
    service = world.as_("solver")
    assert (await service.put(f"{run_path(run_id)}/progress", json=progress(token))).json() == {
        "cancel_requested": False
    }
    assert (await world.claim(run_id, "other")).json()["code"] == "lease.held"
    cancelling = (await world.as_("admin").post(f"/v1/matching-runs/{run_id}/cancel")).json()
    assert (cancelling["status"], cancelling["gap"]) == ("running", 0.1667)
    answer = await service.put(f"{run_path(run_id)}/progress", json=progress(token, 20))
    assert answer.json() == {"cancel_requested": True}
    best_so_far = {**world.result(token, PLACES), "status": "cancelled"}
    assert (await service.put(f"{run_path(run_id)}/result", json=best_so_far)).status_code == 204
    run = await get_run(world, run_id)
    assert run["status"] == "cancelled"
    assert run["plan_id"] is not None


async def test_a_living_lease_keeps_the_job_from_being_enqueued_and_the_end_closes_it(world: World) -> None:
    run_id = await world.request_run()
    is_due = sa.select(OutboxRow.next_enqueue_at <= sa.func.now())
    async with world.session() as session:
        assert await session.scalar(is_due) is True
    await world.solve(await world.request_run(force=True), PLACES)
    token = (await world.claim(run_id)).json()["lease_token"]
    async with world.session() as session:
        open_rows = (await session.execute(is_due.where(OutboxRow.done_at.is_(None)))).scalars().all()
    assert open_rows == [False]
    failure = {"lease_token": token, "kind": "solver_died", "detail_vi": "Bộ giải dừng", "detail_en": "It died"}
    for _ in range(2):
        assert (await world.as_("solver").put(f"{run_path(run_id)}/failure", json=failure)).status_code == 204
    run = await get_run(world, run_id)
    assert run["failure"] == {"kind": "solver_died", "vi": "Bộ giải dừng", "en": "It died"}
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).where(OutboxRow.done_at.is_(None))) == 0


async def test_a_run_whose_workers_all_die_fails_for_a_stated_reason(world: World) -> None:
    run_id = await world.request_run()
    for attempt in range(8):
        assert (await world.claim(run_id, f"w{attempt}")).status_code == 200
        async with world.session() as session:
            assert await end_overdue_runs(session) == 0
        await let_lease_run_out(world, run_id)
    assert (await world.claim(run_id)).json()["code"] == "run.finished"
    async with world.session() as session:
        assert await end_overdue_runs(session) == 1
    run = await get_run(world, run_id)
    assert (run["status"], run["failure"]["kind"], run["attempts"]) == ("failed", "no_result", 8)
    assert "8 lần" in run["failure"]["vi"]


async def test_a_run_stopped_before_its_first_plan_is_cancelled_and_not_failed(world: World) -> None:
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    await world.as_("admin").post(f"/v1/matching-runs/{run_id}/cancel")
    failure = {"lease_token": token, "kind": "timeout", "detail_vi": "Không dừng", "detail_en": "Did not stop"}
    for _ in range(2):
        assert (await world.as_("solver").put(f"{run_path(run_id)}/failure", json=failure)).status_code == 204
    run = await get_run(world, run_id)
    assert (run["status"], run["failure"]) == ("cancelled", None)


async def test_time_ends_runs_nobody_takes_and_cancelled_ones_whose_worker_is_gone(world: World) -> None:
    untaken, abandoned = await world.request_run(), await world.request_run(force=True)
    assert (await world.claim(abandoned)).status_code == 200
    await world.as_("admin").post(f"/v1/matching-runs/{abandoned}/cancel")
    await let_lease_run_out(world, abandoned)
    async with world.session() as session:
        past = sa.func.now() - sa.text("interval '1 second'")
        await session.execute(sa.update(MatchingRun).where(MatchingRun.id == untaken).values(deadline_at=past))
    async with world.session() as session:
        assert await end_overdue_runs(session) == 2
    run = await get_run(world, untaken)
    assert (run["status"], run["failure"]["kind"]) == ("failed", "deadline")
    assert (await get_run(world, abandoned))["status"] == "cancelled"


async def test_text_that_postgres_cannot_hold_is_refused_before_anything_is_taken(world: World) -> None:
    run_id = await world.request_run()
    check_refusal(await world.claim(run_id, worker="w\0"), 422, "text.nul")
    assert (await world.claim(run_id)).status_code == 200
