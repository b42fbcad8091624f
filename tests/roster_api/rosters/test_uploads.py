"""Uploading a list over HTTP: preview, errors, commit, the same file again, a corrected file, undo."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from commune_demo import case

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import HEADER, person, roster, xlsx
from tests.support.refusals import check_refusal

GOOD = [person(number) for number in range(1, 11)]


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_preview_changes_nothing_and_a_commit_writes_everyone(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(*GOOD))
    assert (upload["status"], upload["counts"]["new"], upload["counts"]["rows"]) == ("in_review", 10, 10)
    assert await desk.volunteers() == []
    assert (await desk.commit(upload)).json()["status"] == "committed"
    volunteers = await desk.volunteers()
    assert len(volunteers) == 10
    first = next(one for one in volunteers if one["external_ref"] == "SV001")
    wanted = {"phone": "+84950000001", "role": "student", "free_weekdays": [0, 2], "skills": {"digitise": 2}}
    assert {name: first[name] for name in wanted} == wanted


async def test_committing_twice_or_twice_at_once_writes_once(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(*GOOD))
    answers = await asyncio.gather(*(desk.commit(upload) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await desk.volunteers()) == 10


async def test_of_two_lists_committed_at_once_nobody_is_lost_and_nobody_doubled(desk: SchoolDesk) -> None:
    """Two coordinators of a school, each with a list that was read before the other's was written."""
    first = await desk.preview(roster(*GOOD[:8]))
    second = await desk.preview(roster(*GOOD[4:]))
    answers = await asyncio.gather(desk.commit(first), desk.commit(second))
    assert {answer.status_code for answer in answers} == {200}
    people = await desk.volunteers()
    assert sorted(one["external_ref"] for one in people) == [f"SV{number:03}" for number in range(1, 11)]
    uploads = [await desk.look(upload) for upload in (first, second)]
    assert sum(upload["counts"]["conflict"] for upload in uploads) == 4, "whom the other list wrote first is named"


async def test_the_same_file_again_changes_nothing(desk: SchoolDesk) -> None:
    await desk.take_in(roster(*GOOD))
    before = await desk.volunteers()
    again = await desk.preview(roster(*GOOD))
    assert (again["counts"]["same"], again["counts"]["new"], again["counts"]["changed"]) == (10, 0, 0)
    assert (await desk.commit(again)).status_code == 200
    assert await desk.volunteers() == before


async def test_a_corrected_file_changes_only_what_it_corrects(desk: SchoolDesk) -> None:
    await desk.take_in(roster(*GOOD))
    before = {one["external_ref"]: one for one in await desk.volunteers()}
    corrected = [
        person(3, **{"Số điện thoại": "0950009999"}) if number == 3 else person(number) for number in range(1, 11)
    ]
    upload = await desk.preview(roster(*corrected))
    rows = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/rows", params={"status": "changed"})
    (row,) = rows.json()["items"]
    assert row["changes"] == {"phone": ["+84950000003", "+84950009999"]}
    await desk.commit(upload)
    after = {one["external_ref"]: one for one in await desk.volunteers()}
    assert {ref for ref in after if after[ref] != before[ref]} == {"SV003"}
    assert after["SV003"]["id"] == before["SV003"]["id"]


async def test_without_codes_people_are_known_by_name_and_phone_or_address(desk: SchoolDesk) -> None:
    await desk.take_in(roster(*[person(number, **{"Mã số": None}) for number in (1, 2, 3)]))
    before = {one["full_name"]: one["id"] for one in await desk.volunteers()}
    upload = await desk.take_in(roster(
        person(1, **{"Mã số": None, "Số điện thoại": "0950007777"}),
        person(2, **{"Mã số": None, "Email": "moi@x.example"}),
        person(3, **{"Mã số": "SV003"}),
    ))  # fmt: skip
    assert (upload["counts"]["changed"], upload["counts"]["new"], upload["counts"]["missing"]) == (3, 0, 0)
    assert {one["full_name"]: one["id"] for one in await desk.volunteers()} == before


async def test_a_list_without_a_column_leaves_what_the_roster_knows(desk: SchoolDesk) -> None:
    await desk.take_in(roster(*GOOD))
    short = [row[:7] + row[8:] for row in (HEADER, *GOOD)]
    upload = await desk.preview(xlsx(short))
    assert upload["counts"]["same"] == 10


