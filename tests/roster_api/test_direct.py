"""Reads without a session: as bound, audited and given up as those with one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.direct import Reader, Statement, execute_within
from roster_api.paging import Page
from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.schemas import VolunteerRead

from tests.roster_api.planning_world import World, planning_world

ONE = Statement(sa.select(sa.bindparam("number", type_=sa.Integer).label("number")))

PID = Statement(sa.text("select pg_backend_pid() as pid"))


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_bulk_read_names_everybody_on_its_page_in_the_same_answer(world: World) -> None:
    page = (await world.as_("admin").get("/v1/volunteers", params={"limit": 2})).json()
    (entry,) = (await world.as_("admin").get("/v1/audit", params={"action": "read", "limit": 1})).json()["items"]
    assert entry["details"]["people"] == [item["id"] for item in page["items"]]


async def test_a_bulk_read_whose_entry_cannot_be_written_answers_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster_api.audit.recording.ADD_ENTRY", Statement(sa.text("select 1 / 0")))
    monkeypatch.setattr("roster_api.audit.recording._read_entry", lambda *_: {})
    answer = await world.as_("admin").get("/v1/volunteers")
    assert answer.status_code == 500
    assert "full_name" not in answer.text


async def test_somebody_is_read_alike_by_id_in_the_list_and_in_the_answer_to_a_change(world: World) -> None:
    admin = world.as_("admin")
    (person,) = (await admin.get("/v1/volunteers", params={"limit": 1})).json()["items"]
    path = f"/v1/volunteers/{person['id']}"
    changed = (await admin.post(f"{path}/withdraw", json={"reason": "Trùng lịch thi"})).json()
    (listed,) = (await admin.get("/v1/volunteers", params={"status": "withdrawn"})).json()["items"]
    assert (await admin.get(path)).json() == listed == changed
    assert (changed["withdrawal"]["reason"], changed["phone"] is None) == ("Trùng lịch thi", False)
    seen_by_overseer = (await world.as_("overseer").get(path)).json()
    hidden = dict.fromkeys(("phone", "email", "home_commune_code", "transport"))
    assert seen_by_overseer == changed | hidden | {"withdrawal": changed["withdrawal"] | {"reason": None}}


@pytest.mark.parametrize("who", ["admin", "overseer"])
async def test_a_list_holds_to_the_letter_what_its_described_shape_makes_of_it(world: World, who: str) -> None:
    admin = world.as_("admin")
    items = (await admin.get("/v1/volunteers")).json()["items"]
    absent, gone = (f"/v1/volunteers/{item['id']}" for item in items[:2])
    leave = {"starts_on": "2027-01-05", "kind": "leave", "note": "Việc riêng"}
    (await admin.put(f"{absent}/absences", json={"items": [leave]})).raise_for_status()
    (await admin.post(f"{gone}/withdraw", json={"reason": "Trùng lịch"})).raise_for_status()
    listed = await world.as_(who).get("/v1/volunteers")
    assert listed.headers["content-type"] == "application/json"
    shaped = Page[VolunteerRead].model_validate_json(listed.content)
    assert len(shaped.items) > 2
    assert shaped.model_dump_json().encode() == listed.content


async def test_a_page_beyond_the_end_tells_how_many_there_are(world: World) -> None:
    first = (await world.as_("admin").get("/v1/volunteers", params={"limit": 1})).json()
    beyond = (await world.as_("admin").get("/v1/volunteers", params={"limit": 1, "offset": 9000})).json()
    assert (beyond["items"], beyond["total"]) == ([], first["total"])


async def test_a_name_that_a_statement_does_not_have_is_refused_and_not_ignored(world: World) -> None:
    async with Reader(world.app.state.engine) as reader:
        assert await reader.fetch(ONE, number=7) == [{"number": 7}]
        with pytest.raises(KeyError):
            await reader.fetch(ONE, number=7, nobody=8)


async def test_a_connection_whose_question_was_given_up_is_given_to_nobody_else(world: World) -> None:
    slow = Statement(sa.select(sa.func.pg_sleep(sa.bindparam("seconds", type_=sa.Float))))
    engine = world.app.state.engine
    async with Reader(engine) as reader:
        first = await reader.fetch_one(PID)
        asking = asyncio.create_task(reader.fetch(slow, seconds=60))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    pids = []
    for _ in range(engine.pool.size()):
        async with Reader(engine) as later:
            pids.append(await later.fetch_one(PID))
    assert first not in pids


async def test_what_is_executed_within_a_session_before_all_else_is_of_its_transaction(world: World) -> None:
    local = Statement(sa.text("select set_config('roster.test', 'kept', true)"))
    async with world.session() as session:
        await execute_within(session, local, {})
        kept = await session.scalar(sa.text("select current_setting('roster.test', true)"))
    assert kept == "kept"


@pytest.mark.parametrize("ending", ["rollback", "commit"])
async def test_a_statement_of_a_later_transaction_is_of_that_and_not_of_the_one_before(
    world: World, ending: str
) -> None:
    local = Statement(sa.select(sa.func.set_config("roster.test", "kept", sa.true())))
    asked = sa.text("select current_setting('roster.test', true)")
    async with world.app.state.sessions() as session:
        await session.execute(sa.select(1))
        await getattr(session, ending)()
        await execute_within(session, local, {})
        assert await session.scalar(asked) == "kept"
        await session.rollback()
        assert await session.scalar(asked) in (None, "")


def test_whose_data_a_row_is_is_known_from_the_statement() -> None:
    other: Any = sa.table("placements", sa.column("id"), sa.column("volunteer_id"))
    assert Statement(sa.select(Volunteer.id, Volunteer.full_name)).person == "id"
    assert Statement(sa.select(other.c.id, other.c.volunteer_id)).person == "volunteer_id"
    assert Statement(sa.select(other.c.id)).person is None


async def test_a_plans_people_are_named_in_the_entry_of_their_reading_and_shown_as_told(world: World) -> None:
    plan_id = await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    page = (await world.as_("admin").get(f"/v1/plans/{plan_id}/placements")).json()
    (entry,) = (await world.as_("admin").get("/v1/audit", params={"action": "read", "limit": 1})).json()["items"]
    assert entry["details"]["people"] == [item["volunteer_id"] for item in page["items"]]
    assert all(item["phone"] and item["duties"] for item in page["items"]), page
    seen_by_overseer = (await world.as_("overseer").get(f"/v1/plans/{plan_id}/placements")).json()
    assert [item["phone"] for item in seen_by_overseer["items"]] == [None, None]
