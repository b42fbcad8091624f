"""What an .xls or .ods shows beside its values is read from its own parts: hidden rows, merges, error values."""

import io
import struct
import zipfile

import pytest
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.xls_comments import NOTE, XlsComments

from tests.roster_api.rosters.wanted import CASES, Wanted, check

ROW, LABELSST, BOOLERR, DIMENSIONS, XF = 0x208, 0xFD, 0x205, 0x200, 0xE0


def content() -> bytearray:
    """Eight people in rows 2-9, teams in column J."""
    return bytearray((CASES / "case07_to.xls").read_bytes())


def find_record(data: bytearray, kind: int, start: bytes) -> int:
    """Where the data of the record of this type that begins so stands."""
    at = -1
    while True:
        at = data.index(struct.pack("<H", kind), at + 1)
        if data[at + 4 : at + 4 + len(start)] == start:
            return at + 4


def test_a_hidden_row_of_an_old_workbook_is_left_out_and_named() -> None:
    data = content()
    at = find_record(data, ROW, struct.pack("<H", 3))
    data[at + 12] |= 0x20
    check(bytes(data), Wanted(notes=("dòng 4",), people={5: {"team": "Tổ 1"}}))
    assert open_sheets(bytes(data))[1][0].appearance.hidden_rows == {3}


def test_an_error_value_of_an_old_workbook_is_an_error_at_its_cell() -> None:
    data = content()
    at = find_record(data, LABELSST, struct.pack("<HH", 4, 5))
    data[at - 4 : at - 2] = struct.pack("<H", BOOLERR)
    data[at + 6 : at + 8] = bytes([42, 1])
    check(bytes(data), Wanted(errors={"F5"}))


def test_a_coloured_row_of_an_old_workbook_is_named() -> None:
    data = content()
    struct.pack_into("<IH", data, find_record(data, XF, b"") + 14, 1 << 26, 10)
    struct.pack_into("<H", data, find_record(data, LABELSST, struct.pack("<HH", 4, 2)) + 4, 0)
    check(bytes(data), Wanted(notes=("1 dòng được tô màu (dòng 5)",)))


def test_a_sound_old_workbook_shows_nothing_of_the_kind() -> None:
    shown = open_sheets(bytes(content()))[1][0].appearance
    assert (shown.faults, shown.hidden_rows, shown.hidden_columns, shown.struck) == ({}, set(), set(), set())


@pytest.mark.parametrize("place", [(65_535, 65_535), (4, 255), (65_535, 150)])
def test_a_far_cell_of_an_old_workbook_is_refused_before_the_area_up_to_it_is_held(place: tuple[int, int]) -> None:
    data = content()
    at = find_record(data, LABELSST, struct.pack("<HH", 4, 5))
    data[at : at + 4] = struct.pack("<HH", *place)
    with pytest.raises(RefusedFileError, match=r"roster\.too_many_rows"):
        open_sheets(bytes(data))


def test_an_old_workbook_that_claims_more_rows_than_its_format_has_is_refused() -> None:
    data = content()
    at = data.index(struct.pack("<HH", DIMENSIONS, 14)) + 4
    data[at : at + 8] = struct.pack("<II", 0, 0xFFFFFFF)
    with pytest.raises(RefusedFileError, match=r"roster\.too_many_rows"):
        open_sheets(bytes(data))


def test_an_old_workbook_whose_sectors_follow_each_other_in_a_ring_is_broken() -> None:
    data = content()
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory, table = (struct.unpack_from("<I", data, at)[0] for at in (48, 76))
    struct.pack_into("<I", data, (table + 1) * size + 4 * directory, directory)
    with pytest.raises(RefusedFileError, match=r"file\.broken"):
        open_sheets(bytes(data))


