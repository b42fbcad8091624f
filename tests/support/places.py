"""The 3,321 communes with their coordinates, read from vietnamadminunits' data file without importing the package."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

KHANH_HOA, DIEN_BIEN, HA_NOI, HO_CHI_MINH = "56", "11", "01", "79"
SPECIAL_ZONE = "Đặc khu"


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    kind: str
    province: str
    point: tuple[float, float]
    """(latitude, longitude)."""

    @property
    def is_island(self) -> bool:
        """A special zone: served from afar."""
        return self.kind == SPECIAL_ZONE


def list_provinces() -> list[str]:
    """Codes of the 34 provinces, ascending."""
    return sorted({place.province for place in list_places()})


def list_communes(province: str) -> list[Place]:
    """By code."""
    return [place for place in list_places() if place.province == province]


@cache
def list_places() -> list[Place]:
    """All of them, by code."""
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.submodule_search_locations is None:
        raise FileNotFoundError("vietnamadminunits is not installed")
    file = Path(spec.submodule_search_locations[0]) / "data" / "dataset.db"
    query = "SELECT wardCode, ward, wardType, provinceCode, wardLat, wardLon FROM admin_units ORDER BY wardCode"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return [
            Place(code, name, kind, province, (latitude, longitude))
            for code, name, kind, province, latitude, longitude in connection.execute(query)
        ]
