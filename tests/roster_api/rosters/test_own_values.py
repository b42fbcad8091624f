"""Values of the kinds that schools write, each in a row of a whole list: read to what is meant, or an error there."""

from dataclasses import dataclass
from typing import Any

import pytest
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.people import RosterRow
from roster_api.rosters.reading.roster import read_roster

from tests.roster_api.rosters.workbooks import HEADER, person, xlsx

WIDE = [*HEADER, "Tổ", "Ngày bận", "Đi xa tối đa (km)"]
ERROR = object()


@dataclass(frozen=True)
class Value:
    """A cell, what the person must hold then (ERROR: an error in that cell), and whether somebody must be told."""

    column: str
    cell: Any
    field: str
    wanted: Any
    is_shown: bool = False


VALUES = (
    Value("Họ và tên", "1. Nguyễn Văn An", "full_name", "Nguyễn Văn An", is_shown=True),
    Value("Họ và tên", "ThS.NCS. Trần Thị Bưởi", "full_name", "Trần Thị Bưởi", is_shown=True),
    Value("Họ và tên", "Mr. Trần Nam", "full_name", "Trần Nam", is_shown=True),
    Value("Họ và tên", "Nguyễn Văn An (K64)", "full_name", ERROR),
    Value("Họ và tên", "Nguyễn Văn An / Trần Thị B", "full_name", ERROR),
    Value("Họ và tên", "Đặng-Nguyễn Thị Cam", "full_name", "Đặng-Nguyễn Thị Cam"),
    Value("Họ và tên", "lò thị ín", "full_name", "Lò Thị Ín", is_shown=True),
    Value("Họ và tên", "Nguyễn\u00a0Văn\u00a0Ba", "full_name", "Nguyễn Văn Ba"),
    Value("Họ và tên", "Nguyễn Vãn Bình", "full_name", "Nguyễn Vãn Bình"),
    Value("Số điện thoại", "0950.000.123 (số chính)", "phone", "+84950000123", is_shown=True),
    Value("Số điện thoại", "(+84) 950-000-124", "phone", "+84950000124"),
    Value("Số điện thoại", "0950 000 125\n0950 000 126", "phone", "+84950000125", is_shown=True),
    Value("Số điện thoại", "0950000127 - mẹ", "phone", ERROR),
    Value("Số điện thoại", "95000012", "phone", ERROR),
    Value("Số điện thoại", "0950000l28", "phone", ERROR),
    Value("Số điện thoại", "+84950000129.0", "phone", "+84950000129", is_shown=True),
    Value("Số điện thoại", "như trên", "phone", ERROR),
    Value("Email", "AN.NGUYEN@TRUONG.EXAMPLE", "email", "an.nguyen@truong.example"),
    Value("Email", "an@truong.example (cá nhân)", "email", ERROR),
    Value("Email", "chưa có", "email", None, is_shown=True),
    Value("Email", "'an2@truong.example", "email", "an2@truong.example"),
    Value("Email", "an3@truong.example; an4@truong.example", "email", "an3@truong.example", is_shown=True),
    Value("Email", "mailto:an5@truong.example", "email", "an5@truong.example", is_shown=True),
    Value("Ngày rảnh", "Thứ 2, thứ 4 (trừ tuần thi)", "free_weekdays", ERROR),
    Value("Ngày rảnh", "Sáng T2, cả ngày T5", "free_weekdays", [0, 3], is_shown=True),
    Value("Ngày rảnh", "T2…T6", "free_weekdays", [0, 1, 2, 3, 4]),
    Value("Ngày rảnh", "Tất cả các ngày trừ T3 và T5", "free_weekdays", [0, 2, 4]),
    Value("Ngày rảnh", "T3, T5 không học", "free_weekdays", ERROR),
    Value("Ngày rảnh", "Lịch bận: T2", "free_weekdays", ERROR),
    Value("Ngày rảnh", "2 ngày cuối tuần", "free_weekdays", ERROR),
    Value("Ngày rảnh", "ngày 2/12 và 4/12", "free_weekdays", ERROR),
    Value("Ngày rảnh", "Thứ Ba & thứ Năm hàng tuần", "free_weekdays", [1, 3]),
    Value("Ngày rảnh", "T4 (8h-17h)", "free_weekdays", [2], is_shown=True),
    Value("Ngày rảnh", 35, "free_weekdays", [1, 3], is_shown=True),
    Value("Ngày rảnh", True, "free_weekdays", ERROR),
    Value("Số ngày/tuần", "2,0", "max_days", 2),
    Value("Số ngày/tuần", "hai buổi", "max_days", 1, is_shown=True),
    Value("Số ngày/tuần", "2 hoặc 3", "max_days", ERROR),
    Value("Số ngày/tuần", "không quá 2", "max_days", ERROR),
    Value("Lĩnh vực", "Số hóa hồ sơ; không làm KPI", "skills", ERROR),
    Value("Lĩnh vực", "1/ Số hóa 2/ Tập huấn", "skills", {"digitise": 2, "training": 2}),
    Value("Lĩnh vực", "Tất cả trừ KPI", "skills", ERROR),
    Value("Vai trò", "Sinh viên năm thứ III", "year", 3),
    Value("Vai trò", "SV năm 3/4", "role", "student", is_shown=True),
    Value("Vai trò", "Giảng viên (đã nghỉ hưu)", "role", ERROR),
    Value("Vai trò", "Phụ huynh", "role", ERROR),
    Value("Mã số", "0012345", "external_ref", "0012345"),
    Value("Mã số", "20210001.0", "external_ref", "20210001", is_shown=True),
    Value("Mã số", "1,2E+10", "external_ref", ERROR),
    Value("Mã số", "không có", "external_ref", None),
    Value("Tổ", 1, "team", "Tổ 1"),
    Value("Tổ", "TỔ 01", "team", "Tổ 1", is_shown=True),
    Value("Tổ", "không", "team", None),
    Value("Tổ", "-", "team", None),
    Value("Ngày bận", "thi 9/12/26", "absences", [("2026-12-09", "2026-12-09", "exam")]),
    Value("Ngày bận", "9-12/12/2026 công tác", "absences", ERROR),
    Value("Ngày bận", "T2 hàng tuần", "absences", ERROR),
    Value("Ngày bận", "chiều 9/12/2026", "absences", [("2026-12-09", "2026-12-09", "leave")], is_shown=True),
    Value("Ngày bận", "tháng 12", "absences", ERROR),
    Value("Đi xa tối đa (km)", "50-100", "max_distance_m", ERROR),
    Value("Đi xa tối đa (km)", "khoảng 50km", "max_distance_m", ERROR),
    Value("Đi xa tối đa (km)", "500 m", "max_distance_m", ERROR),
    Value("Đi xa tối đa (km)", "không đi xa", "max_distance_m", ERROR),
)


def read_with(value: Value) -> RosterRow:
    row = dict(zip(WIDE, [*person(1), None, None, None], strict=True)) | {value.column: value.cell}
    other = [*person(2), None, None, None]
    return read_roster(open_sheets(xlsx([WIDE, list(row.values()), other]))[1]).rows[0]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{value.column}: {value.cell!r}")
def test_a_value_is_read_as_meant_or_is_an_error_in_its_cell(value: Value) -> None:
    row = read_with(value)
    here = [item for item in row.findings if item.column == value.column]
    errors = [item for item in row.findings if item.finding.is_error]
    if value.wanted is ERROR:
        assert row.person is None
        assert {item.column for item in errors} == {value.column}
        return
    assert [item.finding.vi for item in errors] == []
    assert row.person is not None
    found = row.person.as_dict()[value.field]
    if value.field == "absences":
        found = [(one["starts_on"], one["ends_on"], one["kind"]) for one in found]
    assert found == value.wanted
    assert bool(here) == value.is_shown, [item.finding.vi for item in here]
