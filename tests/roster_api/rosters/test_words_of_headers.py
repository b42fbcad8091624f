"""A header is understood to its last word, or its column is not read; a remark on a weekday is never passed over."""

import pytest

from tests.roster_api.rosters.made_lists import NAMES, SHORT, book, csv_of, short
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH = NAMES[:2]
OF_SOMETHING_ELSE = [
    "Ngày đi thực tập", "Ngày đi khảo sát", "Lịch đi công tác", "Ngày tham gia coi thi", "Lịch tham gia họp",
    "Ngày tham gia tập huấn", "Ngày đăng ký học", "Lịch đăng ký môn học", "Lịch hỗ trợ phòng máy",
    "Các buổi đã đăng ký học", "Lịch học (còn lại rảnh)", "Ngày hết rảnh", "Ngày ít rảnh", "Ngày hiếm khi rảnh",
]  # fmt: skip
OF_FREE_DAYS = [
    "Ngày đi xã", "Thứ đi xã", "Ngay di xa", "Đăng ký thứ đi xã", "Ngày đi cơ sở", "Ngày đi được", "Ngày ranh",
    "Lịch đăng ký tham gia", "Ngày rảnh ngoài lịch học", "Lịch rảnh HK1 2026-2027", "Lịch rảnh khoa Luật",
    "Các buổi có thể tham gia hỗ trợ xã", "Trong tuần, bạn có thể tham gia những thứ nào?",
]  # fmt: skip
OF_NO_FIELDS = [
    "Lĩnh vực từ chối", "Lĩnh vực ngại làm", "Kỹ năng cần bổ sung", "Nhiệm vụ năm trước", "Nhiệm vụ hiện tại",
    "Lĩnh vực nghiên cứu", "Lĩnh vực loại trừ",
]  # fmt: skip
OF_FIELDS = ["Việc có thể hỗ trợ", "Nội dung đăng ký", "Lĩnh vực (ưu tiên)", "Thế mạnh", "Lĩnh vực mong muốn hỗ trợ"]


USUAL = [
    ("Khung thời gian rảnh", "Mảng công việc đăng ký"), ("Lịch có thể hỗ trợ xã", "Nội dung tham gia"),
    ("Ngày đăng ký đi tình nguyện", "Mảng hỗ trợ"), ("Ngày thầy cô sắp xếp được", "Lĩnh vực thầy cô phụ trách được"),
    ("Ngày đăng ký hỗ trợ chính quyền xã", "Lãnh vực hỗ trợ chính quyền xã"), ("Ngày hỗ trợ", "Lãnh vực"),
    ("Thời gian tham gia đề án", "Lĩnh vực tham gia đề án"), ("Ngày có thể xuống xã", "Lĩnh vực có thể giúp xã"),
    ("Thời gian có thể tham gia chiến dịch hè", "Nội dung đăng ký hỗ trợ"),
    ("Ngày rảnh dự kiến học kỳ 2", "Lĩnh vực CNTT có thể hỗ trợ"), ("Ngày thuận tiện", "Kỹ năng"),
    ("LICH CO THE THAM GIA HO TRO XA", "LINH VUC DANG KY"), ("Ngày tham gia trong tuần", "Công việc có thể đảm nhận"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "fields"), USUAL)
def test_headers_as_schools_put_them_are_read(days: str, fields: str) -> None:
    content = book([[*SHORT[:3], days, fields], short(1)])
    check(content, Wanted((HOA,), {2: {"free_weekdays": [0, 2], "skills": {"digitise": 2}}}))


