"""Phones, addresses, codes, counts, ticks, roles and fields: what schools really put into those cells."""

from typing import Any

import pytest
from commune_schemas.matching import VolunteerRole
from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.emails import read_email
from roster_api.rosters.reading.expertise import read_day_mark, read_fields, read_mark
from roster_api.rosters.reading.findings import Reading
from roster_api.rosters.reading.numbers import read_max_days, read_reference
from roster_api.rosters.reading.phones import read_phone
from roster_api.rosters.reading.roles import read_role, read_year


def codes_of(reading: Reading[Any]) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("0950000123 (Zalo)", ["phone.words"]),
        ("ĐT: 0950000123", ["phone.words"]),
        ("０９５００００１２３", ["text.full_width"]),
        ("\u202a0950000123\u202c", ["text.hidden_marks"]),
        ("\u2068+84 950 000 123\u2069", ["text.hidden_marks"]),
        ("\u200e0950000123", ["text.hidden_marks"]),
        ("0950\u00a0000\u2011123", []),
        ("950000123.0", ["phone.decimal", "phone.lost_zero"]),
        ("0950000123.0", ["phone.decimal"]),
        ("84950000123,0", ["phone.decimal"]),
        ('="0950000123"', []),
        ("0950000123 0950000124", ["phone.several"]),
        ("0258 3822 222 / 0950000123", ["phone.several"]),
        ("0950000123\n0950000124 (mẹ)", ["phone.several"]),
        ("+84 (0) 950 000 123", []),
        ("0950000123,", []),
    ],
)
def test_a_number_is_read_whatever_stands_around_it(written: str, codes: list[str]) -> None:
    reading = read_phone(written)
    assert (reading.value, codes_of(reading)) == ("+84950000123", codes)


@pytest.mark.parametrize("written", ["0559905599", "0528123456", "0879123456", "0898123456", 844666531.0])
def test_every_operator_in_use_is_known(written: Cell) -> None:
    digits = str(int(written)) if isinstance(written, float) else str(written)
    assert read_phone(written).value == f"+84{digits.removeprefix('0')}"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("9.50000123E+08", "phone.exponent"),
        ("9,50000123E+08", "phone.exponent"),
        (9.50000123, "phone.exponent"),
        ("0950000123 (mẹ)", "phone.of_another"),
        ("SĐT phụ huynh: 0950000123", "phone.of_another"),
        ("mẹ: 0950000123 / 0950000124", "phone.of_another"),
        ("cơ quan 0950000123", "phone.of_another"),
        ("0950000123 hoặc 12345", "phone.malformed"),
        ("0950000123 máy 3", "phone.malformed"),
        ("không có", "phone.missing"),
        ("-", "phone.missing"),
    ],
)
def test_a_number_that_is_not_surely_the_persons_own_is_asked_about(written: Cell, code: str) -> None:
    reading = read_phone(written)
    assert (reading.value, codes_of(reading)) == (None, [code])


@pytest.mark.parametrize(
    ("written", "address", "code"),
    [
        ("a@truong.example,", "a@truong.example", "email.tidied"),
        ("An Nguyễn <a@truong.example>", "a@truong.example", "email.tidied"),
        ("Email: a@truong.example", "a@truong.example", "email.tidied"),
        ("a＠truong.example", "a@truong.example", "text.full_width"),
        ("\u202aa@truong.example\u202c", "a@truong.example", "text.hidden_marks"),
        ("a@truong.example b@truong.example", "a@truong.example", "email.several"),
        ("không có", None, "email.missing"),
        ("-", None, "email.missing"),
        ("=a@truong.example", None, "email.malformed"),
        ("a@truong.example (chính)", None, "email.malformed"),
    ],
)
def test_an_address_is_tidied_and_the_repair_named(written: str, address: str | None, code: str) -> None:
    reading = read_email(written)
    assert (reading.value, codes_of(reading)) == (address, [code])


@pytest.mark.parametrize(
    ("written", "code", "findings"),
    [
        ("00101", "00101", []),
        ("20210001.0", "20210001", ["reference.decimal"]),
        (20210001.0, "20210001", []),
        ("65.CNTT-1", "65.CNTT-1", []),
        ("\u200bGV01", "GV01", ["text.hidden_marks"]),
        ("2,021E+07", None, ["reference.exponent"]),
    ],
)
def test_a_code_keeps_its_zeros_and_loses_what_excel_added(
    written: Cell, code: str | None, findings: list[str]
) -> None:
    reading = read_reference(written)
    assert (reading.value, codes_of(reading)) == (code, findings)


