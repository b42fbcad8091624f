"""Điện Biên's registers: real communes, synthetic people, the numbers of October 2025.

2,952 people in 45 communes: 67 beyond the norm on the Party's side, 98 on the government's; 251 posts empty in seven
fields. Of the 165 in surplus 154 know a field that is short; provincial agencies name enough people for the other 97.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from roster_api.provinces.source import SourceCommune, read_communes
from xlsxwriter import Workbook

from commune_demo.case.contacts import synthetic_phone

PROVINCE_CODE = "11"
SEED = 20251020
STAFF = 2952
SURPLUS_PARTY, SURPLUS_GOVERNMENT = 67, 98
SPARE_NOMINEES = 3
"""In each field, beyond those that are needed: so that there is a choice."""
MOVABLE_NUMBERS = 2000
"""Numbers of those who may be moved; offices: 7001 ..."""
OFFICE_NUMBERS = 7000
DOMAIN = "dienbien.example"


@dataclass(frozen=True, slots=True)
class Field:
    code: str
    name_vi: str
    name_en: str
    posts: int
    internal: int
    """People in surplus who know it."""
    diploma: str

    @property
    def from_province(self) -> int:
        return self.posts - self.internal


FIELDS = (
    Field("it", "Công nghệ thông tin", "Information technology", 60, 39, "Cử nhân Công nghệ thông tin"),
    Field("land", "Địa chính, đất đai", "Land administration", 45, 30, "Kỹ sư Quản lý đất đai"),
    Field("construction", "Xây dựng", "Construction", 35, 22, "Kỹ sư Xây dựng"),
    Field("transport", "Giao thông", "Transport", 26, 15, "Kỹ sư Cầu đường"),
    Field("urban_management", "Quản lý đô thị", "Urban management", 22, 11, "Cử nhân Quản lý đô thị"),
    Field("education", "Giáo dục", "Education", 28, 16, "Cử nhân Sư phạm"),
    Field("finance", "Tài chính, kế toán", "Finance and accounting", 35, 21, "Cử nhân Kế toán"),
)
AGENCIES = (
    ("SNV", "Sở Nội vụ"), ("SKHCN", "Sở Khoa học và Công nghệ"), ("SNNMT", "Sở Nông nghiệp và Môi trường"),
    ("SXD", "Sở Xây dựng"), ("STC", "Sở Tài chính"), ("SGDDT", "Sở Giáo dục và Đào tạo"), ("SCT", "Sở Công Thương"),
    ("SYT", "Sở Y tế"), ("STP", "Sở Tư pháp"), ("VPUB", "Văn phòng Ủy ban nhân dân tỉnh"),
)  # fmt: skip
_FAMILY = (
    "Lò",
    "Quàng",
    "Cà",
    "Vàng",
    "Giàng",
    "Sùng",
    "Mùa",
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Bùi",
    "Đỗ",
    "Tòng",
    "Lường",
)
_MIDDLE = ("Văn", "Thị", "Minh", "Thanh", "Đức", "Ngọc", "Xuân", "Hồng", "Quang", "Thu", "A", "Thị Mai")
_GIVEN = (
    "An", "Bình", "Chung", "Dũng", "Hà", "Hạnh", "Hiền", "Hòa", "Hưng", "Inh", "Khánh", "Lan", "Linh", "Mai", "Nam",
    "Páo", "Phương", "Quân", "Sơn", "Thảo", "Thủy", "Tuấn", "Vinh", "Yến",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff. `field`: of those who may be moved and know one."""

    code: str
    full_name: str
    unit_code: str
    side: str
    availability: str
    field: Field | None
    phone: str
    email: str


def office_of(commune: SourceCommune) -> str:
    return f"UB{commune.code}"


def head_count(place: int) -> int:
    """People of a commune's office: 2,952 over 45."""
    offices = len(read_communes(PROVINCE_CODE))
    return STAFF // offices + (place < STAFF % offices)


def surplus_of(place: int, total: int) -> int:
    """How many of a side are beyond the norm in this commune."""
    offices = len(read_communes(PROVINCE_CODE))
    return total // offices + (place < total % offices)


