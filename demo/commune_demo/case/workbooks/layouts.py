"""The twelve layouts: which columns, under which headers, with what above, between and below them."""

from dataclasses import dataclass, field

from commune_demo.case.declarations import DUTIES
from commune_demo.case.workbooks import cells
from commune_demo.case.workbooks.cells import Value, Writer


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    write: Writer
    group: str | None = None
    """A merged cell above the header, shared by neighbours of the same group (a header of two rows)."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong in the list as first sent: (place in the list, header) -> what stands there; rows told twice."""

    cells: dict[tuple[int, str], Value]
    repeated: tuple[tuple[int, int], ...] = ()
    """(place after which the copy stands, place copied)."""


@dataclass(frozen=True, slots=True)
class Layout:
    columns: tuple[Column, ...]
    title_rows: int = 4
    """Rows above the header (letterhead, title, date); the title is merged over the table's width."""
    numbering: str | None = "STT"
    is_split_by_role: bool = False
    """Lecturers and students on a sheet each."""
    has_sections: bool = False
    """'I. Giảng viên', 'II. Sinh viên' between the rows."""
    blank_after: tuple[int, ...] = ()
    signatures: tuple[str, ...] = ("HIỆU TRƯỞNG", "(Ký, ghi rõ họ tên, đóng dấu)")
    has_total: bool = False
    sheet_name: str = "Danh sách"
    mistakes: Mistakes | None = None
    notes: tuple[str, ...] = field(default=())
    """Lines between title and header."""


def _c(header: str, write: Writer, group: str | None = None) -> Column:
    return Column(header, write, group)


def _day_columns(headers: tuple[str, ...], group: str) -> tuple[Column, ...]:
    return tuple(_c(header, cells.day_mark(day), group) for day, header in enumerate(headers))


_FULL = cells.fields_named(cells.FULL_NAMES, "; ")
_SHORT = cells.fields_named(cells.SHORT_NAMES, ", ")
_LINES = cells.fields_named(cells.SHORT_NAMES, "\n")
_ABBREVIATED = cells.fields_named(cells.ABBREVIATIONS, ", ")