def test_an_old_workbook_whose_table_of_sectors_is_cut_off_is_broken() -> None:
    data = content()
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    struct.pack_into("<I", data, 76, len(data) // size - 1)
    with pytest.raises(RefusedFileError, match=r"file\.broken"):
        open_sheets(bytes(data))


NAMESPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
HEAD = ["Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", "Lĩnh vực", "Tổ"]


def cell(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_row(name: str, phone: str, team: str, attributes: str = "") -> str:
    cells = "".join(cell(text) for text in (name, "GV", phone, "T2", "KPI"))
    return f"<table:table-row {attributes}>{cells}{team}</table:table-row>"


def ods(*tables: str, styles: str = "") -> bytes:
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml", f"<office:document-content {NAMESPACES}>{automatic}{body}</office:document-content>"
        )
    return out.getvalue()


def table(name: str, *rows: str, attributes: str = "") -> str:
    head = f"<table:table-row>{''.join(cell(text) for text in HEAD)}</table:table-row>"
    return f'<table:table table:name="{name}" {attributes}>{head}{"".join(rows)}</table:table>'


def test_an_open_document_shows_merges_hidden_rows_comments_and_errors_too() -> None:
    spanned = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    covered = "<table:covered-table-cell/>"
    error = cell("#N/A", 'table:formula="of:=VLOOKUP(1;A1:B2;2)" calcext:value-type="error"')
    note = "<office:annotation><dc:creator>Hoa</dc:creator><text:p>xem</text:p><text:p>lại</text:p></office:annotation>"
    data = ods(table(
        "DS",
        ods_row("Lê Thị Hoa", "0950000001", cell("1", spanned)),
        ods_row("Trần Văn Bình", "0950000002", covered).replace("<text:p>T2", f"{note}<text:p>T2"),
        ods_row("Nguyễn Thị Cúc", "0950000003", "", 'table:visibility="filter"'),
        ods_row("Phạm Văn Dũng", "0950000004", error),
    ))  # fmt: skip
    wanted = Wanted(
        ("Lê Thị Hoa", "Trần Văn Bình"), {2: {"team": "Tổ 1"}, 3: {"team": "Tổ 1"}}, errors={"F5"}, warnings={"D3"},
        notes=("dòng 4",),
    )  # fmt: skip
    check(data, wanted)


def test_a_coloured_row_of_an_open_document_is_named() -> None:
    fo = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ground = f'<style:table-cell-properties {fo} fo:background-color="#ff0000"/>'
    styles = f'<style:style style:name="ce1" style:family="table-cell">{ground}</style:style>'
    rows = [ods_row(name, f"095000000{number}", "") for number, name in enumerate(("Lê Thị Hoa", "Trần Văn Bình"))]
    rows[1] = rows[1].replace('value-type="string"', 'value-type="string" table:style-name="ce1"', 1)
    wanted = Wanted(("Lê Thị Hoa", "Trần Văn Bình"), notes=("1 dòng được tô màu (dòng 3)",))
    check(ods(table("DS", *rows), styles=styles), wanted)


def test_a_hidden_sheet_of_an_open_document_is_left_out_and_named() -> None:
    hidden = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta2" style:family="table">{hidden}</style:style>'
    last_year = table("DS 2024", ods_row("Trần Văn Bình", "0950000002", ""), attributes='table:style-name="ta2"')
    data = ods(table("DS", ods_row("Lê Thị Hoa", "0950000001", "")), last_year, styles=style)
    check(data, Wanted(("Lê Thị Hoa",), notes=("“DS 2024” bị ẩn (1 người)",)))


def test_a_comment_of_an_old_workbook_is_its_box_named_by_its_note() -> None:
    comments: dict[tuple[int, int], str] = {}
    boxes = XlsComments()
    for kind, data in (
        (0x5D, struct.pack("<HHHH", 0x15, 0x12, 0x19, 7)), (0x1B6, struct.pack("<HHIHH", 0, 0, 0, 0, 8)),
        (0x3C, b"\x01" + "xin".encode("utf-16-le")), (0x3C, b"\x00 rut "), (0x3C, bytes(16)),
        (NOTE, struct.pack("<HHHH", 1, 2, 0, 7)),
    ):  # fmt: skip
        boxes.follow(kind, data, comments)
    assert comments == {(1, 2): "xin rut"}