@cache
def members() -> tuple[Member, ...]:
    """All of the communes, then those whom provincial agencies name; always the same."""
    chance = random.Random(SEED)
    known: list[Field | None] = [field for field in FIELDS for _ in range(field.internal)]
    known += [None] * (SURPLUS_PARTY + SURPLUS_GOVERNMENT - len(known))
    chance.shuffle(known)
    made: list[Member] = []
    for place, commune in enumerate(read_communes(PROVINCE_CODE)):
        party, government = surplus_of(place, SURPLUS_PARTY), surplus_of(place, SURPLUS_GOVERNMENT)
        for number in range(head_count(place)):
            side = "Đảng, đoàn thể" if number % 3 == 0 else "Chính quyền"
            is_party = number % 3 == 0
            is_surplus = (number // 3 < party) if is_party else (number - number // 3 - 1 < government)
            field = known.pop() if is_surplus else None
            made.append(_member(chance, len(made), office_of(commune), side, "dôi dư" if is_surplus else "", field))
    for field in FIELDS:
        for _ in range(field.from_province + SPARE_NOMINEES):
            agency = chance.choice(AGENCIES)[0]
            made.append(_member(chance, len(made), agency, "Chính quyền", "giới thiệu", field))
    return tuple(made)


def _member(chance: random.Random, number: int, unit: str, side: str, availability: str, field: Field | None) -> Member:
    name = f"{chance.choice(_FAMILY)} {chance.choice(_MIDDLE)} {chance.choice(_GIVEN)}"
    phone = synthetic_phone(MOVABLE_NUMBERS + number % 4000) if availability else ""
    return Member(f"DB{number + 1:05d}", name, unit, side, availability, field, phone, f"db{number + 1:05d}@{DOMAIN}")


def unit_rows() -> Iterator[Sequence[Any]]:
    yield ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Xã, phường", "Định mức khối Đảng", "Định mức khối chính quyền",
           "Đầu mối", "Điện thoại", "Email")  # fmt: skip
    for number, (code, name) in enumerate(AGENCIES):
        phone = synthetic_phone(OFFICE_NUMBERS + number)
        yield (code, name, "Sở, ban, ngành", "", "", "", "Văn Thư", phone, f"{code.lower()}@{DOMAIN}")
    for place, commune in enumerate(read_communes(PROVINCE_CODE)):
        heads = head_count(place)
        party = (heads + 2) // 3
        quotas = (party - surplus_of(place, SURPLUS_PARTY), heads - party - surplus_of(place, SURPLUS_GOVERNMENT))
        phone, code = synthetic_phone(OFFICE_NUMBERS + 100 + place), office_of(commune)
        name = f"Ủy ban nhân dân {commune.full_name}"
        yield (code, name, "UBND xã", commune.code, *quotas, "Văn Thư", phone, f"{code.lower()}@{DOMAIN}")


def staff_rows() -> Iterator[Sequence[Any]]:
    yield ("STT", "Mã cán bộ", "Họ và tên", "Mã đơn vị", "Khối", "Chuyên môn", "Trình độ", "Văn bằng", "Năm tuyển dụng",
           "Xếp loại", "Diện điều động", "Điện thoại", "Email")  # fmt: skip
    for number, one in enumerate(members()):
        field = (one.field.name_vi, "Đại học", one.field.diploma) if one.field else ("", "", "")
        contact = (one.phone, one.email) if one.availability else ("", "")
        since = 2003 + number % 20
        yield (number + 1, one.code, one.full_name, one.unit_code, one.side, *field, since, "Hoàn thành tốt",
               one.availability, *contact)  # fmt: skip


def post_rows() -> Iterator[Sequence[Any]]:
    yield ("Mã vị trí", "Vị trí việc làm", "Đơn vị", "Lĩnh vực", "Định mức", "Hiện có", "Ưu tiên")
    communes = list(read_communes(PROVINCE_CODE))
    fields = [field for field in FIELDS for _ in range(field.posts)]
    random.Random(SEED + 1).shuffle(fields)
    for number, field in enumerate(fields):
        office = office_of(communes[number % len(communes)])
        priority = 3 if field.code == "it" else 1
        yield (f"VT{number + 1:03d}", f"Công chức {field.name_vi}", office, field.name_vi, 1, 0, priority)


def workbook(rows: Iterator[Sequence[Any]], *, title: str) -> bytes:
    """As an office sends it: a heading above the table."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_string(0, 0, "UBND TỈNH ĐIỆN BIÊN")
        sheet.write_string(1, 0, title)
        for number, row in enumerate(rows, start=3):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    return out.getvalue()
