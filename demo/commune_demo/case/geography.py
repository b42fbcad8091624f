"""The province's communes, as vietnamadminunits' data file has them, read without importing that package.

Codes, kinds, names, areas and centre points are the official ones; offices and contacts are synthetic.
"""

import importlib.util
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commune_demo.case.contacts import OFFICE_NUMBERS, synthetic_phone

PROVINCE_CODE = "56"
PROVINCE_NAME = "Khánh Hòa"
PROVINCE_FULL_NAME = "Tỉnh Khánh Hòa"
TRUONG_SA = "22736"
KINDS = {"Xã": "commune", "Phường": "ward", "Đặc khu": "special_zone"}


@dataclass(frozen=True, slots=True)
class Commune:
    """One of the 65. Areas in square kilometres, WGS84 degrees; `is_remote`: served from afar, distance 0."""

    code: str
    kind: str
    name: str
    full_name: str
    latitude: float
    longitude: float
    area_km2: float
    is_remote: bool
    office_address: str
    contact_name: str
    contact_phone: str
    contact_email: str


def find_data_file() -> Path:
    """Path of the SQLite file inside the installed package; raises FileNotFoundError when it is not installed."""
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package vietnamadminunits is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / "dataset.db"


@cache
def communes() -> tuple[Commune, ...]:
    """The 65 communes, wards and the special zone of Khánh Hòa, by code."""
    query = (
        "select wardCode, wardType, wardShort, ward, wardLat, wardLon, wardAreaKm2"
        " from admin_units where provinceCode = ? order by wardCode"
    )
    with closing(sqlite3.connect(f"{find_data_file().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(query, (PROVINCE_CODE,)).fetchall()
    return tuple(_commune(number, *row) for number, row in enumerate(rows, start=1))


def _commune(
    number: int, code: str, kind: str, name: str, full_name: str, latitude: float, longitude: float, area: float
) -> Commune:
    body = f"{full_name[0].lower()}{full_name[1:]}"
    return Commune(
        code=code,
        kind=KINDS[kind],
        name=name,
        full_name=full_name,
        latitude=latitude,
        longitude=longitude,
        area_km2=area,
        is_remote=code == TRUONG_SA,
        office_address=f"Trụ sở UBND {body}, tỉnh {PROVINCE_NAME} (địa chỉ mẫu)",
        contact_name=f"Bộ phận Một cửa {body}",
        contact_phone=synthetic_phone(OFFICE_NUMBERS + number),
        contact_email=f"motcua.{code}@khanhhoa.example",
    )
