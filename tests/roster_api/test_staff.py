"""Units, staff and posts through the API: kept, found, changed, and each unit its own."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.access.principal import Role

from tests.roster_api.reference_world import NHA_TRANG, OTHER_PROVINCE, PROVINCE, World, reference_world
from tests.support.issuer import TestIssuer, add_account, serving

UNIT = {"province_code": PROVINCE, "code": "STTTT", "name": "Sở Khoa học và Công nghệ", "kind": "provincial_agency"}
IT = {"field_code": "digitise", "level": 3, "evidence": "Cử nhân Công nghệ thông tin", "since": 2015}
PERSON = {"code": "CB01", "full_name": "Trần Thị Ánh", "side": "government", "phone": "0950000781", "conduct": "good"}


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def fill(world: World) -> dict[str, Any]:
    office = UNIT | {"code": "UBNT", "name": "UBND phường Nha Trang", "kind": "commune_office"}
    own = await world.create("/v1/units", UNIT | {"contact_email": "so@example.vn"})
    other = await world.create("/v1/units", office | {"commune_code": NHA_TRANG, "quota_government": 10})
    person = await world.create("/v1/staff", PERSON | {"unit_id": own["id"], "qualifications": [IT]})
    stranger = PERSON | {"code": "CB02", "full_name": "Lê Văn Bảo", "phone": "0950000782", "unit_id": other["id"]}
    await world.create("/v1/staff", stranger)
    post = {"unit_id": other["id"], "code": "VT01", "field_code": "digitise", "title": "Công chức số hóa", "quota": 2}
    return {"own": own, "other": other, "person": person, "post": await world.create("/v1/posts", post)}


async def test_units_staff_and_posts_are_kept_found_changed_and_taken_out_of_use(world: World) -> None:
    made, admin = await fill(world), world.as_("admin")
    found = (await admin.get("/v1/staff", params={"q": "tran thi anh", "field": "digitise"})).json()
    assert [row["code"] for row in found["items"]] == ["CB01"]
    assert found["items"][0]["qualifications"] == [IT]
    person = f"/v1/staff/{made['person']['id']}"
    assert (await world.patch(person, {"availability": "nominated"}, if_match='"1"')).status_code == 200
    assert (await world.patch(person, {"availability": "none"}, if_match='"1"')).status_code == 412
    assert (await admin.get("/v1/staff", params={"availability": "nominated"})).json()["total"] == 1
    assert (await admin.get("/v1/posts", params={"vacant": True, "q": "so hoa"})).json()["total"] == 1
    too_many = await world.patch(f"/v1/posts/{made['post']['id']}", {"filled": 3})
    assert (too_many.status_code, too_many.json()["code"]) == (409, "post.filled_within_quota")
    archived = await admin.post(f"{person}/archive")
    assert archived.json()["archived_at"]
    assert (await admin.get("/v1/staff")).json()["total"] == 1
    assert (await admin.get("/v1/staff", params={"archived": True})).json()["total"] == 1
    assert (await admin.post(f"{person}/restore")).json()["archived_at"] is None


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/units", UNIT, "unit.code_taken"),
        ("/v1/units", UNIT | {"code": "B", "commune_code": "03127"}, "commune.unknown"),
        ("/v1/staff", PERSON | {"unit_id": "00000000-0000-4000-8000-000000000000"}, "unit.unknown"),
        ("/v1/staff", PERSON | {"code": "B", "qualifications": [IT | {"field_code": "no"}]}, "field.unknown"),
        ("/v1/staff", PERSON, "staff.code_taken"),
    ],
)
async def test_what_a_row_names_must_be_there(world: World, path: str, body: dict[str, Any], code: str) -> None:
    made = await fill(world)
    body = {"unit_id": made["own"]["id"]} | body if path != "/v1/units" else body
    answer = await world.as_("admin").post(path, json=body)
    assert answer.status_code in {409, 422}
    assert answer.json()["code"] == code


async def test_a_units_officer_sees_the_own_unit_and_a_key_without_unit_sees_none(world: World) -> None:
    made = await fill(world)
    async with serving(TestIssuer()) as issuer:
        role = {"role": Role.UNIT_OFFICER.value, "province_code": PROVINCE, "unit_code": "STTTT"}
        async with world.session() as session:
            await add_account(session, issuer, roles=[role])
        state = world.app.state
        state.settings = state.settings.model_copy(update={"issuers": [issuer.settings()]})
        officer = {"Authorization": f"Bearer {issuer.token()}"}
        client = world.as_("nobody")
        staff = (await client.get("/v1/staff", headers=officer)).json()
        assert [row["code"] for row in staff["items"]] == ["CB01"]
        assert staff["items"][0]["phone"] == "+84950000781"
        assert (await client.get("/v1/posts", headers=officer)).json()["total"] == 0
        assert (await client.get(f"/v1/units/{made['own']['id']}", headers=officer)).status_code == 200
        assert (await client.get(f"/v1/units/{made['other']['id']}", headers=officer)).status_code == 404
    assert (await world.as_("unit_officer").get("/v1/units")).json()["total"] == 0
    elsewhere = await world.as_("other_admin").get("/v1/staff", params={"province_code": OTHER_PROVINCE})
    assert elsewhere.json()["total"] == 0
