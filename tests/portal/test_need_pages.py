"""Needs: a commune's draft stays a draft, nothing declared is dropped; the silent are declared for."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.needs.schemas import NeedsWrite, NeedWrite

from tests.portal.test_editing import CAMPAIGN
from tests.portal.test_records import COMMUNE, HOSTILE, OFFICER
from tests.portal.world import ADMIN, PortalWorld, portal_world

NEEDS = "/campaigns/c1/needs"
ALIKE = "/campaigns/c1/declare-alike"
DUTY = {"code": "scan", "name_vi": "Số hóa", "name_en": "Scan", "field_code": "digitise", "guidance_vi": ""}
NEED: dict[str, Any] = {
    "commune_code": "22366", "note": "", "lacks_it_staff": True, "min_people": 3, "presence": [1, 0, 0, 0, 0],
    "items": [{"duty_code": "scan", "people": 2, "days_per_week": 3}], "state": "draft", "row_version": 4,
    "updated_at": "2026-11-30T02:00:00Z", "declared_by": "Xã", "reviewed_by": None, "review_reason": None,
}  # fmt: skip
NAMED = {"commune_code": "22366", "commune_name": HOSTILE, "is_draft": False, "is_reachable": True}
UNREACHED = {"commune_code": "22339", "commune_name": "Phường Ba Ngòi", "is_draft": True, "is_reachable": False}
TYPED = {"people-scan": "2", "days-scan": "3", "presence-0": "1", "min_people": "3", "lacks_it_staff": "yes"}

ABSENT = {f"presence-{day}": "0" for day in range(1, 5)}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/duties"): (200, {"items": [DUTY], "total": 1}),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN | {"id": "c1", "status": "open"}),
            ("GET", "/v1/communes/22366"): (200, COMMUNE),
            ("GET", "/v1/campaigns/c1/needs/22366"): (200, NEED),
            ("GET", "/v1/campaigns/c1/silent-communes"): (
                200, {"items": [each | {"last_reminded_at": None} for each in (NAMED, UNREACHED)], "total": 2}
            ),
        }  # fmt: skip
        yield made


def sent(world: PortalWorld) -> Any:
    return json.loads([each for each in world.asked if each.method != "GET"][-1].content)


@pytest.mark.parametrize(("path", "more"), [(f"{NEEDS}/22366", {}), (ALIKE, {"commune": "22366"})])
async def test_days_without_people_are_asked_about_and_not_dropped(
    world: PortalWorld, path: str, more: dict[str, str]
) -> None:
    fields = await world.form_of(path)
    answer = await world.post(path, fields | TYPED | more | {"people-scan": ""})
    assert answer.status_code == 422
    assert "chưa có số người: Số hóa" in answer.text
    assert [each for each in world.asked if each.method != "GET"] == []


@pytest.mark.parametrize(("then", "query"), [("", {"draft": "true"}), ("submit", {})])
async def test_what_a_commune_saves_is_a_draft_until_it_sends_it(
    world: PortalWorld, then: str, query: dict[str, str]
) -> None:
    world.answers["GET", "/v1/me"] = (200, OFFICER)
    fields = await world.form_of(f"{NEEDS}/22366")
    await world.post(f"{NEEDS}/22366", fields | TYPED | {"then": then, "version": "4"})
    (request,) = [each for each in world.asked if each.method != "GET"]
    assert dict(request.url.params) == query
    assert request.headers["If-Match"] == '"4"'
    assert NeedWrite.model_validate(sent(world)).min_people == 3


async def test_a_need_declared_first_by_another_tab_is_shown_beside_what_was_typed(world: PortalWorld) -> None:
    path = "/v1/campaigns/c1/needs/22366"
    world.answers["GET", path] = (404, {"code": "not_found"})
    fields = await world.form_of(f"{NEEDS}/22366")
    world.answers["GET", path] = (200, NEED | {"note": HOSTILE})
    world.answers["PUT", path] = (412, {"code": "precondition.exists", "detail_vi": "Người khác đã lưu trước"})
    late = await world.post(f"{NEEDS}/22366", fields | TYPED | ABSENT | {"people-scan": "1", "note": "Tầng 2"})
    request = next(each for each in world.asked if each.method == "PUT")
    assert (request.headers["If-None-Match"], "If-Match" in request.headers) == ("*", False)
    assert (late.status_code, late.text.count("Đang được lưu")) == (412, 2), "the people, and the note"
    assert '<b class="kept">2</b>' in late.text
    assert 'name="people-scan" value="1"' in late.text
    assert 'name="version" value="4"' in late.text
    assert HOSTILE not in late.text


async def test_a_need_that_was_sent_is_saved_as_no_draft_any_more(world: PortalWorld) -> None:
    world.answers |= {("GET", "/v1/me"): (200, OFFICER)}
    assert "Lưu nháp" in (await world.client.get(f"{NEEDS}/22366")).text
    world.answers["GET", "/v1/campaigns/c1/needs/22366"] = (200, NEED | {"state": "submitted"})
    page = (await world.client.get(f"{NEEDS}/22366")).text
    assert "Lưu nháp" not in page
    assert 'name="min_people" value="3"' in page


async def test_home_affairs_record_a_need_at_once_and_heads_left_empty_are_the_campaigns(world: PortalWorld) -> None:
    fields = await world.form_of(f"{NEEDS}/22366")
    await world.post(f"{NEEDS}/22366", fields | TYPED | {"min_people": ""})
    assert "draft" not in world.asked[-1].url.params
    assert sent(world)["min_people"] is None


async def test_the_chosen_silent_communes_are_declared_for_alike_and_a_refusal_keeps_the_form(
    world: PortalWorld,
) -> None:
    fields = await world.form_of(ALIKE)
    assert HOSTILE not in (await world.client.get(ALIKE)).text
    none = await world.post(ALIKE, fields | TYPED)
    assert "Hãy chọn ít nhất một xã." in none.text
    chosen: Any = {"commune": ["22366", "22339"]}
    nothing = await world.post(ALIKE, fields | {"presence-0": "0"} | chosen)
    assert "Hãy ghi ít nhất một nhiệm vụ hoặc số người." in nothing.text
    assert [each for each in world.asked if each.method != "GET"] == []
    world.answers["PUT", f"/v1{NEEDS}"] = (409, {"code": "x", "detail_vi": "Chiến dịch đã đóng."})
    refused = await world.post(ALIKE, fields | TYPED | chosen)
    assert "Chiến dịch đã đóng." in refused.text
    assert refused.text.count(" checked>") == 3, "two communes, and no IT staff"
    assert 'name="people-scan" value="2"' in refused.text
    body = NeedsWrite.model_validate(sent(world))
    assert [(item.commune_code, item.min_people, item.items[0].days_per_week) for item in body.items] == [
        ("22366", 3, 3), ("22339", 3, 3),
    ]  # fmt: skip
    world.answers["PUT", f"/v1{NEEDS}"] = (200, {"created": 2, "updated": 0, "same": 0})
    await world.post(ALIKE, fields | TYPED | chosen)
    assert "Đã khai thay 2 xã." in (await world.client.get(NEEDS)).text
    await world.post(ALIKE, fields | TYPED | {"all": "yes"})
    assert [each["commune_code"] for each in sent(world)["items"]] == ["22366", "22339"], "every silent one"
