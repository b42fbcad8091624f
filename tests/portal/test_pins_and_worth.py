"""What people decide before a plan is made, and what is asked of one: pins, ties of before, the best, the curve."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.test_editing import PLAN
from tests.portal.test_people_pages import LEAVER, PERSON, asked
from tests.portal.test_settings_pages import SETTLED, page_of, sent
from tests.portal.world import ADMIN, ASSIGNMENT, PortalWorld, portal_world

SCHOOL = {"id": "s1", "code": "S1", "name": "Trường Mẫu"}
COMMUNE = {"code": "22366", "name": "A", "full_name": "Xã A"}
PINS = "/campaigns/c1/decisions"
PIN: dict[str, Any] = {
    "id": "d1", "kind": "placement_pin", "commune_code": "22366", "school_id": None, "volunteer_id": LEAVER,
    "weekdays": [0], "edit_id": None, "reason": "Xã xin", "decided_by": "Nội vụ", "decided_at": "2026-11-02T03:00:00Z",
    "withdrawn_at": None, "withdrawn_by": None,
    "unkept": {"run_id": "r1", "rule": "P5", "vi": "Thiếu giảng viên", "en": "No lecturer"},
}  # fmt: skip
CERTIFICATE: dict[str, Any] = {
    "vi": "Kém tốt nhất 2 km", "en": "2 km from the best", "broken": [], "optimum_run_id": "r2",
    "optimum_status": "succeeded", "optimum_is_of_this": False,
    "levels": [{"stage": "A", "level": "cost_km", "vi": "chi phí", "en": "cost", "value": 902, "bound": 900,
                "gap": 0.002, "optimum": 900, "optimum_bound": 900}],
}  # fmt: skip
QUESTION = {"kind": "curve", "stage": "A", "school_code": None, "ks": [0, 5]}
ANSWER: dict[str, Any] = {
    "id": "a1", "run_id": "r1", "status": "running", "question": QUESTION, "data": None, "failure": None, "people": {},
    "requested_at": "2026-11-02T03:00:00Z", "requested_by": "Nội vụ", "seconds": None, "text_vi": None, "text_en": None,
}  # fmt: skip
POINT = {"k": 5, "max_changes": 19, "status": "optimal", "proved": True, "objective": {"travel_km": 800}}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns/c1"): (200, SETTLED | {"status": "open"}),
            ("GET", "/v1/campaigns/c1/decisions"): (200, page_of(PIN)),
            ("GET", "/v1/communes"): (200, page_of(COMMUNE)),
            ("GET", "/v1/schools"): (200, page_of(SCHOOL)),
            ("GET", f"/v1/volunteers/{LEAVER}"): (200, PERSON),
            ("GET", "/v1/plans/p1"): (200, PLAN),
            ("GET", "/v1/plans/p1/certificate"): (200, CERTIFICATE),
            ("GET", "/v1/matching-runs/r1"): (200, {"id": "r1", "campaign_id": "c1", "plan_id": "p1"}),
            ("GET", "/v1/advice/a1"): (200, ANSWER),
        }
        yield made


async def test_each_pin_shows_whose_it_is_why_and_by_which_rule_it_is_not_kept(world: PortalWorld) -> None:
    page = (await world.client.get(f"{PINS}?commune_code=22366")).text
    for words in ("Lê Văn Ốm", "Xã xin", "Nội vụ", "không giữ được: P5", "Thiếu giảng viên", 'href="/runs/r1"'):
        assert words in page
    query = dict(asked(world, "GET", "/v1/campaigns/c1/decisions")[0].url.params)
    assert (query["commune_code"], query["withdrawn"]) == ("22366", "false")


async def test_a_refused_pin_comes_back_as_it_was_typed(world: PortalWorld) -> None:
    address = f"{PINS}?add=placement_forbid&volunteer_id={LEAVER}"
    problem = {"code": "conflict", "detail_vi": "Đã có ấn định khác", "errors": []}
    world.answers["POST", "/v1/campaigns/c1/decisions"] = (409, problem)
    typed = {"kind": "placement_forbid", "commune_code": "22366", "volunteer_id": LEAVER, "reason": "Nhà quá xa"}
    refused = await world.post(address, await world.form_of(address) | typed)
    assert refused.status_code == 409
    for words in ("Đã có ấn định khác", 'value="Nhà quá xa"', 'value="22366" selected', f'value="{LEAVER}" selected'):
        assert words in refused.text
    assert sent(world, "/v1/campaigns/c1/decisions") == typed


async def test_a_person_to_pin_is_searched_by_name_first(world: PortalWorld) -> None:
    assert 'id="reason"' not in (await world.client.get(f"{PINS}?add=placement_pin")).text
    world.answers["GET", "/v1/volunteers"] = (200, page_of(PERSON))
    page = (await world.client.get(f"{PINS}?add=placement_pin&who=om")).text
    assert f'<option value="{LEAVER}">Lê Văn Ốm · Trường Mẫu</option>' in page


async def test_a_tie_of_before_is_recorded_and_struck_and_a_school_only_reads(world: PortalWorld) -> None:
    tie = {"commune_code": "22366", "school_id": "s1", "note": "Tập huấn", "recorded_by": "x", "recorded_at": None}
    world.answers["GET", "/v1/campaigns/c1/existing-relations"] = (200, page_of(tie))
    world.answers["DELETE", "/v1/campaigns/c1/existing-relations/22366/s1"] = (200, {})
    fields = await world.form_of("/campaigns/c1/relations") | {"commune_code": "22366", "school_id": "s1"}
    assert (await world.post("/campaigns/c1/relations", fields | {"note": "Tập huấn"})).status_code == 303
    assert sent(world, "/v1/campaigns/c1/existing-relations") == {
        "commune_code": "22366", "school_id": "s1", "note": "Tập huấn",
    }  # fmt: skip
    assert (await world.post("/campaigns/c1/relations", fields | {"then": "strike"})).status_code == 303
    assert len(asked(world, "DELETE", "/v1/campaigns/c1/existing-relations/22366/s1")) == 1
    world.answers["GET", "/v1/me"] = (200, ADMIN | {"assignments": [ASSIGNMENT]})
    page = (await world.client.get("/campaigns/c1/relations")).text
    assert ("Tập huấn" in page, page.count('method="post"')) == (True, 1)


async def test_a_plan_is_held_against_what_was_proved_and_a_run_for_the_best_is_started(world: PortalWorld) -> None:
    page = (await world.client.get("/plans/p1/worth")).text
    for words in ("Kém tốt nhất 2 km", "902", "0,2 %", 'href="/runs/r2"', "tính trước lần sửa gần nhất"):
        assert words in page
    world.answers["POST", "/v1/plans/p1/optimum"] = (202, {"id": "r3"})
    started = await world.post("/plans/p1/optimum", await world.form_of("/plans/p1/worth"))
    assert started.headers["Location"] == "/runs/r3"


async def test_a_curve_is_asked_for_shows_itself_when_it_is_there_and_a_refusal_keeps_the_numbers(
    world: PortalWorld,
) -> None:
    fields = await world.form_of("/plans/p1/worth") | {"kind": "curve", "ks": "0; 5", "school_code": ""}
    path = "/v1/matching-runs/r1/advice"
    world.answers["POST", path] = (409, {"code": "advice.no_previous", "detail_vi": "Không có bản trước"})
    refused = await world.post("/plans/p1/questions", fields)
    assert "Không có bản trước" in refused.text
    assert 'value="0; 5"' in refused.text
    world.answers["POST", path] = (202, ANSWER)
    assert (await world.post("/plans/p1/questions", fields)).headers["Location"] == "/advice/a1?plan=p1"
    assert sent(world, path) == QUESTION
    assert (await world.client.get("/advice/a1")).headers["Refresh"] == "3"
    ready = ANSWER | {"status": "ready", "data": {"points": [POINT]}, "text_vi": "Đổi thêm 5: 800 km", "seconds": 1.5}
    world.answers["GET", "/v1/advice/a1"] = (200, ready)
    page = await world.client.get("/advice/a1?plan=p1")
    assert "Refresh" not in page.headers
    assert "Đổi thêm 5: 800 km" in page.text
    assert "km đi lại: 800" in page.text


async def test_why_not_another_school_is_asked_with_the_whole_solved_anew(world: PortalWorld) -> None:
    path = "/v1/matching-runs/r1/advice"
    world.answers["POST", path] = (202, ANSWER)
    typed = {"kind": "explain", "commune_code": "22366", "school_code": "S1", "resolve": "yes"}
    await world.post("/plans/p1/questions", await world.form_of("/plans/p1/worth") | typed)
    assert sent(world, path) == {
        "kind": "explain", "commune_code": "22366", "school_code": "S1", "resolve": True,
    }  # fmt: skip


async def test_who_answers_for_a_field_is_shown_with_whom_to_call_and_the_guidance(world: PortalWorld) -> None:
    lead = {"school_name": "Trường Mẫu", "people": 2, "days": 3, "promised_days": 4, "contact_name": "Lê Đầu Mối",
            "contact_phone": "+84950000009", "contact_email": None}  # fmt: skip
    duty = {"name_vi": "Số hóa", "guidance_vi": "Bước một\nBước hai", "guidance_version": 2}
    found = {"lead": lead, "supports": [], "overseer_name": "Phó Giám đốc", "duties": [duty]}
    path = "/v1/campaigns/c1/communes/22366/answerable"
    world.answers["GET", "/v1/communes/22366"] = (200, COMMUNE)
    world.answers["GET", path] = (200, found)
    page = (await world.client.get("/campaigns/c1/answerable/22366?field=digital")).text
    for words in ("Lê Đầu Mối", "0950 000 009", "đã nhận 4", "Phó Giám đốc", "<p>Bước hai</p>"):
        assert words in page
    assert dict(asked(world, "GET", path)[0].url.params) == {"field_code": "digital"}
    world.answers["GET", path] = (404, {})
    assert "Chưa có phương án có hiệu lực" in (await world.client.get("/campaigns/c1/answerable/22366")).text


async def test_a_runs_page_says_whose_need_moved_since_and_which_free_days_did_not_count(world: PortalWorld) -> None:
    need = {"commune_code": "22366", "commune_name": "Xã A", "version": 1, "version_now": 3, "is_current": False}
    aside = {
        "volunteer_id": LEAVER,
        "full_name": "Lê Văn Ốm",
        "school_code": "S1",
        "weekday": 4,
        "served": 1,
        "dates": 4,
    }
    run = {"id": "r1", "campaign_id": "c1", "plan_id": "p1", "scenario": "Thử"}
    world.answers["GET", "/v1/matching-runs/r1"] = (200, run)
    world.answers["GET", "/v1/matching-runs/r1/needs"] = (200, page_of(need, need | {"is_current": True}))
    world.answers["GET", "/v1/matching-runs/r1/set-aside"] = (200, page_of(aside))
    page = (await world.client.get("/runs/r1/inputs")).text
    assert page.count("dùng bản 1, nay là bản 3") == 1
    assert "1 / 4" in page
