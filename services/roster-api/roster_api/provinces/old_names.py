"""What communes were called before the merger of 1 July 2025, from the data files of vietnamadminunits.

An old commune that was divided belongs to every commune that has a part of it.
"""

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from roster_api.provinces.source import dataset_path

CONVERTER = "converter_2025.json"


@dataclass(frozen=True, order=True)
class OldCommune:
    """`full_name` with its kind, e.g. 'Thị trấn Vạn Giã'; its district and province of then."""

    full_name: str
    district: str
    province: str

    def __str__(self) -> str:
        return f"{self.full_name} ({self.district}, {self.province})"


@cache
def read_old_names(province_code: str) -> dict[str, tuple[OldCommune, ...]]:
    """By the code of today's commune. Those that kept their name and whole land are among them."""
    converter = json.loads(dataset_path().with_name(CONVERTER).read_text("utf-8"))
    with closing(sqlite3.connect(f"{dataset_path().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        today = connection.execute(
            "select provinceKey, wardKey, wardCode from admin_units where provinceCode = ?", (province_code,)
        ).fetchall()
        legacy = {
            f"{province}_{district}_{ward}": OldCommune(*names)
            for province, district, ward, *names in connection.execute(
                "select provinceKey, districtKey, wardKey, ward, district, province from admin_units_legacy"
                " where ward is not null"
            )
        }
    codes = {(province, ward): code for province, ward, code in today}
    found: dict[str, set[OldCommune]] = defaultdict(set)
    for province in {province for province, _ in codes}:
        for ward, keys in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].get(province, {}).items():
            for key in keys:
                if (province, ward) in codes and key in legacy:
                    found[codes[province, ward]].add(legacy[key])
        for key, parts in converter["DICT_PROVINCE_WARD_DIVIDED"].get(province, {}).items():
            for part in parts:
                if (province, part["newWardKey"]) in codes and key in legacy:
                    found[codes[province, part["newWardKey"]]].add(legacy[key])
    return {code: tuple(sorted(names)) for code, names in found.items()}
