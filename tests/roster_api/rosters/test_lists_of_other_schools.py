"""Lists as further schools, forms and programs make them: read as their writers meant, or asked about."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from tests.roster_api.rosters.made_lists import NAMES, SHORT, book, csv_of, short, ticks
from tests.roster_api.rosters.old_encodings import cp1258, tcvn3, vni
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES
MONDAY_WEDNESDAY = {"free_weekdays": [0, 2]}
TWO = [SHORT, short(1), short(2)]
BOTH = Wanted((HOA, BINH), {2: MONDAY_WEDNESDAY, 3: {"phone": "+84950000002"}})


def in_old_bytes(encode: Callable[[str], bytes], separator: str) -> Content:
    return lambda: encode("\r\n".join(separator.join(row) for row in TWO) + "\r\n")


def plain_workbook() -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    page = made.add_worksheet("DS")
    for number, row in enumerate(TWO):
        page.write_row(number, 0, row)
    made.close()
    return out.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN, STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"),
)


def rewritten(change: Callable[[str, str], str]) -> Content:
    """The plain workbook, each of its parts as another program would have written it."""

    def make() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(plain_workbook())) as source, zipfile.ZipFile(out, "w") as made:
            for name in source.namelist():
                made.writestr(name, change(name, source.read(name).decode()))
        return out.getvalue()

    return make


def with_prefix(name: str, text: str) -> str:
    if name not in {SHEET, STRINGS}:
        return text
    return re.sub(r"<(/?)(?!\?)(\w)", r"<\1x:\2", text).replace(f'xmlns="{MAIN[0]}"', f'xmlns:x="{MAIN[0]}"')


def without_places(name: str, text: str) -> str:
    return re.sub(r'<(c|row) r="\w+"', r"<\1", text) if name == SHEET else text


def as_strict(_name: str, text: str) -> str:
    return text.replace(MAIN[0], MAIN[1]).replace(*STRICT)


def with_reading_aids(name: str, text: str) -> str:
    aid = '<rPh sb="0" eb="1"><t>XYZ</t></rPh>'
    return text.replace(f"<t>{HOA}</t>", f"<t>{HOA}</t>{aid}") if name == STRINGS else text


def with_escapes(name: str, text: str) -> str:
    return text.replace(f"<t>{HOA}</t>", "<t>Lê Thị_x000D_ Hoa</t>") if name == STRINGS else text


def from_the_root(name: str, text: str) -> str:
    return text.replace('Target="worksheets', 'Target="/xl/worksheets') if name.endswith("workbook.xml.rels") else text


def with_days_as(*heads: str) -> Callable[..., Content]:
    return lambda *marks: book([["Họ và tên", "Vai trò", "SĐT", *heads, "Lĩnh vực"], ticks(*marks)])


def phones_of_a_family() -> Content:
    rows: list[list[Any]] = [["Họ và tên", "Vai trò", "Số điện thoại", None, None, "Ngày rảnh", "Lĩnh vực"]]
    rows += [[None, None, "Sinh viên", "Bố", "Mẹ", None, None]]
    rows += [[HOA, "SV năm 3", "0950000001", "0960000002", "0960000003", "T2, T4", "KPI"]]
    return book(rows, merge="C1:E1 A1:A2 B1:B2 F1:F2 G1:G2")


def leave(*cells: Any, header: str = "Lịch công tác") -> Content:
    return book([[*SHORT, header], *[[*short(place), cell] for place, cell in enumerate(cells, start=1)]])


def absences(written: str) -> Content:
    return book([[*SHORT, "Ngày bận"], [*short(1), written]])


def away(*days: str) -> Wanted:
    spans = [{"starts_on": f"2026-12-{day}", "ends_on": f"2026-12-{day}", "kind": "leave", "note": ""} for day in days]
    return Wanted((HOA,), {2: {"absences": spans}})


def phone(written: str) -> Content:
    return book([SHORT, short(1, SĐT=written)])


SHOWN = Wanted((HOA,), {2: {"phone": "+84950000001"}}, warnings={"C2"})
KINDS: dict[str, tuple[Content, Wanted]] = {
    "csv of TCVN3 with tabs": (in_old_bytes(tcvn3, "\t"), BOTH),
    "csv of VNI with semicolons": (in_old_bytes(vni, ";"), BOTH),
    "csv of Windows-1258 with bars": (in_old_bytes(cp1258, "|"), BOTH),
    "parts with a prefix": (rewritten(with_prefix), BOTH),
    "cells and rows without their places": (rewritten(without_places), BOTH),
    "a workbook saved as strict": (rewritten(as_strict), BOTH),
    "reading aids beside a name": (rewritten(with_reading_aids), BOTH),
    "a line's end written as an escape": (rewritten(with_escapes), BOTH),
    "targets from the root": (rewritten(from_the_root), BOTH),
    "'Hai Ba Tư Năm Sáu' side by side": (
        with_days_as("Hai", "Ba", "Tư", "Năm", "Sáu")("x", None, "v", None, None), Wanted((HOA,), {2: MONDAY_WEDNESDAY})
    ),
    "'Ba' and 'Năm' are no weekdays without the others": (
        book([[*SHORT, "Ba", "Năm"], [*short(1), "x", "x"]]), Wanted((HOA,), {2: MONDAY_WEDNESDAY}, notes=("“Ba”",))
    ),
    "S2 and C2, mornings and afternoons": (
        book([[*SHORT[:3], "S2", "C2", "S3", "C3", "S4", "C4", SHORT[4]],
              [*short(1)[:3], "x", "x", None, None, None, "x", "KPI"]]),
        Wanted((HOA,), {2: MONDAY_WEDNESDAY}),
    ),
    "S2 and C2 under 'Lịch bận'": (
        book([[*SHORT[:3], "Lịch bận", *[None] * 3, SHORT[4]], [*[None] * 3, "S2", "C2", "S3", "C3", None],
              [*short(1)[:3], "x", None, None, None, "KPI"]], merge="A1:A2 B1:B2 C1:C2 D1:G1 H1:H2"),
        Wanted(refused="roster.columns", notes=("Lịch bận",)),
    ),
    "hours under the weekdays": (
        with_days_as("T2", "T3", "T4", "T5", "T6")("8h-11h", None, "14h00 - 16h30", None, None),
        Wanted((HOA,), {2: MONDAY_WEDNESDAY}, warnings={"D2", "F2"}),
    ),
    "an evening's hours under a weekday": (
        with_days_as("T2", "T3", "T4", "T5", "T6")("x", None, "18h-20h", None, None), Wanted((), errors={"F2"}),
    ),
    "the owners of numbers under their group": (phones_of_a_family(), Wanted((HOA,), {3: {"phone": "+84950000001"}})),
    "headers of an English office": (
        book([["No.", "Full name", "Position", "Mobile", "Availability", "Expertise", "DOB"],
              [1, HOA, "Lecturer", "0950000001", "Mon, Wed", "Digitisation", "1990-01-02"]]),
        Wanted((HOA,), {2: MONDAY_WEDNESDAY | {"role": "lecturer", "skills": {"digitise": 2}}}),
    ),
    "dates under a header of what keeps away": (
        leave(date(2026, 12, 9), None), Wanted((BINH,), errors={"F2"}),
    ),
    "words under such a header": (leave("Hà Nội, 9-10/12", "không"), Wanted((BINH,), errors={"F2"})),
    "a column 'Nghỉ phép' is read": (
        leave("9/12/2026", header="Nghỉ phép"), away("09"),
    ),
    "days that share their month": (absences("1, 2 và 3/12/2026"), away("01", "02", "03")),
    "days that share their month in words": (absences("ngày 1, 2 tháng 12 năm 2026"), away("01", "02")),
    "a weekday before a date is no day of the month": (absences("thứ 4, 9/12/2026"), away("09")),
    "never away": (absences("Không bận"), away()),
    "a subtotal of a faculty": (
        book([["STT", *SHORT], [1, *short(1)], [None, "Cộng khoa Luật", 1], [2, *short(2)],
              [None, "Cộng tổ Tin", "1"]]),
        Wanted((HOA, BINH), notes=("Cộng khoa Luật", "Cộng tổ Tin")),
    ),
    "a first row in which only days and fields stand": (
        book([SHORT, [None, None, None, "sáng thứ 3", "Số hóa"], short(2)]),
        Wanted((BINH,), errors={"A2", "B2", "C2"}),
    ),
    "running totals of pages": (
        book([SHORT, short(1), ["Mang sang trang sau: 1"], SHORT, ["Trang trước chuyển sang: 1"], short(2)]),
        Wanted((HOA, BINH), notes=("Trang trước chuyển sang",)),
    ),
    "somebody whose name begins like a subtotal": (
        book([SHORT, ["Công Khoa Lan", *short(1)[1:]], ["Cong Khoa Lan", "GV", None, None, None]]),
        Wanted(("Công Khoa Lan",), errors={"C3", "D3", "E3"}),
    ),
    "when to call, in brackets": (phone("0950000001 (sau 17h)"), SHOWN),
    "a new number and an old one": (phone("cũ: 0960000009, mới: 0950000001"), SHOWN),
    "an old number in brackets": (phone("0950000001 (cũ: 01620000002)"), SHOWN),
    "an old number alone": (phone("số cũ 0950000001"), Wanted((), errors={"C2"})),
    "what a form writes for nobody's address": (
        book([[*SHORT, "Email"], [*short(1), "anonymous"]]), Wanted((HOA,), {2: {"email": None}}, warnings={"F2"}),
    ),
    "a senior lecturer's titles": (book([SHORT, [f"GVC.ThS. {HOA}", *short(1)[1:]]]), Wanted((HOA,), warnings={"A2"})),
    "days of a month or of the week": (
        book([SHORT, short(1, **{"Ngày rảnh": "ngày 2, 4"})]), Wanted((HOA,), {2: MONDAY_WEDNESDAY}, warnings={"D2"}),
    ),
    "the whole week in one word": (
        book([SHORT, short(1, **{"Ngày rảnh": "Full"}), short(2, **{"Ngày rảnh": "rảnh hết trừ T4"})]),
        Wanted((HOA, BINH), {2: {"free_weekdays": [0, 1, 2, 3, 4]}, 3: {"free_weekdays": [0, 1, 3, 4]}}),
    ),
    "days with low lines between, and a single one": (
        book([SHORT, short(1, **{"Ngày rảnh": "Thứ 2_4_6"}), short(2, **{"Ngày rảnh": "duy nhất thứ 5"})]),
        Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2, 4]}, 3: {"free_weekdays": [3]}}),
    ),
    "half a person a row, as Word pastes a cell of two lines": (
        book([SHORT, ["Lê Thị", "Giảng", "0950000001", "T2,", "Số hóa"],
              ["Hoa", "viên", None, "T4", "hồ sơ"], short(2)]),
        Wanted((BINH,), errors={"B2", "B3", "C3", "E3"}),
    ),
    "everything with no-break spaces": (
        book([[text.replace(" ", "\u00a0") for text in row] for row in TWO]), BOTH,
    ),
    "one row for each day of a person": (
        book([SHORT, short(1, **{"Ngày rảnh": "T2"}), short(1, **{"Ngày rảnh": "T4"}), short(2)]),
        Wanted((HOA, BINH), errors={"C3"}),
    ),
    "who sent a form twice": (
        csv_of("Dấu thời gian,Họ và tên,Vai trò,SĐT,Ngày rảnh,Lĩnh vực", f"1/12/2026 8:00,{HOA},GV,0950000001,T2,KPI",
               f"1/12/2026 9:00,{HOA},GV,0950000001,T4,KPI"),
        Wanted((HOA,), errors={"D3"}),
    ),
    "names under the days of the week": (
        book([["Thứ 2", "Thứ 3", "Thứ 4"], [HOA, BINH, HOA], [CUC, None, BINH]]), Wanted(refused="roster.no_header"),
    ),
    "a name over two columns that are not merged, above days with a heading": (
        book([["Họ và tên", None, "Vai trò", "SĐT", "Ngày rảnh", None, "Lĩnh vực"],
              [None, None, None, None, "T2", "T4", None],
              [*HOA.rsplit(" ", 1), "GV", "0950000001", "x", "x", "Số hóa hồ sơ"],
              [*BINH.rsplit(" ", 1), "GV", "0950000002", None, "x", "Số hóa hồ sơ"]]),
        Wanted((HOA, BINH), {3: MONDAY_WEDNESDAY, 4: {"free_weekdays": [2]}}),
    ),
    "people in columns": (
        book([["Họ và tên", HOA, BINH], ["Vai trò", "GV", "GV"], ["SĐT", "0950000001", "0950000002"],
              ["Ngày rảnh", "T2", "T4"], ["Lĩnh vực", "KPI", "KPI"]]),
        Wanted(refused="roster.no_header"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "wanted"), KINDS.values(), ids=KINDS)
def test_a_list_of_this_kind_is_read_right_or_asked_about(content: Content, wanted: Wanted) -> None:
    check(content, wanted)
