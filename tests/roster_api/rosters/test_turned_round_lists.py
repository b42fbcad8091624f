"""Lists in which a header, a legend, a box or a word beside turns the cells round: asked about, never taken."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.roster_api.rosters.made_lists import NAMES, SHORT, TICKS, book, csv_of, short, ticks, with_sheet
from tests.roster_api.rosters.test_other_workbooks import NAMESPACES, cell
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES
BOTH = Wanted((HOA, BINH))
ASKED = Wanted(refused="roster.columns")
MAIN = "http://schemas.openxmlformats.org"
DRAWING = (
    f'<d:wsDr xmlns:d="{MAIN}/drawingml/2006/spreadsheetDrawing" xmlns:a="{MAIN}/drawingml/2006/main">'
    "<d:twoCellAnchor><d:sp><d:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></d:txBody></d:sp></d:twoCellAnchor></d:wsDr>"
)
RELATION = (
    f'<Relationships xmlns="{MAIN}/package/2006/relationships"><Relationship Id="rId9" '
    f'Type="{MAIN}/officeDocument/2006/relationships/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
)
BOX_OF_ODS = (
    f"<office:document-content {NAMESPACES} xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'>"
    "<office:body><office:spreadsheet><table:table table:name='DS'><table:shapes><draw:frame><draw:text-box>"
    "<text:p>x: ngày bận</text:p></draw:text-box></draw:frame></table:shapes>{}</table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)


def with_box(workbook: Callable[[], bytes], text: str) -> Content:
    """The workbook with a text box over its sheet."""
    return lambda: draw_box(workbook(), text)


def draw_box(content: bytes, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            made.writestr(name, source.read(name))
        made.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATION)
        made.writestr("xl/drawings/drawing1.xml", DRAWING.format(text))
    return out.getvalue()


def ods_with_box() -> bytes:
    rows = "".join(
        "<table:table-row>" + "".join(f"{cell(text or '')}" for text in row) + "</table:table-row>"
        for row in (TICKS, ticks("x", None, "x", None, None))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", BOX_OF_ODS.format(rows))
    return out.getvalue()


def days_under(header: str) -> Content:
    return book([[*SHORT[:3], header, SHORT[4]], short(1), short(2)])


def fields_under(header: str) -> Content:
    return book([[*SHORT[:4], header], short(1), short(2)])


def phones_under(header: str) -> Content:
    return book([[*SHORT[:2], header, *SHORT[3:]], short(1), short(2)])


def ticks_under(group: str) -> Content:
    rows = [["Họ và tên", "Vai trò", "SĐT", group, *[None] * 4, "Lĩnh vực"]]
    rows += [[None, None, None, "T2", "T3", "T4", "T5", "T6", None], ticks("x", None, "x", None, None)]
    return book(rows, merge="D1:H1 A1:A2 B1:B2 C1:C2 I1:I2")


def beside(header: str, word: Any, other: Any = None) -> Content:
    return book([[*SHORT, header], [*short(1), other], [*short(2), word]])


@pytest.mark.parametrize("header", [
    "Lịch học trong tuần", "Ngày đi dạy", "Thứ có lịch học", "Thời gian lên lớp", "Ngày làm việc tại trường",
    "Thời khóa biểu", "Lịch coi thi", "Ngày phải đi học", "Thứ mắc lịch", "Days off", "Lịch trực", "Lịch đã có",
])  # fmt: skip
def test_days_under_a_header_of_what_keeps_people_busy_are_not_free(header: str) -> None:
    check(days_under(header), ASKED)


@pytest.mark.parametrize("header", [
    "Ngày không bận", "Thứ không có tiết", "Khung thời gian có thể tham gia", "Weekdays available", "Thứ trống",
    "Thời gian đăng ký tham gia", "Lịch có thể đi cơ sở", "Ngày rảnh rỗi", "Lịch trống trong tuần",
])  # fmt: skip
def test_days_under_a_header_that_says_free_in_other_words_are_free(header: str) -> None:
    check(days_under(header), Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2]}}))


@pytest.mark.parametrize("group", ["Lịch đi làm", "Ca trực", "Ngày đứng lớp", "Vắng", "Đã đăng ký đợt trước"])
def test_marks_under_a_group_of_what_keeps_people_busy_are_not_free(group: str) -> None:
    check(ticks_under(group), ASKED)


@pytest.mark.parametrize("header", ["Lĩnh vực cần được hỗ trợ", "Lĩnh vực muốn được đào tạo", "Nội dung cần tập huấn"])
def test_fields_in_which_people_want_help_are_not_what_they_can(header: str) -> None:
    check(fields_under(header), ASKED)


@pytest.mark.parametrize("header", ["Bạn có thể hỗ trợ nội dung nào?", "Tham gia công việc gì", "Lĩnh vực muốn hỗ trợ"])
def test_fields_are_asked_for_in_many_words(header: str) -> None:
    check(fields_under(header), BOTH)


@pytest.mark.parametrize("header", [
    "Hotline", "SĐT Bí thư đoàn", "Liên hệ khi cần: SĐT", "SĐT trưởng đoàn", "SĐT đầu mối", "Tổng đài",
])  # fmt: skip
def test_a_number_that_others_answer_is_nobodys_own(header: str) -> None:
    check(phones_under(header), ASKED)


@pytest.mark.parametrize(("header", "word"), [
    ("Đăng ký", "không"), ("Còn học?", "không"), ("Danh sách chính thức", "không"), ("Lý do vắng", "ốm"),
    ("TT", "Thôi học"), ("Tình hình sức khỏe", "không đủ sức khỏe"), ("Khả năng", "không thể tham gia"),
    ("Tình trạng", "Nghỉ không lương"), ("Ghi chú", "Tạm hoãn đến sau Tết"), ("Ghi chú", "Bận cả học kỳ"),
    ("Ghi chú", "Xin đổi sang T3"), ("Ghi chú", "chuyển sang trường khác"), ("Ghi chú", "Chấm dứt hợp đồng"),
    ("Ghi chú", "Xin ra khỏi danh sách"), ("Ghi chú", "Loại"), ("Trạng thái", "không còn công tác"),
])  # fmt: skip
def test_a_word_beside_that_takes_somebody_out_is_asked_about(header: str, word: str) -> None:
    check(beside(header, word), Wanted((HOA,), errors={"F3"}))


KINDS: dict[str, tuple[Content, Wanted]] = {
    "a footnote that asks for busy days": (
        book([[*SHORT[:3], "Ngày rảnh (*)", SHORT[4]], short(1), [], ["(*) Ghi các ngày KHÔNG tham gia được"]]), ASKED,
    ),
    "a title that asks for busy days": (
        book([["(Cột ngày rảnh: ghi những ngày có tiết dạy)"], SHORT, short(1)]), ASKED,
    ),
    "a title that says what free means": (
        book([["Ngày rảnh là ngày không có tiết dạy; không ghi ngày bận"], SHORT, short(1)]), Wanted((HOA,)),
    ),
    "footnotes that change nothing": (
        book([SHORT, short(1), [], ["(*) Ghi các ngày có thể tham gia, ví dụ T2, T4"], ["(**) Theo Phụ lục 1"]]),
        Wanted((HOA,), notes=("Phụ lục 1",)),
    ),
    "a text box that says x is busy": (
        with_box(book([TICKS, ticks("x", None, "x", None, None)]), "x: ngày bận"), ASKED,
    ),
    "a text box of an open document": (ods_with_box(), ASKED),
    "a text box that says something else": (
        with_box(book([SHORT, short(1)]), "Gửi trước 5/12"), Wanted((HOA,), notes=("hộp chữ", "Gửi trước 5/12")),
    ),
    "a sheet that shows how to fill it in": (
        with_sheet([SHORT, short(1)], "Hướng dẫn", [SHORT, short(2)]), Wanted((HOA,), errors={"A2"}),
    ),
    "'Ví dụ' above the header": (book([["Ví dụ cách điền:"], SHORT, short(1)]), Wanted((), errors={"A3"})),
    "a hint above the header": (book([["Ví dụ: T2, T4"], SHORT, short(1)]), Wanted((HOA,))),
    "remarks that change nothing are shown": (
        beside("Ghi chú", "Lớp trưởng", "Có con nhỏ"), Wanted((HOA, BINH), notes=("Lớp trưởng", "Có con nhỏ")),
    ),
    "remarks that may change something": (beside("Ghi chú", "Đi nước ngoài"), Wanted((HOA, BINH), warnings={"F3"})),
    "roles of those who leave": (
        book([SHORT, short(1), [BINH, "GV (đã chuyển công tác)", *short(2)[2:]]]), Wanted((HOA,), errors={"B3"}),
    ),
    "fields that somebody is only learning": (
        book([SHORT, short(1), [*short(2)[:4], "Đang học số hóa"], [*short(3)[:4], "Đã dự tập huấn"]]),
        Wanted((HOA,), errors={"E3", "E4"}),
    ),
    "one name over a row for each day": (
        book([SHORT, short(1), [None, None, None, "T5", None], short(2)], merge="A2:A3 B2:B3 C2:C3 E2:E3"),
        Wanted((BINH,), errors={"A2", "A3"}),
    ),
    "a lower table with more columns": (
        book([SHORT, short(1), short(2), [], ["Mã SV", *SHORT, "Lớp"], ["SV3", *short(3), "K1"]]),
        Wanted((HOA, BINH, CUC)),
    ),
    "two columns of names, one of them empty": (
        book([["Name", *SHORT], [None, *short(1)]]), Wanted((HOA,), notes=("Name",)),
    ),
    "what to write, in brackets under the header": (
        book([SHORT, [None, "(GV/SV)", "(10 số)", "(T2-T6)", "(chọn)"], short(1)]), Wanted((HOA,)),
    ),
    "a faculty for a name": (book([SHORT, ["Khoa CNTT", *short(1)[1:]]]), Wanted(warnings={"A2"})),
    "nobody yet, and somebody in another's place": (
        book([SHORT, ["Chưa có", *short(1)[1:]], ["Lê Văn Quý thay Trần Văn Bình", *short(2)[1:]]]),
        Wanted((), errors={"A2", "A3"}),
    ),
    "signs for yes and no behind the days": (
        book([SHORT, short(1, **{"Ngày rảnh": "T2 (+), T3 (-), T4 (+)"}), short(2, **{"Ngày rảnh": "T2: -, T3: +"}),
              short(3, **{"Ngày rảnh": "T2 + T4"})]),
        Wanted((CUC,), {4: {"free_weekdays": [0, 2]}}, errors={"D2", "D3"}),
    ),
    "one name over three columns": (
        book([["Họ và tên", None, None, *SHORT[1:]], ["Lê", "Thị", "Hoa", *short(1)[1:]],
              ["Trần", None, "Bình", *short(2)[1:]]], merge="A1:C1"),
        Wanted((HOA, "Trần Bình")),
    ),
    "columns with numbers of their own": (
        book([["1. Họ và tên", "2. Vai trò", "(3) SĐT", "4/ Ngày rảnh", "5. Lĩnh vực"], short(1)]), Wanted((HOA,)),
    ),
    "csv: one half in another encoding": (
        csv_of(",".join(SHORT), f'{HOA},GV,0950000001,"T2",KPI') + b'Tr\xc2\xec\xf2n,GV,0950000002,"T3",KPI\n',
        Wanted(refused="file.encoding", notes=("Dòng 3",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "wanted"), KINDS.values(), ids=KINDS)
def test_a_list_of_this_kind_is_read_right_or_asked_about(content: Content, wanted: Wanted) -> None:
    check(content, wanted)
