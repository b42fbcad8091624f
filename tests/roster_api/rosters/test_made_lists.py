"""Lists of further kinds are read right, or refused with what is wrong: nothing is read otherwise without a word."""

import pytest

from tests.roster_api.rosters.made_lists import (
    LONG,
    NAMES,
    SHORT,
    TICKS,
    book,
    colour_rows,
    comment,
    cross_out,
    csv_of,
    hide_column,
    hide_row,
    long,
    set_formats,
    short,
    ticks,
    with_sheet,
)
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES
HALVES = [
    ["Họ và tên", "Vai trò", "SĐT", "Lịch rảnh", None, None, None, None, None, "Lĩnh vực"],
    [None, None, None, "T2", None, "T3", None, "T4", None, None],
    [None, None, None, "S", "C", "S", "C", "S", "C", None],
    [HOA, "GV", "0950000001", "x", None, None, None, "x", "x", "Số hóa"],
]
UNDER_GROUP = [["Họ tên", "Vai trò", "SĐT", "T2", "T3", "T4", "T5", "T6", None], ticks("x", None, "x", None, None)]
SPLIT = "A1:C1 D1:H1 I1:I2"
BUSY = Wanted(refused="roster.columns", notes=("Ngày rảnh",))
PARENTS = [
    [*SHORT, "Phụ huynh", None], [None] * 5 + ["Họ tên", "SĐT"], [*short(1), "Lê Văn Cha", "0960000001"],
]  # fmt: skip
SIGNED = [[], [None, "NGƯỜI LẬP BẢNG", *[None] * 4, "TRƯỞNG KHOA"], [None, "Nguyễn Lập", *[None] * 4, "Trần Khoa"]]

