"""Pages of settings: keys shown once, roles with an end, the log as a file, requests answered, a campaign's rules."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.portal.test_editing import CAMPAIGN
from tests.portal.world import ADMIN, PortalWorld, portal_world

ACCOUNT_ID = "77777777-7777-4777-8777-777777777777"
REQUEST_ID = "88888888-8888-4888-8888-888888888888"
HOSTILE = "<script>alert(1)</script>"
KEY: dict[str, Any] = {
    "id": "k1", "label": HOSTILE, "fingerprint": "ab12", "role": "leader", "is_read_only": True, "revoked_at": None,
    "created_at": "2026-11-01T02:00:00Z", "last_used_at": None, "expires_at": "2026-12-31T16:59:59Z",
}  # fmt: skip
ACCOUNT: dict[str, Any] = {
    "id": ACCOUNT_ID, "display_name": "Lê Thị Mẫu", "email": "mau@example.vn", "assignments": [], "last_seen_at": None,
}  # fmt: skip
ASKED: dict[str, Any] = {
    "id": REQUEST_ID, "kind": "correction", "state": "open", "full_name": HOSTILE, "school_name": "Trường Mẫu",
    "filed_at": "2026-11-30T02:00:00Z", "filed_by": "người đó", "channel": "page", "due_at": "2026-12-02T02:00:00Z",
    "is_late": True, "decided_at": None, "decided_by": None, "reason": None, "other_rows": [], "stays": [],
    "correction": {"full_name": "Lê Thị Mẫu", "phone": None, "email": None, "words": None},
}  # fmt: skip
POLICY = {"use": "people", "min_people": 1, "supervision": "commune", "students_per_lecturer": 5, "theta_pct": 130,
          "lecturer_bound": "level", "contiguity": False, "prices": {"overcap": 10, "scattered": 40}}  # fmt: skip
SETTLED: dict[str, Any] = CAMPAIGN | {
    "status": "draft", "starts_on": "2026-11-02", "ends_on": "2026-11-29", "start_time": "07:30", "end_time": "16:30",
    "policy": POLICY,
}  # fmt: skip


def page_of(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "total": len(items), "limit": 50, "offset": 0}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/api-keys"): (200, page_of(KEY)),
            ("GET", "/v1/accounts"): (200, page_of(ACCOUNT)),
            ("GET", f"/v1/data-requests/{REQUEST_ID}"): (200, ASKED),
            ("GET", "/v1/campaigns/c1"): (200, SETTLED),
        }
        yield made


def sent(world: PortalWorld, path: str) -> Any:
    request = [each for each in world.asked if each.method != "GET" and each.url.path == path][-1]
    return json.loads(request.content)


async def test_a_new_key_is_shown_once_and_kept_nowhere(world: PortalWorld) -> None:
    fields = await world.form_of("/settings/keys")
    world.answers["POST", "/v1/api-keys"] = (201, KEY | {"key": "the-new-key"})
    typed = {"label": "Cổng tỉnh", "role": "leader", "expires_on": "31/12/2026", "instead_of_account": "yes"}
    made = await world.post("/settings/keys", fields | typed)
    assert "the-new-key" in made.text
    assert HOSTILE not in made.text
    assert "the-new-key" not in (await world.client.get("/settings/keys")).text
    assert sent(world, "/v1/api-keys") == {
        "label": "Cổng tỉnh", "role": "leader", "province_code": "56", "is_read_only": False,
        "instead_of_account": True, "expires_at": "2026-12-31T23:59:59+07:00",
    }  # fmt: skip


async def test_a_key_is_rotated_with_a_day_of_both(world: PortalWorld) -> None:
    fields = await world.form_of("/settings/keys")
    world.answers["POST", "/v1/api-keys/k1/rotate"] = (201, KEY | {"key": "the-next-key"})
    answer = await world.post("/settings/keys/k1/rotate", fields | {"overlap_hours": "24"})
    assert "the-next-key" in answer.text
    assert sent(world, "/v1/api-keys/k1/rotate") == {"overlap_hours": 24}


async def test_a_further_role_is_given_until_a_day_and_a_refusal_keeps_what_was_typed(world: PortalWorld) -> None:
    fields = await world.form_of(f"/settings/people?grant={ACCOUNT_ID}")
    path = f"/v1/accounts/{ACCOUNT_ID}/assignments"
    world.answers["POST", path] = (403, {"code": "grant.more_than_own", "detail_vi": "Rộng hơn của mình"})
    typed = {"role": "commune_officer", "commune_code": "22366", "until": "31/12/2026"}
    refused = await world.post(f"/settings/people/{ACCOUNT_ID}/roles", fields | typed)
    assert refused.status_code == 403
    assert 'value="31/12/2026"' in refused.text
    assert sent(world, path) == {
        "role": "commune_officer", "commune_code": "22366", "until": "2026-12-31T23:59:59+07:00",
    }  # fmt: skip


async def test_the_log_is_taken_as_a_file_with_the_filter_that_is_seen(world: PortalWorld) -> None:
    await world.client.get("/settings/audit/export?from=01/11/2026&to=30/11/2026&action=read")
    asked = httpx.URL(str(world.asked[-1].url))
    assert asked.path == "/v1/audit/export"
    assert dict(asked.params) == {
        "action": "read", "since": "2026-11-01T00:00:00+07:00", "until": "2026-11-30T23:59:59+07:00",
    }  # fmt: skip


async def test_a_log_that_is_refused_is_a_page_with_words(world: PortalWorld) -> None:
    world.answers["GET", "/v1/audit/export"] = (403, {"code": "x", "detail_vi": "Không phải việc của bạn."})
    answer = await world.client.get("/settings/audit/export")
    assert answer.status_code == 403
    assert "Không phải việc của bạn." in answer.text


async def test_a_request_about_ones_own_data_is_refused_only_with_a_reason(world: PortalWorld) -> None:
    address, path = f"/settings/data-requests/{REQUEST_ID}", f"/v1/data-requests/{REQUEST_ID}/refuse"
    page = (await world.client.get(address)).text
    assert "quá hạn" in page
    assert HOSTILE not in page
    fields = await world.form_of(address)
    refusal = {"code": "x", "detail_vi": "Thiếu lý do", "errors": []}
    world.answers["POST", path] = (422, refusal)
    answer = await world.post(address, fields | {"then": "refuse", "reason": "Chưa rõ"})
    assert "Thiếu lý do" in answer.text
    assert "Chưa rõ</textarea>" in answer.text
    assert sent(world, path) == {"reason": "Chưa rõ"}


async def test_a_campaigns_rules_are_changed_and_the_rest_stays(world: PortalWorld) -> None:
    fields = await world.form_of("/campaigns/c1/settings")
    world.answers["PATCH", "/v1/campaigns/c1"] = (200, SETTLED)
    typed = {
        "then": "keep", "etag": '"7"', "name": "Đợt 2", "starts_on": "02/11/2026", "ends_on": "30/11/2026",
        "start_time": "07:30", "end_time": "17:00", "use": "days", "min_people": "2", "supervision": "school",
        "students_per_lecturer": "5", "theta_pct": "130", "lecturer_bound": "level",
    }  # fmt: skip
    assert (await world.post("/campaigns/c1/settings", fields | typed)).status_code == 303
    body = sent(world, "/v1/campaigns/c1")
    assert body["ends_on"] == "2026-11-30"
    shown = {"use": "days", "min_people": 2, "supervision": "school", "students_per_lecturer": 5, "theta_pct": 130}
    assert body["policy"] == shown | {"lecturer_bound": "level", "contiguity": False}, (
        "and no price, which has no field"
    )


async def test_of_an_open_campaign_the_rules_are_changed_and_its_days_are_not_sent(world: PortalWorld) -> None:
    world.answers["GET", "/v1/campaigns/c1"] = (200, SETTLED | {"status": "open"})
    page = (await world.client.get("/campaigns/c1/settings")).text
    assert 'name="starts_on"' not in page
    assert "02/11/2026" in page
    world.answers["PATCH", "/v1/campaigns/c1"] = (409, {"code": "x", "detail_vi": "Đã đóng."})
    typed = {"then": "keep", "etag": '"7"', "name": "", "use": "days", "min_people": "nhiều"}
    answer = await world.post("/campaigns/c1/settings", await world.form_of("/campaigns/c1/settings") | typed)
    assert not {"starts_on", "ends_on", "start_time", "end_time"} & set(sent(world, "/v1/campaigns/c1"))
    assert 'value="nhiều"' in answer.text
    assert str(SETTLED["name"]) not in answer.text.partition('id="name"')[2][:120], "an emptied field stays empty"


async def test_a_file_that_is_no_geojson_is_refused_with_words(world: PortalWorld) -> None:
    world.answers["GET", "/v1/provinces/56"] = (200, {"code": "56", "full_name": "Tỉnh Khánh Hòa"})
    world.answers["GET", "/v1/provinces/56/boundaries"] = (200, {"schematic": True, "features": []})
    fields = await world.form_of("/settings/boundaries")
    files = {"file": ("a.geojson", b"\xff\xfe not json")}
    answer = await world.client.post(
        "/settings/boundaries", data=fields, files=files, headers={"Origin": "http://portal.example"}
    )
    assert answer.status_code == 422
    assert "không phải GeoJSON" in answer.text


async def test_a_role_of_the_whole_province_is_not_given_to_who_was_meant_for_a_place(world: PortalWorld) -> None:
    fields = await world.form_of("/settings/people")
    typed = {"email": "a@example.vn", "display_name": "Lê A", "role": "finance", "commune_code": "22366"}
    answer = await world.post("/settings/people", fields | typed)
    assert (answer.status_code, "không gắn với trường, xã" in answer.text) == (422, True)
    assert not [each for each in world.asked if each.method != "GET"], "nothing is asked of the API"
