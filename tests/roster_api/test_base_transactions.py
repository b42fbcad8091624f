"""The base's promises: one transaction a request, idempotent POSTs, no lost update, honest errors."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from asyncpg.exceptions import InternalClientError
from commune_stack.ports import free_port
from roster_api.app import ROUTERS, create_app
from roster_api.database import open_late, open_session
from roster_api.idempotency import IdempotencyKey
from roster_api.schools.models import School
from roster_api.settings import Settings

from tests.roster_api.reference_world import MISSING_ID, SCHOOL, World, bare_world
from tests.support.owners import owning


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with bare_world(roster_database_url) as made:
        yield made


async def count(world: World, table: type[Any]) -> int:
    async with world.session() as session:
        return int(await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


async def run_sql(world: World, *statements: str) -> None:
    """As the role that owns the tables."""
    async with owning(world.database_url) as connection, connection.begin():
        for statement in statements:
            await connection.execute(sa.text(statement))


REFUSE_COMMIT = (
    "create function roster.refuse_commit() returns trigger language plpgsql as "
    "$$ begin raise exception 'secret words of the database'; end $$"
)
ON_SCHOOLS = (
    "create constraint trigger refuse_commit after insert on roster.schools deferrable initially deferred "
    "for each row execute function roster.refuse_commit()"
)


async def test_a_commit_that_fails_is_never_answered_with_success(world: World) -> None:
    await run_sql(world, REFUSE_COMMIT, ON_SCHOOLS)
    answer = await world.as_("admin").post("/v1/schools", json=SCHOOL, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert await count(world, School) == 0
    assert await count(world, IdempotencyKey) == 0


async def test_a_defect_is_answered_without_its_trace_and_with_a_request_id(world: World) -> None:
    await run_sql(world, "drop table roster.existing_relations, roster.decisions cascade")
    answer = await world.as_("admin").get(f"/v1/campaigns/{MISSING_ID}/decisions")
    assert answer.status_code == 404  # the campaign is asked for first
    await run_sql(world, "alter table roster.duties rename to duties_away")
    answer = await world.as_("admin").get("/v1/duties")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "duties" not in answer.text.replace("/v1/duties", "")
    assert answer.headers["X-Request-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_same_post_with_the_same_key_is_done_once(world: World) -> None:
    admin, headers = world.as_("admin"), {"Idempotency-Key": "k-1"}
    first = await admin.post("/v1/schools", json=SCHOOL, headers=headers)
    again = await admin.post("/v1/schools", json=SCHOOL, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await count(world, School) == 1


async def test_a_key_used_for_another_request_is_refused(world: World) -> None:
    admin, headers = world.as_("admin"), {"Idempotency-Key": "k-1"}
    await admin.post("/v1/schools", json=SCHOOL, headers=headers)
    other = await admin.post("/v1/schools", json=SCHOOL | {"code": "OTHER"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.other_request")
    assert await count(world, School) == 1


async def test_a_request_that_failed_may_be_repeated_with_its_key(world: World) -> None:
    admin, headers = world.as_("admin"), {"Idempotency-Key": "k-1"}
    failed = await admin.post("/v1/schools", json=SCHOOL | {"province_code": "99"}, headers=headers)
    assert failed.status_code == 422
    assert (await admin.post("/v1/schools", json=SCHOOL, headers=headers)).status_code == 201


async def test_twenty_at_once_with_one_key_have_one_effect_and_equal_answers(world: World) -> None:
    admin, headers = world.as_("admin"), {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(*(admin.post("/v1/schools", json=SCHOOL, headers=headers) for _ in range(20)))
    assert await count(world, School) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"idempotency.in_progress"}
    assert len({a.content for a in answers if a.status_code == 201}) == 1


async def test_keys_of_two_callers_do_not_meet(world: World) -> None:
    made = await world.create("/v1/api-keys", {"role": "admin", "label": "second", "instead_of_account": True})
    world.keys["second"] = made["key"]
    headers = {"Idempotency-Key": "k-1"}
    await world.as_("admin").post("/v1/schools", json=SCHOOL, headers=headers)
    second = await world.as_("second").post("/v1/schools", json=SCHOOL, headers=headers)
    assert (second.status_code, second.json()["code"]) == (409, "school.code_taken")


async def test_of_two_changes_based_on_one_version_only_one_is_kept(world: World) -> None:
    school = await world.create("/v1/schools", SCHOOL)
    path = f"/v1/schools/{school['id']}"
    answers = await asyncio.gather(
        *(world.patch(path, {"address": f"Số {number}"}, if_match='"1"') for number in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    now = await world.as_("admin").get(path)
    assert now.headers["ETag"] == '"2"'


async def test_a_change_must_name_the_version_it_was_based_on(world: World) -> None:
    school = await world.create("/v1/schools", SCHOOL)
    path = f"/v1/schools/{school['id']}"
    missing = await world.as_("admin").patch(path, json={"address": "x"})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition.required")
    stale = await world.patch(path, {"address": "x"}, if_match='"7"')
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.stale")
    same = await world.patch(path, {"name": SCHOOL["name"]}, if_match='"1"')
    assert same.headers["ETag"] == '"1"'  # nothing changed, so neither did the version


async def test_a_broken_constraint_is_a_conflict_in_its_own_words(world: World) -> None:
    await world.create("/v1/schools", SCHOOL)
    answer = await world.as_("admin").post("/v1/schools", json=SCHOOL)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "school.code_taken")
    assert problem["detail_vi"] == "Mã trường này đã có; mỗi mã là của một trường trong cả nước."
    assert str(SCHOOL["contact_email"]) not in answer.text


async def test_what_is_wrong_with_a_body_is_said_by_pointer_in_two_languages(world: World) -> None:
    body = SCHOOL | {"latitude": 91, "name": "a\nb", "surprise": 1}
    answer = await world.as_("admin").post("/v1/schools", json=body)
    assert answer.status_code == 422
    errors = {error["pointer"]: error for error in answer.json()["errors"]}
    assert set(errors) == {"/latitude", "/name", "/surprise"}
    assert errors["/surprise"]["vi"] == "Mục này không được biết đến."
    assert errors["/latitude"]["vi"] == "Quá lớn: nhiều nhất 90.0."
    assert "U+000A" in errors["/name"]["vi"]
    assert all(error["en"] for error in errors.values())


@pytest.mark.parametrize("content", [b"{", b"[]", b'"\\ud800"', b"\xff\xfe", b"null"])
async def test_an_unreadable_body_is_a_clients_error(world: World, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await world.as_("admin").post("/v1/schools", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_nul_and_lone_surrogates_are_refused_everywhere_a_name_goes(world: World) -> None:
    for bad in ("\\u0000", "\\ud800", "\\r\\n"):
        content = b'{"province_code":"56","starts_on":"2025-11-03","ends_on":"2025-11-04","name":"a%sb"}'
        answer = await world.as_("admin").post(
            "/v1/campaigns", content=content % bad.encode(), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, bad
    for path in ("/v1/schools?q=%00", "/v1/duties/%00", "/v1/communes/%00", "/v1/duties?field_code=%00"):
        assert (await world.as_("admin").get(path)).status_code == 422, path


async def test_a_body_beyond_the_limit_is_refused(world: World) -> None:
    answer = await world.as_("admin").post("/v1/schools", json=SCHOOL | {"address": "x" * 1_100_000})
    assert answer.status_code == 413
    assert answer.json()["code"] == "body.too_large"


def test_no_route_has_two_transactions_of_which_a_kill_would_leave_one() -> None:
    """What is done once, and the memory of it, are kept or lost together: slow work in the middle takes OnceDep."""
    routes: Any = [route for router in ROUTERS for route in router.routes]
    calls = [(route.path, route.methods, set(list_calls(route.dependant))) for route in routes]
    assert any(open_late in each for *_, each in calls)
    assert [(path, methods) for path, methods, each in calls if {open_late, open_session} <= each] == []


def list_calls(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from list_calls(each)


async def refuse_as_one_that_starts(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What Postgres says to everybody until it has recovered."""
    await reader.read(8)
    writer.write(b"N")  # no TLS
    await reader.read(1000)
    words = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is not yet accepting connections\0\0"
    writer.write(b"E" + (len(words) + 4).to_bytes(4, "big") + words)
    writer.close()


