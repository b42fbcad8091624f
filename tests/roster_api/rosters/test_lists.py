"""Whole lists: where the table starts and ends, people told twice, and the sample case's twelve workbooks."""

import io
import zipfile
from pathlib import Path

import pytest
from commune_demo import case
from roster_api.rosters.reading.annotating import annotate
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.people import Person, RosterRow
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.roster import RosterReading, read_roster

from tests.roster_api.rosters.workbooks import HEADER, Row, person, xlsx, xlsx_of


def read(content: bytes) -> RosterReading:
    return read_roster(open_sheets(content)[1])


def read_rows(*rows: Row) -> list[RosterRow]:
    return read(xlsx([HEADER, *rows])).rows


def errors_of(reading: RosterReading) -> dict[str, str]:
    return {item.cell: item.finding.code for row in reading.rows for item in row.findings if item.finding.is_error}


def test_all_twelve_workbooks_of_the_case_are_read_to_the_people_they_hold(tmp_path: Path) -> None:
    sent = [book for book in case.write_workbooks(tmp_path) if not book.has_errors]
    found: dict[str, Person] = {}
    for book in [*sent, *case.write_corrected_workbooks(tmp_path)]:
        reading = read(book.path.read_bytes())
        assert not errors_of(reading)
        found |= {row.person.phone or "": row.person for row in reading.rows if row.person}
    assert len(found) == 243
    for wanted in case.people():
        person = found[wanted.phone]
        assert (person.full_name, person.role, person.email, person.year) == (
            wanted.full_name, wanted.role, wanted.email, wanted.year,
        )  # fmt: skip
        assert (set(person.skills), tuple(person.free_weekdays), person.max_days) == (
            set(wanted.fields), wanted.free_weekdays, wanted.max_days,
        )  # fmt: skip
        assert person.max_distance_m in (wanted.max_distance_km * 1000, 100_000_000)


def test_the_two_faulty_workbooks_name_every_faulty_cell(tmp_path: Path) -> None:
    books = {book.school_code: book for book in case.write_workbooks(tmp_path) if book.has_errors}
    assert errors_of(read(books["CDKTCN"].path.read_bytes())) == {
        "E10": "phone.malformed", "G15": "days.unknown", "C18": "name.missing", "B24": "duplicate.external_ref",
    }  # fmt: skip
    assert errors_of(read(books["CDNNT"].path.read_bytes())) == {
        "J10": "fields.unknown", "G13": "email.malformed", "I17": "max_days.out_of_range", "E21": "role.unknown",
        "F25": "phone.missing",
    }  # fmt: skip


@pytest.mark.parametrize("above", [0, 1, 7, 29])
def test_the_header_is_found_under_any_letterhead(above: int) -> None:
    reading = read(xlsx([*[[f"Dòng {n}"] for n in range(above)], HEADER, person(1)]))
    assert reading.headers[0].row == above + 1
    assert reading.rows[0].row == above + 2


def test_a_header_further_down_than_thirty_rows_is_not_looked_for() -> None:
    with pytest.raises(RefusedFileError, match=r"roster\.no_header"):
        read(xlsx([*[["x"]] * 30, HEADER, person(1)]))


def test_missing_columns_are_named() -> None:
    with pytest.raises(RefusedFileError) as refused:
        read(xlsx([["Họ và tên", "Email", "Lĩnh vực"], ["An", "an@x.example", "KPI"]]))
    assert {fault.pointer for fault in refused.value.faults} == {
        "row:1/column:Vai trò (GV/SV)", "row:1/column:Số điện thoại", "row:1/column:Ngày rảnh",
    }  # fmt: skip


def test_two_columns_for_the_same_thing_are_refused() -> None:
    with pytest.raises(RefusedFileError) as refused:
        read(xlsx([[*HEADER, "Di động"], [*person(1), "0950000999"]]))
    assert "cột E" in refused.value.faults[0].vi
    assert "cột J" in refused.value.faults[0].vi


def test_blank_rows_group_headings_totals_and_signatures_are_not_people() -> None:
    rows = read_rows(
        ["I. GIẢNG VIÊN"], person(1), [], [2], ["II. SINH VIÊN"], person(3), ["Tổng cộng: 2 người"], [],
        [None] * 5 + ["Nha Trang, ngày 20 tháng 11 năm 2026"], [None] * 5 + ["HIỆU TRƯỞNG"],
        [None, None, "TS. Trần Bình"],
    )  # fmt: skip
    assert [row.row for row in rows] == [3, 7]
    assert not any(row.has_errors for row in rows)


def test_a_person_below_the_signatures_is_not_lost_in_silence() -> None:
    rows = read_rows(person(1), ["Người lập bảng"], person(2))
    assert [item.finding.code for item in rows[1].findings if item.finding.is_error] == ["row.after_footer"]


