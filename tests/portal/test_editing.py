"""Changes by hand: what a page's address asks, what its form sends, and what was typed when the API refuses."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from commune_portal.pages.editing import read_edit
from starlette.datastructures import QueryParams

from tests.portal.world import ADMIN, EMPTY, PortalWorld, portal_world

PLAN = {
    "id": "p1", "campaign_id": "c1", "run_id": "r1", "draft_number": 2, "version": None, "status": "draft",
    "is_verified": True, "published_at": None, "approved_at": None, "created_at": "2026-11-01T03:00:00Z",
}  # fmt: skip
CAMPAIGN = {"id": "c1", "name": "Đợt 1", "province_code": "56"}
PREVIEW: dict[str, Any] = {
    "is_possible": False, "summary_vi": "Kém hơn", "summary_en": "Worse", "people": [], "communes": [],
    "replaced_pins": [], "broken": [{"rule": "P5", "vi": "Thiếu giảng viên ở Xã B", "en": "No lecturer"}],
    "levels": [{"stage": "B", "level": "unmet", "vi": "chưa đáp ứng", "en": "unmet", "before": 3, "after": 5}],
}  # fmt: skip


def asks(query: str) -> dict[str, Any] | None:
    return read_edit(QueryParams(query))


def test_an_address_names_a_change_only_when_nothing_is_lacking() -> None:
    assert asks("kind=move_person&volunteer_id=v1") is None
    assert asks("kind=move_person&volunteer_id=v1&commune_code=22366&weekdays=4&weekdays=0&weekdays=9") == {
        "kind": "move_person", "volunteer_id": "v1", "commune_code": "22366", "weekdays": [0, 4],
    }  # fmt: skip
    assert asks("kind=set_weekdays&volunteer_id=v1&weekdays=") is None
    assert asks("kind=send_home&volunteer_id=v1&whole_team=yes") == {
        "kind": "send_home", "volunteer_id": "v1", "whole_team": True,
    }  # fmt: skip
    assert asks("kind=move_commune&commune_code=22366&school_code=S1&people=stay") == {
        "kind": "move_commune", "commune_code": "22366", "school_code": "S1", "people": "stay",
    }  # fmt: skip
    assert asks("kind=drop_tables&volunteer_id=v1") is None
    assert asks("") is None


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/plans/p1"): (200, PLAN),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("POST", "/v1/plans/p1/edits/preview"): (200, PREVIEW),
        }
        yield made


def posted(world: PortalWorld, path: str) -> httpx.Request:
    return next(each for each in world.asked if each.method == "POST" and each.url.path == path)


SEND_HOME = {"kind": "send_home", "volunteer_id": "v1"}


async def test_a_preview_shows_every_level_and_rule_and_offers_no_change_that_breaks_one(world: PortalWorld) -> None:
    page = (await world.client.get("/plans/p1/edit", params=SEND_HOME)).text
    assert json.loads(posted(world, "/v1/plans/p1/edits/preview").content) == {"edits": [SEND_HOME]}
    assert "<b>P5</b> Thiếu giảng viên ở Xã B" in page
    assert "kém hơn 2" in page
    assert 'name="reason"' not in page
    world.answers["POST", "/v1/plans/p1/edits/preview"] = (200, PREVIEW | {"is_possible": True, "broken": []})
    assert 'name="reason"' in (await world.client.get("/plans/p1/edit", params=SEND_HOME)).text


async def test_a_change_sends_the_version_that_was_looked_at_and_a_refusal_keeps_the_reason(world: PortalWorld) -> None:
    world.answers["POST", "/v1/plans/p1/edits/preview"] = (200, PREVIEW | {"is_possible": True, "broken": []})
    fields = await world.form_of("/plans/p1/edit") | SEND_HOME | {"etag": '"7"', "reason": "Trường xin đổi"}
    world.answers["POST", "/v1/plans/p1/edits"] = (412, {"code": "precondition.stale", "detail_vi": "Vừa được sửa"})
    refused = await world.post("/plans/p1/edit", fields)
    assert refused.status_code == 412
    assert "Vừa được sửa" in refused.text
    assert 'value="Trường xin đổi"' in refused.text
    sent = posted(world, "/v1/plans/p1/edits")
    assert sent.headers["If-Match"] == '"7"'
    assert json.loads(sent.content) == {"edits": [SEND_HOME], "reason": "Trường xin đổi"}
    world.answers["POST", "/v1/plans/p1/edits"] = (
        201,
        {"plan": PLAN | {"id": "p2", "draft_number": 3}, "preview": PREVIEW},
    )
    done = await world.post("/plans/p1/edit", fields)
    assert (done.status_code, done.headers["Location"]) == (303, "/plans/p2/edit")


async def test_without_a_reason_nothing_is_sent(world: PortalWorld) -> None:
    fields = await world.form_of("/plans/p1/edit") | SEND_HOME | {"etag": '"7"', "reason": " "}
    assert (await world.post("/plans/p1/edit", fields)).status_code == 422
    assert not [each for each in world.asked if each.url.path == "/v1/plans/p1/edits" and each.method == "POST"]


async def test_who_is_free_on_a_leavers_days_comes_first_among_those_who_wait(world: PortalWorld) -> None:
    school = {"id": "s1", "code": "S1", "name": "Trường Một"}
    leaver = {"volunteer_id": "v0", "full_name": "Lê An", "school_code": "S1", "commune_name": "Xã A", "weekdays": [3]}
    people = [
        {"id": f"v{number}", "full_name": name, "school_id": "s1", "free_weekdays": days}
        for number, name, days in ((1, "Đỗ Bình", [0]), (2, "Trần Yến", [3, 4]))
    ]
    for path, items in (("schools", [school]), ("volunteers", people), ("plans/p1/placements", [leaver])):
        world.answers["GET", f"/v1/{path}"] = (200, EMPTY | {"items": items, "total": len(items)})
    asked = {"kind": "give_place", "leaver_id": "v0"}
    page = (await world.client.get("/plans/p1/edit", params=asked)).text
    assert page.index("Trần Yến · S1 · T5, T6") < page.index("Đỗ Bình · S1 · T2")
    found = (await world.client.get("/plans/p1/edit", params=asked | {"q": "yen"})).text
    assert ("Trần Yến" in found, "Đỗ Bình" in found, "Lê An" in found) == (True, False, True)


async def test_the_history_names_people_and_offers_the_way_back(world: PortalWorld) -> None:
    edit = {
        "edits": [{"kind": "send_home", "volunteer_id": "v1", "whole_team": False}], "state": "done", "reason": "Ốm",
        "made_by": "Nội vụ", "made_at": "2026-11-02T03:00:00Z",
    }  # fmt: skip
    world.answers["GET", "/v1/plans/p1/edits"] = (200, EMPTY | {"items": [edit], "total": 1})
    page = (await world.client.get("/plans/p1/edit")).text
    assert "(người đã rời danh sách) thôi phục vụ" in page
    assert 'action="/plans/p1/edit/undo"' in page
    world.answers["POST", "/v1/plans/p1/undo"] = (
        409,
        {"code": "edit.nothing", "detail_vi": "Không có gì để hoàn tác."},
    )
    fields = await world.form_of("/plans/p1/edit") | {"etag": '"7"'}
    refused = await world.post("/plans/p1/edit/undo", fields)
    assert (refused.status_code, "Không có gì để hoàn tác." in refused.text) == (409, True)
