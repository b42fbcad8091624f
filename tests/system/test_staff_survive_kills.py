"""Runs of secondments and of oversight groups on real processes: whatever is killed, each ends and is told once."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from commune_stack.places import throwaway_directory
from commune_stack.stack import Stack

from tests.roster_api.secondment_world import PEOPLE, SPAN, TERMS, UNITS, fill_departments
from tests.support.deadlines import until
from tests.support.small_campaign import ENDED, UNSENT, SmallCampaign

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

OVERSEERS = [{"name": f"Lê Văn {name}", "email": f"{name}@example.vn"} for name in ("Theo", "Doi")]


class Office(SmallCampaign):
    """Home Affairs, with the registers of two departments."""

    async def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = await self.post(path, body)
        return made

    async def kill_workers_in_the_middle(self, *paths: str) -> None:
        """Once every run was taken, and while one is being solved."""
        runs: list[dict[str, Any]] = []

        async def are_being_solved() -> bool:
            runs[:] = [await self.read(self.roster, path) or {"status": "queued"} for path in paths]
            states = {run["status"] for run in runs}
            return "queued" not in states and "running" in states

        await until(are_being_solved, is_brief=True)
        for name in ("matching-worker-1", "matching-worker-2"):
            self.stack.kill(name)

    async def wait_for_end(self, path: str) -> dict[str, Any]:
        run: dict[str, Any] = {}

        async def has_ended() -> bool:
            run.update(await self.read(self.roster, path) or {})
            return run.get("status") in ENDED

        await until(has_ended)
        return run

    async def wait_for_told(self, source_kind: str, *, recipients: int) -> list[dict[str, Any]]:
        """Until so many were told, each on every channel they have."""
        messages: list[dict[str, Any]] = []

        async def are_told() -> bool:
            messages[:] = await self.list_messages(source_kind=source_kind) or []
            people = {message["recipient"]["id"] for message in messages if message["status"] not in UNSENT}
            return len(people) == recipients and all(message["status"] not in UNSENT for message in messages)

        await until(are_told)
        return messages


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The logs outlive it, for whoever looks why."""
    with throwaway_directory() as place:
        stack = Stack(place.path, environment={}, matching_workers=2, notifier_workers=2)
        try:
            await stack.start()
            made = Office(stack)
            await made.post("/v1/provinces/56/communes/import")
            yield made
            await made.close()
        finally:
            await stack.stop()
            shutil.copytree(stack.supervisor.logs, tmp_path / "logs")


async def test_both_runs_end_are_decided_and_told_once_though_everything_is_killed(office: Office) -> None:
    campaign_id = await office.open_campaign()
    await fill_departments(office)  # type: ignore[arg-type] # it asks for `create` alone
    asked = await office.post("/v1/provinces/56/secondment-runs", SPAN)
    body = {"overseers": OVERSEERS, "weights": "equal", "balance_pct": 20}
    grouped = await office.post(f"/v1/campaigns/{campaign_id}/group-runs", body)
    secondments, groups = f"/v1/secondment-runs/{asked['id']}", f"/v1/group-runs/{grouped['id']}"
    await office.kill_workers_in_the_middle(secondments, groups)
    await office.stack.wipe_valkey()
    runs = [await office.wait_for_end(path) for path in (secondments, groups)]
    assert [run["status"] for run in runs] == ["succeeded", "succeeded"]
    assert max(run["attempts"] for run in runs) >= 2
    office.stack.kill("postgres")
    assert await office.post(f"{secondments}/decisions", SPAN | TERMS) == {"drafted": 3, "already": 0}
    for step in ("approve", "publish"):
        await office.post(f"/v1/secondments/{step}", {"run_id": asked["id"]})
    office.stack.kill("roster-api")
    await office.officer.post(f"/v1/groupings/{runs[1]['grouping_id']}/publish", if_match="*")
    for name in ("roster-relay", "notifier-worker-1", "notifier-worker-2"):
        office.stack.kill(name)
    messages = await office.wait_for_told("secondment", recipients=len(UNITS) + len(PEOPLE) - 1)
    messages += await office.wait_for_told("grouping", recipients=len(OVERSEERS))
    arrived = await office.arrived()
    doubled = [message["id"] for message in messages if arrived[message["reference"]] > 1]
    lost = [m["id"] for m in messages if arrived[m["reference"]] == 0 and m["status"] != "unknown"]
    assert (doubled, lost, office.officer.history.defects) == ([], [], [])
    assert {message["status"] for message in messages} <= {"sent", "delivered", "unknown"}
