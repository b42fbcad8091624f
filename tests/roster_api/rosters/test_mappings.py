"""The mapping of a list: what its columns were taken for, changed by the coordinator, remembered for the next list."""

import asyncio
import json
from typing import Any

import httpx

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import HEADER, person, roster, xlsx

PARTNER = [*HEADER[:4], "Số máy", *HEADER[5:]]
"""No header of a phone that the reader knows."""


async def put(desk: SchoolDesk, upload: dict[str, Any], **mapping: Any) -> httpx.Response:
    headers = {"If-Match": f'"{upload["row_version"]}"'}
    return await desk.client.put(f"/v1/roster-uploads/{upload['id']}/mapping", json=mapping, headers=headers)


async def mapped(desk: SchoolDesk, upload: dict[str, Any], **mapping: Any) -> dict[str, Any]:
    """The upload read again so."""
    return await desk.settled(await put(desk, upload, **mapping))


async def send(desk: SchoolDesk, content: bytes, **mapping: Any) -> dict[str, Any]:
    url = f"/v1/schools/{desk.school_id}/roster-uploads"
    form = {"mapping": json.dumps(mapping)}
    return await desk.settled(await desk.client.post(url, files={"file": ("ds.xlsx", content)}, data=form))


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def columns(upload: dict[str, Any]) -> dict[str, str]:
    return {column["letters"]: column["meaning"] for table in upload["mapping"] for column in table["columns"]}


def without(index: int, *rows: list[Any]) -> list[list[Any]]:
    return [[*row[:index], *row[index + 1 :]] for row in rows]


async def test_an_upload_says_what_each_column_was_taken_for_with_samples_and_what_is_not_read(
    desk: SchoolDesk, other_desk: SchoolDesk
) -> None:
    rows = [[*person(1), "ăn chay"], [*person(2, **{"Ngày rảnh": "T9"}), None]]
    upload = await desk.preview(xlsx([["DANH SÁCH"], [*HEADER, "Ghi chú"], *rows]))
    (table,) = upload["mapping"]
    assert (table["sheet"], table["header_row"], table["values"]) == ("Danh sách", 2, {})
    assert columns(upload)["E"] == "phone"
    phone, days = (next(c for c in table["columns"] if c["letters"] == at) for at in "EG")
    assert (phone["header"], phone["samples"], phone["confidence"]) == (
        "Số điện thoại", ["0950000001", "0950000002"], 1.0,
    )  # fmt: skip
    assert days["confidence"] == 0.5, "half of the cells could not be read"
    assert [(c["letters"], c["header"], c["samples"]) for c in table["unmapped"]] == [
        ("A", "STT", ["1", "2"]), ("J", "Ghi chú", ["ăn chay"]),
    ]  # fmt: skip
    assert (await desk.client.get(f"/v1/roster-uploads/{upload['id']}")).json()["mapping"] == upload["mapping"]
    assert (await other_desk.client.get(f"/v1/roster-uploads/{upload['id']}")).status_code == 404
    assert (await put(other_desk, upload)).status_code == 404


async def test_the_kept_file_is_read_again_as_the_coordinator_says_and_commits_so(desk: SchoolDesk) -> None:
    header = [*HEADER, "Đội"]
    upload = await desk.preview(xlsx([header, [*person(1), "Tổ 3"], [*person(2), "Tổ 3"]]))
    assert upload["mapping"][0]["unmapped"][-1]["header"] == "Đội"
    changed = await mapped(desk, upload, sheets=[{"sheet": "Danh sách", "columns": {"J": "team", "F": "left_out"}}])
    assert (changed["status"], columns(changed)["J"]) == ("in_review", "team")
    assert "F" not in columns(changed)
    assert (await desk.commit(changed)).status_code == 200
    assert {(one["team"], one["email"]) for one in await desk.volunteers()} == {("Tổ 3", None)}
    assert code_of(await put(desk, changed)) == (409, "roster.already_committed")


async def test_of_two_who_change_one_mapping_the_second_is_told(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1)))
    await mapped(desk, upload, values={"role": "GV"})
    assert code_of(await put(desk, upload, values={"role": "SV năm 4"})) == (412, "precondition.stale")
    url = f"/v1/roster-uploads/{upload['id']}/mapping"
    assert code_of(await desk.client.put(url, json={})) == (428, "precondition.required")


async def test_a_value_set_for_all_rows_stands_for_the_column_that_the_list_lacks(desk: SchoolDesk) -> None:
    content = xlsx(without(3, HEADER, person(1), person(2)))
    failed = await desk.settled(await desk.upload(content))
    assert (failed["status"], failed["refusal"]["code"]) == ("failed", "roster.columns")
    upload = await mapped(desk, failed, values={"role": "SV năm 4"})
    assert (upload["status"], upload["mapping"][0]["values"]) == ("in_review", {"role": "SV năm 4"})
    again = await mapped(desk, upload, values={"role": "GV", "free_weekdays": "T6", "skills": "Tập huấn"})
    assert (again["status"], again["refusal"]) == ("in_review", None)
    await desk.commit(again)
    people = [(one["role"], one["free_weekdays"], one["skills"]) for one in await desk.volunteers()]
    assert people == [("lecturer", [4], {"training": 2})] * 2


