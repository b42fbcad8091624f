"""A school's list on its page, before an API that answers from a table: its columns, taking people off the roster."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.world import ASSIGNMENT, ME, PortalWorld, portal_world

LIST_ID = "88888888-8888-4888-8888-888888888888"
HOSTILE = "<script>alert(1)</script>"
COUNTS = {"new": 0, "changed": 0, "same": 1, "missing": 2, "error": 0, "left_out": 0, "conflict": 0, "rows": 1}
LIST: dict[str, Any] = {
    "id": LIST_ID, "school_id": ASSIGNMENT["scope_id"], "file_name": HOSTILE, "status": "in_review", "progress": None,
    "row_version": 4, "counts": COUNTS | {"with_warnings": 0}, "errors": [], "repairs": [], "doubts": [], "notes": [],
    "decisions": [], "refusal": None, "committed_at": None, "chosen": {"sheets": [], "values": {}}, "mapping": [
        {"sheet": "DS", "header_row": 0, "columns": [], "values": {}, "unmapped": [
            {"letters": "A", "header": "", "meaning": None, "confidence": 0.0, "samples": [HOSTILE]}]}],
}  # fmt: skip
GUARD = {
    "code": "roster.mass_removal", "detail_vi": "1 xã sẽ dưới mức tối thiểu (Xã Mẫu).", "errors": [
        {"pointer": "/remove_missing", "code": "plan.told", "vi": "Lê Thị Hoa đã được báo phân công.", "en": "Told."}],
}  # fmt: skip


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ME),
            ("GET", f"/v1/schools/{ASSIGNMENT['scope_id']}"): (200, {"id": ASSIGNMENT["scope_id"], "name": "Trường"}),
            ("GET", f"/v1/roster-uploads/{LIST_ID}"): (200, LIST),
        }
        yield made


async def test_taking_people_off_says_what_comes_of_it_and_keeps_what_was_chosen(world: PortalWorld) -> None:
    fields = await world.form_of(f"/lists/{LIST_ID}")
    world.answers["POST", f"/v1/roster-uploads/{LIST_ID}/commit"] = (409, GUARD)
    answer = await world.post(f"/lists/{LIST_ID}/commit", fields | {"remove_missing": "yes"})
    assert answer.status_code == 409
    assert "1 xã sẽ dưới mức tối thiểu (Xã Mẫu)." in answer.text
    assert "Lê Thị Hoa đã được báo phân công." in answer.text
    assert 'name="remove_missing" value="yes" checked' in answer.text
    assert 'name="remove_missing" value="" checked' not in answer.text
    assert HOSTILE not in answer.text


async def test_a_list_without_a_header_shows_its_columns_and_takes_what_they_are(world: PortalWorld) -> None:
    refusal = {"code": "roster.no_header", "vi": "Không tìm thấy dòng tiêu đề.", "en": "No header.", "errors": []}
    failed = LIST | {"status": "failed", "counts": None, "refusal": refusal}
    world.answers["GET", f"/v1/roster-uploads/{LIST_ID}"] = (200, failed)
    fields = await world.form_of(f"/lists/{LIST_ID}")
    typed = {"etag": '"4"', "header:0": "0", "0:A": "full_name", "all:role": "SV năm 4"}
    await world.post(f"/lists/{LIST_ID}/mapping", fields | typed)
    sent = next(each for each in world.asked if each.method == "PUT")
    assert json.loads(sent.content) == {
        "sheets": [{"sheet": "DS", "columns": {"A": "full_name"}, "header_row": 0}], "values": {"role": "SV năm 4"},
    }  # fmt: skip


async def test_what_a_list_changes_is_said_in_words(world: PortalWorld) -> None:
    changes = {
        "free_weekdays": [[1, 2], [0]], "phone": ["+84950001150", "+84950006301"],
        "skills": [{"digitise": 2}, {"kpi": 1, "digitise": 3}],
    }  # fmt: skip
    row = {"row_number": 2, "shown_name": "Lê A", "person": None, "status": "changed", "findings": []}
    rows = {"items": [row | {"changes": changes}], "total": 1, "limit": 50, "offset": 0}
    world.answers |= {
        ("GET", f"/v1/roster-uploads/{LIST_ID}/rows"): (200, rows),
        ("GET", "/v1/fields"): (200, {"items": [{"code": "digitise", "name_vi": "Số hóa"}], "total": 1}),
    }
    page = (await world.client.get(f"/lists/{LIST_ID}")).text
    for words in (
        "T3, T4 → <b>T2</b>",
        "0950 001 150 → <b>0950 006 301</b>",
        "Số hóa (2) → <b>Số hóa (3), kpi (1)</b>",
    ):
        assert words in page


async def test_what_the_cells_of_a_column_ask_for_stands_with_it(world: PortalWorld) -> None:
    column = LIST["mapping"][0]["unmapped"][0] | {"hint": f"Ghi ngày rảnh {HOSTILE}"}
    asked = LIST | {"mapping": [LIST["mapping"][0] | {"unmapped": [column]}]}
    world.answers["GET", f"/v1/roster-uploads/{LIST_ID}"] = (200, asked)
    page = (await world.client.get(f"/lists/{LIST_ID}")).text
    assert "Ô nhắc: “Ghi ngày rảnh &lt;script&gt;" in page
