"""Before a plan is published: what is missing is named with whose it is; a rate of Finance is sent as it was typed."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.test_editing import CAMPAIGN, PLAN, posted
from tests.portal.test_settings_pages import page_of
from tests.portal.world import ADMIN, ASSIGNMENT, ME, PortalWorld, portal_world

COUNTS = {"new": 1, "changed": 0, "withdrawn": 0, "unchanged": 0}
PERSON = {"volunteer_id": "v1", "full_name": "Lê Thị Hoa", "school_code": "S1"}
CHANGES: dict[str, Any] = {
    "base_plan_id": None, "base_version": None, "counts": COUNTS, "people": [], "warnings": [], "unable": [],
    "unreached": [], "confirm": None,
    "missing": [
        {"pointer": "volunteer:v1", "code": "x", "vi": "Người này không còn tham gia.", "en": "Not active."},
        {"pointer": "commune:22366/contact_phone", "code": "x", "vi": "Thiếu số điện thoại.", "en": "No phone."},
        {"pointer": "school:S1", "code": "x", "vi": "Trường đã lưu trữ.", "en": "Archived."},
        {"pointer": "/certificate", "code": "x", "vi": "Chưa được kiểm tra.", "en": "Not checked."},
    ],
}  # fmt: skip
RATE = {"component": "service_day", "amount_vnd": "100.000", "valid_from": "01/02/2027", "legal_basis": "QĐ 1"}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/plans/p1"): (200, PLAN),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("GET", "/v1/plans/p1/changes"): (200, CHANGES),
            ("GET", "/v1/plans/p1/placements"): (200, page_of(PERSON)),
            ("GET", "/v1/communes"): (200, page_of({"code": "22366", "name": "A", "full_name": "Xã A"})),
            ("GET", "/v1/schools"): (200, page_of({"id": "s1", "code": "S1", "name": "Trường Mẫu"})),
        }
        yield made


async def test_what_keeps_a_plan_back_is_named_with_whose_it_is_and_where_it_is_mended(world: PortalWorld) -> None:
    page = (await world.client.get("/plans/p1/decide")).text
    for words in (
        '<a href="/volunteers/v1">Lê Thị Hoa (S1)</a>: Người này không còn tham gia.',
        '<a href="/communes/22366">Xã A</a>: Thiếu số điện thoại.',
        '<a href="/schools/s1">Trường Mẫu</a>: Trường đã lưu trữ.',
        "<li>Chưa được kiểm tra.</li>",
    ):
        assert words in page
    asked = {(each.url.path, each.url.params.get("archived")) for each in world.asked}
    assert {("/v1/schools", "true"), ("/v1/communes", "true")} <= asked, "a plan may name what is in use no longer"


async def test_a_bound_of_a_rate_is_sent_whatever_it_is_a_rate_of(world: PortalWorld) -> None:
    finance = ASSIGNMENT | {"role": "finance", "scope_kind": "province", "scope_id": "56"}
    world.answers["GET", "/v1/me"] = (200, ME | {"assignments": [finance]})
    world.answers["POST", "/v1/allowance-rates"] = (201, {"id": "r1"})
    form = await world.form_of("/allowance-rates")
    answer = await world.post("/allowance-rates", form | RATE | {"from_m": "20", "to_m": "", "min_days": "5"})
    assert answer.status_code == 303, answer.text
    sent = json.loads(posted(world, "/v1/allowance-rates").content)
    assert (sent["from_m"], sent["min_days"], sent["amount_vnd"]) == (20_000, 5, 100_000)
    assert "to_m" not in sent


async def test_the_secretarys_office_is_led_to_no_page_that_it_is_refused(world: PortalWorld) -> None:
    """It sees communes and numbers, and nobody's name."""
    office = ASSIGNMENT | {"role": "secretary_office", "scope_kind": "province", "scope_id": "56"}
    world.answers["GET", "/v1/me"] = (200, ME | {"assignments": [office]})
    world.answers["GET", "/v1/plans/p1/placements"] = (403, {"code": "access.role", "detail_vi": "Không được."})
    world.answers["GET", "/v1/campaigns/c1/needs/22366"] = (404, {"code": "not_found"})
    counts = {"communes_led": 1, "people_placed": 1, "person_days_per_week": 1, "unmet_days": 0, "schools": 1}
    world.answers["GET", "/v1/plans/p1"] = (200, PLAN | {"counts": counts, "left_out": [], "remarks": []})
    commune = {"code": "22366", "full_name": "Xã A", "is_remote": False, "office_address": None}
    world.answers["GET", "/v1/communes/22366"] = (200, commune | {"contact_name": None, "contact_phone": None})
    page = await world.client.get("/plans/p1/communes/22366")
    assert (page.status_code, 'href="/plans/p1/people"' in page.text) == (200, False)
    assert "hoặc bạn không được xem" in page.text


async def test_that_the_notifier_was_not_asked_stands_before_the_numbers_and_else_nothing(world: PortalWorld) -> None:
    """An API before this one does not say whether it was asked."""
    refused = PERSON | {"vi": "Email này đã bị trả lại: sẽ không nhận được gì.", "en": "It came back: nothing."}
    warned = {}
    for said in ({"is_notifier_asked": False}, {"is_notifier_asked": True}, {"is_notifier_asked": None}, {}):
        world.answers["GET", "/v1/plans/p1/changes"] = (200, CHANGES | {"missing": [], "unreached": [refused]} | said)
        answer = await world.client.get("/plans/p1/decide")
        assert answer.status_code == 200
        assert "<li>Lê Thị Hoa (S1): Email này đã bị trả lại: sẽ không nhận được gì.</li>" in answer.text
        warned[str(said)] = "Bộ gửi tin chưa trả lời" in answer.text
    assert list(warned.values()) == [True, False, False, False]


async def test_whom_nothing_reached_is_named_with_what_they_are_told_again_by(world: PortalWorld) -> None:
    """Their placement stays: without it the numbers to confirm would be more than the changes that are shown."""
    again = [PERSON | {"channels": ["email", "sms"]}, PERSON | {"full_name": "Trần Văn Bình", "channels": []}]
    for told, is_shown in (({"again": again}, True), ({"again": []}, False), ({}, False)):
        world.answers["GET", "/v1/plans/p1/changes"] = (200, CHANGES | {"missing": []} | told)
        page = (await world.client.get("/plans/p1/decide")).text
        assert ("<li>Lê Thị Hoa (S1): Email, Tin nhắn</li>" in page) == is_shown
        assert ("<li>Trần Văn Bình (S1): không còn cách nào báo</li>" in page) == is_shown


async def test_a_single_message_or_person_is_counted_as_one_before_publishing(world: PortalWorld) -> None:
    world.client.cookies.set("language", "en")
    world.answers["GET", "/v1/plans/p1"] = (200, PLAN | {"status": "approved"})
    confirm = {"messages": 1, "people": 1, "unreachable": 1, "unable": 2}
    world.answers["GET", "/v1/plans/p1/changes"] = (200, CHANGES | {"missing": [], "confirm": confirm})
    page = (await world.client.get("/plans/p1/decide")).text
    assert "<b>1 message</b> goes to <b>1 person</b>; <b>1 person cannot be reached</b>" in page
    assert "<b>2 people are told to go who said that they cannot</b>" in page
    assert "Publish and send 1 message<" in page
