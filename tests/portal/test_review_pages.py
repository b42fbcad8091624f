"""The review and the papers: numbers lead to rows that this role may open, papers are issued once and revoked."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_portal.pages.review import page_of_rows

from tests.portal.test_editing import CAMPAIGN
from tests.portal.world import ADMIN, EMPTY, PortalWorld, portal_world

HOSTILE = "<script>alert(1)</script>"
PLACE = {
    "code": "22366", "name": HOSTILE, "people_planned": 2, "people_came": 1, "days_planned": 8, "days_served": 5,
    "days_absent": 1, "days_unconfirmed": 2, "days_disputed": 0,
    "rows": "/v1/campaigns/c1/attendance?commune_code=22366",
}  # fmt: skip
REVIEW: dict[str, Any] = {
    "campaign_id": "c1", "campaign_name": "Đợt 1", "province_name": "Tỉnh Khánh Hòa", "starts_on": "2026-11-02",
    "ends_on": "2026-11-29", "as_of": "2026-11-30", "communes": [PLACE],
    "schools": [PLACE | {"code": "DHKH", "rows": "/v1/campaigns/c1/attendance?school_code=DHKH", "allowance_vnd": 0}],
    "figures": [
        {"key": "days_served", "vi": "ngày phục vụ", "en": "days", "value": 5, "rows": "/v1/campaigns/c1/attendance"},
        {"key": "unmet_days", "vi": "ngày thiếu", "en": "short", "value": 3, "rows": "/v1/plans/p1/shortfalls"},
    ],
    "duties": [
        {"duty_code": "scan", "duty_name_vi": "Số hóa", "commune_code": "22366", "commune_name": "Xã A",
         "number": number, "week_on": f"2026-11-0{number}", "rows": "/v1/campaigns/c1/duty-counts/22366/2026-11-02"}
        for number in (2, 5)
    ],
    "lacks": [], "text_vi": ["Trong tháng, các xã được hỗ trợ."],
}  # fmt: skip
PAPER: dict[str, Any] = {
    "id": "s1", "campaign_id": "c1", "code": "ABCD-EFGH-JKLM", "days": 4, "full_name": "Lê Thị Mẫu",
    "issued_at": "2026-11-30T02:00:00Z", "issued_by": "Trường", "kind": "certificate", "revoked_at": None,
}  # fmt: skip
DAY = {"volunteer_id": "v1", "full_name": "Lê Thị Mẫu", "outcome": "present"}
ABSENT = {"volunteer_id": "v2", "full_name": "Người Vắng", "outcome": "absent"}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("GET", "/v1/campaigns/c1/review"): (200, REVIEW),
            ("GET", "/v1/campaigns/c1/service-papers"): (200, EMPTY | {"items": [PAPER], "total": 1}),
            ("GET", "/v1/campaigns/c1/attendance"): (200, EMPTY | {"items": [DAY, ABSENT, DAY], "total": 3}),
        }
        yield made


@pytest.mark.parametrize(
    ("rows", "role", "page"),
    [
        ("/v1/campaigns/c1/attendance?state=absent", "leader", "/campaigns/c1/attendance"),
        ("/v1/campaigns/c1/attendance?commune_code=22366", "admin", "/campaigns/c1/attendance/22366"),
        ("/v1/campaigns/c1/attendance?commune_code=22366", "leader", ""),
        ("/v1/campaigns/c1/needs", "finance", "/campaigns/c1/needs"),
        ("/v1/plans/p1/shortfalls", "overseer", "/plans/p1?show=short"),
        ("/v1/plans/p1/responsibilities", "leader", ""),
        ("/v1/campaigns/c1/blockers", "secretary_office", "/campaigns/c1/blockers"),
        ("/v1/campaigns/c1/allowance-statements", "leader", "/campaigns/c1/allowances"),
        ("/v1/somewhere/else", "admin", ""),
    ],
)
def test_rows_are_shown_where_this_role_may_open_them(rows: str, role: str, page: str) -> None:
    assert page_of_rows(rows, role) == page


async def test_every_number_of_the_review_is_a_link_and_duties_are_summed_over_weeks(world: PortalWorld) -> None:
    page = (await world.client.get("/campaigns/c1/review")).text
    assert 'href="/plans/p1?show=short"><b>3</b>' in page
    assert 'href="/campaigns/c1/attendance"><b>5</b>' in page
    assert 'data-label="Số lượt">7</td>' in page
    assert 'href="/campaigns/c1/review.docx"' in page
    assert HOSTILE not in page


async def test_a_paper_is_issued_for_who_served_and_revoked(world: PortalWorld) -> None:
    page = (await world.client.get("/campaigns/c1/papers")).text
    assert page.count('<option value="v1">') == 1, "somebody of many days is one person"
    assert "Người Vắng" not in page, "of whom there is nothing to certify"
    assert 'href="/papers/s1/paper.docx"' in page
    fields = await world.form_of("/campaigns/c1/papers")
    world.answers["POST", "/v1/campaigns/c1/service-papers"] = (201, PAPER)
    await world.post("/campaigns/c1/papers", fields | {"kind": "certificate", "volunteer_id": "v1"})
    sent = [each for each in world.asked if each.method == "POST"][-1]
    assert json.loads(sent.content) == {"kind": "certificate", "volunteer_id": "v1"}
    assert sent.headers["Idempotency-Key"] == fields["once"]
    refusal = {"code": "service.nothing_confirmed", "detail_vi": "Chưa có ngày nào được xác nhận"}
    world.answers["POST", "/v1/campaigns/c1/service-papers"] = (409, refusal)
    refused = await world.post("/campaigns/c1/papers", fields | {"kind": "certificate", "volunteer_id": "v1"})
    assert "Chưa có ngày nào được xác nhận" in refused.text
    world.answers["POST", "/v1/service-papers/s1/revoke"] = (200, PAPER)
    assert (await world.post("/campaigns/c1/papers", fields | {"revoke": "s1"})).status_code == 303
