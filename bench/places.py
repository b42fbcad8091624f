"""The 3,321 communes with their coordinates, read from vietnamadminunits' data file without importing the package."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    province: str
    point: tuple[float, float]
    """(latitude, longitude)."""


@cache
def list_places() -> list[Place]:
    """By code."""
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.submodule_search_locations is None:
        raise FileNotFoundError("vietnamadminunits is not installed")
    file = Path(spec.submodule_search_locations[0]) / "data" / "dataset.db"
    query = "SELECT wardCode, ward, provinceCode, wardLat, wardLon FROM admin_units ORDER BY wardCode"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return [
            Place(code, name, province, (latitude, longitude))
            for code, name, province, latitude, longitude in connection.execute(query)
        ]
