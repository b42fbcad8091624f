"""API keys: shown once, kept as hashes, bound to their scope, revocable; the configured ones exist after start."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from roster_api.access.models import ApiKey
from roster_api.app import create_app, ensure_keys
from roster_api.settings import Settings

from tests.roster_api.reference_world import MISSING_ID, SCHOOL, World, bare_world
from tests.support.owners import owning


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with bare_world(roster_database_url) as made:
        yield made


async def test_a_key_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    headers = {"Idempotency-Key": "k"}
    body = {"role": "finance", "label": "Sở Tài chính", "instead_of_account": True}
    made = await world.as_("admin").post("/v1/api-keys", json=body, headers=headers)
    assert made.status_code == 201
    value = made.json()["key"]
    again = await world.as_("admin").post("/v1/api-keys", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.answer_not_kept")
    async with world.session() as session:
        for table in ("api_keys", "idempotency_keys"):
            rows = (await session.execute(sa.text(f"select t::text from roster.{table} t"))).scalars().all()  # noqa: S608
            assert rows
            assert not any(value in row for row in rows)
    listed = await world.as_("admin").get("/v1/api-keys?q=tài chính&role=finance")
    assert [item["label"] for item in listed.json()["items"]] == ["Sở Tài chính"]
    assert value not in listed.text


async def test_a_revoked_key_is_refused_from_the_next_request_on(world: World) -> None:
    made = await world.create("/v1/api-keys", {"role": "overseer", "label": "Sở KH&CN", "instead_of_account": True})
    world.keys["overseer"] = made["key"]
    assert (await world.as_("overseer").get("/v1/provinces")).status_code == 200
    revoked = await world.as_("admin").post(f"/v1/api-keys/{made['id']}/revoke")
    again = await world.as_("admin").post(f"/v1/api-keys/{made['id']}/revoke")
    assert revoked.json() == again.json()
    assert (await world.as_("overseer").get("/v1/provinces")).status_code == 401
    kept = (await world.as_("admin").get("/v1/api-keys?revoked=true")).json()["items"]
    assert [item["id"] for item in kept] == [made["id"]]
    missing = await world.as_("admin").post(f"/v1/api-keys/{MISSING_ID}/revoke")
    assert missing.status_code == 404


async def test_a_key_is_bound_to_the_province_of_its_school(world: World) -> None:
    school = await world.create("/v1/schools", SCHOOL)
    body = {"role": "school_coordinator", "label": "DHKH", "school_id": school["id"], "instead_of_account": True}
    assert (await world.create("/v1/api-keys", body))["province_code"] == "56"
    answer = await world.as_("admin").post("/v1/api-keys", json=body | {"province_code": "11"})
    assert (answer.status_code, answer.json()["code"]) == (422, "key.bounds")


SENSELESS: tuple[dict[str, object], ...] = (
    {"role": "school_coordinator", "label": "no school"},
    {"role": "school_coordinator", "label": "unknown school", "school_id": MISSING_ID},
    {"role": "commune_officer", "label": "no commune"},
    {"role": "commune_officer", "label": "unknown commune", "commune_code": "99999"},
    {"role": "finance", "label": "with a school", "school_id": MISSING_ID},
    {"role": "volunteer", "label": "volunteers hold links"},
    {"role": "service", "label": "gone"},
    {"role": "solver", "label": "programs' keys are made on the server"},
    {"role": "notifier", "label": "programs' keys are made on the server", "province_code": "56"},
    {"role": "admin", "label": "unknown province", "province_code": "99"},
    {"role": "emperor", "label": "unknown role"},
    {"role": "admin", "label": "extra", "key": "chosen-by-the-client"},
    {"role": "school_viewer", "label": "no school"},
    {"role": "admin", "label": "over already", "expires_at": "2020-01-01T00:00:00Z"},
    {"role": "admin", "label": "not meant", "instead_of_account": False},
)


async def test_keys_that_make_no_sense_are_refused(world: World) -> None:
    for body in SENSELESS:
        answer = await world.as_("admin").post("/v1/api-keys", json={"instead_of_account": True} | body)
        assert answer.status_code == 422, body
        assert answer.json()["errors"]


async def test_configured_keys_exist_after_start_and_stay_as_they_are_after_another(roster_database_url: str) -> None:
    settings = Settings(
        database_url=roster_database_url, bootstrap_key="development-admin", solver_key="development-solver",
        notifier_key="development-notifier",
    )  # fmt: skip
    for _start in range(2):
        app = create_app(settings)
        await asyncio.gather(ensure_keys(app), ensure_keys(app))
        async with app.state.sessions.begin() as session:
            rows = (await session.execute(sa.select(ApiKey.role).order_by(ApiKey.role))).scalars().all()
            assert list(rows) == ["admin", "notifier", "solver"]
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://roster.example") as client:
            statuses = [
                (await client.get("/v1/fields", headers={"X-Api-Key": f"development-{name}"})).status_code
                for name in ("admin", "solver", "notifier", "other")
            ]
            assert statuses == [200, 403, 403, 401]
        await app.state.engine.dispose()


async def test_a_start_before_the_migration_waits_for_its_tables(postgres_url: str) -> None:
    app = create_app(Settings(database_url=postgres_url, bootstrap_key="development-admin"))
    ensuring = asyncio.create_task(ensure_keys(app))
    done, _pending = await asyncio.wait({ensuring}, timeout=0.5)
    assert not done
    ensuring.cancel()
    with suppress(asyncio.CancelledError):
        await ensuring
    await app.state.engine.dispose()


def test_the_key_both_services_once_shared_is_refused_with_words_that_say_what_to_set() -> None:
    with pytest.raises(ValidationError, match=r"ROSTER_SOLVER_KEY .* and ROSTER_NOTIFIER_KEY"):
        Settings(database_url="postgresql://db/roster", service_key="a" * 40)
    assert Settings(database_url="postgresql://db/roster", service_key="").service_key is None


async def test_nothing_personal_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    person = {"contact_name": "Phạm Bí Mật", "contact_phone": "0950000889", "contact_email": "bimat@example.vn"}
    with caplog.at_level(logging.DEBUG):
        await world.create("/v1/schools", SCHOOL | person)
        await world.as_("admin").post("/v1/schools", json=SCHOOL | person)
        async with owning(world.database_url) as connection, connection.begin():
            await connection.execute(sa.text("alter table roster.schools rename column sort_key to sort_key_away"))
        answer = await world.as_("admin").post("/v1/schools", json=SCHOOL | person)
        assert answer.status_code == 500
    for secret in ("Bí Mật", "999888", "bimat", world.keys["admin"]):
        assert secret not in caplog.text
