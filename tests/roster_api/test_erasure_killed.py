"""A process killed in the middle of an erasure leaves nothing half done: no row is emptied, no entry tells of it."""

import json
import os
import signal
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.audit.chain import seal_entries, verify_chain
from roster_api.audit.models import AuditEntry
from roster_api.data_requests.models import DataRequest
from roster_api.staff.models import StaffMember
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import NAMES, World, planning_world
from tests.roster_api.test_answers import token_of
from tests.roster_api.test_data_requests import PLACES, file
from tests.support.forked import run

MOMENTS = (
    ("roster_api.data_requests.erasure", "_without_person"),  # links and lists are gone, the person is there
    ("roster_api.commands.words", "record_command"),  # between the change and its entry
)


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def erase(url: str, request_id: str, *, dying_at: tuple[str, str] | None = None) -> tuple[int, str]:
    environment, words = {**os.environ, "ROSTER_DATABASE_URL": url}, ["privacy", "carry-out", request_id]
    return await run("tests.support.dying_command:run_until", words, dying_at, environment=environment)


async def test_killed_in_the_middle_or_before_its_entry_nothing_is_done_and_the_chain_is_whole(
    world: World, roster_database_url: str
) -> None:
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    request_id = (await file(world, 0, "erasure"))["id"]
    for module, name in MOMENTS:
        status, _ = await erase(roster_database_url, request_id, dying_at=(module, name))
        assert status == -signal.SIGKILL, (module, name)
        async with world.session() as session:
            row = await session.get_one(Volunteer, world.volunteer_ids[0])
            assert (row.full_name, row.phone, row.erased_at) == (NAMES[0], "+84950000100", None)
            assert (await session.get_one(DataRequest, request_id)).state == "open"
            entries = sa.select(sa.func.count()).where(AuditEntry.method == "COMMAND")
            assert await session.scalar(entries) == 0
        assert (await world.as_("nobody").get(f"/a/{token}")).status_code == 200, "the link still opens"
    status, output = await erase(roster_database_url, request_id)
    assert (status, json.loads(output.splitlines()[-1])["state"]) == (0, "erasing")
    async with world.session() as session:
        entry = (await session.scalars(sa.select(AuditEntry).where(AuditEntry.method == "COMMAND"))).one()
        assert str(world.volunteer_ids[0]) in entry.subjects
        assert NAMES[0] not in str(entry.details)
        await seal_entries(session)
        assert (await verify_chain(session, head=None)).broken is None


OF_OFFICIALS = (
    ("roster_api.data_requests.subject_erasure", "_empty_reasons"),  # registers and runs are emptied, the person is not
    ("roster_api.commands.words", "record_command"),
)


async def test_an_official_is_erased_whole_or_not_at_all(world: World, roster_database_url: str) -> None:
    admin = world.as_("admin")
    unit = {"province_code": "56", "code": "STC", "name": "Sở Tài chính", "kind": "provincial_agency"}
    unit_id = (await admin.post("/v1/units", json=unit)).json()["id"]
    member = {"unit_id": unit_id, "code": "CB7", "full_name": "Ngô Văn Ghi", "side": "government"}
    staff_id = (await admin.post("/v1/staff", json=member | {"phone": "0950000807"})).json()["id"]
    asked = {"kind": "erasure", "channel": "paper", "proof": "phiếu 8"}
    filed = await admin.post(f"/v1/data-subjects/staff/{staff_id}/requests", json=asked)
    request_id = filed.json()["id"]
    for module, name in OF_OFFICIALS:
        status, _ = await erase(roster_database_url, request_id, dying_at=(module, name))
        assert status == -signal.SIGKILL, (module, name)
        async with world.session() as session:
            row = await session.get_one(StaffMember, staff_id)
            assert (row.full_name, row.code, row.phone, row.erased_at) == ("Ngô Văn Ghi", "CB7", "+84950000807", None)
            assert (await session.get_one(DataRequest, request_id)).state == "open"
    status, output = await erase(roster_database_url, request_id)
    assert (status, json.loads(output.splitlines()[-1])["state"]) == (0, "erasing")
    async with world.session() as session:
        entry = (await session.scalars(sa.select(AuditEntry).where(AuditEntry.method == "COMMAND"))).one()
        assert staff_id in entry.subjects
        assert "Ngô Văn Ghi" not in str(entry.details)
        assert "CB7" not in str(entry.details)
        await seal_entries(session)
        assert (await verify_chain(session, head=None)).broken is None
