"""The rows of a plan that edits change: as they were, as they become, and written to the database either way."""

from collections.abc import Mapping, Set
from datetime import date
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from commune_calendar.dates import ServiceCalendar
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.database import Base
from roster_api.editing.board import Board, Place
from roster_api.editing.effects import Effect
from roster_api.editing.facts import Facts
from roster_api.plans.models import Placement, Responsibility, Shortfall

Side = Literal["before", "after"]
Row = dict[str, Any]
TABLES: Mapping[str, tuple[type[Base], tuple[str, ...], tuple[str, ...]]] = {
    "placements": (
        Placement,
        ("volunteer_id",),
        ("school_id", "commune_code", "weekdays", "work_days", "distance_m", "dates", "lost"),
    ),
    "responsibilities": (
        Responsibility,
        ("commune_code", "school_id"),
        ("is_lead", "distance_m", "promised_days", "reason_vi", "reason_en"),
    ),
    "shortfalls": (Shortfall, ("commune_code", "field_code"), ("needed_days", "unmet_days")),
}
"""By name: the table, its key within a plan, its other columns."""
ORDER = ("responsibilities", "placements", "shortfalls")


WHY = {
    "reason_vi": "Do tỉnh quyết định khi sửa phương án bằng tay.",
    "reason_en": "Decided by the province when the plan was changed by hand.",
}
"""Of a lead changed by hand. The officer's own reason is kept with the edit: everyone reads this one."""


def make_rows(effect: Effect, facts: Facts, schools: Mapping[str, UUID]) -> dict[str, dict[str, Row]]:
    """{table: {key: row}} of everything that differs after the edits; a row that goes is {}."""
    return {
        "placements": _placements(effect, facts, schools),
        "responsibilities": _responsibilities(effect, facts, schools),
        "shortfalls": _shortfalls(effect.before, effect.after),
    }


def _placements(effect: Effect, facts: Facts, schools: Mapping[str, UUID]) -> dict[str, Row]:
    before, after = effect.before.places, effect.after.places
    moved = {person for person in {*before, *after} if before.get(person) != after.get(person)}
    beside = _list_redated(facts, effect, moved)
    return {person: _placement(facts, schools, person, after) for person in sorted(moved | beside)}


def _list_redated(facts: Facts, effect: Effect, moved: Set[str]) -> set[str]:
    """Who stays where they are, but on other dates: whoever supervises their made-up days has come or gone (T6)."""
    before, after = effect.before.places, effect.after.places
    touched = {place.commune for places in (before, after) for person, place in places.items() if person in moved}
    staying = [one for one, place in after.items() if place.commune in touched and one not in moved]
    return {one for one in staying if _calendar(facts, one, before) != _calendar(facts, one, after)}


def _calendar(facts: Facts, person: str, places: Mapping[str, Place]) -> ServiceCalendar:
    """The person's dates among all who are placed in the same commune."""
    place = places[person]
    beside = [(facts.people[one], p.weekdays) for one, p in places.items() if p.commune == place.commune]
    return facts.days.plan(facts.people[person], list(place.weekdays), beside=beside)


def _placement(facts: Facts, schools: Mapping[str, UUID], person: str, places: Mapping[str, Place]) -> Row:
    """The person's row among all places after the edits."""
    place = places.get(person)
    if place is None:
        return {}
    known = facts.people[person]
    calendar = _calendar(facts, person, places)
    return {
        "school_id": str(schools[known.school_code]),
        "commune_code": place.commune,
        "weekdays": list(place.weekdays),
        "work_days": {field: days for field, days in place.work.items() if days},
        "distance_m": facts.distance[place.commune, known.school_code],
        "dates": [day.isoformat() for day in calendar.dates],
        "lost": [loss.model_dump(mode="json") for loss in calendar.lost],
    }


def _responsibilities(effect: Effect, facts: Facts, schools: Mapping[str, UUID]) -> dict[str, Row]:
    relations = []
    for board in (effect.before, effect.after):
        pairs = dict.fromkeys(board.leads.items(), True) | dict.fromkeys(board.supports, False)
        relations.append({pair: (is_lead, board.promised.get(pair, {})) for pair, is_lead in pairs.items()})
    before, after = relations
    rows: dict[str, Row] = {}
    for pair in sorted({*before, *after}):
        if before.get(pair) == after.get(pair):
            continue
        key = f"{pair[0]}|{schools[pair[1]]}"
        rows[key] = {}
        if pair in after:
            is_lead, promised = after[pair]
            rows[key] = {"is_lead": is_lead, "distance_m": facts.distance[pair], "promised_days": promised}
            rows[key] |= WHY if is_lead else dict.fromkeys(WHY)
    return rows


def _shortfalls(before: Board, after: Board) -> dict[str, Row]:
    return {
        f"{commune}|{field}": dict(zip(("needed_days", "unmet_days"), after.undone[commune, field], strict=True))
        if (commune, field) in after.undone
        else {}
        for commune, field in sorted({*before.undone, *after.undone})
        if before.undone.get((commune, field)) != after.undone.get((commune, field))
    }


async def read_rows(session: AsyncSession, plan_id: UUID, wanted: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
    """The same keys as the plan has them now; {} where it has no such row."""
    found: dict[str, Any] = {}
    for name in ORDER:
        table, key, columns = TABLES[name]
        rows = await session.scalars(sa.select(table).where(table.plan_id == plan_id))  # type: ignore[attr-defined]
        present = {"|".join(str(getattr(row, column)) for column in key): row for row in rows}
        found[name] = {
            one: {column: _plain(getattr(present[one], column)) for column in columns} if one in present else {}
            for one in wanted[name]
        }
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | dict | None) else str(value)


async def write_rows(session: AsyncSession, plan_id: UUID, changes: Mapping[str, Any], side: Side) -> None:
    """The plan as it was before the edits, or as it is after them; told words of a draft are none."""
    for name in ORDER:
        table, key, _ = TABLES[name]
        rows: Mapping[str, Row] = changes[side][name]
        keys = [dict(zip(key, one.split("|"), strict=True)) for one in rows]
        for one in keys:
            matches = [getattr(table, column) == _typed(column, value) for column, value in one.items()]
            await session.execute(sa.delete(table).where(table.plan_id == plan_id, *matches))  # type: ignore[attr-defined]
        values = [
            {"plan_id": plan_id, **_all_typed(one | row)} for one, row in zip(keys, rows.values(), strict=True) if row
        ]
        if values:
            await session.execute(sa.insert(table), values)
    for row in list(session.sync_session.identity_map.values()):
        if isinstance(row, Placement | Responsibility | Shortfall):
            session.expunge(row)  # as it was before these statements


def _typed(column: str, value: Any) -> Any:
    if column.endswith("_id"):
        return UUID(value)
    return [date.fromisoformat(day) for day in value] if column == "dates" else value


def _all_typed(row: Row) -> Row:
    return {column: _typed(column, value) for column, value in row.items()}
