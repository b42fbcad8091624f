"""The 3,321 communes of the country, read from the SQLite file inside the package vietnamadminunits.

The package is never imported: its own imports are deliberately not installed. Where its column `wardType` contradicts
the full name (4 rows), the name is right.
"""

import importlib.util
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from roster_api.communes.models import CommuneKind

PACKAGE = "vietnamadminunits"
KIND_WORDS = {"Xã": CommuneKind.COMMUNE, "Phường": CommuneKind.WARD, "Đặc khu": CommuneKind.SPECIAL_ZONE}
REMOTE_BY_DEFAULT = frozenset({"22736", "20333"})
"""Trường Sa and Hoàng Sa: archipelagos on the open sea. Every other island has a passenger boat or a flight; whether it
is served at a distance is the province's decision (PATCH is_remote), and an import never undoes that decision."""


@dataclass(frozen=True)
class SourceCommune:
    code: str
    province_code: str
    kind: CommuneKind
    name: str
    full_name: str
    latitude: float
    longitude: float
    area_km2: float | None


def dataset_path() -> Path:
    """The package's data file; LookupError when the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"package {PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / "dataset.db"


def split_full_name(full_name: str) -> tuple[CommuneKind, str]:
    """'Đặc khu Trường Sa' -> (special_zone, 'Trường Sa')."""
    for word, kind in KIND_WORDS.items():
        if full_name.startswith(word + " "):
            return kind, full_name.removeprefix(word + " ")
    raise ValueError(f"no known kind of commune in {full_name!r}")


@cache
def read_communes(province_code: str) -> tuple[SourceCommune, ...]:
    """All communes of one province, by code."""
    query = (
        "select wardCode, ward, coalesce(wardLat, provinceLat), coalesce(wardLon, provinceLon), wardAreaKm2"
        " from admin_units where provinceCode = ? order by wardCode"
    )
    with closing(sqlite3.connect(f"{dataset_path().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        rows = connection.execute(query, (province_code,)).fetchall()
    communes = []
    for code, full_name, latitude, longitude, area_km2 in rows:
        kind, name = split_full_name(full_name)
        communes.append(SourceCommune(code, province_code, kind, name, full_name, latitude, longitude, area_km2))
    return tuple(communes)
