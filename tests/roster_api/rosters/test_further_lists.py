"""Further kinds of lists: what stands beside a person, over a group or in a comment counts; the unclear is asked."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.roster_api.rosters.made_lists import NAMES, SHORT, TICKS, book, csv_of, short, ticks, with_sheet
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES
FORM = "Dấu thời gian,Họ và tên,Bạn là giảng viên hay sinh viên?,Số điện thoại (Zalo)"
WITHDRAWN = Wanted((HOA,), errors={"F3"})
NO_DAYS = Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",))


def days(written: Any) -> Content:
    return book([SHORT, short(1, **{"Ngày rảnh": written})])


def beside(header: str, first: Any, second: Any) -> Content:
    """Two people, and a column that nothing is read from."""
    return book([[*SHORT, header], [*short(1), first], [*short(2), second]])


def noted(place: str, text: str) -> Any:
    return lambda sheet: setattr(sheet[place], "comment", Comment(text, "nguoi lap"))


def strike_row(sheet: Any) -> None:
    for cell in sheet[3]:
        cell.font = Font(strike=True)


def cp1258(text: str) -> bytes:
    """As old Windows wrote it: letters with their hats, tones as marks of their own."""
    out = ""
    for char in unicodedata.normalize("NFC", text):
        try:
            char.encode("cp1258")
            out += char
        except UnicodeEncodeError:
            base, *marks = list(unicodedata.normalize("NFD", char))
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            out += unicodedata.normalize("NFC", base + "".join(set(marks) - set(tones))) + "".join(tones)
    return out.encode("cp1258")


KINDS: dict[str, tuple[Content, Wanted]] = {
    # a column beside takes back what the row says
    "remarks: withdrew": (beside("Ghi chú", None, "Xin rút"), WITHDRAWN),
    "remarks: leave of absence": (beside("Ghi chú", "Nhóm trưởng", "bảo lưu kết quả"), WITHDRAWN),
    "remarks: not on Wednesday": (beside("Ghi chú", "", "Chỉ đi T2, không đi T4"), WITHDRAWN),
    "remarks: busy until a date": (beside("Lưu ý", None, "Bận đến 15/12"), WITHDRAWN),
    "remarks: something else": (
        beside("Ghi chú", "Có xe máy", "không có máy tính"), Wanted((HOA, BINH), warnings={"F3"}),
    ),
    "state: withdrew": (beside("Trạng thái", "Đồng ý", "Đã rút"), WITHDRAWN),
    "takes part: no": (beside("Tham gia", "Có", "Không"), WITHDRAWN),
    "takes part: not ticked": (beside("Đồng ý tham gia (x)", "x", None), Wanted((HOA, BINH), warnings={"F3"})),
    "why not": (beside("Lý do không tham gia", None, "Việc gia đình"), WITHDRAWN),
    "no vehicle, no faith: nothing against the row": (
        book([[*SHORT, "Tôn giáo", "Có xe"], [*short(1), "Không", "Không"]]), Wanted((HOA,)),
    ),
    "lessons on a free day": (beside("Lịch dạy", "T3", "T4, T5"), WITHDRAWN),
    "a period": (beside("Ngày bắt đầu", None, date(2026, 12, 1)), Wanted((HOA, BINH), warnings={"F3"})),
    "a remark without a header": (beside("", None, "đã rút tên"), WITHDRAWN),
    "a comment at a cell": (
        book([SHORT, short(1), short(2)], prepare=noted("D3", "không đi T4 nữa")), Wanted((HOA,), errors={"D3"}),
    ),
    "a comment that says nothing against it": (
        book([SHORT, short(1)], prepare=noted("C2", "gọi sau 9h")), Wanted((HOA,), warnings={"C2"}),
    ),
    "a comment at the header says x is busy": (
        book([TICKS, ticks("x", None, None, None, None)], prepare=noted("D1", "x là ngày bận")),
        Wanted(refused="roster.columns", notes=("x là ngày bận",)),
    ),
    "a legend in the header's row": (
        book([[*TICKS, None, "Ghi chú: x là ngày bận"], ticks("x", None, None, None, None)]),
        Wanted(refused="roster.columns", notes=("x là ngày bận",)),
    ),
    "a legend beside the table": (
        book([TICKS, [*ticks("x", None, None, None, None), None, "x: có tiết dạy"]]),
        Wanted(refused="roster.columns", notes=("có tiết dạy",)),
    ),
    "red is withdrawn": (
        book([SHORT, short(1), short(2), ["Ghi chú: dòng tô đỏ là đã rút"]]),
        Wanted(refused="roster.columns", notes=("không đọc màu",)),
    ),
    "yellow above": (
        book([["Các bạn tô vàng không tham gia nữa"], SHORT, short(1)]),
        Wanted(refused="roster.columns", notes=("không đọc màu",)),
    ),
    "a crossed-out row": (
        book([SHORT, short(1), short(2)], prepare=strike_row), Wanted((HOA,), errors={"C3", "D3"}),
    ),
    # headings, pages, sheets
    "a group of those who left": (
        book([SHORT, short(1), ["DANH SÁCH RÚT TÊN"], short(2)], merge="A3:E3"), Wanted((HOA,), errors={"A4"}),
    ),
    "a group that left, without a merge": (
        book([["STT", *SHORT], [1, *short(1)], ["II. Không tham gia"], [1, *short(2)]]), Wanted((HOA,), errors={"B4"}),
    ),
    "a group in reserve": (
        book([SHORT, short(1), ["DỰ BỊ"], short(2)]), Wanted((HOA, BINH), warnings={"A4"}, notes=("DỰ BỊ",)),
    ),
    "a sheet of those who left": (
        with_sheet([SHORT, short(1)], "Đã rút", [SHORT, short(2)]), Wanted((HOA,), errors={"A2"}),
    ),
    "roles in the groups' headings": (
        book([["STT", *SHORT[:1], *SHORT[2:]], ["I. GIẢNG VIÊN (1 người)"], [1, HOA, "0950000001", "T2", "KPI"],
              ["II. SINH VIÊN NĂM 4"], [1, BINH, "0950000002", "T3", "KPI"]]),
        Wanted((HOA, BINH), {3: {"role": "lecturer"}, 5: {"role": "student", "year": 4}}),
    ),
    "roles in the sheets' names": (
        with_sheet([[*SHORT[:1], *SHORT[2:]], [HOA, "0950000001", "T2", "KPI"]], "SV", [SHORT, short(2)]),
        Wanted(refused="roster.columns", notes=("Vai trò",)),
    ),
    "pages with letterheads, totals and running totals": (
        book([SHORT, short(1), ["Cộng trang", None, "1"], ["Trang 1/2"], ["TRƯỜNG ĐẠI HỌC MẪU"], ["DANH SÁCH (tiếp)"],
              SHORT, short(2), ["Lũy kế: 2"], ["Trang 2/2"]]),
        Wanted((HOA, BINH), notes=("TRƯỜNG ĐẠI HỌC MẪU", "Trang 1/2", "Cộng trang", "Lũy kế")),
    ),
    # names
    "three columns of names": (
        book([["Họ", "Tên đệm", "Tên", *SHORT[1:]], ["Lê", "Thị", "Hoa", *short(1)[1:]],
              ["Trần", None, "Bình", *short(2)[1:]]]),
        Wanted((HOA, "Trần Bình")),
    ),
    "surname, middle and first name": (
        book([["Surname", "Middle name", "First name", *SHORT[1:]], ["Lê", "Thị", "Hoa", *short(1)[1:]]]),
        Wanted((HOA,)),
    ),
    "middle and given names without the family's": (
        book([["Dòng họ", "Tên đệm", "Tên", *SHORT[1:]], ["Lê", "Thị", "Hoa", *short(1)[1:]]]),
        Wanted(refused="roster.columns", notes=("Họ và tên",)),
    ),
    "the given name first": (
        book([["Tên", "Họ và tên đệm", *SHORT[1:]], ["Hoa", "Lê Thị", *short(1)[1:]]]), Wanted((HOA,)),
    ),
    "two people in a cell": (
        book([SHORT, [f"{HOA}\n{BINH}", "GV", "0950000001\n0950000002", "T2", "KPI"]]), Wanted((), errors={"A2"}),
    ),
    "two people with 'và' between": (book([SHORT, [f"{HOA} và {BINH}", *short(1)[1:]]]), Wanted((), errors={"A2"})),
    "a name broken over lines": (
        book([SHORT, ["Lê Thị\nHoa", *short(1)[1:]]]), Wanted((HOA,), warnings={"A2"}),
    ),
    "an office behind the name": (book([SHORT, [f"{HOA} - lớp trưởng", *short(1)[1:]]]), Wanted((), errors={"A2"})),
    "an example's name": (book([SHORT, ["Nguyễn Văn A", *short(1)[1:]]]), Wanted(warnings={"A2"})),
    # days
    "a cell turned to a date": (days(date(2026, 4, 2)), Wanted((), errors={"D2"})),
    "figures run together": (days(246), Wanted((HOA,), {2: {"free_weekdays": [0, 2, 4]}}, warnings={"D2"})),
    "a decimal number": (days(2.46), Wanted((HOA,), {2: {"free_weekdays": [0, 2, 4]}}, warnings={"D2"})),
    "but holidays": (days("T2 đến T6, trừ ngày lễ"), Wanted((HOA,), {2: {"free_weekdays": [0, 1, 2, 3, 4]}})),
    "a star of a footnote": (days("T2, T4*"), Wanted((), errors={"D2"})),
    "and so on": (days("T2, T4,..."), Wanted((), errors={"D2"})),
    "about": (days("~T2"), Wanted((), errors={"D2"})),
    "T.Hai and Th4": (days("T.Hai, Th4"), Wanted((HOA,), {2: {"free_weekdays": [0, 2]}})),
    "busy weekdays that meet none of the free ones": (
        beside("Lịch bận", "T3, T6", "T4"), Wanted((HOA,), errors={"F3"}),
    ),
    "2 ... 6 under 'Thứ'": (
        book([["Họ và tên", "Vai trò", "SĐT", "Thứ", *[None] * 4, "Lĩnh vực"], [*[None] * 3, 2, 3, 4, 5, 6, None],
              ticks("x", None, "x", None, None)], merge="D1:H1"),
        Wanted((HOA,), {3: {"free_weekdays": [0, 2]}}),
    ),
    "a form's grid": (
        csv_of(f"{FORM},Bạn rảnh những buổi nào? [Thứ 2],Bạn rảnh những buổi nào? [Thứ 3],Lĩnh vực",
               f'2026/11/20,{HOA},Giảng viên,0950000001,"Sáng, Chiều",,KPI'),
        Wanted((HOA,), {2: {"free_weekdays": [0]}}),
    ),
    "a form's grid of busy days": (
        csv_of(f"{FORM},Bạn bận những buổi nào? [Thứ 2],Lĩnh vực", f"2026/11/20,{HOA},Giảng viên,0950000001,Sáng,KPI"),
        NO_DAYS,
    ),
    "a form that asks for the days one can not": (
        csv_of(f"{FORM},Những ngày bạn KHÔNG thể tham gia,Lĩnh vực",
               f"2026/11/20,{HOA},Giảng viên,0950000001,Thứ 2,KPI"),
        NO_DAYS,
    ),
    # fields, counts, distances, teams
    "fields with dashes between": (
        book([SHORT, short(1, **{"Lĩnh vực": "Số hóa - Tập huấn - KPI"})]),
        Wanted((HOA,), {2: {"skills": {"digitise": 2, "kpi": 2, "training": 2}}}),
    ),
    "fields run together": (book([SHORT, short(1, **{"Lĩnh vực": "số hóa kpi"})]), Wanted((), errors={"E2"})),
    "one field or another": (
        book([SHORT, short(1, **{"Lĩnh vực": "Số hóa hoặc tập huấn"})]), Wanted((), errors={"E2"}),
    ),
    "needs training": (book([SHORT, short(1, **{"Lĩnh vực": "Cần tập huấn"})]), Wanted((), errors={"E2"})),
    "all fields": (book([SHORT, short(1, **{"Lĩnh vực": "Tất cả các lĩnh vực"})]), Wanted((HOA,), warnings={"E2"})),
    "more than two days": (beside("Số ngày/tuần", "> 2", 2), Wanted((BINH,), errors={"F2"})),
    "two weeks": (beside("Số ngày/tuần", "2 tuần", "2/tuần"), Wanted((BINH,), errors={"F2"})),
    "a thousand, or one": (beside("Đi xa tối đa (km)", "1.000", "50"), Wanted((BINH,), errors={"F2"})),
    "departments for teams": (beside("Tổ", "Toán - Tin", "Tổ 2"), Wanted((HOA, BINH), warnings={"F2"})),
    "after Tuesday": (days("sau T3"), Wanted((), errors={"D2"})),
    "and after the fourth": (days("T2, sau thứ tư"), Wanted((), errors={"D2"})),
    "days, and the year of study": (days("T2, T4 năm 4"), Wanted((), errors={"D2"})),
    "two, four, six without accents": (days("hai, tu, sau"), Wanted((HOA,), {2: {"free_weekdays": [0, 2, 4]}})),
    "0 is free, 1 is busy": (
        book([["0 = rảnh, 1 = bận"], TICKS, ticks(1, 0, 1, 0, 0)]),
        Wanted(refused="roster.columns", notes=("1 = bận",)),
    ),
    "1 is free, 0 is busy": (
        book([["1 = rảnh, 0 = bận"], TICKS, ticks(1, 0, 1, 0, 0)]), Wanted((HOA,), {3: {"free_weekdays": [0, 2]}}),
    ),
    "what is left blank is free": (
        book([["Ô trống là rảnh"], TICKS, ticks("x", None, None, None, None)]),
        Wanted(refused="roster.columns", notes=("Ô trống là rảnh",)),
    ),
    "empty boxes": (book([TICKS, ticks("☑", "☐", "✔", "□", None)]), Wanted((HOA,), {2: {"free_weekdays": [0, 2]}})),
    "days of lessons alone": (book([[*SHORT[:3], "Ngày đi học", "Lĩnh vực"], short(1)]), NO_DAYS),
    "days of the last wave": (book([[*SHORT[:3], "Ngày tham gia đợt trước", "Lĩnh vực"], short(1)]), NO_DAYS),
    "ticks of the last wave": (
        book([[*TICKS[:3], "Đã tham gia đợt trước", *[None] * 4, "Lĩnh vực"], [*[None] * 3, *TICKS[3:8], None],
              ticks("x", None, None, None, None)], merge="D1:H1"),
        NO_DAYS,
    ),
    "available days": (book([[*SHORT[:3], "Available days", "Lĩnh vực"], short(1)]), Wanted((HOA,))),
    "busy hours on a free day": (beside("Giờ bận", "T3 chiều", "T4 sáng"), WITHDRAWN),
    "approved, and one is not": (beside("Duyệt", "x", None), Wanted((HOA, BINH), warnings={"F3"})),
    "the interview": (beside("Kết quả phỏng vấn", "Đạt", "Không đạt"), WITHDRAWN),
    "white letters": (
        book([SHORT, short(1), short(2)], prepare=lambda sheet: setattr(sheet["A3"], "font", Font(color="FFFFFFFF"))),
        Wanted((HOA, BINH), notes=("tô màu (dòng 3)",)),
    ),
    "a row too low to be seen": (
        book([SHORT, short(1), short(2)], prepare=lambda sheet: setattr(sheet.row_dimensions[3], "height", 0.1)),
        Wanted((HOA,), notes=("dòng 3",)),
    ),
    "called Mister": (book([SHORT, [f"Ông {HOA}", *short(1)[1:]]]), Wanted((HOA,), warnings={"A2"})),
    "of the family Ông": (book([SHORT, ["Ông Cao Thắng", *short(1)[1:]]]), Wanted(("Ông Cao Thắng",))),
    "called a teacher, without the whole name": (
        book([SHORT, ["Thầy Bình", *short(1)[1:]]]), Wanted(("Thầy Bình",), warnings={"A2"}),
    ),
    # files and headers
    "csv: Windows-1258": (cp1258(";".join(SHORT) + "\r\n" + ";".join(short(3)) + "\r\n"), Wanted((CUC,))),
    "text of 16-bit characters without a mark": (
        "\r\n".join("\t".join(row) for row in (SHORT, short(1))).encode("utf-16-be"), Wanted((HOA,)),
    ),
    "csv: 'sep=;'": (csv_of("sep=;", ";".join(SHORT), ";".join(short(1))), Wanted((HOA,))),
    "headers in two languages": (
        book([["Họ và tên / Full name", "Vai trò / Role", "SĐT / Phone", "Ngày rảnh / Free days", "Lĩnh vực / Fields"],
              short(1)]),
        Wanted((HOA,)),
    ),
    "headers in NFD and capitals": (
        book([[unicodedata.normalize("NFD", text.upper()) for text in SHORT], short(1)]), Wanted((HOA,)),
    ),
    "a phone with a question mark": (book([SHORT, short(1, SĐT="0950000001?")]), Wanted((), errors={"C2"})),
    "an identity number for a phone": (book([SHORT, short(1, SĐT="056099000123")]), Wanted((), errors={"C2"})),
    "a supervisor's name and phone": (
        book([["Họ tên GVHD", "SĐT GVHD", *SHORT], ["Phạm Văn Xuân", "0960000001", *short(1)]]),
        Wanted((HOA,), {2: {"phone": "+84950000001"}}),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "wanted"), KINDS.values(), ids=KINDS)
def test_a_list_of_this_kind_is_read_right_or_asked_about(content: Content, wanted: Wanted) -> None:
    check(content, wanted)


def test_the_roles_of_sheets_without_such_a_column_come_from_the_sheets_names() -> None:
    columns = [*SHORT[:1], *SHORT[2:]]
    lists = book(
        [columns, [HOA, "0950000001", "T2", "KPI"]], prepare=lambda sheet: setattr(sheet, "title", "Giảng viên")
    )
    check(lists, Wanted((HOA,), {2: {"role": "lecturer"}}))