def busy(number: int, days: str | None) -> list[Any]:
    return [*person(number), days]


async def test_days_of_absence_come_with_the_list_and_keep_the_notes_made_since(desk: SchoolDesk) -> None:
    header = [*HEADER, "Ngày bận"]
    await desk.take_in(xlsx([header, busy(1, "thi 20/11/2026, 24/11/2026"), busy(2, None)]))
    first = next(one for one in await desk.volunteers() if one["external_ref"] == "SV001")
    exam = {"starts_on": "2026-11-20", "ends_on": "2026-11-20", "kind": "exam", "note": "Ca sáng"}
    later = {"starts_on": "2026-11-24", "ends_on": "2026-11-24", "kind": "exam", "note": ""}
    assert first["absences"] == [exam | {"note": ""}, later]
    items = {"items": [exam, later]}
    assert (await desk.client.put(f"/v1/volunteers/{first['id']}/absences", json=items)).status_code == 200
    again = await desk.preview(xlsx([header, busy(1, "thi 20/11/2026, 24/11/2026"), busy(2, None)]))
    assert again["counts"]["same"] == 2
    assert (await desk.preview(roster(person(1), person(2))))["counts"]["same"] == 2, "no column says nothing"
    await desk.take_in(xlsx([header, busy(1, "thi 20/11/2026"), busy(2, None)]))
    first = next(one for one in await desk.volunteers() if one["external_ref"] == "SV001")
    assert first["absences"] == [exam]


async def test_a_day_of_absence_that_is_no_day_is_an_error_with_its_cell(desk: SchoolDesk) -> None:
    upload = await desk.preview(xlsx([[*HEADER, "Ngày bận"], busy(1, "T2")]))
    (error,) = upload["errors"]
    assert (error["code"], error["cell"], error["column"], error["found"]) == (
        "absences.unknown",
        "J2",
        "Ngày bận",
        "T2",
    )


async def test_errors_leave_the_roster_untouched_and_say_where_why_and_what_to_write(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1), person(2, **{"Số điện thoại": "123", "Ngày rảnh": "T9"})))
    assert (upload["status"], upload["counts"]["error"], upload["counts"]["new"]) == ("in_review", 1, 1)
    assert {(error["row"], error["column"], error["cell"]) for error in upload["errors"]} == {
        (3, "Số điện thoại", "E3"), (3, "Ngày rảnh", "G3"),
    }  # fmt: skip
    assert all(error[key] for error in upload["errors"] for key in ("vi", "en", "mend_vi", "mend_en"))
    refused = await desk.commit(upload)
    assert code_of(refused) == (422, "roster.has_errors")
    assert refused.json()["errors"][0]["pointer"] == "row:3/column:Số điện thoại"
    assert await desk.volunteers() == []


async def test_repairs_are_shown_once_a_kind_before_they_are_approved(desk: SchoolDesk) -> None:
    upload = await desk.preview(
        roster(*[person(number, **{"Số điện thoại": 950000000 + number}) for number in (1, 2, 3)])
    )
    (repair,) = upload["repairs"]
    assert (repair["code"], repair["rows"], repair["example"]["cell"]) == ("phone.lost_zero", 3, "E2")


async def test_missing_people_stay_unless_removal_is_asked_for_and_confirmed(desk: SchoolDesk) -> None:
    await desk.take_in(roster(*GOOD))
    await desk.take_in(roster(*GOOD[:9]))
    assert len(await desk.volunteers()) == 10
    upload = await desk.preview(roster(*GOOD[:7]))
    assert upload["counts"]["missing"] == 3
    assert code_of(await desk.commit(upload, remove_missing=True)) == (409, "roster.mass_removal")
    assert (await desk.commit(upload, remove_missing=True, confirm_mass_removal=True)).status_code == 200
    assert len(await desk.volunteers()) == 7
    back = await desk.take_in(roster(*GOOD))
    assert (back["counts"]["changed"], back["counts"]["new"]) == (3, 0)
    assert len(await desk.volunteers()) == 10