KINDS: dict[str, tuple[Content, Wanted]] = {
    "rows that stand out by a colour, of ground or of letters, and nobody says what it means": (
        book([SHORT, short(1), short(2), short(3), short(4)], prepare=colour_rows),
        Wanted((HOA, BINH, CUC, DUNG), notes=("2 dòng được tô màu (dòng 3, 4)",)),
    ),
    "groups whose numeral has a cell of its own, and no column for the role": (
        book([["STT", "Họ và tên", "SĐT", "Ngày rảnh", "Lĩnh vực"], ["I", "GIẢNG VIÊN KHOA LUẬT"],
              [1, HOA, "0950000001", "T2", "KPI"], ["II", "SINH VIÊN"], [1, BINH, "0950000002", "T3", "Digitisation"]]),
        Wanted((HOA, BINH), {5: {"role": "student", "skills": {"digitise": 2}}}),
    ),
    "who waits for approval is shown, who is refused it is asked about": (
        book([[*SHORT, "Trạng thái"], [*short(1), "Đã duyệt"], [*short(2), "Chờ duyệt"], [*short(3), "Không duyệt"]]),
        Wanted((HOA, BINH), errors={"F4"}, warnings={"F3"}),
    ),
    "comments beside a row's cells and at a total": (
        book([SHORT, short(1), short(2), ["Tổng cộng: 2 người"]], prepare=comment),
        Wanted((HOA,), errors={"G3"}, warnings={"C2"}, notes=("1 chú thích ở dòng không có người, không đọc: A4",)),
    ),
    "as a program for personnel writes it": (
        book([["DANH SÁCH NHÂN VIÊN"], ["Ngày in: 30/11/2026"], [],
              ["STT", "Mã nhân viên", "Tên nhân viên", "Ngày sinh", "Chức danh", "ĐT di động", "Ngày rảnh", "Lĩnh vực"],
              [1, "NV0001", HOA, "01/02/1990", "Giảng viên", "0950000001", "T2", "KPI"], ["Số dòng = 1"]]),
        Wanted((HOA,), {5: {"external_ref": "NV0001"}}, notes=("Cột không dùng đến: “Ngày sinh”",)),
    ),
    "two tables side by side": (
        book([[*SHORT, None, *SHORT], [*short(1), None, *short(2)], short(3)]), Wanted((HOA, CUC, BINH)),
    ),
    "another table below, its columns in another order": (
        book([SHORT, short(1), [], ["SINH VIÊN"], ["SĐT", "Họ tên", "Vai trò", "Lĩnh vực", "Ngày rảnh"],
              ["0950000002", BINH, "SV năm 3", "KPI", "T5"]]),
        Wanted((HOA, BINH), {6: {"role": "student", "free_weekdays": [3], "skills": {"kpi": 2}}}),
    ),
    "half days under a header of three rows": (
        book(HALVES, merge="D1:I1 D2:E2 F2:G2 H2:I2 A1:A3 B1:B3 C1:C3 J1:J3"),
        Wanted((HOA,), {4: {"free_weekdays": [0, 2]}}, warnings={"D4"}),
    ),
    "half days in the header's words, an evening": (
        book([["Họ và tên", "Vai trò", "SĐT", "Sáng T2", "Chiều T2", "Tối T4", "Lĩnh vực"],
              [HOA, "GV", "0950000001", "x", None, "x", "KPI"]]),
        Wanted((HOA,), {2: {"free_weekdays": [0]}}, warnings={"D2"}, notes=("Tối T4",)),
    ),
    "ticks under 'Lịch dạy'": (book([["Thông tin", None, None, "Lịch dạy", *[None] * 4, "Lĩnh vực"], *UNDER_GROUP],
                                    merge=SPLIT), BUSY),
    "ticks under 'Khả năng tham gia'": (
        book([["Thông tin", None, None, "Khả năng tham gia", *[None] * 4, "Lĩnh vực"], *UNDER_GROUP], merge=SPLIT),
        Wanted((HOA,), {3: {"free_weekdays": [0, 2]}}),
    ),
    "csv: ticks under 'Lịch bận'": (
        csv_of("Họ tên,Vai trò,SĐT,Lịch bận,,,,,Lĩnh vực", ",,,T2,T3,T4,T5,T6,", f"{HOA},GV,0950000001,x,,x,,,KPI"),
        BUSY,
    ),
    "csv: ticks under 'Ngày rảnh'": (
        csv_of("Họ tên,Vai trò,SĐT,Ngày rảnh,,,,,Lĩnh vực", ",,,T2,T3,T4,T5,T6,", f"{HOA},GV,0950000001,x,,x,,,KPI"),
        Wanted((HOA,), {3: {"free_weekdays": [0, 2]}}),
    ),
    "a legend that says x is busy": (
        book([["(x: ngày bận dạy)"], TICKS, ticks("x", None, None, None, None)]),
        Wanted(refused="roster.columns", notes=("x: ngày bận dạy",)),
    ),
    "a title that says busy": (
        book([["LỊCH BẬN CỦA GIẢNG VIÊN"], TICKS, ticks("x", None, None, None, None)]),
        Wanted(refused="roster.columns", notes=("LỊCH BẬN",)),
    ),
    "'Thời gian không thể tham gia'": (
        book([[*SHORT[:3], "Thời gian không thể tham gia", "Lĩnh vực"], short(1)]),
        BUSY,
    ),
    "'Ngày lên lớp'": (book([[*SHORT[:3], "Ngày lên lớp", "Lĩnh vực"], short(1)]), BUSY),
    "'Có thể đi ngày nào?'": (
        book([[*SHORT[:3], "Có thể đi ngày nào?", "Lĩnh vực"], short(1)]),
        Wanted((HOA,), {2: {"free_weekdays": [0, 2]}}),
    ),
    "busy weekdays beside free ones": (
        book([[*SHORT, "Ngày bận trong tuần"], [*short(1), "T3"], short(2), [*short(3), "T4, T5"]]),
        Wanted((HOA, BINH), errors={"F4"}),
    ),
    "'Lĩnh vực không làm được'": (
        book([[*SHORT[:4], "Lĩnh vực không làm được"], short(1)]),
        Wanted(refused="roster.columns", notes=("Lĩnh vực",)),
    ),
    "a hidden column of phones": (
        book([LONG, long(1)], prepare=hide_column("E")), Wanted(refused="roster.columns", notes=("cột bị ẩn (E)",)),
    ),
    "a hidden header": (
        book([LONG, long(1)], prepare=hide_row(1)), Wanted(refused="roster.no_header", notes=("dòng ẩn",)),
    ),
    "crossed-out days and a crossed-out name": (
        book([LONG, long(1), long(2), long(3)], prepare=cross_out),
        Wanted((BINH,), errors={"G2", "G4"}, warnings={"C3"}),
    ),
    "numbers as their formats show them": (
        book([LONG, long(1), long(2)], prepare=set_formats),
        Wanted((HOA, BINH), {2: {"external_ref": "00101", "phone": "+84950000001"}, 3: {"external_ref": "SV007"}}),
    ),
    "names that begin like a total": (
        book([LONG, long(1, **{"Họ và tên": "Tống Văn An"}), long(2, **{"Họ và tên": "Tổng Thị Bé"}),
              long(3, **{"Họ và tên": "Công Huyền Tôn Nữ Lan", "Số điện thoại": None, "Email": None})]),
        Wanted(("Tống Văn An", "Tổng Thị Bé"), errors={"E4"}),
    ),
    "a total with figures": (
        book([LONG, long(1), ["Tổng", None, "1 người", *[None] * 4, 2]]), Wanted((HOA,), notes=("dòng 3",)),
    ),
    "two signatures side by side": (book([LONG, long(1), long(2), *SIGNED]), Wanted((HOA, BINH), notes=("Trần Khoa",))),
    "somebody without a phone below the signatures": (
        book([LONG, long(1), *SIGNED, long(2, **{"Số điện thoại": None, "Email": None})]),
        Wanted((HOA,), errors={"E6", "C6"}),
    ),
    "group headings in the column of names": (
        book([LONG, long(1), [None, None, "Khoa Công nghệ thông tin"], long(2), [None, None, "Lớp K46A"], long(3)]),
        Wanted((HOA, BINH, CUC), notes=("Lớp K46A",)),
    ),
    "numbering letters under the header": (book([LONG, list("ABCDEFGHIK"), long(1)]), Wanted((HOA,))),
    "days that go on in the next row": (
        book([LONG, long(1), [None] * 6 + ["T6"]]), Wanted((HOA,), errors={"C3", "D3", "E3", "I3"}),
    ),
    "rows made ready for somebody": (
        book([LONG, long(1), [2, None, None, "GV", *[None] * 3, 2], [3, None, None, "GV", *[None] * 3, 2]]),
        Wanted((HOA,), notes=("dòng 3", "dòng 4")),
    ),
    "one name over two rows": (
        book([LONG, long(1), long(2, **{"Họ và tên": None, "Mã số": None})], merge="C2:C3"),
        Wanted((), errors={"C2", "C3"}),
    ),
    "a tick over three days": (
        book([TICKS, ticks("x", None, None, None, None)], merge="D2:F2"),
        Wanted((HOA,), {2: {"free_weekdays": [0, 1, 2]}}),
    ),
    "'Đã tập huấn' is no field": (
        book([[*SHORT, "Đã tập huấn"], [*short(1), "x"]]), Wanted((HOA,), {2: {"skills": {"digitise": 2}}}),
    ),
    "fields in words and otherwise in ticks": (book([[*SHORT, "KPI"], [*short(1), "x"]]), Wanted((), errors={"E2"})),
    "csv: a name over two columns": (
        csv_of("Họ và tên,,Vai trò,SĐT,Ngày rảnh,Lĩnh vực", "Lê Thị,Hoa,GV,0950000001,T2,KPI"), Wanted((HOA,)),
    ),
    "csv: a column without a header that is no name": (
        csv_of("Họ và tên,,Vai trò,SĐT,Ngày rảnh,Lĩnh vực", f"{HOA},Nữ,GV,0950000001,T2,KPI"),
        Wanted((HOA,), notes=("cột B",)),
    ),
    "csv: a comma inside the days": (
        csv_of("Họ và tên,Vai trò,SĐT,Lĩnh vực,Ngày rảnh", f"{HOA},GV,0950000001,KPI,T2, T4"),
        Wanted((), errors={"F2"}),
    ),
    "csv: bars": (
        csv_of("Họ và tên|Vai trò|SĐT|Ngày rảnh|Lĩnh vực", f"{HOA}|GV|0950000001|T2, T4|KPI"),
        Wanted((HOA,)),
    ),
    "csv: one broken byte": (
        csv_of(";".join(SHORT), ";".join(short(1))).replace("Lê".encode(), b"L\xc3"), Wanted(refused="file.encoding"),
    ),
    "csv: an error value": (csv_of(",".join([*SHORT, "Tổ"]), f"{HOA},GV,0950000001,T2,KPI,#N/A"),
                            Wanted((), errors={"F2"})),
    "csv: a quote that is never closed": (
        csv_of(",".join(SHORT), f'{HOA},GV,0950000001,T2,"KPI', f"{BINH},GV,0950000002,T3,KPI"),
        Wanted(refused="file.unclosed_quote"),
    ),
    "no header": (book([short(1), short(2)]), Wanted(refused="roster.no_header", notes=(HOA, "Họ và tên"))),
    "a second sheet without a header": (
        with_sheet([SHORT, short(1)], "SV", [short(2)]), Wanted((HOA,), notes=("KHÔNG ĐỌC ĐƯỢC trang “SV”",)),
    ),
    "a second sheet that lacks columns": (
        with_sheet([SHORT, short(1)], "SV", [["Họ và tên", "SĐT", "Lĩnh vực"], [BINH, "0950000002", "KPI"]]),
        Wanted(refused="roster.columns", notes=("Trang “SV”",)),
    ),
    "a hidden sheet of choices": (
        with_sheet([SHORT, short(1)], "dm", [["GV", "SV"]], state="hidden"), Wanted((HOA,), notes=("“dm” bị ẩn",)),
    ),
    "parents under a group": (
        book(PARENTS, merge="F1:G1 A1:A2 B1:B2 C1:C2 D1:D2 E1:E2"),
        Wanted((HOA,), {3: {"phone": "+84950000001"}}, notes=("Phụ huynh / SĐT",)),
    ),
    "only the phone of whom to call": (
        book([["Họ và tên", "Vai trò", "SĐT người liên hệ", "Ngày rảnh", "Lĩnh vực"], short(1)]),
        Wanted(refused="roster.columns", notes=("SĐT người liên hệ",)),
    ),
    "another header right below one person": (
        book([SHORT, short(1), [*SHORT[:3], "Lĩnh vực", "Ngày rảnh"], [BINH, "GV", "0950000002", "KPI", "T3"]]),
        Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2]}, 4: {"free_weekdays": [1]}}),
    ),
    "a form's questions": (
        book([["Dấu thời gian", "Địa chỉ email", "Họ và tên của bạn", "Bạn là", "Số điện thoại liên hệ của bạn",
               "Bạn có thể tham gia vào những ngày nào trong tuần?", "Bạn có thể hỗ trợ lĩnh vực nào?"],
              ["2026-11-01", "a@truong.example", HOA, "Giảng viên", "0950000001", "Thứ Hai, Thứ Tư", "Số hóa"]]),
        Wanted((HOA,), {2: {"free_weekdays": [0, 2], "email": "a@truong.example"}}),
    ),
    "weekdays in words under 'Ngày rảnh'": (
        book([["Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", *[None] * 4, "Lĩnh vực"],
              [*[None] * 3, "Hai", "Ba", "Tư", "Năm", "Sáu", None], ticks("x", None, None, "x", None)],
             merge="D1:H1 A1:A2 B1:B2 C1:C2 I1:I2"),
        Wanted((HOA,), {3: {"free_weekdays": [0, 3]}}),
    ),
    "ticks for free days beside ticks for busy ones": (
        book([["Họ và tên", "Vai trò", "SĐT", "Rảnh", None, "Bận", None, "Lĩnh vực"],
              [*[None] * 3, "T2", "T3", "T2", "T3", None], [HOA, "GV", "0950000001", "x", None, None, "x", "KPI"],
              [BINH, "GV", "0950000002", "x", None, "x", None, "KPI"]],
             merge="D1:E1 F1:G1 A1:A2 B1:B2 C1:C2 H1:H2"),
        Wanted((HOA,), {3: {"free_weekdays": [0]}}, errors={"F4"}),
    ),
    "whom to call, below the list": (
        book([SHORT, short(1), ["Mọi thắc mắc liên hệ cô Lan: 0950000999"]], merge="A3:E3"),
        Wanted((HOA,), notes=("cô Lan",)),
    ),
    "a legend that says x is free and not busy": (
        book([["Đánh dấu x vào ngày rảnh, không đánh dấu ngày bận"], TICKS, ticks("x", None, None, None, None)]),
        Wanted((HOA,), {3: {"free_weekdays": [0]}}),
    ),
    "people above the header": (
        book([short(1), SHORT, short(2)]), Wanted(refused="roster.columns", notes=("dòng 1",)),
    ),
    "a letterhead with a number to call": (
        book([["TRƯỜNG MẪU", None, "ĐT: 0258 3822 222"], SHORT, short(1)]), Wanted((HOA,)),
    ),
    "a last row of nothing but formulas that were never computed": (
        book([LONG, long(1), [None, None, "=A1", None, "=A2"]]), Wanted((HOA,), errors={"C3", "D3", "E3", "G3", "I3"}),
    ),
    "formulas for the running number alone": (book([LONG, long(1), ["=ROW()-1"], ["=ROW()-1"]]), Wanted((HOA,))),
    "headers that say it otherwise": (
        book([["Họ tên SV", "Đối tượng", "Di động", "Thứ có thể đi", "Mảng việc"], short(1)]),
        Wanted((HOA,), notes=("A “Họ tên SV” là họ và tên", "D “Thứ có thể đi” là ngày rảnh")),
    ),
    "days served, not days offered": (
        book([[*SHORT, "Số ngày đã đi"], [*short(1), 1]]), Wanted((HOA,), {2: {"max_days": 2}}),
    ),
    "text of 16-bit characters with tabs": (
        "\r\n".join("\t".join(row) for row in (SHORT, short(1), short(2))).encode("utf-16"), Wanted((HOA, BINH)),
    ),
    "'Cô' and 'Thầy' before the names": (
        book([SHORT, [f"Cô {HOA}", *short(1)[1:]], [f"Thầy {BINH}", *short(2)[1:]]]), Wanted((HOA, BINH)),
    ),
    "days with hyphens between": (
        book([SHORT, short(1, **{"Ngày rảnh": "Thứ 2 - Thứ 4 - Thứ 6"})]),
        Wanted((HOA,), {2: {"free_weekdays": [0, 2, 4]}}),
    ),
    "the whole week but a day": (
        book([SHORT, short(1, **{"Ngày rảnh": "Cả tuần trừ T6"})]),
        Wanted((HOA,), {2: {"free_weekdays": [0, 1, 2, 3]}}),
    ),
    "phones with dots, an apostrophe, a zero in brackets": (
        book([SHORT, short(1, SĐT="'0950.000.001"), short(2, SĐT="+84 (0) 950 000 002")]),
        Wanted((HOA, BINH), {2: {"phone": "+84950000001"}, 3: {"phone": "+84950000002"}}),
    ),
    "headers broken over lines": (
        book([["Họ và\ntên", "Vai\ntrò", "Số điện\nthoại", "Ngày\nrảnh", "Lĩnh\nvực"], short(1)]), Wanted((HOA,)),
    ),
    "an empty column in the middle": (
        book([[*SHORT[:2], None, *SHORT[2:]], [*short(1)[:2], None, *short(1)[2:]]]), Wanted((HOA,)),
    ),
    "empty rows between people": (
        book([SHORT, short(1), [], [], short(2), [], short(3)]), Wanted((HOA, BINH, CUC)),
    ),
    "a table that begins in C5": (book([*[[]] * 4, [None, None, *SHORT], [None, None, *short(1)]]), Wanted((HOA,))),
    "full-width digits in the days": (
        book([SHORT, short(1, **{"Ngày rảnh": "Ｔ２，Ｔ４"})]),
        Wanted((HOA,), {2: {"free_weekdays": [0, 2]}}, warnings={"D2"}),
    ),
    "headers and days in English": (
        book([["Full name", "Role", "Phone", "Free days", "Fields"],
              [HOA, "Lecturer", "0950000001", "Mon, Wed", "KPI"]]),
        Wanted((HOA,), {2: {"free_weekdays": [0, 2], "role": "lecturer"}}),
    ),
    "the role in the title alone": (
        book([["DANH SÁCH GIẢNG VIÊN"], [SHORT[0], *SHORT[2:]], [HOA, *short(1)[2:]]]),
        Wanted((HOA,), {3: {"role": "lecturer"}}, notes=("mọi dòng: vai trò “GIẢNG VIÊN”",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "wanted"), KINDS.values(), ids=KINDS)
def test_a_list_of_this_kind_is_read_to_what_it_means(content: Content, wanted: Wanted) -> None:
    check(content, wanted)


def test_hidden_rows_are_taken_in_when_they_are_wanted() -> None:
    check(book([LONG, long(1), long(2)], prepare=hide_row(3)), Wanted((HOA,), notes=("dòng 3",)))
    check(book([LONG, long(1), long(2)], prepare=hide_row(3)), Wanted((HOA, BINH)), include_hidden=True)
