"""Every change, refusal and bulk read leaves a row that is written with it, and that nobody changes afterwards."""

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.access.rules import RULES
from roster_api.audit.chain import seal_entries, verify_chain
from roster_api.audit.models import AuditEntry
from roster_api.audit.reads import BULK_READS, SIGNS_OF_LIFE
from roster_api.schools.models import School
from sqlalchemy.exc import DBAPIError

from tests.roster_api.description import committed_description
from tests.roster_api.reference_world import MISSING_ID, SCHOOL, World, reference_world
from tests.support.forked import run
from tests.support.owners import owning

OF_PLACES = {("GET", "/v1/provinces"), ("GET", "/v1/campaigns/{campaign_id}/matching-runs")}
"""A province's full name; runs name whoever a pin could not be kept for."""


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def entries(world: World, **filters: Any) -> list[dict[str, Any]]:
    answer = await world.as_("admin").get("/v1/audit", params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_change_is_kept_with_who_what_before_and_after_but_no_contact(world: World) -> None:
    school = world.ids["school"]
    body = {"name": "Trường Đại học mới", "contact_phone": "0258 3831 999"}
    headers = {"If-Match": "*", "X-Request-ID": "5f0e3cde9c0b4f0fa1b2c3d4e5f60718"}
    assert (await world.as_("admin").patch(f"/v1/schools/{school}", json=body, headers=headers)).status_code == 200
    entry = (await entries(world, subject=school, action="change"))[0]
    assert entry["method"] == "PATCH"
    assert (entry["route"], entry["object_kind"]) == ("/v1/schools/{school_id}", "schools")
    assert (entry["object_id"], entry["actor_role"]) == (school, "admin")
    assert (entry["actor_label"], entry["request_id"]) == ("Sở Nội vụ", headers["X-Request-ID"])
    assert entry["address"]
    (row,) = entry["details"]["rows"]
    assert row["fields"]["name"] == [SCHOOL["name"], body["name"]]
    assert row["fields"]["contact_phone"] == [{"hidden": True}, {"hidden": True}]
    async with world.session() as session:
        kept = await session.scalar(sa.text("select string_agg(e::text, ' ') from roster.audit_entries e"))
    for contact in ("3831 170", "3831 999", "83831170", "83831999", "vanphong@", "0950000456", "an@example.edu.vn"):
        assert contact not in kept


async def test_a_person_is_followed_through_all_that_was_done_to_them(world: World) -> None:
    person = world.ids["volunteer"]
    answer = await world.as_("coordinator").post(f"/v1/volunteers/{person}/withdraw")
    assert answer.status_code == 200, answer.text
    found = await entries(world, subject=person)
    assert [entry["route"] for entry in found] == ["/v1/volunteers/{volunteer_id}/withdraw", "/v1/volunteers"]
    assert [entry["actor_role"] for entry in found] == ["school_coordinator", "admin"]
    assert found[1]["object_id"] == person, "what was made is the object of its making"


async def test_what_fails_or_is_repeated_changes_nothing_and_is_no_change(world: World) -> None:
    before = await entries(world, action="change")
    assert (await world.as_("admin").post("/v1/schools", json=SCHOOL)).status_code == 409
    assert (await world.as_("admin").post("/v1/schools", json={})).status_code == 422
    assert await entries(world, action="change") == before


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("finance", "POST", "/v1/schools", 403),
        ("coordinator", "GET", "/v1/volunteers/{other_volunteer}", 404),
        ("coordinator", "GET", f"/v1/volunteers/{MISSING_ID}", 404),
        ("coordinator", "POST", "/v1/volunteers/{other_volunteer}/archive", 404),
    ],
)
async def test_a_refusal_is_kept_with_who_asked_for_what(
    world: World, who: str, method: str, path: str, status: int
) -> None:
    asked = path.format_map(world.ids)
    assert (await world.as_(who).request(method, asked)).status_code == status
    (entry,) = await entries(world, action="refusal")
    assert entry["details"]["status"] == status
    assert entry["method"] == method
    assert entry["object_id"] in (None, asked.split("/")[3] if asked.count("/") > 2 else None)


async def test_a_bulk_read_is_kept_without_what_was_searched_for(world: World) -> None:
    assert (await world.as_("coordinator").get("/v1/volunteers?q=0950000456&weekday=1")).status_code == 200
    (entry,) = await entries(world, action="read")
    assert entry["actor_role"] == "school_coordinator"
    assert entry["details"]["query"] == {"q": {"hidden": True}, "weekday": "1"}


async def test_an_admin_of_a_province_sees_what_its_keys_did_and_no_other_role_sees_any(world: World) -> None:
    body = {"role": "admin", "label": "Tỉnh", "province_code": "56", "instead_of_account": True}
    world.keys["admin56"] = (await world.create("/v1/api-keys", body))["key"]
    assert (await world.as_("admin56").get("/v1/audit")).json()["total"] == 0
    await world.as_("admin56").get("/v1/volunteers")
    assert [entry["action"] for entry in (await world.as_("admin56").get("/v1/audit")).json()["items"]] == ["read"]
    for who in ("coordinator", "officer", "finance", "overseer"):
        assert (await world.as_(who).get("/v1/audit")).status_code == 403


