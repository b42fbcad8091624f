"""Pages of staff and secondment before an API that answers from a table: what is shown, sent, refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.world import ADMIN, PortalWorld, portal_world

RUN_ID = "55555555-5555-4555-8555-555555555555"
DECISION_ID = "66666666-6666-4666-8666-666666666666"
HOSTILE = "<script>alert(1)</script>"
CRITERIA = {"from_on": "2026-10-20", "until_on": "2027-04-20", "min_level": 2, "min_service_years": 5,
            "refused_conduct": ["not_completed"]}  # fmt: skip
RUN: dict[str, Any] = {
    "id": RUN_ID, "status": "succeeded", "criteria": CRITERIA, "requested_at": "2026-10-01T02:00:00Z",
    "requested_by": "Sở Nội vụ", "failure": None, "progress": None, "certificate": None, "vacancies": 3, "filled": 2,
    "internal": 1, "province": 1, "candidates": 4, "considered": 9,
}  # fmt: skip
VACANCY = {
    "title": HOSTILE, "unit_name": "UBND xã Nà Bủng", "field_code": "it", "person": "P1", "people": {
        "P1": {"full_name": "Lò Văn Mẫu", "staff_id": DECISION_ID, "unit_code": "SO-TTTT"},
        "P2": {"full_name": "Giàng Thị Thử", "staff_id": DECISION_ID, "unit_code": "SO-TTTT"},
    },
    "explanation": {
        "person": "P1", "rule": None, "vi": "Gần nhất và đúng chuyên môn.", "en": "The nearest with the field.",
        "alternatives": [], "candidates": [
            {"person": "P2", "rule": "C2", "change": {}, "vi": "Đã ở vị trí khác.", "en": "Is in another post."},
        ],
    },
}  # fmt: skip
REASON = {"reason": "Cần thêm"}
DECISION: dict[str, Any] = {
    "id": DECISION_ID, "full_name": "Lò Văn Mẫu", "kind": "province", "status": "draft", "from_unit_name": "Sở A",
    "to_unit_name": "Xã B", "post_title": "CNTT", "from_on": "2026-10-20", "until_on": "2027-04-20", "reason_vi": "Vì",
    "reason_en": "For", "legal_basis": "Căn cứ", "number": None, "signer": "Chủ tịch", "approved_at": None,
    "approved_by": None, "published_at": None, "published_by": None, "events": [], "weekdays": None, "review_on": None,
    "change_asked_at": None,
}  # fmt: skip


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", f"/v1/secondment-runs/{RUN_ID}"): (200, RUN),
            ("GET", f"/v1/secondment-runs/{RUN_ID}/vacancies"): (200, page_of(VACANCY)),
            ("GET", f"/v1/secondments/{DECISION_ID}"): (200, DECISION),
            ("GET", "/v1/secondments"): (200, page_of(DECISION)),
        }
        yield made


def page_of(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "total": len(items), "limit": 50, "offset": 0}


def sent_last(world: PortalWorld, method: str = "POST") -> tuple[str, Any]:
    request = [each for each in world.asked if each.method == method][-1]
    return request.url.path, json.loads(request.content)


async def test_a_run_says_who_was_chosen_and_why_nobody_else(world: PortalWorld) -> None:
    page = (await world.client.get(f"/staff/runs/{RUN_ID}")).text
    assert "Lò Văn Mẫu" in page
    assert "Gần nhất và đúng chuyên môn." in page
    assert "<b>Giàng Thị Thử</b>: Đã ở vị trí khác." in page
    assert HOSTILE not in page


async def test_a_live_run_is_drawn_anew_by_itself(world: PortalWorld) -> None:
    progress = {"percent": 40, "message_vi": "Đang chọn", "message_en": "Choosing", "level": "x", "objective": None}
    world.answers["GET", f"/v1/secondment-runs/{RUN_ID}"] = (200, RUN | {"status": "running", "progress": progress})
    answer = await world.client.get(f"/staff/runs/{RUN_ID}")
    assert answer.headers["Refresh"] == "3"
    assert "Đang chọn" in answer.text


async def test_days_typed_as_people_write_them_are_sent_as_the_api_wants_them(world: PortalWorld) -> None:
    fields = await world.form_of("/staff/runs")
    world.answers["POST", "/v1/provinces/56/secondment-runs"] = (202, {"id": RUN_ID})
    typed = {"from_on": "20/10/2026", "until_on": "20/04/2027", "min_level": "2", "refuse-not_completed": "yes"}
    answer = await world.post("/staff/runs", fields | typed)
    assert answer.headers["location"] == f"/staff/runs/{RUN_ID}"
    assert sent_last(world) == (
        "/v1/provinces/56/secondment-runs",
        {"from_on": "2026-10-20", "until_on": "2027-04-20", "refused_conduct": ["not_completed"], "min_level": 2},
    )


async def test_a_refused_draft_keeps_what_was_typed(world: PortalWorld) -> None:
    fields = await world.form_of(f"/staff/runs/{RUN_ID}")
    refusal = {"code": "x", "detail_vi": "Sai ngày", "errors": [{"pointer": "/from_on", "vi": "Ngày sai", "en": "No"}]}
    world.answers["POST", f"/v1/secondment-runs/{RUN_ID}/decisions"] = (422, refusal)
    typed = {"then": "draft", "from_on": "31/02/2027", "legal_basis": "Nghị định 85", "signer": "Chủ tịch"}
    answer = await world.post(f"/staff/runs/{RUN_ID}", fields | typed)
    assert answer.status_code == 422
    assert 'value="31/02/2027"' in answer.text
    assert "Nghị định 85" in answer.text
    assert "Ngày sai" in answer.text


@pytest.mark.parametrize("then", ["approve", "publish", "discard"])
async def test_the_decisions_ticked_are_moved_and_no_other(world: PortalWorld, then: str) -> None:
    fields = await world.form_of("/staff/decisions")
    world.answers["POST", f"/v1/secondments/{then}"] = (200, {"changed": 1, "already": 0})
    none = await world.post("/staff/decisions", fields | {"then": then})
    assert none.headers["location"] == "/staff/decisions"
    assert not [each for each in world.asked if each.method == "POST"]
    await world.post("/staff/decisions", fields | {"then": then, "chosen": DECISION_ID})
    assert sent_last(world) == (f"/v1/secondments/{then}", {"secondment_ids": [DECISION_ID]})


@pytest.mark.parametrize(
    ("status", "then", "body"),
    [
        ("published", "start", {"on": "2026-10-20"}),
        ("started", "extend", {"until_on": "2026-10-20", "legal_basis": "Căn cứ mới", "reason": "Cần thêm"}),
        ("started", "end", {"on": "2026-10-20", "reason": "Cần thêm"}),
        ("started", "return", {"on": "2026-10-20"}),
        ("concurrent", "review", {"on": "2026-10-20", "next_review_on": "2027-01-15", "weekdays": [1, 2]} | REASON),
    ],
)
async def test_each_step_of_a_decisions_life_is_a_button_of_its_page(
    world: PortalWorld, status: str, then: str, body: dict[str, Any]
) -> None:
    address = f"/staff/decisions/{DECISION_ID}"
    kept: dict[str, Any] = {"status": status}
    if status == "concurrent":
        kept = {"status": "started", "until_on": None, "weekdays": [0, 1], "review_on": "2026-10-30"}
    world.answers["GET", f"/v1/secondments/{DECISION_ID}"] = (200, DECISION | kept)
    fields = await world.form_of(address)
    assert f'name="then" value="{then}"' in (await world.client.get(address)).text
    typed = {"then": then, "on": "20/10/2026", "reason": "Cần thêm", "legal_basis": "Căn cứ mới"}
    typed |= {"next_review_on": "15/01/2027", "weekday-1": "yes", "weekday-2": "yes"}
    await world.post(address, fields | typed)
    assert sent_last(world) == (f"/v1/secondments/{DECISION_ID}/{then}", body)


async def test_a_draft_is_changed_as_the_version_that_was_seen(world: PortalWorld) -> None:
    fields = await world.form_of(f"/staff/decisions/{DECISION_ID}")
    world.answers["PATCH", f"/v1/secondments/{DECISION_ID}"] = (412, {"code": "x", "detail_vi": "Người khác đã sửa"})
    typed = {"then": "change", "etag": '"4"', "until_on": "30/04/2027", "signer": HOSTILE, "number": "12/QĐ"}
    answer = await world.post(f"/staff/decisions/{DECISION_ID}", fields | typed)
    assert answer.status_code == 412
    assert "Người khác đã sửa" in answer.text
    assert HOSTILE not in answer.text
    request = [each for each in world.asked if each.method == "PATCH"][-1]
    assert request.headers["If-Match"] == '"4"'
    assert json.loads(request.content) == {"signer": HOSTILE, "until_on": "2027-04-30", "number": "12/QĐ"}
    await world.post(f"/staff/decisions/{DECISION_ID}", fields | typed | {"until_on": "", "legal_basis": ""})
    emptied = json.loads([each for each in world.asked if each.method == "PATCH"][-1].content)
    assert (emptied["until_on"], emptied["legal_basis"]) == (None, ""), "what was emptied is not kept as it was"


SHEET_ID = "77777777-7777-4777-8777-777777777777"
SHEET: dict[str, Any] = {
    "campaign_id": None,
    "id": SHEET_ID, "register_name": "staff", "file_name": HOSTILE, "status": "failed", "counts": None,
    "row_version": 3, "uploaded_by": "Sở Nội vụ", "created_at": "2026-10-01T02:00:00Z", "notes": [],
    "committed_at": None,
    "refusal": {"vi": "Thiếu cột Khối.", "en": "No side.", "errors": []},
    "columns": [{"meaning": "code", "label": "Mã cán bộ"}, {"meaning": "side", "label": "Khối"}],
    "mapping": [{"sheet": "DS", "header_row": 2, "values": {}, "columns": [
        {"letters": "A", "header": "Mã", "meaning": "code", "confidence": 1.0, "samples": ["CB1"]}], "unmapped": [
        {"letters": "B", "header": "K", "meaning": None, "confidence": 0.0, "samples": [HOSTILE]},
        {"letters": "C", "header": "L", "meaning": None, "confidence": 0.0, "samples": []}]}],
    "chosen": {"sheets": [{"sheet": "DS", "header_row": 2, "columns": {"C": "left_out"}}], "values": {}},
}  # fmt: skip


async def test_the_columns_of_a_sheet_are_said_and_what_was_said_before_stands(world: PortalWorld) -> None:
    address = f"/staff/sheets/{SHEET_ID}"
    world.answers["GET", f"/v1/register-uploads/{SHEET_ID}"] = (200, SHEET)
    page = (await world.client.get(address)).text
    assert "Thiếu cột Khối." in page
    assert HOSTILE not in page
    typed = {"etag": '"3"', "0:A": "code", "0:B": "side", "0:C": "left_out", "header:0": "2", "all:side": ""}
    await world.post(f"{address}/mapping", await world.form_of(address) | typed)
    assert sent_last(world, "PUT") == (
        f"/v1/register-uploads/{SHEET_ID}/mapping",
        {"sheets": [{"sheet": "DS", "header_row": 2, "columns": {"C": "left_out", "B": "side"}}], "values": {}},
    )
    world.answers["GET", f"/v1/register-uploads/{SHEET_ID}"] = (200, SHEET | {"status": "reading"})
    assert (await world.client.get(address)).headers["Refresh"] == "2"
    committed = {"status": "committed", "committed_at": "2026-10-01T03:00:00Z", "counts": {"new": 1}, "refusal": None}
    world.answers["GET", f"/v1/register-uploads/{SHEET_ID}"] = (200, SHEET | committed)
    await world.post(address, await world.form_of(address) | {"then": "undo"})
    assert [each.url.path for each in world.asked if each.method == "POST"] == [f"/v1/register-uploads/{SHEET_ID}/undo"]