@pytest.mark.parametrize("header", ["NGAY THAM GIA HOP", "LICH DANG KY HOC", "NGAY DI HOC THEM"])
def test_words_of_something_else_count_without_their_accents(header: str) -> None:
    check(under(3, header), Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",)))


def under(place: int, header: str) -> Content:
    return book([[*SHORT[:place], header, *SHORT[place + 1 :]], short(1)])


@pytest.mark.parametrize("header", OF_SOMETHING_ELSE)
def test_days_under_a_header_with_a_word_of_something_else_are_not_read_as_free(header: str) -> None:
    check(under(3, header), Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",)))


@pytest.mark.parametrize("header", OF_FREE_DAYS)
def test_days_under_a_header_of_which_each_word_is_of_taking_part_are_free(header: str) -> None:
    check(under(3, header), Wanted((HOA,), {2: {"free_weekdays": [0, 2]}}))


def test_ticks_where_nothing_is_in_the_way_are_free_days() -> None:
    rows = [[*SHORT[:3], "Không vướng lịch học", None, SHORT[4]], [*[None] * 3, "T2", "T3", None],
            [*short(1)[:3], "x", None, "KPI"]]  # fmt: skip
    check(book(rows, merge="D1:E1"), Wanted((HOA,), {3: {"free_weekdays": [0]}}))


@pytest.mark.parametrize("header", ["Lịch tham gia họp", "Buổi đăng ký học"])
def test_ticks_under_a_group_of_something_else_are_not_read_as_free(header: str) -> None:
    rows = [[*SHORT[:3], header, None, None, SHORT[4]], [*[None] * 3, "T2", "T3", "T4", None],
            [*short(1)[:3], "x", None, "x", "KPI"]]  # fmt: skip
    check(book(rows, merge="D1:F1"), Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",)))


def test_ticks_under_mornings_and_afternoons_are_free_days() -> None:
    rows = [[*SHORT[:3], "Rảnh sáng", None, "Rảnh chiều", None, SHORT[4]], [*[None] * 3, "T2", "T3", "T2", "T3", None],
            [*short(1)[:3], "x", None, "x", "x", "KPI"]]  # fmt: skip
    check(book(rows, merge="D1:E1 F1:G1"), Wanted((HOA,), {3: {"free_weekdays": [0, 1]}}, warnings={"G3"}))


@pytest.mark.parametrize("header", OF_NO_FIELDS)
def test_fields_under_a_header_with_a_word_of_something_else_are_not_what_somebody_can_do(header: str) -> None:
    check(under(4, header), Wanted(refused="roster.columns", notes=("thiếu cột Lĩnh vực",)))


@pytest.mark.parametrize("header", OF_FIELDS)
def test_fields_under_a_header_of_which_each_word_is_known_are_read(header: str) -> None:
    check(under(4, header), Wanted((HOA,), {2: {"skills": {"digitise": 2}}}))


def test_the_distance_is_told_apart_from_the_days_of_going_to_communes() -> None:
    rows = [[*SHORT, "Có thể đi xa (km)"], [*short(1), 50]]
    check(book(rows), Wanted((HOA,), {2: {"max_distance_m": 50_000}}))


OF_OTHER_COUNTS = [
    "Số ngày công", "Số ngày phép", "Số ngày làm việc tại trường", "Số ngày đi thực tập", "Số buổi trực",
]  # fmt: skip


@pytest.mark.parametrize("header", OF_OTHER_COUNTS)
def test_a_count_of_something_else_is_not_how_many_days_a_week_somebody_goes(header: str) -> None:
    check(book([[*SHORT, header], [*short(1), 1]]), Wanted((HOA,), {2: {"max_days": 2}}, notes=(header,)))


@pytest.mark.parametrize("header", ["Số ngày tối đa/tuần", "Số ngày có thể tham gia", "Mấy ngày một tuần"])
def test_a_count_of_days_of_taking_part_is(header: str) -> None:
    check(book([[*SHORT, header], [*short(1), 1]]), Wanted((HOA,), {2: {"max_days": 1}}))


def test_how_far_somebody_goes_is_read_however_it_is_asked() -> None:
    check(book([[*SHORT, "Không đi xa quá (km)"], [*short(1), 20]]), Wanted((HOA,), {2: {"max_distance_m": 20_000}}))
    asked = book([[*SHORT, "Đi xa được không"], [*short(1), "Có"], [*short(2), "Không"]])
    check(asked, Wanted((HOA, BINH), warnings={"F3"}))


@pytest.mark.parametrize("header", ["Ngày thi", "Lịch thi cuối kỳ", "Ngày họp", "Buổi trực"])
def test_a_date_of_something_else_to_do_is_asked_about(header: str) -> None:
    check(book([[*SHORT, header], [*short(1), "9/12/2026"], short(2)]), Wanted((BINH,), errors={"F2"}))


@pytest.mark.parametrize("header", ["Ngày vắng mặt", "Ngày nghỉ bù", "Ngày bận việc"])
def test_dates_on_which_somebody_is_away_are_absences(header: str) -> None:
    away = [{"starts_on": "2026-12-09", "ends_on": "2026-12-09", "kind": "leave", "note": ""}]
    check(book([[*SHORT, header], [*short(1), "9/12/2026"]]), Wanted((HOA,), {2: {"absences": away}}))


def named(name: str) -> Content:
    """A list on a sheet of this name."""
    return book([SHORT, short(1)], prepare=lambda sheet: setattr(sheet, "title", name))


@pytest.mark.parametrize("words", ["Đã nghỉ", "Danh sách loại", "Danh sách hoãn", "Bận công tác", "Nghỉ phép"])
def test_a_sheet_or_a_title_of_those_who_are_away_is_asked_about(words: str) -> None:
    check(named(words), Wanted((), errors={"A2"}))
    check(book([[words.upper()], SHORT, short(1)]), Wanted((), errors={"A3"}))


@pytest.mark.parametrize("words", ["Chưa duyệt", "Bản nháp", "Danh sách chưa được duyệt"])
def test_a_sheet_or_a_title_of_those_who_wait_is_shown_at_its_rows(words: str) -> None:
    check(named(words), Wanted((HOA,), warnings={"A2"}))
    check(book([[words.upper()], SHORT, short(1)]), Wanted((HOA,), warnings={"A3"}))


def test_an_archive_is_an_old_list_and_an_office_with_such_words_in_its_name_is_not() -> None:
    check(named("Lưu trữ 2025"), Wanted((), errors={"A2"}))
    for words in ("Ban Công tác sinh viên", "Xếp loại", "Đã hoàn thành hồ sơ"):
        check(named(words), Wanted((HOA,)))


def remark(header: str, text: str) -> Content:
    return book([[*SHORT, header], [*short(1), None], [*short(2), text]])


AGAINST = [
    ("Ghi chú", "T4 có tiết"), ("Ghi chú", "dạy T2"), ("Ghi chú", "lịch học T2 sáng"), ("Ghi chú", "T2 mới đi được"),
    ("Ghi chú", "đi nghĩa vụ quân sự"), ("Sức khỏe", "Không đảm bảo"),
]  # fmt: skip
SHOWN = [
    "sửa: T3", "thêm thứ 5", "SĐT mới: 0950000009", "mang thai", "chuyển khoa", "ra trường 12/2026",
    "hết hợp đồng 1/2027",
]  # fmt: skip


@pytest.mark.parametrize(("header", "text"), AGAINST)
def test_what_speaks_against_a_row_beside_it_is_an_error(header: str, text: str) -> None:
    check(remark(header, text), Wanted((HOA,), errors={"F3"}))


@pytest.mark.parametrize("text", SHOWN)
def test_a_remark_that_may_change_a_row_is_shown_at_it(text: str) -> None:
    check(remark("Ghi chú", text), Wanted((HOA, BINH), warnings={"F3"}))


@pytest.mark.parametrize("text", ["có xe máy", "Sinh ngày 2/4/2000", "đã tiêm vắc xin", "tổ trưởng"])
def test_a_remark_that_changes_nothing_stands_in_the_notes_alone(text: str) -> None:
    check(remark("Ghi chú", text), Wanted((HOA, BINH), notes=(text,)))


@pytest.mark.parametrize(
    "text", ["T2/tuần lẻ", "T2/tuần 3", "2 ngày/tuần lẻ: T2, T4", "T2, T4/tuần chẵn", "T2/2 tuần", "T2 cách tuần"]
)
def test_days_of_some_weeks_behind_a_slash_are_asked_about(text: str) -> None:
    check(book([SHORT, short(1, **{"Ngày rảnh": text})]), Wanted((), errors={"D2"}))


@pytest.mark.parametrize(
    ("text", "days"), [("1. Thứ 2\n2. Thứ 5", [0, 3]), ("1) T3\n2) T4", [1, 2]), ("T2/tuần", [0])]
)  # fmt: skip
def test_numbers_of_lines_are_no_days(text: str, days: list[int]) -> None:
    check(book([SHORT, short(1, **{"Ngày rảnh": text})]), Wanted((HOA,), {2: {"free_weekdays": days}}))


@pytest.mark.parametrize(
    "lines",
    [
        ('"Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", "Lĩnh vực"', f'"{HOA}", "GV", "0950000001", "T2, T4", "KPI"'),
        ('"Họ và tên"; "Vai trò"; "SĐT"; "Ngày rảnh"; "Lĩnh vực"', f'"{HOA}"; "GV"; "0950000001"; "T2; T4"; "KPI"'),
        ("Họ và tên;Vai trò;SĐT;Ngày rảnh;Lĩnh vực", f"'{HOA}';'GV';'0950000001';'T2; T4';'KPI'"),
        ("Họ và tên~Vai trò~SĐT~Ngày rảnh~Lĩnh vực", f"{HOA}~GV~0950000001~T2, T4~KPI"),
    ],
)
def test_csv_is_read_with_whatever_stands_around_its_cells(lines: tuple[str, str]) -> None:
    check(csv_of(*lines), Wanted((HOA,), {2: {"free_weekdays": [0, 2]}}))