async def test_the_change_and_its_row_are_kept_or_lost_together(world: World) -> None:
    url = world.database_url
    async with owning(url) as connection, connection.begin():
        await connection.exec_driver_sql("alter table roster.audit_entries rename to entries_away")
    body = SCHOOL | {"code": "MOI"}
    assert (await world.as_("admin").post("/v1/schools", json=body)).status_code == 500
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).where(School.code == "MOI")) == 0


async def test_a_connection_killed_between_change_and_row_leaves_neither(world: World) -> None:
    async with owning(world.database_url) as connection, connection.begin():
        await connection.exec_driver_sql(
            "create function roster.die() returns trigger language plpgsql security definer as "
            "$$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$"
        )
        await connection.exec_driver_sql(
            "create trigger die before insert on roster.audit_entries for each row execute function roster.die()"
        )
    answer = await world.as_("admin").post("/v1/schools", json=SCHOOL | {"code": "MOI"})
    assert answer.status_code in (500, 503)
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).where(School.code == "MOI")) == 0


async def sealed(world: World) -> int:
    """Seals what is there; how many entries there are."""
    async with world.session() as session:
        await seal_entries(session)
    async with world.session() as session:
        return int(await session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0)


async def verify(world: World) -> tuple[int, str]:
    """What the command says, and its status."""
    environment = {**os.environ, "ROSTER_DATABASE_URL": world.database_url}
    return await run("roster_api.main:main", ["audit", "verify"], environment=environment)


async def test_the_chain_is_whole_and_a_block_follows_a_block(world: World) -> None:
    first = await sealed(world)
    await world.as_("coordinator").get("/v1/volunteers")
    assert await sealed(world) == first + 1
    assert await sealed(world) == first + 1
    async with world.session() as session:
        verdict = await verify_chain(session)
        assert (verdict.broken, verdict.blocks, verdict.entries, verdict.unsealed) == (None, 2, first + 1, 0)
        assert (await verify_chain(session, head=verdict.head)).broken is None
        assert "made anew" in str((await verify_chain(session, head="f" * 64)).broken)
    assert (await verify(world))[0] == 0


DAMAGE = {
    "update roster.audit_entries set actor_label = 'x' where id = 3": "entry 3: changed",
    "update roster.audit_entries set details = '{}' where id = 2": "entry 2: changed",
    "delete from roster.audit_entries where id = 4": "entry 4: missing",
    "update roster.audit_blocks set entry_ids = entry_ids[2:], entry_sha256 = substr(entry_sha256, 33)": "block 1:",
    "delete from roster.audit_blocks where number = 1": "block 1: missing",
    "insert into roster.audit_entries (created_at, action, method, route, actor_role, object_kind, subjects, details) "
    "values (now() - interval '3 hours', 'read', 'GET', '/', 'admin', 'x', '{}', '{}')": "in no block",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_whoever_gets_round_the_trigger_is_found_out_and_the_first_broken_row_named(
    world: World, damage: str
) -> None:
    await sealed(world)
    await world.as_("coordinator").get("/v1/volunteers")
    await sealed(world)
    async with owning(world.database_url) as connection, connection.begin():
        for table in ("audit_entries", "audit_blocks"):
            await connection.exec_driver_sql(f"alter table roster.{table} disable trigger all")
        await connection.exec_driver_sql(damage)
    status, words = await verify(world)
    assert status == 1
    assert DAMAGE[damage] in words


@pytest.mark.parametrize("statement", ["update {} set {} = {}", "delete from {}", "truncate {}"])
@pytest.mark.parametrize(("table", "column"), [("audit_entries", "route"), ("audit_blocks", "sha256")])
async def test_the_audit_is_added_to_and_never_changed(world: World, statement: str, table: str, column: str) -> None:
    written = statement.format(f"roster.{table}", column, column)
    async with world.session() as session:
        with pytest.raises(DBAPIError, match="permission denied"):
            await session.execute(sa.text(written))
        await session.rollback()
    async with owning(world.database_url) as connection:
        with pytest.raises(DBAPIError, match="never changed"):
            await connection.exec_driver_sql(written)


def test_every_list_of_people_or_with_a_phone_or_an_e_mail_is_a_bulk_read() -> None:
    document = committed_description()
    shapes = document["components"]["schemas"]

    def shows_people(part: Any, seen: frozenset[str] = frozenset()) -> bool:
        if isinstance(part, list):
            return any(shows_people(each, seen) for each in part)
        if not isinstance(part, dict):
            return False
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen and shows_people(shapes[name], seen | {name}):
            return True
        named = any(
            "phone" in field or "email" in field or field == "full_name" for field in part.get("properties", {})
        )
        return named or any(shows_people(each, seen) for each in part.values())

    lists = {
        ("GET", path)
        for path, methods in document["paths"].items()
        if "get" in methods and not path.endswith("}") and not path.startswith("/v1/me")
        if shows_people(methods["get"]["responses"]["200"])
    }
    assert lists - OF_PLACES <= BULK_READS
    assert set(RULES) >= BULK_READS | SIGNS_OF_LIFE
