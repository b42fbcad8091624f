"""The life of a key: it ends at a time, one follows another with an overlap, and its last use is known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from roster_api.access.models import ApiKey

from tests.roster_api.reference_world import MISSING_ID, World, bare_world

KEY = {"role": "overseer", "label": "Bảng theo dõi", "province_code": "56", "instead_of_account": True}


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with bare_world(roster_database_url) as made:
        yield made


async def end(world: World, key_id: str, *, hours: float) -> None:
    async with world.session() as session:
        moment = datetime.now(UTC) + timedelta(hours=hours)
        await session.execute(sa.update(ApiKey).where(ApiKey.id == key_id).values(expires_at=moment))


async def test_a_key_that_is_over_is_refused_like_one_that_never_was(world: World) -> None:
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = await world.create("/v1/api-keys", KEY | {"expires_at": until})
    world.keys |= {"board": made["key"], "unknown": "cr_unknown"}
    assert (await world.as_("board").get("/v1/provinces")).status_code == 200
    await end(world, made["id"], hours=-0.01)
    over, unknown = [await world.as_(who).get("/v1/provinces") for who in ("board", "unknown")]
    assert (over.status_code, over.text) == (401, unknown.text)


async def test_a_new_key_takes_an_old_ones_place_and_both_work_until_the_overlap_is_over(world: World) -> None:
    old = await world.create("/v1/api-keys", KEY | {"is_read_only": True})
    new = await world.create(f"/v1/api-keys/{old['id']}/rotate", {"overlap_hours": 2})
    assert new["rotated_from_id"] == old["id"]
    for name in ("role", "label", "province_code", "is_read_only"):
        assert new[name] == old[name], name
    world.keys |= {"old": old["key"], "new": new["key"]}
    assert {(await world.as_(who).get("/v1/provinces")).status_code for who in ("old", "new")} == {200}
    shown = {each["id"]: each for each in (await world.as_("admin").get("/v1/api-keys")).json()["items"]}
    ends = datetime.fromisoformat(shown[old["id"]]["expires_at"]) - datetime.fromisoformat(new["created_at"])
    assert abs(ends - timedelta(hours=2)) < timedelta(minutes=5)
    assert shown[new["id"]]["expires_at"] is None
    await end(world, old["id"], hours=-0.01)
    assert [(await world.as_(who).get("/v1/provinces")).status_code for who in ("old", "new")] == [401, 200]
    for key_id, status in ((old["id"], 409), (MISSING_ID, 404)):
        assert (await world.as_("admin").post(f"/v1/api-keys/{key_id}/rotate", json={})).status_code == status


async def test_a_key_to_read_with_changes_nothing(world: World) -> None:
    made = await world.create("/v1/api-keys", KEY | {"role": "admin", "is_read_only": True})
    world.keys["reader"] = made["key"]
    assert (await world.as_("reader").get("/v1/api-keys")).status_code == 200
    for path in ("/v1/api-keys", "/v1/schools", f"/v1/api-keys/{made['id']}/revoke", "/v1/accounts"):
        answer = await world.as_("reader").post(path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "access.read_only"), path


async def test_when_a_key_was_last_used_is_written_now_and_then_and_holds_up_nobody(world: World) -> None:
    made = await world.create("/v1/api-keys", KEY)
    world.keys["board"] = made["key"]
    await world.as_("board").get("/v1/provinces")
    statements: list[str] = []
    sa.event.listen(world.app.state.engine.sync_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    await world.as_("board").get("/v1/fields")
    assert not [text for text in statements if text.lstrip().lower().startswith("update")]
    await world.app.state.last_use.write()
    shown = {each["id"]: each for each in (await world.as_("admin").get("/v1/api-keys")).json()["items"]}
    assert shown[made["id"]]["last_used_at"] is not None
    assert shown[made["id"]]["created_by"] == "Sở Nội vụ"


async def test_a_key_for_a_persons_role_is_made_only_where_that_is_meant(world: World) -> None:
    body = {name: value for name, value in KEY.items() if name != "instead_of_account"}
    answer = await world.as_("admin").post("/v1/api-keys", json=body)
    assert answer.status_code == 422
    assert "POST /v1/accounts" in answer.json()["errors"][0]["vi"]
