"""Units, staff and posts one by one; what is out of use; a campaign's days; distances by a table; data asked about."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_portal.pages.travel import read_table

from tests.portal.test_people_pages import LEAVER, PERSON, asked
from tests.portal.test_pins_and_worth import COMMUNE
from tests.portal.test_settings_pages import SETTLED, page_of, sent
from tests.portal.world import ADMIN, ASSIGNMENT, ORIGIN, PortalWorld, portal_world

UNIT: dict[str, Any] = {
    "id": "u1", "code": "SNV", "name": "Sở Nội vụ", "kind": "provincial_agency", "commune_code": None, "quota_party": 3,
    "quota_government": None, "latitude": None, "longitude": None, "contact_name": "Lê Đầu Mối", "contact_phone": None,
    "contact_email": None, "archived_at": None, "province_code": "56",
}  # fmt: skip
MEMBER: dict[str, Any] = {
    "id": "m1", "code": "CB1", "full_name": "Lê Thị Cán Bộ", "unit_id": "u1", "side": "party", "position": None,
    "serving_since": "2020-03-01", "availability": "surplus", "conduct": "good", "conduct_note": None, "phone": None,
    "email": None, "home_commune_code": None, "archived_at": None,
    "qualifications": [{"field_code": "it", "level": 2, "since": 2019, "evidence": None}],
}  # fmt: skip
LEARNT: dict[str, Any] = {"staff_id": "m1", "courses": [], "learning": []}
CALENDAR: dict[str, Any] = {
    "starts_on": "2026-11-02", "ends_on": "2026-11-29", "working_days": 19, "row_version": 4,
    "days": [{"on": "2026-11-20", "kind": "closed", "vi": "Ngày Nhà giáo", "en": "Teachers' day", "weekday": None}],
    "exceptions": [{"on": "2026-11-20", "kind": "closed", "reason": "Ngày Nhà giáo", "weekday": None}],
}  # fmt: skip
REFUSED = {"code": "x", "detail_vi": "Có mã này rồi", "errors": []}
FILE = ("a.csv", "school_code;commune_code;km\nS1;22366;12,5\nS1;22372;x\n".encode("utf-8-sig"))


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/provinces/56"): (200, {"code": "56", "full_name": "Tỉnh Khánh Hòa"}),
            ("GET", "/v1/campaigns/c1"): (200, SETTLED | {"status": "open", "archived_at": None}),
            ("GET", "/v1/campaigns/c1/calendar"): (200, CALENDAR),
            ("GET", "/v1/communes"): (200, page_of(COMMUNE)),
            ("GET", "/v1/units"): (200, page_of(UNIT)),
            ("GET", "/v1/units/u1"): (200, UNIT),
            ("GET", "/v1/staff/m1"): (200, MEMBER),
            ("GET", "/v1/staff/m1/learning"): (200, LEARNT),
            ("GET", "/v1/fields"): (200, page_of({"code": "it", "name_vi": "CNTT", "name_en": "IT"})),
            ("GET", f"/v1/volunteers/{LEAVER}"): (200, PERSON),
        }
        yield made


async def test_a_unit_is_added_in_the_own_province_and_a_refusal_keeps_what_was_typed(world: PortalWorld) -> None:
    world.answers["POST", "/v1/units"] = (409, REFUSED)
    typed = {"code": "SNV", "name": "Sở Nội vụ", "kind": "provincial_agency", "quota_party": "1.200", "place": ""}
    refused = await world.post("/staff/units/new", await world.form_of("/staff/units/new") | typed)
    assert "Có mã này rồi" in refused.text
    assert 'value="1.200"' in refused.text
    body = sent(world, "/v1/units")
    assert (body["province_code"], body["quota_party"], body["latitude"], body["code"]) == ("56", 1200, None, "SNV")


async def test_a_member_of_the_staff_is_changed_as_it_was_seen_and_their_qualifications_stay(
    world: PortalWorld,
) -> None:
    address = "/staff/people/m1/edit"
    assert 'value="01/03/2020"' in (await world.client.get(address)).text
    world.answers["PATCH", "/v1/staff/m1"] = (200, MEMBER)
    typed = {"unit_id": "u1", "full_name": "Lê Thị Cán Bộ", "side": "party", "serving_since": "1/4/2020"}
    fields = await world.form_of(address) | typed | {"availability": "none", "etag": '"3"'}
    assert (await world.post(address, fields)).headers["Location"] == "/staff/people/m1"
    body = sent(world, "/v1/staff/m1")
    assert (body["serving_since"], body["conduct"], "qualifications" in body) == ("2020-04-01", None, False)
    assert asked(world, "PATCH", "/v1/staff/m1")[0].headers["If-Match"] == '"3"'


async def test_qualifications_are_sent_whole_and_a_thing_learnt_comes_back_when_it_is_refused(
    world: PortalWorld,
) -> None:
    address = "/staff/people/m1"
    world.answers["PATCH", "/v1/staff/m1"] = (200, MEMBER)
    rows = {"field_code": ["it", ""], "level": ["3", ""], "since": ["2019", ""], "evidence": ["Bằng", ""]}
    fields: dict[str, Any] = await world.form_of(address)
    assert (await world.post(address, fields | rows | {"then": "qualifications"})).status_code == 303
    wanted = [{"field_code": "it", "level": 3, "since": 2019, "evidence": "Bằng"}]
    assert sent(world, "/v1/staff/m1") == {"qualifications": wanted}
    world.answers["POST", "/v1/staff/m1/learning"] = (422, REFUSED | {"detail_vi": "Chưa đến ngày"})
    typed = {"then": "learning", "kind": "self_study", "learnt_on": "1/12/2026", "of_field": "it", "words": "Tự học AI"}
    refused = await world.post(address, fields | typed)
    for words in ("Chưa đến ngày", "Tự học AI</textarea>", 'value="1/12/2026"'):
        assert words in refused.text
    assert sent(world, "/v1/staff/m1/learning") == {
        "kind": "self_study", "learnt_on": "2026-12-01", "field_code": "it", "words": "Tự học AI",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "key", "path"),
    [("units", "u1", "units/u1"), ("people", "m1", "staff/m1"), ("campaigns", "c1", "campaigns/c1")],
)
async def test_a_record_is_taken_out_of_use_when_that_is_confirmed_and_brought_back(
    world: PortalWorld, kind: str, key: str, path: str
) -> None:
    address = f"/out-of-use/{kind}/{key}"
    fields = await world.form_of(address)
    assert (await world.post(address, fields | {"then": "archive"})).status_code == 422
    assert asked(world, "POST", f"/v1/{path}/archive") == []
    world.answers["POST", f"/v1/{path}/archive"] = (409, REFUSED | {"detail_vi": "Còn quyết định biệt phái"})
    refused = await world.post(address, fields | {"then": "archive", "sure": "yes"})
    assert "Còn quyết định biệt phái" in refused.text
    assert (await world.post(address, fields | {"then": "restore"})).status_code == 303
    assert len(asked(world, "POST", f"/v1/{path}/restore")) == 1


async def test_who_is_not_home_affairs_changes_no_record(world: PortalWorld) -> None:
    officer = ASSIGNMENT | {"role": "unit_officer", "scope_kind": "unit", "scope_id": "u1"}
    world.answers["GET", "/v1/me"] = (200, ADMIN | {"assignments": [officer]})
    for page in ("/staff/units/new", "/staff/people/m1/edit", "/out-of-use/units", "/out-of-use/units/u1"):
        assert (await world.client.get(page)).status_code == 404, page
    shown = (await world.client.get("/staff/people/m1")).text
    assert ("CNTT" in shown, shown.count('method="post"')) == (True, 1)


async def test_days_off_are_sent_whole_with_the_version_seen_and_come_back_as_typed(world: PortalWorld) -> None:
    address, path = "/campaigns/c1/calendar", "/v1/campaigns/c1/calendar-exceptions"
    assert 'value="20/11/2026"' in (await world.client.get(address)).text
    world.answers["PUT", path] = (422, REFUSED | {"detail_vi": "Ngoài thời gian chiến dịch"})
    rows = {"on": ["20/11/2026", "21/11/2026", ""], "kind": ["closed", "open", "closed"], "weekday": ["", "4", ""],
            "reason": ["Ngày Nhà giáo", "Làm bù", ""]}  # fmt: skip
    fields: dict[str, Any] = await world.form_of(address)
    refused = await world.post(address, fields | rows | {"etag": '"4"'})
    assert "Ngoài thời gian chiến dịch" in refused.text
    assert 'value="Làm bù"' in refused.text
    assert asked(world, "PUT", path)[0].headers["If-Match"] == '"4"'
    assert sent(world, path) == {"items": [
        {"on": "2026-11-20", "kind": "closed", "reason": "Ngày Nhà giáo", "weekday": None},
        {"on": "2026-11-21", "kind": "open", "reason": "Làm bù", "weekday": 4},
    ]}  # fmt: skip


def test_a_table_of_distances_is_read_with_any_usual_mark_and_nothing_else_is_one() -> None:
    assert read_table(FILE[1]) == [
        {"school_code": "S1", "commune_code": "22366", "km": 12.5, "minutes": None},
        {"school_code": "S1", "commune_code": "22372", "km": "x", "minutes": None},
    ]
    rows = read_table(b"Commune_Code\tschool_code\tminutes\n22366\tS1\t45\n\n")
    assert rows == [{"school_code": "S1", "commune_code": "22366", "km": None, "minutes": 45.0}]
    assert read_table(b"a,b\n1,2\n") is None
    assert read_table("trường".encode("utf-16")) is None


async def test_a_wrong_distance_is_named_by_its_row(world: PortalWorld) -> None:
    wrong = {"pointer": "/items/1/km", "code": "x", "vi": "Không phải số", "en": "No number"}
    world.answers["PUT", "/v1/provinces/56/travel"] = (422, REFUSED | {"errors": [wrong]})
    fields = await world.form_of("/settings/travel") | {"km_per_hour": "35,5"}
    answer = await world.client.post("/settings/travel", data=fields, files={"file": FILE}, headers={"Origin": ORIGIN})
    assert "Dòng 3 (không kể dòng trống): Không phải số" in answer.text
    assert 'value="35,5"' in answer.text
    assert sent(world, "/v1/provinces/56/travel")["km_per_hour"] == 35.5


async def test_what_somebody_asked_on_paper_is_taken_in_and_comes_back_when_it_is_refused(world: PortalWorld) -> None:
    address, path = f"/data-subjects/volunteer/{LEAVER}", f"/v1/volunteers/{LEAVER}/data-requests"
    world.answers["POST", path] = (422, REFUSED | {"detail_vi": "Số điện thoại chưa đúng"})
    typed = {"kind": "correction", "channel": "paper", "proof": "Đơn số 3", "phone": "095"}
    fields = await world.form_of(address)
    refused = await world.post(address, fields | typed)
    for words in ("Số điện thoại chưa đúng", 'value="Đơn số 3"', 'value="095"'):
        assert words in refused.text
    assert sent(world, path) == {
        "kind": "correction", "channel": "paper", "proof": "Đơn số 3", "correction": {"phone": "095"},
    }  # fmt: skip
    other = "/v1/data-subjects/unit_contact/u1/requests"
    world.answers["POST", other] = (200, {"id": "q1"})
    done = await world.post("/data-subjects/unit_contact/u1", fields | typed | {"kind": "access"})
    assert done.headers["Location"] == "/settings/data-requests/q1"
    assert sent(world, other) == {"kind": "access", "channel": "paper", "proof": "Đơn số 3"}


async def test_concurrent_duty_is_drafted_from_a_persons_page_and_a_refusal_keeps_what_was_typed(
    world: PortalWorld,
) -> None:
    address = "/staff/decisions/new?staff_id=m1"
    post = {"id": "p9", "title": "Văn thư", "unit_id": "u1", "filled": 0, "quota": 1}
    world.answers["GET", "/v1/posts"] = (200, page_of(post))
    world.answers["POST", "/v1/secondments"] = (422, REFUSED | {"detail_vi": "Ngày không hợp lệ"})
    typed: dict[str, Any] = {
        "staff_id": "m1", "post_id": "p9", "from_on": "1/12/2026", "weekdays": ["0", "2"], "reason": "Xã thiếu người",
        "legal_basis": "Nghị định", "signer": "Giám đốc",
    }  # fmt: skip
    fields: dict[str, Any] = await world.form_of(address)
    refused = await world.post("/staff/decisions/new", fields | typed)
    for words in ("Ngày không hợp lệ", 'value="1/12/2026"', 'value="2" checked', 'value="p9" selected'):
        assert words in refused.text
    assert sent(world, "/v1/secondments") == {
        "staff_id": "m1", "post_id": "p9", "from_on": "2026-12-01", "until_on": None, "review_on": None,
        "weekdays": [0, 2], "reason": "Xã thiếu người", "legal_basis": "Nghị định", "signer": "Giám đốc",
        "number": None,
    }  # fmt: skip
    world.answers["POST", "/v1/secondments"] = (201, {"id": "d1"})
    done = await world.post("/staff/decisions/new", fields | typed)
    assert done.headers["Location"] == "/staff/decisions/d1"


async def test_taking_a_school_out_of_use_says_how_many_the_plan_in_force_sends(world: PortalWorld) -> None:
    school = {"id": "s1", "code": "DHKH", "name": "Đại học Khánh Hòa", "archived_at": None}
    plan = {
        "id": "p1",
        "status": "published",
        "version": 1,
        "superseded_at": None,
        "created_at": "2026-11-01T00:00:00Z",
    }
    world.answers |= {
        ("GET", "/v1/schools/s1"): (200, school),
        ("GET", "/v1/campaigns"): (200, page_of(SETTLED | {"id": "c1", "status": "open", "archived_at": None})),
        ("GET", "/v1/campaigns/c1/plans"): (200, page_of(plan)),
        ("GET", "/v1/plans/p1/placements"): (200, page_of() | {"total": 17}),
    }
    assert "17 người ở đây: họ vẫn đi như đã công bố" in (await world.client.get("/out-of-use/schools/s1")).text
    (counted,) = asked(world, "GET", "/v1/plans/p1/placements")
    assert counted.url.params["school_code"] == "DHKH"