def test_a_list_on_two_sheets_is_one_list() -> None:
    reading = read(xlsx_of({"Ghi chú": [["Kính gửi"]], "GV": [HEADER, person(1)], "SV": [HEADER, person(2)]}))
    assert [(row.sheet, row.row) for row in reading.rows] == [("GV", 2), ("SV", 2)]
    assert any("Ghi chú" in vi for vi, _ in reading.notes)


@pytest.mark.parametrize(("header", "kind"), [("Mã số", "external_ref"), ("Số điện thoại", "phone")])
def test_the_same_code_phone_or_address_twice_names_both_rows(header: str, kind: str) -> None:
    first = dict(zip(HEADER, person(1), strict=True))
    _, row = read_rows(person(1), person(2, **{header: first[header]}))
    (item,) = [item for item in row.findings if item.finding.is_error]
    assert (row.row, item.finding.code) == (3, f"duplicate.{kind}")
    assert "dòng 2" in item.finding.vi


def test_a_mailbox_of_two_people_is_allowed_and_said() -> None:
    address = dict(zip(HEADER, person(1), strict=True))["Email"]
    first, row = read_rows(person(1), person(2, Email=address))
    assert [item.finding.code for item in row.findings] == ["email.shared"]
    assert first.person is not None
    assert row.person is not None
    assert row.person.email == address


def test_one_name_and_one_address_twice_is_one_person_twice() -> None:
    _, row = read_rows(person(1), person(1, **{"Mã số": "SV9", "Số điện thoại": "0950000999"}))
    assert [item.finding.code for item in row.findings] == ["duplicate.email"]


def test_a_column_nobody_needs_is_mentioned_and_passed_over() -> None:
    reading = read(xlsx([[*HEADER, "Ngày sinh"], [*person(1), "01/01/2005"]]))
    assert any("Ngày sinh" in vi for vi, _ in reading.notes)
    assert not errors_of(reading)


def test_a_formula_is_read_as_the_value_it_showed() -> None:
    (row,) = read_rows(person(1, **{"Mã số": "=1+1"}))
    assert row.person is not None
    assert row.person.external_ref == "=1+1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_any_usual_encoding(encoding: str, separator: str) -> None:
    header = ["Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", "Lĩnh vực"]
    row = ["Trần Thị Ý", "Giảng viên", "0950000123", "T2 T4", "Số hóa hồ sơ"]
    content = "\r\n".join(separator.join(cells) for cells in (header, row)).encode(encoding)
    (found,) = read(content).rows
    assert found.person is not None
    assert found.person.full_name == "Trần Thị Ý"


def test_windows_1258_csv_keeps_its_accents() -> None:
    text = "Ho va ten,Vai tro,SDT,Ngay ranh,Linh vuc\nTr\u00e2\u0300n Th\u0323i Lan,GV,0950000123,T2,KPI\n"
    (found,) = read(text.replace("h\u0323", "h").encode("cp1258")).rows
    assert found.person is not None
    assert found.person.full_name == "Trần Thi Lan"


ODS_CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
 <office:body><office:spreadsheet><table:table table:name="DS">{}</table:table>
 </office:spreadsheet></office:body></office:document-content>"""


def ods(*rows: Row) -> bytes:
    out = io.BytesIO()
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = [f"<table:table-row>{''.join(cell.format(text) for text in row)}</table:table-row>" for row in rows]
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", ODS_CONTENT.format("".join(lines)))
    return out.getvalue()


SHORT_HEADER = ["Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", "Lĩnh vực"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ods(SHORT_HEADER, ["Trần Thị Ý", "Giảng viên", "0950000123", "T2, T4", "Số hóa hồ sơ"]), "ods"),
        ((Path(__file__).parent / "list.xls").read_bytes(), "xls"),
    ],
    ids=["ods", "xls"],
)
def test_open_document_and_old_excel_lists_are_read_and_come_back_annotated(content: bytes, kind: str) -> None:
    assert open_sheets(content)[0] == kind
    (row,) = read(content).rows
    assert row.person is not None
    assert (row.person.full_name, row.person.phone) == ("Trần Thị Ý", "+84950000123")
    back, annotated = annotate(content, {row.sheet: {row.row: "xem lại"}})
    assert back == "xlsx"
    assert open_sheets(annotated)[1][0].rows[row.row - 1][-1] == "xem lại"


def test_a_cell_longer_than_is_read_is_an_error_there_and_never_cut_without_a_word() -> None:
    fields = "; ".join(["Số hóa hồ sơ"] * 100) + "; Tập huấn"
    rows = [HEADER, person(1, **{"Lĩnh vực": fields}), person(2)]
    as_csv = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()
    for content in (xlsx(rows), as_csv):
        reading = read(content)
        assert errors_of(reading) == {"I2": "cell.too_long"}
        assert [bool(row.person) for row in reading.rows] == [False, True]


def test_a_column_under_a_header_too_long_to_read_is_named() -> None:
    reading = read(xlsx([[*HEADER, "Ghi rõ " * 30], [*person(1), "x"]]))
    assert "cột J" in " ".join(vi for vi, _ in reading.notes)