LAYOUTS: dict[str, Layout] = {
    "DHKH": Layout((
        _c("Mã số", cells.reference), _c("Họ và tên", cells.full_name), _c("Chức danh", cells.role_in_words),
        _c("Điện thoại", cells.phone_without_zero), _c("Email", cells.email), _c("Ngày rảnh", cells.days_short),
        _c("Số ngày/tuần", cells.max_days), _c("Lĩnh vực", _SHORT), _c("Đi xa tối đa (km)", cells.max_distance),
        _c("Tổ", cells.team),
    )),
    "DHNT": Layout((
        _c("MSCB/MSSV", cells.reference), _c("Họ đệm", cells.family_and_middle), _c("Tên", cells.given),
        _c("Đối tượng", cells.role_short), _c("SĐT", cells.phone_without_zero), _c("Thư điện tử", cells.email),
        _c("Thời gian có thể tham gia", cells.days_long), _c("Số ngày tham gia trong tuần", cells.max_days),
        _c("Chuyên môn hỗ trợ", _FULL), _c("Khoảng cách tối đa", cells.max_distance_in_words),
    ), title_rows=6, is_split_by_role=True, has_total=True),
    "DHTBD": Layout((
        _c("Họ tên", cells.full_name_in_capitals), _c("Vai trò", cells.role_alone), _c("Năm thứ", cells.year),
        _c("Số ĐT", cells.phone_dotted), _c("E-mail", cells.email_loose),
        *_day_columns(("T2", "T3", "T4", "T5", "T6"), "Buổi có thể tham gia"),
        _c("Số ngày tối đa", cells.max_days), _c("Nhiệm vụ đăng ký", _LINES), _c("Cự ly (km)", cells.max_distance),
    ), title_rows=5, blank_after=(6,)),
    "CDKTCN": Layout((
        _c("Mã GV/SV", cells.reference), _c("Họ và tên", cells.full_name), _c("Đối tượng", cells.role_short),
        _c("SĐT", cells.phone_without_zero), _c("Email", cells.email), _c("Lịch rảnh", cells.days_long),
        _c("Số ngày/tuần", cells.max_days_in_words), _c("Lĩnh vực", _SHORT), _c("Bán kính (km)", cells.max_distance),
        _c("Lớp", cells.class_name),
    ), has_sections=True, mistakes=Mistakes(
        {(5, "SĐT"): 95000108, (9, "Lịch rảnh"): "Thứ 3, Thứ 8", (12, "Họ và tên"): None}, ((17, 3),),
    )),
    "CDYT": Layout((
        _c("Họ và tên", cells.full_name), _c("Là", cells.role_in_words), _c("Di động", cells.phone_spaced),
        _c("Email", cells.email), _c("Các ngày rảnh trong tuần", cells.days_in_words),
        _c("Tối đa mấy ngày", cells.max_days), _c("Có thể làm", _LINES), _c("Đi được bao xa (km)", cells.max_distance),
    ), title_rows=2, numbering="TT", blank_after=(5, 9)),
    "CDDL": Layout((
        _c("Mã số", cells.reference), _c("HỌ VÀ TÊN", cells.full_name_in_capitals), _c("CHỨC VỤ", cells.role_short),
        _c("ĐIỆN THOẠI", cells.phone_with_country), _c("EMAIL", cells.email),
        _c("NGÀY THAM GIA", cells.days_in_figures), _c("SỐ NGÀY/TUẦN", cells.max_days), _c("LĨNH VỰC", _ABBREVIATED),
        _c("KHOẢNG CÁCH (KM)", cells.max_distance),
    ), title_rows=6, notes=("PM: phần mềm; TTHCC: hành chính công; SHHS: số hóa hồ sơ; QTMT: quản trị máy tính",)),
    "HVHQ": Layout((
        _c("Số hiệu", cells.reference), _c("Họ, chữ đệm", cells.family_and_middle), _c("Tên", cells.given),
        _c("Chức danh", cells.role_in_words), _c("Số điện thoại", cells.phone_international),
        _c("Hộp thư điện tử", cells.email), _c("Thứ có thể đi", cells.days_as_range), _c("Số ngày", cells.max_days),
        *(_c(cells.SHORT_NAMES[duty.code], cells.field_mark(duty.code), "Lĩnh vực") for duty in DUTIES),
        _c("Cự ly tối đa (km)", cells.max_distance),
    ), title_rows=5, signatures=("GIÁM ĐỐC", "(Đã ký)")),
    "TSQTT": Layout((
        _c("Mã số", cells.reference), _c("Họ tên", cells.full_name), _c("Đối tượng", cells.role_short),
        _c("Điện thoại di động", cells.phone_dotted), _c("Email", cells.email),
        _c("Ngày trống lịch", cells.days_by_halves), _c("Số ngày/tuần", cells.max_days), _c("Mảng việc", _FULL),
        _c("Khoảng cách tối đa (km)", cells.max_distance),
    ), blank_after=(8,), has_sections=True, signatures=("HIỆU TRƯỞNG", "(Đã ký)")),
    "CDNNT": Layout((
        _c("Mã số", cells.reference), _c("Họ", cells.family_and_middle), _c("Tên", cells.given),
        _c("Vai trò", cells.role_in_words), _c("Số điện thoại liên hệ", cells.phone_without_zero),
        _c("Địa chỉ email", cells.email), _c("Thứ rảnh", cells.days_short), _c("Số ngày/tuần", cells.max_days),
        _c("Lĩnh vực hỗ trợ", _SHORT), _c("Khoảng cách (km)", cells.max_distance),
    ), title_rows=5, mistakes=Mistakes({
        (4, "Lĩnh vực hỗ trợ"): "Số hoá hồ sơ, Nấu ăn", (7, "Địa chỉ email"): "lienhe.cdnnt.example",
        (11, "Số ngày/tuần"): 6, (15, "Vai trò"): "Cộng tác viên", (19, "Số điện thoại liên hệ"): None,
    })),
    "PHNL": Layout((
        _c("MSCB/SV", cells.reference), _c("Họ và tên", cells.full_name), _c("Chức danh", cells.role_alone),
        _c("SV năm thứ", cells.year), _c("ĐTDĐ", cells.phone_spaced), _c("Email liên hệ", cells.email),
        *_day_columns(("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6"), "Ngày có thể tham gia"),
        _c("Tối đa (ngày/tuần)", cells.max_days), _c("Lĩnh vực đăng ký", _FULL),
        _c("Đi xa tối đa (km)", cells.max_distance),
    ), title_rows=3, has_total=True),
    "TCVN": Layout((
        _c("Họ và tên", cells.full_name), _c("Chức danh", cells.role_in_words),
        _c("Điện thoại", cells.phone_without_zero), _c("Email", cells.email), _c("Ngày rảnh", cells.days_short),
        _c("Số ngày/tuần", cells.max_days), _c("Lĩnh vực", _SHORT), _c("Lớp", cells.class_name),
    ), title_rows=1),
    "TCCR": Layout((
        _c("Họ và tên", cells.full_name), _c("GV/SV", cells.role_short), _c("Điện thoại", cells.phone_international),
        _c("Email", cells.email_loose), _c("Rảnh các ngày", cells.days_in_words),
        _c("Số ngày/tuần", cells.max_days_in_words), _c("Làm được việc gì", _ABBREVIATED),
        _c("Đi xa (km)", cells.max_distance_in_words),
    ), title_rows=3, numbering=None, sheet_name="Sheet1", signatures=()),
}  # fmt: skip