def test_half_days_are_two_a_day_and_said() -> None:
    for reading in (read_max_days(4, header="Số buổi/tuần"), read_max_days("4 buổi"), read_max_days("5 buổi/tuần")):
        assert (reading.value, codes_of(reading)) == (2, ["max_days.half_days"])
    assert codes_of(read_max_days("2 ngày", header="Số buổi/tuần")) == []
    assert read_max_days("hai ngày").value == 2
    assert [codes_of(read_max_days(cell)) for cell in ("2-3", "2 hoặc 3 ngày", "11 buổi")] == [
        ["max_days.out_of_range"]
    ] * 3


def test_ticks_of_every_program_are_ticks() -> None:
    for yes in ("x", "X", "TRUE", "1.0", "1", True, "✓", "có", "Yes"):
        assert read_mark(yes, header="KPI").value is not None
        assert read_day_mark(yes, header="T2").value is True
    for no in ("", None, "FALSE", "0.0", "0", False, "không", "-"):
        assert (read_mark(no, header="KPI").value, codes_of(read_mark(no, header="KPI"))) == (None, [])
        assert (read_day_mark(no, header="T2").value, codes_of(read_day_mark(no, header="T2"))) == (False, [])


def test_a_word_under_a_weekday_is_understood_or_an_error() -> None:
    words = ("sáng", "bận", "rảnh", "cả ngày", "2", "x (sáng)", "?")
    readings = [read_day_mark(word, header="T2") for word in words]
    assert [reading.value for reading in readings[:4]] == [True, False, True, True]
    assert [codes_of(reading) for reading in readings] == [
        ["days.half_day"], [], [], [], ["mark.unknown"], ["mark.unknown"], ["mark.unknown"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "role", "codes"),
    [
        ("Giảng viên khoa CNTT", VolunteerRole.LECTURER, ["role.rest"]),
        ("SV22CNTT", VolunteerRole.STUDENT, ["role.rest"]),
        ("SV năm cuối", VolunteerRole.STUDENT, []),
        ("GV/SV", None, ["role.unknown"]),
        ("cựu SV", None, ["role.unknown"]),
        ("Sinh viên đã tốt nghiệp", None, ["role.unknown"]),
        ("GV nghỉ hưu", None, ["role.unknown"]),
        ("Cán bộ lớp", None, ["role.unknown"]),
        ("không phải GV", None, ["role.unknown"]),
    ],
)
def test_words_behind_a_role_are_shown_and_those_that_change_it_are_errors(
    written: str, role: VolunteerRole | None, codes: list[str]
) -> None:
    reading = read_role(written)
    assert (reading.value, codes_of(reading)) == (role, codes)


def test_a_year_is_a_year_and_no_class() -> None:
    assert [read_year(cell).value for cell in ("3.0", "III", "năm thứ 3", "Năm 3")] == [3] * 4
    assert all(codes_of(read_year(cell)) == ["year.out_of_range"] for cell in ("K64", "64CNTT2", "3/4", "2024-2028"))
    assert read_year(None, role_cell="SV22CNTT").value is None


@pytest.mark.parametrize("written", ["không biết số hóa", "Số hóa (trừ scan)", "2 năm số hóa", "chưa rành KPI"])
def test_a_field_that_is_denied_or_counted_is_not_read_as_known(written: str) -> None:
    assert (read_fields(written).value, codes_of(read_fields(written))) == (None, ["fields.unknown"])


def test_numbered_fields_are_a_list() -> None:
    assert read_fields("1. Số hóa 2. KPI").value == {"digitise": 2, "kpi": 2}
    assert read_fields("1) Số hóa\n2) KPI").value == {"digitise": 2, "kpi": 2}


def test_words_beside_a_field_that_may_mean_something_are_shown() -> None:
    for written in ("phần mềm kế toán", "Tập huấn KPI", "Số hóa hồ sơ và nấu ăn"):
        assert codes_of(read_fields(written)) == ["fields.understood"]
    for written in ("Cài đặt phần mềm đánh giá KPI", "Hỗ trợ Trung tâm Phục vụ hành chính công", "Tập huấn kỹ năng số"):
        assert codes_of(read_fields(written)) == []
