"""Forms of single records: what is typed goes to the API as it wants it, and comes back where it is refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_portal.record_forms import body_of, place_of
from roster_api.communes.schemas import CommunePatch
from roster_api.schools.schemas import SchoolCreate

from tests.portal.world import ADMIN, ASSIGNMENT, EMPTY, ME, PortalWorld, portal_world

HOSTILE = '"><script>alert(1)</script>'
OFFICER = ME | {
    "assignments": [ASSIGNMENT | {"role": "commune_officer", "scope_kind": "commune", "scope_id": "22366"}]
}  # fmt: skip
COMMUNE: dict[str, Any] = {
    "code": "22366", "full_name": "Phường Nha Trang", "is_remote": False, "reach_band": 1, "road_factor": 1.3,
    "latitude": 12.25, "longitude": 109.19, "office_address": "1 Trần Phú", "contact_name": HOSTILE,
    "contact_phone": None, "contact_email": None, "kind": "ward",
}  # fmt: skip
OTHER = COMMUNE | {"code": "22339", "full_name": "Phường Ba Ngòi", "contact_phone": "+842583822222"}
TYPED = {
    "etag": '"3"', "office_address": "2 Trần Phú", "contact_name": "Lê Thị Mẫu", "contact_phone": "0258 3822 222",
    "contact_email": "", "is_remote": "yes", "reach_band": "2", "road_factor": "1,5", "place": "12,25; 109,19",
}  # fmt: skip
EDIT = "/communes/22366/edit"


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/communes/22366"): (200, COMMUNE),
            ("PATCH", "/v1/communes/22366"): (200, COMMUNE),
            ("GET", "/v1/communes"): (200, {"items": [COMMUNE, OTHER], "total": 2}),
        }
        yield made


def sent(world: PortalWorld) -> Any:
    request = [each for each in world.asked if each.method != "GET"][-1]
    return json.loads(request.content)


async def test_a_communes_office_is_changed_as_the_version_that_was_seen(world: PortalWorld) -> None:
    fields = await world.form_of(EDIT)
    page = await world.client.get(EDIT)
    assert page.status_code == 200
    assert HOSTILE not in page.text
    answer = await world.post(EDIT, fields | TYPED)
    assert answer.headers["location"] == "/communes"
    assert world.asked[-1].headers["If-Match"] == '"3"'
    body = sent(world)
    assert body == {
        "office_address": "2 Trần Phú", "contact_name": "Lê Thị Mẫu", "contact_phone": "0258 3822 222",
        "contact_email": None, "is_remote": True, "reach_band": "2", "road_factor": 1.5, "latitude": 12.25,
        "longitude": 109.19,
    }  # fmt: skip
    assert CommunePatch.model_validate(body).reach_band == 2


async def test_what_is_refused_stands_in_the_form_as_it_was_typed_beside_its_error(world: PortalWorld) -> None:
    fields = await world.form_of(EDIT)
    wrong = {"pointer": "/contact_phone", "code": "x", "vi": "Số này không gọi được.", "en": "No such number."}
    world.answers["PATCH", "/v1/communes/22366"] = (422, {"code": "x", "detail_vi": "Có lỗi", "errors": [wrong]})
    answer = await world.post(EDIT, fields | TYPED | {"contact_phone": HOSTILE, "is_remote": ""})
    assert answer.status_code == 422
    assert answer.text.count("Số này không gọi được.") == 2, "above and beside the field"
    assert 'aria-describedby="contact_phone-hint wrong--contact_phone" aria-invalid="true"' in answer.text
    for kept in ('value="2 Trần Phú"', 'value="12,25; 109,19"', 'value="&#34;3&#34;"'):
        assert kept in answer.text
    assert HOSTILE not in answer.text
    assert 'name="is_remote" checked' not in answer.text


async def test_what_somebody_else_saved_meanwhile_stands_beside_what_was_typed(world: PortalWorld) -> None:
    fields = await world.form_of(EDIT)
    now = COMMUNE | {"row_version": 5, "office_address": "9 Lê Lợi", "reach_band": 3, "road_factor": 1.75}
    world.answers["GET", "/v1/communes/22366"] = (200, now)
    world.answers["PATCH", "/v1/communes/22366"] = (412, {"code": "precondition.stale", "detail_vi": "Đã đổi"})
    late = await world.post(EDIT, fields | TYPED)
    assert late.status_code == 412
    assert late.text.count("Đang được lưu") == 6, "office, contact's name and phone, remote, band, road"
    for words in ("Người khác đã lưu", "9 Lê Lợi</b>", "Không</b>", "1,75</b>", 'value="2 Trần Phú"', 'value="1,5"'):
        assert words in late.text, words
    assert 'name="etag" value="&#34;5&#34;"' in late.text, "saved once more, it is on purpose"
    assert HOSTILE not in late.text


async def test_home_affairs_go_from_one_commune_that_lacks_its_contact_to_the_next(world: PortalWorld) -> None:
    lacking = COMMUNE | {"code": "22400", "full_name": "Xã Suối Dầu"}
    world.answers["GET", "/v1/communes"] = (200, {"items": [COMMUNE, OTHER, lacking], "total": 3})
    page = (await world.client.get("/communes?lacks=contact")).text
    assert "Xã Suối Dầu" in page
    assert "Phường Ba Ngòi" not in page
    answer = await world.post(EDIT, await world.form_of(EDIT) | TYPED | {"then": "next"})
    assert answer.headers["location"] == "/communes/22400/edit"


async def test_a_communes_officer_changes_the_own_office_and_nothing_else(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, OFFICER)
    assert 'name="road_factor"' not in (await world.client.get(EDIT)).text
    await world.post(EDIT, await world.form_of(EDIT) | TYPED)
    assert set(sent(world)) == {"office_address", "contact_name", "contact_phone", "contact_email"}
    assert (await world.client.get("/communes/22339/edit")).status_code == 404
    page = (await world.client.get("/communes")).text
    assert 'href="/communes/22366/edit"' in page
    assert 'href="/communes/22339/edit"' not in page


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("12.2512, 109.1967", (12.2512, 109.1967)),
        ("12.2512 109.1967", (12.2512, 109.1967)),
        ("12,2512; 109,1967", (12.2512, 109.1967)),
        ("8,6; 111", (8.6, 111.0)),
        ("", (None, None)),
        ("cổng trường", ("cổng trường", "cổng trường")),
    ],
)
def test_a_place_is_read_as_maps_write_it(typed: str, where: tuple[Any, Any]) -> None:
    assert tuple(place_of(typed).values()) == where
    assert body_of({}, []) == {}


DUTY = {
    "code": "scan",
    "field_code": "digitise",
    "name_vi": HOSTILE,
    "name_en": "Scan",
    "guidance_vi": "Bước 1",
    "row_version": 4,
}
FIELD = {"code": "digitise", "name_vi": "Số hóa", "name_en": "Digitisation", "row_version": 2}


async def test_the_catalogue_is_read_by_everybody_and_changed_by_the_province(world: PortalWorld) -> None:
    world.answers |= {
        ("GET", "/v1/duties"): (200, {"items": [DUTY], "total": 1}),
        ("GET", "/v1/duties/scan"): (200, DUTY),
        ("GET", "/v1/fields"): (200, {"items": [FIELD], "total": 1}),
        ("PATCH", "/v1/fields/digitise"): (200, FIELD),
    }
    page = (await world.client.get("/duties")).text
    assert HOSTILE not in page
    assert 'href="/duties/scan/edit"' in page
    assert "Bước 1</textarea>" in (await world.client.get("/duties/scan/edit")).text
    typed = {"etag": '"2"', "name_vi": "Số hóa hồ sơ", "name_en": ""}
    await world.post("/fields/digitise/edit", await world.form_of("/fields/digitise/edit") | typed)
    assert world.asked[-1].headers["If-Match"] == '"2"'
    assert sent(world) == {"name_vi": "Số hóa hồ sơ", "name_en": ""}
    world.answers["GET", "/v1/me"] = (200, OFFICER)
    world.sign_in(token="of an officer")
    assert 'href="/duties/scan/edit"' not in (await world.client.get("/duties")).text
    assert (await world.client.get("/duties/scan/edit")).status_code == 404


@pytest.mark.parametrize(("path", "more"), [("fields", {}), ("duties", {"field_code": "digitise", "guidance_vi": "A"})])
async def test_what_is_new_in_the_catalogue_has_a_code_that_stays(
    world: PortalWorld, path: str, more: dict[str, str]
) -> None:
    typed = {"code": "land", "name_vi": "Đất đai", "name_en": "Land"} | more
    fields = await world.form_of(f"/{path}/new")
    world.answers["POST", f"/v1/{path}"] = (409, {"code": "x", "detail_vi": "Mã đã có."})
    refused = await world.post(f"/{path}/new", fields | typed)
    assert refused.status_code == 409
    assert 'value="land"' in refused.text
    assert sent(world) == typed
    assert world.asked[-1].headers.get("Idempotency-Key", fields["once"]) == fields["once"]


SCHOOL: dict[str, Any] = {
    "id": "22222222-2222-2222-2222-222222222222", "code": "DHKH", "name": HOSTILE, "kind": "university",
    "latitude": 12.2512, "longitude": 109.1967, "is_location_approximate": True, "is_remote_capable": False,
    "address": None, "contact_name": None, "contact_phone": None, "contact_email": "lien-he@example.vn",
}  # fmt: skip
OWN_SCHOOL = f"/schools/{SCHOOL['id']}/edit"


async def test_a_school_is_added_in_the_officers_own_province(world: PortalWorld) -> None:
    world.answers["POST", "/v1/schools"] = (201, SCHOOL)
    typed = {
        "code": "DHKH", "name": "Trường Đại học Khánh Hòa", "kind": "university", "place": "12.2512, 109.1967",
        "contact_phone": "0950000456",
    }  # fmt: skip
    answer = await world.post("/schools/new", await world.form_of("/schools/new") | typed)
    assert answer.headers["location"] == f"/schools/{SCHOOL['id']}"
    assert SchoolCreate.model_validate(sent(world)).province_code == "56"
    world.answers["POST", "/v1/schools"] = (409, {"code": "x", "detail_vi": "Mã đã có."})
    refused = await world.post("/schools/new", await world.form_of("/schools/new") | typed)
    assert 'value="12.2512, 109.1967"' in refused.text


async def test_a_schools_coordinator_changes_the_own_address_and_contact_and_nothing_else(world: PortalWorld) -> None:
    world.answers |= {("GET", "/v1/me"): (200, ME), ("GET", f"/v1/schools/{SCHOOL['id']}"): (200, SCHOOL)}
    page = (await world.client.get(OWN_SCHOOL)).text
    assert 'value="lien-he@example.vn"' in page
    assert 'name="place"' not in page
    await world.post(OWN_SCHOOL, await world.form_of(OWN_SCHOOL) | {"etag": '"1"', "address": "1 Nguyễn Chánh"})
    assert sent(world) == {
        "address": "1 Nguyễn Chánh", "contact_name": None, "contact_phone": None, "contact_email": None,
    }  # fmt: skip
    other = OWN_SCHOOL.replace("2222-2222", "3333-3333")
    assert [(await world.client.get(path)).status_code for path in (other, "/schools/new")] == [404, 404]


async def test_home_affairs_see_which_schools_have_nobody_who_may_sign_in_and_let_them_in(world: PortalWorld) -> None:
    role = {"role": "school_coordinator", "from": "2026-11-01T00:00:00Z", "until": None, "revoked_at": None}
    places = [SCHOOL | {"id": str(number), "name": f"Trường {number}"} for number in range(4)]
    held = [
        role | {"scope_id": "0"},
        role | {"scope_id": "1", "revoked_at": "2026-11-02T00:00:00Z"},
        role | {"scope_id": "2", "until": "2026-11-02T00:00:00Z"},
    ]
    world.answers |= {
        ("GET", "/v1/schools"): (200, {"items": places, "total": 4}),
        ("GET", "/v1/accounts"): (200, {"items": [{"assignments": held}], "total": 1}),
    }
    page = (await world.client.get("/schools?lacks=account")).text
    assert [f"Trường {number}" in page for number in range(4)] == [False, True, True, True]
    assert 'href="/settings/people?give=school_coordinator&amp;school_id=3"' in page
    world.answers["GET", "/v1/accounts"] = (200, EMPTY)
    form = (await world.client.get("/settings/people?give=school_coordinator&school_id=3")).text
    assert '<details class="help" open>' in form
    assert '<option value="3" selected>' in form