async def test_a_value_for_all_that_is_not_understood_is_an_error_in_every_row(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1), person(2)))
    answer = await mapped(desk, upload, values={"free_weekdays": "T9"})
    assert (answer["status"], answer["counts"]["error"]) == ("in_review", 2)


async def test_a_list_without_a_header_is_told_how_to_be_read_and_is_read_so(desk: SchoolDesk) -> None:
    content = xlsx([person(1), person(2)])
    refused = await desk.settled(await desk.upload(content))
    assert refused["refusal"]["code"] == "roster.no_header"
    assert "header_row = 0" in str(refused["refusal"])
    letters = dict(zip("BCDEFGHI", ["external_ref", "full_name", "role", "phone", "email", "free_weekdays",
                                    "max_days", "skills"], strict=True))  # fmt: skip
    sheets = [{"sheet": "Danh sách", "header_row": 0, "columns": letters}]
    upload = await send(desk, content, sheets=sheets)
    assert (upload["status"], upload["counts"]["new"], upload["mapping"][0]["header_row"]) == ("in_review", 2, 0)
    annotated = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/annotated")
    assert annotated.status_code == 200


async def test_the_schools_committed_mapping_is_proposed_for_its_next_list_of_the_same_headers(
    desk: SchoolDesk, other_desk: SchoolDesk
) -> None:
    first = xlsx([PARTNER, person(1), person(2)])
    assert await desk.refused(first) == "roster.columns"
    sheets = [{"sheet": "Danh sách", "columns": {"E": "phone"}}]
    upload = await send(desk, first, sheets=sheets)
    assert await desk.refused(first) == "roster.columns", "not before it is committed"
    await desk.commit(upload)
    following = await desk.preview(xlsx([["DANH SÁCH THÁNG 12"], PARTNER, person(1), person(3)], sheet="Tháng 12"))
    assert (columns(following)["E"], following["counts"]["same"], following["counts"]["new"]) == ("phone", 1, 1)
    assert any("danh sách trước" in note["vi"] for note in following["notes"])
    assert await other_desk.refused(first) == "roster.columns", "another school's is its own"
    elsewhere = [*PARTNER[:5], "Thư", *PARTNER[6:]]
    assert await desk.refused(xlsx([elsewhere, person(1)])) == "roster.columns", "other headers"


async def test_a_list_that_cannot_be_read_as_mapped_has_failed_with_the_reason_and_may_be_mapped_again(
    desk: SchoolDesk,
) -> None:
    read = upload = await desk.preview(roster(person(1)))
    for mapping, code in (
        ({"sheets": [{"sheet": "Khác"}]}, "mapping.unknown_sheet"),
        ({"sheets": [{"sheet": "Danh sách", "header_row": 9}]}, "mapping.no_such_row"),
        ({"sheets": [{"sheet": "Danh sách", "columns": {"E": "left_out"}}]}, "roster.columns"),
        ({"sheets": [{"sheet": "Danh sách", "columns": {"E": "phone", "F": "phone"}}]}, "roster.columns"),
    ):
        upload = await mapped(desk, upload, **mapping)
        assert (upload["status"], upload["refusal"]["code"], upload["counts"]) == ("failed", code, None)
        assert code_of(await desk.commit(upload)) == (409, "roster.failed")
    again = await mapped(desk, upload)
    assert (again["status"], again["counts"]) == ("in_review", read["counts"])


async def test_a_mapping_that_says_nothing_sensible_is_not_taken(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1)))
    for wrong in ({"E": "telephone"}, {"e": "phone"}, {"ZZ": "phone"}):
        assert (await put(desk, upload, sheets=[{"sheet": "Danh sách", "columns": wrong}])).status_code == 422
    twice = [{"sheet": "Danh sách"}, {"sheet": "Danh sách"}]
    assert (await put(desk, upload, sheets=twice)).status_code == 422
    bad = await desk.client.post(
        f"/v1/schools/{desk.school_id}/roster-uploads", files={"file": ("a.xlsx", roster(person(1)))},
        data={"mapping": "{"},
    )  # fmt: skip
    assert bad.status_code == 422
    assert await desk.look(upload) == upload


async def test_a_mapping_changed_while_the_list_is_committed_comes_before_it_or_is_refused(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(*[person(number) for number in range(1, 6)]))
    change, commit = await asyncio.gather(put(desk, upload, values={"role": "GV"}), desk.commit(upload))
    assert (change.status_code, commit.status_code) in {(202, 409), (409, 200)}
    roles = {one["role"] for one in await desk.volunteers()}
    assert roles == ({"student"} if commit.status_code == 200 else set())
