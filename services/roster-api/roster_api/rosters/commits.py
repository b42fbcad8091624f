"""Writing a previewed list to the roster, and taking it back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import ConflictError
from roster_api.rosters.differences import COLUMNS, OFF_ROSTER
from roster_api.rosters.models import RosterUpload, RosterUploadRow, RowStatus
from roster_api.text import name_sort_key, search_key
from roster_api.volunteers.models import Volunteer

WRITTEN = {*COLUMNS, "status"}


async def apply_rows(
    session: AsyncSession,
    upload: RosterUpload,
    roster: Sequence[Volunteer],
    rows: Sequence[RosterUploadRow],
    *,
    remove_missing: bool,
) -> dict[str, Any]:
    """Writes new and changed people, takes the missing off when asked to; returns what `revert` needs."""
    people = {str(row.id): row for row in roster}
    before: dict[str, dict[str, Any]] = {}
    added: list[Volunteer] = []
    for row in rows:
        if row.status == RowStatus.NEW.value and row.person:
            values = {name: value for name, value in row.person.items() if name in WRITTEN}
            added.append(Volunteer(school_id=upload.school_id, **values, **_name_keys(values["full_name"])))
        elif row.status == RowStatus.CHANGED.value:
            person = people[str(row.volunteer_id)]
            before[str(person.id)] = {name: change[0] for name, change in row.changes.items()}
        elif row.status == RowStatus.MISSING.value and remove_missing:
            person = people[str(row.volunteer_id)]
            before[str(person.id)] = {"status": person.status}
            person.status = OFF_ROSTER
    after = {
        str(row.volunteer_id): {name: change[1] for name, change in row.changes.items()}
        for row in rows if row.status == RowStatus.CHANGED.value
    }  # fmt: skip
    await _set_all(session, people, after)
    session.add_all(added)
    await session.flush()
    return {"created": [str(person.id) for person in added], "before": before}


async def revert(session: AsyncSession, undo: dict[str, Any], roster: Sequence[Volunteer]) -> None:
    """The roster as it was; 409 when someone who came with the list is already named in a decision or a plan."""
    people = {str(row.id): row for row in roster}
    created = [people[key].id for key in undo["created"]]
    try:
        async with session.begin_nested():
            await session.execute(delete(Volunteer).where(Volunteer.id.in_(created)))
    except IntegrityError as in_use:
        raise ConflictError(
            "roster.undo_in_use",
            vi="Không hoàn tác được: có người trong danh sách này đã được phân công hoặc được nêu trong quyết định.",
            en="It cannot be undone: someone of this list is already placed, or named in a decision.",
        ) from in_use
    for key in undo["created"]:
        session.expunge(people[key])
    await _set_all(session, people, undo["before"])


async def _set_all(session: AsyncSession, people: dict[str, Volunteer], values: dict[str, dict[str, Any]]) -> None:
    """Codes are given up before they are taken, so that two people may change codes with each other."""
    for key, changed in values.items():
        if "external_ref" in changed:
            people[key].external_ref = None
    await session.flush()
    for key, changed in values.items():
        _set(people[key], changed)
    await session.flush()


def _set(person: Volunteer, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    if "full_name" in values:
        for name, value in _name_keys(values["full_name"]).items():
            setattr(person, name, value)


def _name_keys(full_name: str) -> dict[str, str]:
    return {"search_key": search_key(full_name), "sort_key": name_sort_key(full_name)}
