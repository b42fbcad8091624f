"""The twelve training institutions of Khánh Hòa (with the former Ninh Thuận) that lend people.

Names and streets are the public ones; coordinates were read off a map and are approximate; contacts are synthetic.
"""

from dataclasses import dataclass
from functools import cache

from commune_demo.case.contacts import SCHOOL_NUMBERS, synthetic_phone
from commune_demo.case.geography import PROVINCE_CODE


@dataclass(frozen=True, slots=True)
class School:
    """An institution. `is_remote_capable`: may serve Trường Sa from afar (signals and navy know how)."""

    code: str
    kind: str
    name: str
    short_name: str
    address: str
    latitude: float
    longitude: float
    is_remote_capable: bool
    contact_name: str
    contact_phone: str
    contact_email: str
    province_code: str = PROVINCE_CODE
    is_location_approximate: bool = True


_ROWS: tuple[tuple[str, str, str, str, str, float, float], ...] = (
    ("DHKH", "university", "Trường Đại học Khánh Hòa", "ĐH Khánh Hòa",
     "01 Nguyễn Chánh, phường Nha Trang", 12.2440, 109.1950),
    ("DHNT", "university", "Trường Đại học Nha Trang", "ĐH Nha Trang",
     "02 Nguyễn Đình Chiểu, phường Bắc Nha Trang", 12.2681, 109.2020),
    ("DHTBD", "university", "Trường Đại học Thái Bình Dương", "ĐH Thái Bình Dương",
     "79 Mai Thị Dõng, phường Tây Nha Trang", 12.2650, 109.1590),
    ("CDKTCN", "college", "Trường Cao đẳng Kỹ thuật Công nghệ Nha Trang", "CĐ Kỹ thuật Công nghệ Nha Trang",
     "Đường N1, khu Bắc Hòn Ông, phường Nam Nha Trang", 12.1960, 109.1680),
    ("CDYT", "college", "Trường Cao đẳng Y tế Khánh Hòa", "CĐ Y tế Khánh Hòa",
     "87 Quang Trung, phường Nha Trang", 12.2450, 109.1880),
    ("CDDL", "college", "Trường Cao đẳng Du lịch Nha Trang", "CĐ Du lịch Nha Trang",
     "Khu Bắc Hòn Ông, phường Nam Nha Trang", 12.1920, 109.1720),
    ("HVHQ", "academy", "Học viện Hải quân", "Học viện Hải quân",
     "30 Trần Phú, phường Nha Trang", 12.2140, 109.2130),
    ("TSQTT", "academy", "Trường Sĩ quan Thông tin", "TSQ Thông tin",
     "101 Mai Xuân Thưởng, phường Bắc Nha Trang", 12.2830, 109.1930),
    ("CDNNT", "college", "Trường Cao đẳng Nghề Ninh Thuận", "CĐ Nghề Ninh Thuận",
     "Phường Phan Rang", 11.5850, 108.9910),
    ("PHNL", "university", "Phân hiệu Trường Đại học Nông Lâm TP. Hồ Chí Minh tại Ninh Thuận",
     "PH ĐH Nông Lâm Ninh Thuận", "Phường Ninh Chử", 11.5980, 109.0260),
    ("TCVN", "other", "Trường Trung cấp Nghề Vạn Ninh", "TC Nghề Vạn Ninh",
     "Xã Vạn Ninh", 12.7000, 109.2210),
    ("TCCR", "other", "Trường Trung cấp Nghề Cam Ranh", "TC Nghề Cam Ranh",
     "Phường Cam Linh", 11.9150, 109.1480),
)  # fmt: skip
_REMOTE_CAPABLE = frozenset({"HVHQ", "TSQTT"})


@cache
def schools() -> tuple[School, ...]:
    """The twelve, in the order the province lists them."""
    return tuple(
        School(
            code=code,
            kind=kind,
            name=name,
            short_name=short_name,
            address=f"{address}, tỉnh Khánh Hòa",
            latitude=latitude,
            longitude=longitude,
            is_remote_capable=code in _REMOTE_CAPABLE,
            contact_name=f"Phòng Công tác sinh viên {short_name}",
            contact_phone=synthetic_phone(SCHOOL_NUMBERS + number),
            contact_email=f"ctsv@{code.lower()}.example",
        )
        for number, (code, kind, name, short_name, address, latitude, longitude) in enumerate(_ROWS, start=1)
    )
