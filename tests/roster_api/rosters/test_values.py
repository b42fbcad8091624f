"""What people write in a cell, and what it is taken for."""

import unicodedata
from datetime import date

import phonenumbers
import pytest
from commune_schemas.matching import VolunteerRole
from hypothesis import given, settings
from hypothesis import strategies as st
from roster_api.contacts import PREFIXES_2018
from roster_api.rosters.reading.absences import read_absences
from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.emails import read_email
from roster_api.rosters.reading.expertise import FIELD_NAMES, read_fields
from roster_api.rosters.reading.names import read_name
from roster_api.rosters.reading.numbers import read_distance_m, read_max_days
from roster_api.rosters.reading.phones import read_phone
from roster_api.rosters.reading.roles import read_role, read_year
from roster_api.rosters.reading.weekdays import read_weekdays

ANYTHING = st.one_of(
    st.text(max_size=60), st.floats(), st.integers(-(10**12), 10**12), st.booleans(), st.none(), st.dates()
)


@pytest.mark.parametrize(
    ("written", "number", "rules"),
    [
        ("0950000123", "+84950000123", []),
        (950000123.0, "+84950000123", ["phone.lost_zero"]),
        ("0950.000.123", "+84950000123", []),
        (" 0950 000-123 ", "+84950000123", []),
        ("(+84) 95 000 0123", "+84950000123", []),
        (84950000123.0, "+84950000123", []),
        ("0084950000123", "+84950000123", []),
        ("+84 0950 000 123", "+84950000123", []),
        ("'0950000123", "+84950000123", []),
        ("0950\u00a0000\u00a0123", "+84950000123", []),
        ("0950000123 / 0950000124", "+84950000123", ["phone.several"]),
        ("01629123456", "+84329123456", ["phone.prefix_2018"]),
        (1629123456.0, "+84329123456", ["phone.lost_zero", "phone.prefix_2018"]),
        ("+841629123456", "+84329123456", ["phone.prefix_2018"]),
    ],
)
def test_a_phone_number_is_stored_as_e164_and_each_repair_is_named(
    written: Cell, number: str, rules: list[str]
) -> None:
    reading = read_phone(written)
    assert reading.value == number
    assert [finding.code for finding in reading.findings] == rules


@pytest.mark.parametrize(("old", "new"), PREFIXES_2018.items())
def test_every_prefix_of_2018_becomes_a_number_that_exists(old: str, new: str) -> None:
    value = read_phone(f"{old}1234567").value or read_phone(f"{old}8000000").value
    assert value is not None
    assert value.startswith(f"+84{new[1:]}")
    assert phonenumbers.is_valid_number(phonenumbers.parse(value))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (None, "phone.missing"),
        ("-", "phone.missing"),
        ("٠٩٥٠٠٠٠١٢٣", "phone.malformed"),
        ("09500001", "phone.malformed"),
        ("O950000123", "phone.malformed"),
        ("0258 3822 222", "phone.landline"),
        ("+1 202 555 0123", "phone.malformed"),
        ("0000000000", "phone.unknown_prefix"),
        ("không có", "phone.missing"),
    ],
)
def test_a_number_no_sms_reaches_is_an_error_with_what_to_write(written: Cell, code: str) -> None:
    reading = read_phone(written)
    assert reading.value is None
    assert [finding.code for finding in reading.findings if finding.is_error] == [code]
    assert "0950 000 123" in reading.findings[-1].mend_vi


def test_a_prefix_that_nobody_uses_is_named_in_both_languages_with_what_to_write() -> None:
    (finding,) = read_phone("0400 123 456").findings
    assert (finding.vi, finding.en) == (
        "“0400 123 456”: không nhà mạng nào dùng đầu số 040.",
        "“0400 123 456”: no operator uses the prefix 040.",
    )
    assert "0950 000 123" in finding.mend_en


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("T2, T4, T6", (0, 2, 4)),
        ("t2;t4", (0, 2)),
        ("Thứ 2, Thứ 4", (0, 2)),
        ("Thứ hai; thứ tư, thứ năm", (0, 2, 3)),
        ("Thứ 2, 4, 6", (0, 2, 4)),
        ("2,4,6", (0, 2, 4)),
        ("2-4-6", (0, 2, 4)),
        ("T2-T5", (0, 1, 2, 3)),
        ("Thứ 3 đến thứ 6", (1, 2, 3, 4)),
        ("từ thứ 2 đến thứ 4", (0, 1, 2)),
        ("T2 → T4, T6", (0, 1, 2, 4)),
        ("Cả tuần", (0, 1, 2, 3, 4)),
        ("Cả tuần trừ T4", (0, 1, 3, 4)),
        ("Mon, Wed, Fri", (0, 2, 4)),
        ("cả ngày thứ 3; sáng, chiều thứ 5", (1, 3)),
        ("T2\nT4", (0, 2)),
        ("T6, T2, T2", (0, 4)),
        ("T2 và T4", (0, 2)),
        (unicodedata.normalize("NFD", "Thứ tư"), (2,)),
    ],
)
def test_weekdays_are_read_as_people_write_them(written: Cell, days: tuple[int, ...]) -> None:
    reading = read_weekdays(written)
    assert (reading.value, reading.findings) == (days, [])