async def test_without_its_database_or_while_that_starts_the_service_says_try_again() -> None:
    async with await asyncio.start_server(refuse_as_one_that_starts, "127.0.0.1", 0) as starting:
        for port in (free_port(), starting.sockets[0].getsockname()[1]):
            app = create_app(Settings(database_url=f"postgresql://nobody@127.0.0.1:{port}/none"))
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://roster.example") as client:
                for path in ("/health", "/v1/provinces"):
                    answer = await client.get(path, headers={"X-Api-Key": "any"})
                    assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable"), (path, port)
                    assert int(answer.headers["Retry-After"]) > 0
                assert (await client.get("/health/live")).status_code == 200
            await app.state.engine.dispose()


async def test_a_statement_that_the_server_cuts_off_is_answered_with_try_again(world: World) -> None:
    """A table that somebody holds: Postgres gives up waiting, and says 57014."""

    @sa.event.listens_for(world.app.state.engine.sync_engine, "begin")
    def wait_no_longer(connection: sa.Connection) -> None:
        connection.exec_driver_sql("set local statement_timeout = 200")

    async with owning(world.database_url) as connection, connection.begin():
        await connection.execute(sa.text("lock table roster.schools in access exclusive mode"))
        answer = await world.as_("admin").get("/v1/schools")
    assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_connection_that_was_given_up_in_the_middle_is_answered_with_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a Postgres that was frozen: it is known by asyncpg alone, and no error of the server's."""

    async def confused(*_: Any, **__: Any) -> None:
        raise InternalClientError("cannot switch to state 12; another operation (2) is in progress")

    monkeypatch.setattr("asyncpg.connection.Connection.fetch", confused)
    answer = await world.as_("admin").get("/v1/schools")
    assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable")


async def test_a_connection_that_died_in_the_pool_is_replaced_unnoticed(world: World) -> None:
    assert (await world.as_("admin").get("/health")).status_code == 200
    async with world.session() as session:
        await session.execute(
            sa.text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid() and usename = current_user"
            )
        )
    answers = await asyncio.gather(*(world.as_("admin").get("/v1/provinces") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