async def test_a_person_who_withdrew_stays_withdrawn_when_listed_again_and_the_preview_says_so(
    desk: SchoolDesk,
) -> None:
    await desk.take_in(roster(*GOOD))
    (first, *_) = await desk.volunteers()
    assert (await desk.client.post(f"/v1/volunteers/{first['id']}/withdraw")).status_code == 200
    again = await desk.preview(roster(*GOOD))
    assert (again["counts"]["same"], again["counts"]["with_warnings"]) == (10, 1)
    rows = (await desk.client.get(f"/v1/roster-uploads/{again['id']}/rows")).json()["items"]
    (told,) = [(row["volunteer_id"], finding) for row in rows for finding in row["findings"]]
    assert (told[0], told[1]["code"]) == (first["id"], "identity.withdrawn")
    assert first["full_name"] in told[1]["vi"]
    assert (await desk.commit(again)).status_code == 200
    assert [one["id"] for one in await desk.volunteers(status="withdrawn")] == [first["id"]]


async def test_a_commit_can_be_undone_while_nothing_else_has_changed(desk: SchoolDesk) -> None:
    await desk.take_in(roster(*GOOD[:5]))
    before = {(one["id"], one["phone"], one["status"]) for one in await desk.volunteers()}
    changed = await desk.preview(roster(person(1, **{"Số điện thoại": "0950008888"}), *GOOD[1:4], *GOOD[5:]))
    await desk.commit(changed, remove_missing=True)
    assert (await desk.undo(changed)).json()["status"] == "undone"
    assert {(one["id"], one["phone"], one["status"]) for one in await desk.volunteers()} == before
    assert (await desk.undo(changed)).status_code == 200
    assert code_of(await desk.commit(changed)) == (409, "roster.undone")


async def test_a_commit_that_others_built_upon_is_not_undone(desk: SchoolDesk) -> None:
    first = await desk.take_in(roster(*GOOD[:5]))
    await desk.take_in(roster(*GOOD))
    assert code_of(await desk.undo(first)) == (409, "roster.undo_too_late")


async def test_a_list_of_which_somebody_was_invited_since_is_not_undone(desk: SchoolDesk) -> None:
    upload = await desk.take_in(roster(*GOOD[:2]))
    before = await desk.volunteers()
    body = {"volunteer_ids": [before[0]["id"]]}
    invited = await desk.client.post(f"/v1/schools/{desk.school_id}/invitations", json=body)
    assert invited.status_code == 200, invited.text
    check_refusal(await desk.undo(upload), 409, "roster.undo_in_use")
    assert await desk.volunteers() == before


async def test_hidden_characters_anywhere_are_reported_and_never_stored(desk: SchoolDesk) -> None:
    hidden = "a\u202eb_x0000_c"
    upload = await desk.preview(
        xlsx(
            [
                [*HEADER, hidden],
                *[[*person(number, **{header: hidden}), hidden] for number, header in enumerate(HEADER)],
            ]
        )
    )
    assert upload["counts"]["error"] > 0
    assert "\u202e" not in str(upload)


async def test_the_annotated_workbook_is_the_same_file_with_words_beside_the_faulty_rows(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1), person(2, Email="=HYPERLINK(1)")))
    answer = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/annotated")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["J1"].value.startswith("LỖI CẦN SỬA / ERRORS\n✗ 1 lỗi")
    assert (sheet["F3"].fill.fgColor.rgb, sheet["E3"].fill.fgColor.rgb) == ("00FFC7CE", "00000000")
    assert sheet["J2"].value is None
    assert "F3:" in sheet["J3"].value
    assert (sheet["F3"].value, sheet["F3"].data_type) == ("=HYPERLINK(1)", "s")
    assert "attachment" in answer.headers["content-disposition"]


async def test_an_annotated_workbook_put_right_is_taken_in(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1), person(2, Email="an.x.example")))
    answer = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/annotated")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book.active["F3"] = "an@x.example"
    out = io.BytesIO()
    book.save(out)
    assert (await desk.preview(out.getvalue()))["counts"]["error"] == 0