@pytest.mark.parametrize(
    ("written", "days", "code"),
    [
        ("Sáng thứ 3", (1,), "days.half_day"),
        ("chiều T2, T4", (0, 2), "days.half_day"),
        ("T2, T7", (0,), "days.weekend"),
        ("T2, CN", (0,), "days.weekend"),
        (246.0, (0, 2, 4), "days.as_understood"),
        (2.4, (0, 2), "days.as_understood"),
    ],
)
def test_days_read_otherwise_than_written_are_shown(written: Cell, days: tuple[int, ...], code: str) -> None:
    reading = read_weekdays(written)
    assert reading.value == days
    assert [finding.code for finding in reading.findings] == [code]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Thứ 8", "days.unknown"),
        ("Thứ 1", "days.unknown"),
        ("khi nào rảnh thì đi", "days.unknown"),
        ("CN", "days.weekend_only"),
        ("", "days.missing"),
        (date(2026, 4, 2), "days.date"),
    ],
)
def test_days_that_mean_nothing_are_errors(written: Cell, code: str) -> None:
    reading = read_weekdays(written)
    assert reading.value is None
    assert [finding.code for finding in reading.findings] == [code]


@pytest.mark.parametrize(
    ("written", "name", "rules"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", []),
        ("  Nguyễn   Văn An ", "Nguyễn Văn An", []),
        (unicodedata.normalize("NFD", "Trần Thị Ý"), "Trần Thị Ý", []),
        ("TRẦN THỊ Ý", "Trần Thị Ý", ["name.capitals"]),
        ("trần thị ý", "Trần Thị Ý", ["name.capitals"]),
        ("Y Blăng Niê", "Y Blăng Niê", []),
        ("H'Hen Niê", "H'Hen Niê", []),
        ("Nguyễn\u200b An", "Nguyễn An", ["text.hidden_marks"]),
        ("An", "An", ["name.one_word"]),
    ],
)
def test_names_come_in_one_form(written: str, name: str, rules: list[str]) -> None:
    reading = read_name(written)
    assert reading.value == name
    assert [finding.code for finding in reading.findings] == rules


@pytest.mark.parametrize(
    "written", ["", None, "Nguyễn Văn 4n", "An\u202enaV", "An\x00", "=cmd|' /C calc'!A0", "<b>An</b>"]
)
def test_what_is_no_name_is_an_error(written: Cell) -> None:
    reading = read_name(written)
    assert reading.value is None
    assert reading.findings[0].is_error


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("Giảng viên", VolunteerRole.LECTURER),
        ("GV", VolunteerRole.LECTURER),
        ("giảng viên chính", VolunteerRole.LECTURER),
        ("Giáo viên", VolunteerRole.TEACHER),
        ("SV năm 4", VolunteerRole.STUDENT),
        ("SV4", VolunteerRole.STUDENT),
        ("Sinh viên năm thứ tư", VolunteerRole.STUDENT),
        ("Học viên năm 3", VolunteerRole.STUDENT),
        ("Viên chức", VolunteerRole.OFFICIAL),
        ("Chuyên viên", VolunteerRole.OFFICIAL),
    ],
)
def test_roles_are_read_as_people_write_them(written: str, role: VolunteerRole) -> None:
    assert read_role(written).value is role


@pytest.mark.parametrize(
    ("year", "role", "expected"),
    [
        (4, "SV", 4),
        (None, "SV năm 3", 3),
        (None, "SV4", 4),
        (None, "Sinh viên năm thứ tư", 4),
        ("Năm 2", "SV", 2),
        (None, "GV", None),
    ],
)
def test_the_year_of_study_comes_from_its_column_or_the_role(year: Cell, role: str, expected: int | None) -> None:
    assert read_year(year, role_cell=role).value == expected


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Số hoá hồ sơ, CNTT – quản trị máy tính", {"digitise", "sysadmin"}),
        ("Hỗ trợ Trung tâm Phục vụ hành chính công", {"pasc"}),
        ("Cài đặt phần mềm đánh giá KPI; Vận hành phần mềm của tỉnh", {"kpi", "software"}),
        ("QTMT, SHHS, DVCTT, TTHCC, PM, TH, KPI", set(FIELD_NAMES)),
        ("- Tập huấn\n- Dịch vụ công trực tuyến", {"training", "dvc_guide"}),
        ("số hóa và hành chính công", {"digitise", "pasc"}),
    ],
)
def test_fields_are_read_as_people_write_them(written: str, codes: set[str]) -> None:
    assert set(read_fields(written).value or {}) == codes


