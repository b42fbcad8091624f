"""How one fact about a person is written in a cell: every school has its own way.

A writer takes a Person and gives the cell's value; None leaves the cell empty.
"""

from collections.abc import Callable

from commune_demo.case.declarations import DUTIES
from commune_demo.case.people import Person

Value = str | int | None
Writer = Callable[[Person], Value]

FULL_NAMES = {duty.code: duty.name_vi for duty in DUTIES}
SHORT_NAMES = {
    "software": "Phần mềm của tỉnh",
    "pasc": "Hành chính công",
    "digitise": "Số hoá hồ sơ",
    "dvc_guide": "Dịch vụ công trực tuyến",
    "kpi": "Đánh giá KPI",
    "training": "Tập huấn",
    "sysadmin": "CNTT – quản trị máy tính",
}
ABBREVIATIONS = {
    "software": "PM",
    "pasc": "TTHCC",
    "digitise": "SHHS",
    "dvc_guide": "DVCTT",
    "kpi": "KPI",
    "training": "TH",
    "sysadmin": "QTMT",
}
_IN_WORDS = ("hai", "ba", "tư", "năm", "sáu")


def national(person: Person) -> str:
    return f"0{person.phone.removeprefix('+84')}"


def phone_without_zero(person: Person) -> Value:
    """A number cell: Excel ate the zero."""
    return int(person.phone.removeprefix("+84"))


def phone_with_country(person: Person) -> Value:
    """A number cell, 84 and no plus."""
    return int(person.phone.removeprefix("+"))


def phone_dotted(person: Person) -> Value:
    digits = national(person)
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def phone_spaced(person: Person) -> Value:
    digits = national(person)
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def phone_international(person: Person) -> Value:
    digits = person.phone.removeprefix("+84")
    return f"(+84) {digits[:2]} {digits[2:5]} {digits[5:]}"


def days_short(person: Person) -> Value:
    """'T2, T4, T6'."""
    return ", ".join(f"T{day + 2}" for day in person.free_weekdays)


def days_long(person: Person) -> Value:
    """'Thứ 2, Thứ 4'."""
    return ", ".join(f"Thứ {day + 2}" for day in person.free_weekdays)


def days_in_words(person: Person) -> Value:
    """'Thứ hai; thứ tư'."""
    text = "; ".join(f"thứ {_IN_WORDS[day]}" for day in person.free_weekdays)
    return text[0].upper() + text[1:]


def days_in_figures(person: Person) -> Value:
    """'2,4,6'."""
    return ",".join(str(day + 2) for day in person.free_weekdays)


def days_by_halves(person: Person) -> Value:
    """'Cả ngày thứ 3; sáng, chiều thứ 5': whole days, told by their halves."""
    return "; ".join(
        f"cả ngày thứ {day + 2}" if place % 2 else f"sáng, chiều thứ {day + 2}"
        for place, day in enumerate(person.free_weekdays)
    )


def days_as_range(person: Person) -> Value:
    """'T3-T5' when the days follow one another, else 'T2, T4'."""
    first, last = person.free_weekdays[0], person.free_weekdays[-1]
    unbroken = last - first == len(person.free_weekdays) - 1 >= 2
    return f"T{first + 2}-T{last + 2}" if unbroken else days_short(person)


def day_mark(day: int) -> Writer:
    """A column for one weekday, marked x."""
    return lambda person: "x" if day in person.free_weekdays else None


def fields_named(names: dict[str, str], separator: str) -> Writer:
    return lambda person: separator.join(names[code] for code in person.fields)


def field_mark(code: str) -> Writer:
    """A column for one field, marked x."""
    return lambda person: "x" if code in person.fields else None


def role_in_words(person: Person) -> Value:
    words = {"lecturer": "Giảng viên", "teacher": "Giáo viên", "official": "Viên chức"}
    return words.get(person.role, f"Sinh viên năm {person.year}")


def role_short(person: Person) -> Value:
    words = {"lecturer": "GV", "teacher": "Giáo viên", "official": "VC"}
    return words.get(person.role, f"SV năm {person.year}")


def role_alone(person: Person) -> Value:
    """The year has a column of its own."""
    return role_in_words(person) if person.year is None else "Sinh viên"


def year(person: Person) -> Value:
    return person.year


def full_name(person: Person) -> Value:
    return person.full_name


def full_name_in_capitals(person: Person) -> Value:
    return person.full_name.upper()


def family_and_middle(person: Person) -> Value:
    return person.family_and_middle


def given(person: Person) -> Value:
    return person.given


def reference(person: Person) -> Value:
    return person.external_ref


def email(person: Person) -> Value:
    return person.email


def email_loose(person: Person) -> Value:
    """As people type it: capitals and a stray space."""
    return f" {person.email[0].upper()}{person.email[1:]} "


def max_days(person: Person) -> Value:
    return person.max_days


def max_days_in_words(person: Person) -> Value:
    return f"{person.max_days} ngày/tuần"


def max_distance(person: Person) -> Value:
    return person.max_distance_km


def max_distance_in_words(person: Person) -> Value:
    return f"{person.max_distance_km} km"


def team(person: Person) -> Value:
    return person.team


def class_name(person: Person) -> Value:
    """A column nobody asked for."""
    return f"Lớp {person.school_code}-K{60 - (person.year or 0)}" if person.year else None