async def test_a_csv_comes_back_as_a_csv_that_computes_nothing(desk: SchoolDesk) -> None:
    lines = [
        "Họ và tên,Vai trò,SĐT,Ngày rảnh,Lĩnh vực,Ghi chú",
        'Trần An,GV,123,T2,KPI,"=cmd|calc"',
        "Lê Bình,GV,+84950000123,T2,KPI,@x",
    ]
    upload = await desk.preview("\n".join(lines).encode(), name="ds.csv")
    answer = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/annotated")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][5] == "'=cmd|calc"
    assert rows[2][2] == "'+84950000123"
    assert "C2:" in rows[1][6]
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


async def test_another_schools_upload_does_not_exist(desk: SchoolDesk, other_desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(*GOOD))
    url = f"/v1/roster-uploads/{upload['id']}"
    for answer in (
        await other_desk.client.get(url), await other_desk.client.get(f"{url}/rows"),
        await other_desk.client.get(f"{url}/annotated"), await other_desk.commit(upload), await other_desk.undo(upload),
        await other_desk.client.post(f"{url}/cancel"),
        await other_desk.client.post(f"/v1/schools/{desk.school_id}/roster-uploads", files={"file": ("x", b"x")}),
        await other_desk.client.get(f"/v1/schools/{desk.school_id}/roster-uploads"),
    ):  # fmt: skip
        assert code_of(answer) == (404, "not_found")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7", "file.not_a_workbook"), (b"PK\x03\x04", "file.broken"), (roster(), "roster.empty")],
    ids=["pdf", "broken", "nobody"],
)
async def test_a_file_that_is_no_list_has_failed_and_says_why(desk: SchoolDesk, content: bytes, code: str) -> None:
    upload = await desk.settled(await desk.upload(content))
    assert (upload["status"], upload["refusal"]["code"], upload["counts"]) == ("failed", code, None)
    assert upload["refusal"]["vi"]
    assert code_of(await desk.commit(upload)) == (409, "roster.failed")
    assert code_of(await desk.client.get(f"/v1/roster-uploads/{upload['id']}/annotated")) == (409, "roster.failed")


async def test_a_file_over_20_mb_is_not_taken(desk: SchoolDesk) -> None:
    assert code_of(await desk.upload(b"x" * (20 * 1024 * 1024 + 1))) == (413, "file.too_large")
    listed = await desk.client.get(f"/v1/schools/{desk.school_id}/roster-uploads")
    assert listed.json()["total"] == 0


async def test_the_same_request_again_makes_no_second_upload_and_another_file_is_another_request(
    desk: SchoolDesk,
) -> None:
    path = f"/v1/schools/{desk.school_id}/roster-uploads"

    async def send(content: bytes, boundary: str) -> httpx.Response:
        form = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        files = {"file": ("ds.xlsx", content)}
        return await desk.client.post(path, files=files, headers={"Idempotency-Key": "once", **form})

    content = roster(*GOOD)
    first, again = [await send(content, boundary) for boundary in ("by-chance-1", "by-chance-2")]
    assert first.json()["id"] == again.json()["id"]
    assert code_of(await send(roster(*GOOD[:5]), "by-chance-1")) == (422, "idempotency.other_request")
    assert (await desk.client.get(path)).json()["total"] == 1


async def test_the_template_filled_in_is_taken_without_a_word(desk: SchoolDesk) -> None:
    answer = await desk.client.get("/v1/roster-template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book["Danh sách"].append(
        [1, "GV001", "Nguyễn Văn An", "Giảng viên", "0950000123", "an@x.example", "T2, T4", 2, "KPI", 100]
    )
    out = io.BytesIO()
    book.save(out)
    upload = await desk.preview(out.getvalue())
    assert (upload["status"], upload["counts"]["rows"], upload["repairs"]) == ("in_review", 1, [])


async def test_a_faulty_list_of_the_case_is_refused_and_its_corrected_version_taken(
    desk: SchoolDesk, tmp_path: Path
) -> None:
    faulty = next(book for book in case.write_workbooks(tmp_path) if book.has_errors)
    upload = await desk.preview(faulty.path.read_bytes(), name=faulty.path.name)
    assert code_of(await desk.commit(upload)) == (422, "roster.has_errors")
    corrected = next(
        book for book in case.write_corrected_workbooks(tmp_path) if book.school_code == faulty.school_code
    )
    await desk.take_in(corrected.path.read_bytes())
    assert len(await desk.volunteers()) == faulty.people
