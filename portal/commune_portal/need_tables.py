"""A table of needs as it is pasted from a spreadsheet: a row a commune and duty, with words for what is wrong."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commune_portal.paging import fold

COLUMNS = 4
"""Commune, duty, people, days a week; a fifth, if it is there, says that the commune has no IT staff."""
MOST_ROWS = 3000
YES = {"x", "co", "yes", "1", "true"}
HEADINGS = {"xa", "commune", "ma xa", "xa phuong", "don vi", "ten xa"}


@dataclass
class NeedTable:
    """`rows`: (row's number, commune's code, duty's code, people, days, whether it lacks IT staff; None: not told)."""

    rows: list[tuple[int, str, str, int, int, bool | None]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, number: int, vi: str, en: str) -> None:
        self.errors.append({"pointer": f"/{number}", "vi": f"Dòng {number}: {vi}", "en": f"Row {number}: {en}"})


class Names:
    """Codes by code and by every name that one alone has, accents and kinds of spaces aside."""

    def __init__(self, named: Iterable[tuple[str, Sequence[str]]]) -> None:
        codes: dict[str, set[str]] = {}
        for code, names in named:
            for name in (code, *names):
                codes.setdefault(plain(name), set()).add(code)
        self._codes = codes

    def find(self, given: str) -> str | None:
        known = self._codes.get(plain(given), set())
        return next(iter(known)) if len(known) == 1 else None


def plain(text: str) -> str:
    return " ".join(fold(text).split())


def names_of_communes(communes: Iterable[Mapping[str, Any]]) -> Names:
    return Names((each["code"], (each["full_name"], each["name"])) for each in communes)


def names_of_duties(duties: Iterable[Mapping[str, Any]]) -> Names:
    return Names((each["code"], (each["name_vi"], each["name_en"])) for each in duties)


def read_table(text: str, *, communes: Names, duties: Names) -> NeedTable:
    """Columns apart by tabs, as a spreadsheet copies them, or by semicolons; a heading and empty rows are skipped."""
    table = NeedTable()
    lines = text.splitlines()
    if len(lines) > MOST_ROWS:
        table.refuse(MOST_ROWS + 1, f"nhiều nhất {MOST_ROWS} dòng một lần.", f"at most {MOST_ROWS} rows at once.")
        return table
    seen: set[tuple[str, str]] = set()
    separator = "\t" if "\t" in text else ";"
    for number, cells in enumerate(csv.reader(lines, delimiter=separator, strict=False), start=1):
        row = [cell.strip() for cell in cells]
        if any(row) and not (not table.rows and plain(row[0]) in HEADINGS):
            read_row(table, number, row, communes=communes, duties=duties, seen=seen)
    if not table.rows and not table.errors:
        table.refuse(1, "chưa có dòng nào.", "there is no row yet.")
    return table


def read_row(
    table: NeedTable, number: int, row: list[str], *, communes: Names, duties: Names, seen: set[tuple[str, str]]
) -> None:
    if len(row) < COLUMNS:
        table.refuse(
            number, f"cần {COLUMNS} cột, chỉ có {len(row)}.", f"{COLUMNS} columns are needed, {len(row)} are there."
        )
        return
    commune, duty = communes.find(row[0]), duties.find(row[1])
    people, days = count_of(row[2]), count_of(row[3])
    if commune is None:
        table.refuse(
            number, f"không rõ xã “{row[0]}”; hãy ghi mã xã.", f"commune “{row[0]}” is not clear; write its code."
        )
    if duty is None:
        table.refuse(number, f"không rõ nhiệm vụ “{row[1]}”.", f"duty “{row[1]}” is not clear.")
    if people is None:
        table.refuse(number, f"số người “{row[2]}” không phải số.", f"“{row[2]}” people is no number.")
    if days is None:
        table.refuse(number, f"số ngày “{row[3]}” không phải số.", f"“{row[3]}” days is no number.")
    if commune is None or duty is None or people is None or days is None:
        return
    if (commune, duty) in seen:
        table.refuse(number, "xã và nhiệm vụ này đã có ở dòng trên.", "this commune and duty stand in a row above.")
    seen.add((commune, duty))
    lacks = plain(row[COLUMNS]) in YES if len(row) > COLUMNS and row[COLUMNS] else None
    table.rows.append((number, commune, duty, people, days, lacks))


def count_of(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None


def needs_of(table: NeedTable, known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each commune of the table needs, as the API takes it. What the table has no column for stays as declared."""
    needs: dict[str, dict[str, Any]] = {}
    for _, commune, duty, people, days, lacks in table.rows:
        old = known.get(commune, {})
        need = needs.setdefault(
            commune,
            {
                "commune_code": commune,
                "lacks_it_staff": old.get("lacks_it_staff", False),
                "presence": old.get("presence", [0] * 5),
                "min_people": old.get("min_people"),
                "note": old.get("note", ""),
                "items": [],
            },
        )
        if lacks is not None:
            need["lacks_it_staff"] = lacks
        if people:
            need["items"].append({"duty_code": duty, "people": people, "days_per_week": days})
    return list(needs.values())
