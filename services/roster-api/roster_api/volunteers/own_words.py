"""What a person said of themselves: written with who said it and when, so that no later list writes over it in silence.

A coordinator may fill in for the person. Whoever changes such a value on the roster afterwards takes it over: it is the
school's word from then on.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.volunteers.models import Volunteer

OWN_COLUMNS = (
    "free_weekdays", "max_days", "skills", "max_distance_m", "absences", "home_commune_code", "transport",
)  # fmt: skip
By = Literal["person", "school"]


def take_down(row: Volunteer, values: Mapping[str, Any], *, by: By, at: datetime) -> None:
    """Every column of `values` is the person's own word, also one that stays as it was."""
    said = {"by": by, "at": at.isoformat()}
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    row.own_words = {**row.own_words, **dict.fromkeys(values, said)}


def let_go(row: Volunteer, names: Iterable[str]) -> None:
    """These columns are not the person's own word any more: somebody else changes them, and says so."""
    kept = {name: said for name, said in row.own_words.items() if name not in set(names)}
    if kept != row.own_words:
        row.own_words = kept


def take_back(row: Volunteer, *, by: By, at: datetime) -> None:
    """The person does not let us use it: what they said is gone, no free day is left, and no list brings one back."""
    row.free_weekdays, row.absences, row.home_commune_code, row.transport = [], [], None, None
    row.own_words = {"free_weekdays": {"by": by, "at": at.isoformat()}}


async def write_wishes(
    session: AsyncSession, volunteer_id: UUID, *, channel: str | None, language: str | None
) -> Volunteer:
    """How the person themselves wishes to be written to: it holds for what is not handed over yet."""
    row = await session.get_one(Volunteer, volunteer_id, with_for_update=True)
    wishes = {"preferred_channel": channel, "preferred_language": language}
    take_down(row, wishes, by="person", at=clock.now())
    await session.flush()
    return row