def test_an_unknown_field_is_an_error_that_names_the_nearest() -> None:
    (finding,) = read_fields("Số hóa hồ sơ, Nấu ăn").findings
    assert (finding.code, finding.is_error) == ("fields.unknown", True)
    (finding,) = read_fields("Tập hấn").findings
    assert "Tập huấn" in finding.mend_vi


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" An@Truong.EDU.vn ", "an@truong.edu.vn"),
        ("mailto:an@truong.example", "an@truong.example"),
        ("<an@x.example>", "an@x.example"),
    ],
)
def test_addresses_are_tidied(written: str, address: str) -> None:
    assert read_email(written).value == address


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("an.truong.example", "Viết địa chỉ đầy đủ"),
        ("hòa@truong.example", "hoa@truong.example"),
        ("an@gmail,com", "an@gmail.com"),
        ("an@gmail.con", "an@gmail.com"),
        ("an@truong", "Viết địa chỉ đầy đủ"),
        ("an@truong.example\nBcc: all@x.example", ""),
    ],
)
def test_an_address_mail_would_not_reach_is_an_error_with_a_guess(written: str, hint: str) -> None:
    reading = read_email(written)
    if reading.value is None:
        assert hint in reading.findings[-1].mend_vi
    else:
        assert reading.value == "an@truong.example"


def test_days_a_week_and_distances() -> None:
    assert [read_max_days(cell).value for cell in (2.0, "3", "2 ngày/tuần", "tối đa 4 ngày")] == [2, 3, 2, 4]
    assert all(read_max_days(cell).findings for cell in (0, 6, "nhiều", 2.5))
    assert [read_distance_m(cell).value for cell in (120.0, "150 km", "12,5", "không giới hạn")] == [
        120_000, 150_000, 12_500, None,
    ]  # fmt: skip
    assert read_distance_m("xa lắm").findings[0].is_error


@settings(max_examples=150, deadline=None)
@given(cell=ANYTHING)
def test_whatever_stands_in_a_cell_it_is_read_or_refused_with_words_in_two_languages(cell: Cell) -> None:
    for read in (
        read_phone,
        read_email,
        read_name,
        read_role,
        read_weekdays,
        read_fields,
        read_max_days,
        read_distance_m,
    ):
        reading = read(cell)
        for finding in reading.findings:
            assert finding.vi
            assert finding.en
            assert not finding.is_error or (finding.mend_vi and finding.mend_en)


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        (None, []),
        ("20/11/2026, 24-28/11/2026", ["2026-11-20 2026-11-20 leave", "2026-11-24 2026-11-28 leave"]),
        ("Thi 9/12/2026; nghỉ từ 30/11 đến 4/12/2026", ["2026-11-30 2026-12-04 leave", "2026-12-09 2026-12-09 exam"]),
        ("coi thi 18.12.2026, 21.12.2026", ["2026-12-18 2026-12-18 exam", "2026-12-21 2026-12-21 exam"]),
        ("dạy: 30/12/2026 – 02/01/2027", ["2026-12-30 2027-01-02 teaching"]),
        ("20/11/2026\n20/11/2026", ["2026-11-20 2026-11-20 leave"]),
        ("ngày 20/11/2026 và ngày 23/11/2026", ["2026-11-20 2026-11-20 leave", "2026-11-23 2026-11-23 leave"]),
        ("nghỉ ngày 20/11/2026", ["2026-11-20 2026-11-20 leave"]),
        (date(2026, 11, 20), ["2026-11-20 2026-11-20 leave"]),
    ],
)
def test_days_of_absence_are_read_as_people_write_them(written: Cell, spans: list[str]) -> None:
    reading = read_absences(written)
    assert reading.findings == []
    found = [f"{one['starts_on']} {one['ends_on']} {one['kind']}" for one in reading.value or []]
    assert found == spans


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("20/11", "absences.no_year"),
        ("T2, T4", "absences.unknown"),
        ("31/11/2026", "absences.no_such_day"),
        ("28-24/11/2026", "absences.bad_span"),
        ("họp 20/11/2026", "absences.unknown"),
        ("20/11/2026 (tối)", "absences.unknown"),
        ("1/1/2026-1/1/2036", "absences.bad_span"),
        ("20/11/2026, 18-22/11/2026", "absences.overlap"),
        ("thi 20/11/2026, nghỉ 20/11/2026", "absences.overlap"),
    ],
)
def test_days_of_absence_that_are_not_understood_are_errors_with_what_to_write(written: str, code: str) -> None:
    reading = read_absences(written)
    assert reading.value is None
    assert [finding.code for finding in reading.findings] == [code]
    assert "24-28/11/2026" in reading.findings[0].mend_vi


@given(ANYTHING)
@settings(max_examples=200)
def test_no_cell_of_absences_breaks_the_reader(cell: Cell) -> None:
    reading = read_absences(cell)
    assert (reading.value is None) == any(finding.is_error for finding in reading.findings)
