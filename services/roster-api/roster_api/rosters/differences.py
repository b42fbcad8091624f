"""A list against the roster: who is new, changed, the same, missing. Pure; identity is judged within one school.

A row is the person with the same staff or student code; failing that, of the same name and phone or e-mail; failing
that, of the same phone and e-mail. A person who withdrew stays withdrawn; one who was taken off the roster comes back.
"""

import hashlib
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from roster_api.rosters.models import RowStatus
from roster_api.rosters.reading.expertise import LEVEL_UNLESS_SAID
from roster_api.rosters.reading.people import RosterRow
from roster_api.text import search_key

COLUMNS = (
    "external_ref", "full_name", "role", "phone", "email", "skills", "free_weekdays", "max_days", "max_distance_m",
    "team", "absences",
)  # fmt: skip
Key = tuple[str, str]
ON_ROSTER, OFF_ROSTER = "active", "archived"


@dataclass(frozen=True, slots=True)
class Known:
    """A volunteer as the roster holds them now."""

    id: UUID
    row_version: int
    status: str
    values: dict[str, Any]


@dataclass(slots=True)
class ComparedRow:
    row: RosterRow
    status: RowStatus
    known: Known | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Comparison:
    rows: list[ComparedRow]
    missing: list[Known]

    def counts(self) -> dict[str, int]:
        """How many rows of each status, and how many that were read with a repair."""
        counts = {status.value: sum(row.status is status for row in self.rows) for status in RowStatus}
        counts[RowStatus.MISSING.value] = len(self.missing)
        counts["rows"] = len(self.rows)
        counts["with_warnings"] = sum(bool(row.row.findings) and not row.row.has_errors for row in self.rows)
        return counts


def fingerprint(known: Sequence[Known]) -> str:
    """Changes whenever anyone on the school's roster does."""
    lines = sorted(f"{one.id}:{one.row_version}" for one in known)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def compare(
    rows: Sequence[RosterRow], known: Sequence[Known], *, spoken_of: Set[str] = frozenset(), is_whole: bool = True
) -> Comparison:
    """Each row with the person it is; a known person belongs to one row at most.

    Nobody is missing whose name is among `spoken_of` (search keys of what the file holds and was not read), nor anybody
    when a sheet with people in it could not be read (`is_whole` is false).
    """
    found: dict[int, Known] = {}
    left = {one.id: one for one in known}
    for keys_of in (_reference_keys, _name_keys, _contact_keys):
        index: dict[Key, Known] = {}
        for one in left.values():
            for key in keys_of(one.values):
                index.setdefault(key, one)
        for place, row in enumerate(rows):
            if row.person is None or place in found:
                continue
            person = row.person.as_dict()
            for key in keys_of(person):
                match = index.get(key)
                if match is not None and match.id in left and not _references_differ(person, match.values):
                    found[place] = left.pop(match.id)
                    break
    compared = [_compare_row(row, found.get(place)) for place, row in enumerate(rows)]
    named = spoken_of | {search_key(row.shown_name) for row in rows if row.person is None}
    missing = [
        one for one in left.values()
        if is_whole and one.status == ON_ROSTER and search_key(one.values["full_name"]) not in named
    ]  # fmt: skip
    return Comparison(compared, missing)


def _reference_keys(values: dict[str, Any]) -> list[Key]:
    reference = str(values["external_ref"] or "").casefold()
    return [(reference, "")] if reference else []


def _name_keys(values: dict[str, Any]) -> list[Key]:
    name = search_key(values["full_name"])
    return [(name, contact) for contact in (values["phone"], values["email"]) if contact]


def _contact_keys(values: dict[str, Any]) -> list[Key]:
    return [(values["phone"], values["email"])] if values["phone"] and values["email"] else []


def _references_differ(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Both carry a code, and not the same: two people, whatever else they share."""
    mine, other = _reference_keys(ours), _reference_keys(theirs)
    return bool(mine and other and mine != other)


def _compare_row(row: RosterRow, known: Known | None) -> ComparedRow:
    if row.person is None:
        return ComparedRow(row, RowStatus.ERROR)
    values = {name: value for name, value in row.person.as_dict().items() if name in COLUMNS}
    if known is None:
        return ComparedRow(row, RowStatus.NEW, None, values | {"status": ON_ROSTER})
    values = _keep_what_is_not_said(values, row, known)
    values["status"] = ON_ROSTER if known.status == OFF_ROSTER else known.status
    before = known.values | {"status": known.status}
    changes = {name: [before[name], after] for name, after in values.items() if before[name] != after}
    return ComparedRow(row, RowStatus.CHANGED if changes else RowStatus.SAME, known, values, changes)


def _keep_what_is_not_said(values: dict[str, Any], row: RosterRow, known: Known) -> dict[str, Any]:
    """A list says nothing about what it has no column for, about levels where it only names fields, about notes."""
    kept = {name: known.values[name] for name in row.silent_about & set(COLUMNS)}
    if "skill_levels" in row.silent_about:
        levels = known.values["skills"]
        kept["skills"] = {code: levels.get(code, LEVEL_UNLESS_SAID) for code in values["skills"]}
    notes = {_days_of(absence): absence["note"] for absence in known.values["absences"]}
    told = [absence | {"note": notes.get(_days_of(absence), "")} for absence in values["absences"]]
    return values | {"absences": told} | kept


def _days_of(absence: dict[str, Any]) -> tuple[str, str, str]:
    return absence["starts_on"], absence["ends_on"], absence["kind"]
