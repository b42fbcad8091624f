"""Many provinces at once, for the nation's administrator; a list given up; who of a list is on another one, too."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.test_people_pages import LEAVER, asked
from tests.portal.test_settings_pages import SETTLED, page_of, sent
from tests.portal.world import ADMIN, ASSIGNMENT, PortalWorld, portal_world

NATION = {"assignments": [ASSIGNMENT | {"role": "admin", "scope_kind": "nation", "scope_id": None}]}
TOTALS = {"provinces": 1, "communes_led": 65, "people_placed": 243, "unmet_days": 0}
RUN: dict[str, Any] = {
    "id": "n1", "name": "Cả nước", "note": None, "status": "running", "requested_at": "2026-11-02T03:00:00Z",
    "requested_by": "Trung ương", "cancel_requested_at": None, "percent": 40.0, "totals": TOTALS, "certificate": None,
    "border_status": None,
    "provinces": [{"province_name": "Khánh Hòa", "status": "failed", "percent": 40.0, "message_vi": None, "gap": None,
                   "message_en": None, "failure": {"vi": "Hết bộ nhớ", "en": "Out of memory"}, "run_id": "r1",
                   "plan_id": None}],
}  # fmt: skip
BORDER: dict[str, Any] = {
    "status": "ready", "failure": None, "days": 3, "max_distance_m": 60_000,
    "supports": [{"commune_name": "Xã A", "province_name": "Lâm Đồng", "school_name": "Trường Mẫu", "field": "it",
                  "helper_province_name": "Khánh Hòa", "days": 3, "distance_m": 41_000}],
}  # fmt: skip
UPLOAD: dict[str, Any] = {
    "id": "l1", "school_id": "s1", "file_name": "a.xlsx", "status": "committed", "counts": None, "refusal": None,
    "progress": None, "errors": [], "doubts": [], "repairs": [], "notes": [], "mapping": [], "row_version": 1,
    "committed_at": "2026-11-02T03:00:00Z", "chosen": {"values": {}, "sheets": []},
}  # fmt: skip
DOUBLE = {
    "volunteer_id": LEAVER, "full_name": "Lê Văn Ốm",
    "others": [{"volunteer_id": "v9", "full_name": "Lê Văn Ốm", "school_id": "s2", "school_name": "Trường Khác"}],
}  # fmt: skip


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN | NATION),
            ("GET", "/v1/campaigns"): (200, page_of(SETTLED | {"status": "open"})),
            ("GET", "/v1/provinces"): (200, page_of({"code": "56", "full_name": "Tỉnh Khánh Hòa"})),
            ("GET", "/v1/national-runs/n1"): (200, RUN),
            ("GET", "/v1/roster-uploads/l1"): (200, UPLOAD),
            ("GET", "/v1/schools/s1"): (200, {"id": "s1", "name": "Trường Mẫu"}),
            ("GET", "/v1/roster-uploads/l1/elsewhere"): (200, [DOUBLE]),
        }
        yield made


async def test_a_national_run_names_its_campaigns_and_a_refusal_keeps_what_was_chosen(world: PortalWorld) -> None:
    assert "Tỉnh Khánh Hòa: " in (await world.client.get("/national")).text
    world.answers["POST", "/v1/national-runs"] = (409, {"code": "x", "detail_vi": "Một tỉnh chưa sẵn sàng"})
    typed = {
        "name": "Cả nước, đợt 1", "campaign": "c1", "time_limit_seconds": "90", "border_km": "45", "force": "yes",
    }  # fmt: skip
    refused = await world.post("/national", await world.form_of("/national") | typed)
    kept = ('value="Cả nước, đợt 1"', 'value="c1" checked', 'value="45"', 'name="force" value="yes" checked')
    for words in ("Một tỉnh chưa sẵn sàng", *kept):
        assert words in refused.text
    assert sent(world, "/v1/national-runs") == {
        "name": "Cả nước, đợt 1", "campaign_ids": ["c1"], "border_round": False, "border_distance_m": 45_000,
        "options": {"time_limit_seconds": 90}, "force": True,
    }  # fmt: skip


async def test_each_province_shows_how_far_it_is_and_help_across_borders_follows(world: PortalWorld) -> None:
    page = await world.client.get("/national/n1")
    assert page.headers["Refresh"] == "5"
    assert "Hết bộ nhớ" in page.text
    assert (await world.post("/national/n1/cancel", await world.form_of("/national/n1"))).status_code == 303
    assert len(asked(world, "POST", "/v1/national-runs/n1/cancel")) == 1
    world.answers["GET", "/v1/national-runs/n1"] = (200, RUN | {"status": "partial", "border_status": "ready"})
    world.answers["GET", "/v1/national-runs/n1/border"] = (200, BORDER)
    page = await world.client.get("/national/n1")
    assert "Refresh" not in page.headers
    assert ("Lâm Đồng" in page.text, "41 km" in page.text) == (True, True)


async def test_a_province_has_no_national_page(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN)
    for page in ("/national", "/national/n1"):
        assert (await world.client.get(page)).status_code == 404


async def test_home_affairs_sees_who_is_on_another_schools_list_and_a_school_does_not(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN)
    assert "Trường Khác" in (await world.client.get("/lists/l1")).text
    world.answers["GET", "/v1/me"] = (200, ADMIN | {"assignments": [ASSIGNMENT]})
    world.app.state.kept.forget("the-token None")
    world.asked.clear()
    assert "Trường Khác" not in (await world.client.get("/lists/l1")).text
    assert asked(world, "GET", "/v1/roster-uploads/l1/elsewhere") == []


async def test_a_list_is_given_up(world: PortalWorld) -> None:
    fields = await world.form_of("/lists/l1")
    assert (await world.post("/lists/l1/cancel", fields)).status_code == 303
    assert len(asked(world, "POST", "/v1/roster-uploads/l1/cancel")) == 1
