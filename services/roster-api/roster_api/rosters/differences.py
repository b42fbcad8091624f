"""A list against the roster: who is new, changed, the same, missing, and what must be asked first. Pure.

A person who withdrew stays withdrawn; one who was taken off the roster comes back.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from roster_api.rosters.decisions import LEFT_OUT, NO_DECISIONS, Decisions, decided_people
from roster_api.rosters.doubts import Doubt, find_doubts
from roster_api.rosters.identity import Evidence, Known, match_people
from roster_api.rosters.models import RowStatus
from roster_api.rosters.own_words import keep_own_words
from roster_api.rosters.reading.expertise import LEVEL_UNLESS_SAID
from roster_api.rosters.reading.people import Person, RosterRow
from roster_api.text import search_key

COLUMNS = (
    "external_ref", "full_name", "role", "phone", "email", "skills", "free_weekdays", "max_days", "max_distance_m",
    "team", "absences",
)  # fmt: skip
ON_ROSTER, OFF_ROSTER = "active", "archived"
_columns_of = attrgetter(*COLUMNS)


@dataclass(slots=True)
class ComparedRow:
    """`changes`: {column: [before, after]} of somebody known; who is new is held as the row says."""

    row: RosterRow
    status: RowStatus
    known: Known | None = None
    changes: dict[str, list[Any]] | None = None

    def values(self) -> dict[str, Any] | None:
        """As the roster will hold them, and their year of study; None of a row that is not read."""
        person = self.row.person
        if person is None:
            return None
        if self.known is None:
            return _values_of(person) | {"status": ON_ROSTER, "year": person.year}
        kept = {name: self.known.values[name] for name in COLUMNS} | {"status": self.known.status}
        changed = {name: after for name, (_, after) in (self.changes or {}).items()}
        return kept | changed | {"year": person.year}


@dataclass(slots=True)
class Comparison:
    rows: list[ComparedRow]
    missing: list[Known]
    doubts: list[Doubt] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows of each status, and how many that were read with a repair."""
        counts = {status.value: sum(row.status is status for row in self.rows) for status in RowStatus}
        counts[RowStatus.MISSING.value] = len(self.missing)
        counts["rows"] = len(self.rows)
        counts["with_warnings"] = sum(bool(row.row.findings) and not row.row.has_errors for row in self.rows)
        return counts


def compare(
    rows: Sequence[RosterRow], known: Sequence[Known], *, spoken_of: Set[str] = frozenset(), is_whole: bool = True,
    decisions: Decisions = NO_DECISIONS,
) -> Comparison:  # fmt: skip
    """Each row with the person it is; a known person belongs to one row at most.

    `decisions`: what the school said of rows that could be two people, or the same.

    Nobody is missing whose name is among `spoken_of` (search keys of what the file holds and was not read), nor anybody
    when a sheet with people in it could not be read (`is_whole` is false).
    """
    left_out = {place for place, row in enumerate(rows) if decisions.get((row.sheet, row.row)) == LEFT_OUT}
    for place in left_out:
        rows[place].person = None
    decided = decided_people(rows, known, decisions)
    people = [_Evidence(row.person) if row.person else None for row in rows] if known else []
    matches = match_people(people, known, decided)
    doubts = find_doubts(rows, known, matches)
    compared = [
        ComparedRow(row, RowStatus.LEFT_OUT)
        if place in left_out
        else _compare_row(row, matches.known.get(place), evidence=matches.evidence.get(place))
        for place, row in enumerate(rows)
    ]
    left = matches.left
    named = spoken_of | {search_key(row.shown_name) for row in rows if row.person is None}
    missing = [
        one for one in left.values()
        if is_whole and one.status == ON_ROSTER and search_key(one.values["full_name"]) not in named
    ]  # fmt: skip
    return Comparison(compared, missing, [doubt for doubt in doubts if doubt.place not in left_out])


def _is_respelt(evidence: Evidence | None) -> bool:
    return evidence is not None and evidence.code > 0


class _Evidence:
    """What a person is told from others by, by name. A list is up to a hundred thousand of these: nothing is copied."""

    __slots__ = ("_person",)

    def __init__(self, person: Person) -> None:
        self._person = person

    def __getitem__(self, name: str) -> Any:
        return getattr(self._person, name)


def _values_of(person: Person) -> dict[str, Any]:
    return dict(zip(COLUMNS, _columns_of(person), strict=True))


def _compare_row(row: RosterRow, known: Known | None, *, evidence: Evidence | None) -> ComparedRow:
    if row.person is None:
        return ComparedRow(row, RowStatus.ERROR)
    if known is None:
        return ComparedRow(row, RowStatus.NEW)
    values = _values_of(row.person)
    values = _keep_what_is_not_said(values, row, known)
    if _is_respelt(evidence):
        values["external_ref"] = known.values["external_ref"]
    values["status"] = ON_ROSTER if known.status == OFF_ROSTER else known.status
    values |= keep_own_words(row, known, values)
    before = known.values | {"status": known.status}
    changes = {name: [before[name], after] for name, after in values.items() if before[name] != after}
    return ComparedRow(row, RowStatus.CHANGED if changes else RowStatus.SAME, known, changes or None)


def _keep_what_is_not_said(values: dict[str, Any], row: RosterRow, known: Known) -> dict[str, Any]:
    """A list says nothing about what it has no column for, about levels where it only names fields, about notes."""
    kept = {name: known.values[name] for name in row.silent_about & set(COLUMNS)}
    if "skill_levels" in row.silent_about and "skills" not in row.silent_about:
        levels = known.values["skills"]
        kept["skills"] = {code: levels.get(code, LEVEL_UNLESS_SAID) for code in values["skills"]}
    notes = {_days_of(absence): absence["note"] for absence in known.values["absences"]}
    told = [absence | {"note": notes.get(_days_of(absence), "")} for absence in values["absences"]]
    return values | {"absences": told} | kept


def _days_of(absence: dict[str, Any]) -> tuple[str, str, str]:
    return absence["starts_on"], absence["ends_on"], absence["kind"]
