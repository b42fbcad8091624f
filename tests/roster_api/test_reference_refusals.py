"""What cannot be added to a province is refused at its field: campaigns, schools, units, courses, duties, keys."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from roster_api.fields.models import Duty
from roster_api.registers.need_rows import MOST_DUTIES

from tests.roster_api.reference_world import (
    CAMPAIGN,
    DIEN_BIEN_COMMUNE,
    MISSING_ID,
    NHA_TRANG,
    PROVINCE,
    SCHOOL,
    World,
    shared_reference_world,
)
from tests.roster_api.test_registers import change_mapping, read
from tests.support.refusals import check_refusal, check_words

NOWHERE = {"province_code": "99"}
UNIT = {"province_code": PROVINCE, "code": "SNV-LOI", "name": "Sở Nội vụ", "kind": "provincial_agency"}
COURSE: dict[str, Any] = {
    "province_code": PROVINCE, "code": "CDS-LOI", "topic": "Chữ ký số", "field_code": "digitise", "mode": "online",
    "sessions": [{"held_on": "2025-10-06"}],
}  # fmt: skip
KEY: dict[str, Any] = {"role": "admin", "label": "Sở Nội vụ", "province_code": PROVINCE, "instead_of_account": True}
INVITED: dict[str, Any] = {"role": "director", "province_code": PROVINCE, "email": "gd@example.vn", "display_name": "G"}
PAST = (datetime.now(UTC) - timedelta(days=1)).isoformat()
REFUSED: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a campaign of no province": ("campaigns", CAMPAIGN | NOWHERE, "province.unknown", "/province_code"),
    "a school of no province": ("schools", SCHOOL | NOWHERE | {"code": "X"}, "province.unknown", "/province_code"),
    "a unit of no province": ("units", UNIT | NOWHERE, "province.unknown", "/province_code"),
    "a course of no province": ("courses", COURSE | NOWHERE, "province.unknown", "/province_code"),
    "a key of no province": ("api-keys", KEY | NOWHERE, "province.unknown", "/province_code"),
    "a course of no school there": (
        "courses", COURSE | {"school_id": MISSING_ID, "commune_code": NHA_TRANG}, "course.place", "/school_id",
    ),
    "a key that is over": ("api-keys", KEY | {"expires_at": PAST}, "key.already_over", "/expires_at"),
    "an account of no issuer": ("accounts", INVITED, "account.issuer_unknown", "/issuer"),
}  # fmt: skip
"""What is tried -> the collection, the body, and how it is refused."""


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.mark.parametrize("what", REFUSED)
async def test_what_belongs_nowhere_or_is_over_is_refused_at_its_field(world: World, what: str) -> None:
    collection, body, code, at = REFUSED[what]
    check_refusal(await world.as_("admin").post(f"/v1/{collection}", json=body), 422, code, at=at)


async def test_a_course_of_a_school_is_not_held_in_another_provinces_commune(world: World) -> None:
    body = COURSE | {"school_id": world.ids["school"], "commune_code": DIEN_BIEN_COMMUNE}
    check_refusal(await world.as_("admin").post("/v1/courses", json=body), 422, "course.place", at="/school_id")


async def test_a_code_that_is_taken_is_refused_and_what_has_it_stays(world: World) -> None:
    unit = await world.create("/v1/units", UNIT)
    post = {"unit_id": unit["id"], "code": "VT-LOI", "field_code": "digitise", "title": "Công chức", "quota": 1}
    duty = {"code": "digitise", "field_code": "digitise", "name_vi": "Số hóa hai", "name_en": "Again"}
    await world.create("/v1/posts", post)
    await world.create("/v1/courses", COURSE)
    for collection, body, code in (
        ("posts", post, "post.code_taken"),
        ("courses", COURSE, "course.code_taken"),
        ("duties", duty, "duty.exists"),
    ):
        check_refusal(await world.as_("admin").post(f"/v1/{collection}", json=body), 409, code)
    assert (await world.as_("admin").get("/v1/duties/digitise")).json()["name_vi"] != "Số hóa hai"


async def test_a_campaign_is_not_moved_to_end_before_it_begins(world: World) -> None:
    path = f"/v1/campaigns/{world.ids['campaign']}"
    for patch in ({"ends_on": "2025-11-01"}, {"starts_on": "2024-11-01"}, {"end_time": "05:00"}):
        check_refusal(await world.patch(path, patch), 422, "campaign.dates", at="/ends_on")
    assert (await world.as_("admin").get(path)).json()["ends_on"] == CAMPAIGN["ends_on"]


async def test_a_key_that_is_revoked_is_not_rotated(world: World) -> None:
    made = await world.create("/v1/api-keys", KEY)
    path = f"/v1/api-keys/{made['id']}"
    assert (await world.as_("admin").post(f"{path}/revoke")).status_code == 200
    check_refusal(await world.as_("admin").post(f"{path}/rotate", json={}), 409, "key.not_rotated")


async def test_home_affairs_names_the_commune_it_nominates_for_and_an_officer_no_other(world: World) -> None:
    made = await world.create("/v1/courses", COURSE | {"code": "CDS-DC"})
    path = f"/v1/courses/{made['id']}/nominations"
    for who, commune in (("admin", None), ("officer", DIEN_BIEN_COMMUNE)):
        answer = await world.as_(who).put(path, json={"staff_ids": [], "commune_code": commune})
        check_refusal(answer, 422, "nomination.commune", at="/commune_code")


async def test_a_course_sheet_with_somebody_unknown_is_refused_whole(world: World) -> None:
    made = await world.create("/v1/courses", COURSE | {"code": "CDS-BD"})
    sheet = "Mã cán bộ;Họ và tên;Buổi;Có mặt;Kết quả\nKHONGCO;Lê Văn Lạ;1;Có;\n"
    files = {"file": ("diem-danh.csv", sheet.encode(), "text/csv")}
    answer = await world.as_("admin").post(f"/v1/courses/{made['id']}/sheet", files=files)
    check_refusal(answer, 422, "course_sheet.not_understood", at="row:2/column:Mã cán bộ")


async def test_a_table_of_travel_is_kept_whole_or_not_at_all(world: World) -> None:
    good = {"commune_code": NHA_TRANG, "school_code": "DHKH", "km": 5}
    pairs = [good, good, good | {"school_code": "KHONGCO"}, {**good, "minutes": 9}]
    answer = await world.as_("admin").put(f"/v1/provinces/{PROVINCE}/travel", json={"items": pairs})
    refused = check_refusal(answer, 422, "travel.faulty")
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [
        ("/items/1", "travel.twice"),
        ("/items/2", "travel.unknown"),
        ("/items/3", "travel.unit"),
    ]


async def upload(world: World, register: str, sheet: str, **params: Any) -> dict[str, Any]:
    files = {"file": ("so.csv", sheet.encode(), "text/csv")}
    path = f"/v1/provinces/{PROVINCE}/registers/{register}"
    return await read(world, await world.as_("admin").post(path, files=files, params=params))


async def findings_of(world: World, made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = await world.as_("admin").get(f"/v1/register-uploads/{made['id']}/rows")
    return {finding["code"]: finding for row in rows.json()["items"] for finding in row["findings"]}


async def test_a_row_of_a_register_beyond_what_can_be_kept_is_an_error_at_its_cell(world: World) -> None:
    office = UNIT | {"code": "DV-UT"}
    await world.create("/v1/units", office)
    posts = "Mã vị trí,Vị trí việc làm,Đơn vị,Lĩnh vực,Định mức,Ưu tiên\nVT-UT,Công chức,DV-UT,Số hóa hồ sơ,1,10\n"
    found = (await findings_of(world, await upload(world, "posts", posts)))["post.priority"]
    check_words(found["vi"], found["en"])


async def test_a_commune_that_asks_for_more_duties_than_a_need_may_have_is_an_error_at_its_name(world: World) -> None:
    codes = [f"viec_{number}" for number in range(MOST_DUTIES + 1)]
    names = {"name_en": "Work", "search_key": "viec", "field_code": "digitise", "guidance_vi": ""}
    async with world.session() as session:
        session.add_all(Duty(code=code, name_vi=code, position=100, **names) for code in codes)
    sheet = f"Mã xã;Xã, phường;{';'.join(codes)}\n{NHA_TRANG};Nha Trang{';1x1' * len(codes)}\n"
    made = await upload(world, "needs", sheet, campaign_id=world.ids["campaign"])
    found = (await findings_of(world, made))["need.too_many_duties"]
    check_words(found["vi"], found["en"])


async def test_a_column_of_a_register_is_not_said_to_be_what_the_register_has_not(world: World) -> None:
    made = await upload(world, "units", "Mã đơn vị;Tên đơn vị;Loại đơn vị\nDV1;Sở Một;Sở, ban, ngành\n")
    sheet = {"sheet": made["mapping"][0]["sheet"], "columns": {"A": "salary"}}
    answer = await change_mapping(world, made, sheets=[sheet])
    check_refusal(answer, 422, "mapping.unknown_meaning", at="/sheets/0/columns/A")


async def test_a_body_that_is_no_form_is_said_to_be_unreadable(world: World) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    path = f"/v1/schools/{world.ids['school']}/roster-uploads"
    answer: httpx.Response = await world.as_("coordinator").post(path, content=b"no form at all", headers=headers)
    check_refusal(answer, 400, "request.unreadable")
