"""Runs of secondments and of oversight groups end in words, whoever died: no worker, every worker, a paused one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.group_runs.leases import end_overdue_group_runs
from roster_api.groups.models import GroupRun
from roster_api.outbox.models import OutboxRow
from roster_api.secondments.leases import end_overdue_secondment_runs
from roster_api.secondments.models import SecondmentRun
from roster_api.work.handing_out import MAX_ATTEMPTS
from roster_api.work.solving import MOST_LIVE_RUNS

from tests.roster_api import groups_world, secondment_world
from tests.roster_api.groups_world import CONTACT, deputies_world
from tests.roster_api.planning_world import progress
from tests.roster_api.reference_world import PROVINCE, reference_world

PAST = sa.func.now() - sa.text("interval '1 second'")


@dataclass(frozen=True)
class Kind:
    """Runs of one kind in a world of their own."""

    world: Any
    table: type[SecondmentRun | GroupRun]
    path: str
    request: Callable[[], Awaitable[str]]
    asked: tuple[str, dict[str, Any]]
    """Where `request` posts, and what."""
    end_overdue: Callable[[Any], Awaitable[int]]

    async def claim(self, run_id: str, worker: str) -> Any:
        return await self.world.as_("solver").post(f"/v1/internal/{self.path}/{run_id}/claim", json={"worker": worker})

    async def get(self, run_id: str) -> dict[str, Any]:
        run: dict[str, Any] = (await self.world.as_("admin").get(f"/v1/{self.path}/{run_id}")).json()
        return run

    async def set(self, run_id: str, **values: Any) -> None:
        async with self.world.session() as session:
            await session.execute(sa.update(self.table).where(self.table.id == run_id).values(**values))

    async def sweep(self) -> int:
        async with self.world.session() as session:
            return await self.end_overdue(session)


@asynccontextmanager
async def of_secondments(url: str) -> AsyncIterator[Kind]:
    async with reference_world(url) as world:
        await secondment_world.fill_departments(world)

        async def request() -> str:
            return await secondment_world.request_run(world)

        asked = (f"/v1/provinces/{PROVINCE}/secondment-runs", secondment_world.SPAN)
        yield Kind(world, SecondmentRun, "secondment-runs", request, asked, end_overdue_secondment_runs)


@asynccontextmanager
async def of_groups(url: str) -> AsyncIterator[Kind]:
    async with deputies_world(url) as made:

        async def request() -> str:
            return await groups_world.request_run(made, [CONTACT])

        asked = (f"{made.campaign}/group-runs", {"overseers": [CONTACT]})
        yield Kind(made.world, GroupRun, "group-runs", request, asked, end_overdue_group_runs)


@pytest.fixture(params=[of_secondments, of_groups], ids=["secondments", "groups"])
async def kind(request: pytest.FixtureRequest, roster_database_url: str) -> AsyncIterator[Kind]:
    async with request.param(roster_database_url) as made:
        yield made


async def test_a_run_ends_for_a_stated_reason_when_its_workers_die_nobody_comes_or_it_was_cancelled(kind: Kind) -> None:
    dying, untaken, abandoned = [await kind.request() for _ in range(3)]
    for attempt in range(MAX_ATTEMPTS):
        assert (await kind.claim(dying, f"w{attempt}")).status_code == 200
        assert await kind.sweep() == 0
        await kind.set(dying, held_until=PAST)
    assert (await kind.claim(dying, "late")).json()["code"] == "run.finished"
    assert (await kind.claim(abandoned, "w")).status_code == 200
    cancelling = await kind.world.as_("admin").post(f"/v1/{kind.path}/{abandoned}/cancel")
    assert cancelling.json()["status"] == "running", "whoever solves it may still hand in the best so far"
    await kind.set(abandoned, held_until=PAST)
    await kind.set(untaken, deadline_at=PAST)
    assert await kind.sweep() == 3
    runs = [await kind.get(run_id) for run_id in (dying, untaken, abandoned)]
    assert [(run["status"], (run["failure"] or {}).get("kind")) for run in runs] == [
        ("failed", "no_result"), ("failed", "deadline"), ("cancelled", None),
    ]  # fmt: skip
    assert (runs[0]["attempts"], "8" in runs[0]["failure"]["vi"]) == (MAX_ATTEMPTS, True)
    async with kind.world.session() as session:
        ours = OutboxRow.id.in_(sa.select(kind.table.outbox_id))
        assert await session.scalar(sa.select(sa.func.count()).where(ours, OutboxRow.done_at.is_(None))) == 0


async def test_of_one_place_only_so_many_runs_wait_or_run_at_once(kind: Kind) -> None:
    path, body = kind.asked
    admin = kind.world.as_("admin")
    answers = await asyncio.gather(*(admin.post(path, json=body) for _ in range(MOST_LIVE_RUNS + 2)))
    assert sorted(answer.status_code for answer in answers) == [202] * MOST_LIVE_RUNS + [429] * 2
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.json()["code"], int(refused.headers["Retry-After"]) > 0) == ("run.too_many", True)
    waiting = next(answer.json()["id"] for answer in answers if answer.status_code == 202)
    assert (await admin.post(f"/v1/{kind.path}/{waiting}/cancel")).status_code == 200
    assert (await admin.post(path, json=body)).status_code == 202


async def test_a_paused_worker_writes_nothing_once_another_has_the_run_and_a_failure_is_kept_once(kind: Kind) -> None:
    run_id = await kind.request()
    paused = (await kind.claim(run_id, "paused")).json()["lease_token"]
    await kind.set(run_id, held_until=PAST)
    living = (await kind.claim(run_id, "living")).json()["lease_token"]
    path, solver = f"/v1/internal/{kind.path}/{run_id}", kind.world.as_("solver")
    words = {"kind": "solver_died", "detail_vi": "Bộ giải dừng", "detail_en": "It died"}
    for part, body in (("progress", progress(paused)), ("failure", {"lease_token": paused} | words)):
        refused = await solver.put(f"{path}/{part}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "lease.lost"), part
    assert (await kind.get(run_id))["progress"] is None
    assert (await solver.put(f"{path}/progress", json=progress(living))).status_code == 200
    for _ in range(2):
        assert (await solver.put(f"{path}/failure", json={"lease_token": living} | words)).status_code == 204
    run = await kind.get(run_id)
    assert (run["status"], run["failure"]["en"], run["attempts"]) == ("failed", "It died", 2)
    assert (await kind.claim(run_id, "late")).json()["code"] == "run.finished"


async def test_a_run_stopped_before_its_first_plan_is_cancelled_and_not_failed(kind: Kind) -> None:
    run_id = await kind.request()
    token = (await kind.claim(run_id, "w")).json()["lease_token"]
    await kind.world.as_("admin").post(f"/v1/{kind.path}/{run_id}/cancel")
    words = {"lease_token": token, "kind": "no_plan", "detail_vi": "Hết thời gian", "detail_en": "No time"}
    for _ in range(2):
        answer = await kind.world.as_("solver").put(f"/v1/internal/{kind.path}/{run_id}/failure", json=words)
        assert answer.status_code == 204
    run = await kind.get(run_id)
    assert (run["status"], run["failure"]) == ("cancelled", None)
