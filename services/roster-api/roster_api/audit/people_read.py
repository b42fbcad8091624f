"""Whose data a read brought up: noted as the session loads rows, kept in the read's entry, reported by actor.

Everybody whose row was loaded is noted, also who was not shown in the end: for a report of a breach that is the safe
side.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, Session

from roster_api.audit.models import AuditAction, AuditEntry

COLLECTOR = "audit_people_read"
PEOPLE = "people"
MOST_PEOPLE = 5000
"""In one entry; how many more there were is counted."""


def collect_people(session: AsyncSession) -> dict[str, None]:
    """The ids of everybody whose row this session loads from now on, in order."""
    people: dict[str, None] = {}
    session.sync_session.info[COLLECTOR] = people
    return people


def note_people(session: AsyncSession, ids: Iterable[UUID]) -> None:
    """For rows read as plain columns: they are not loaded as anybody's."""
    people: dict[str, None] | None = session.sync_session.info.get(COLLECTOR)
    if people is not None:
        people.update(dict.fromkeys(map(str, ids)))


def as_details(people: dict[str, None]) -> dict[str, Any]:
    ids = list(people)
    more = {"people_left_out": len(ids) - MOST_PEOPLE} if len(ids) > MOST_PEOPLE else {}
    return {PEOPLE: ids[:MOST_PEOPLE], **more} if ids else {}


@event.listens_for(Session, "loaded_as_persistent")
def _note_person(session: Session, row: Any) -> None:
    people: dict[str, None] | None = session.info.get(COLLECTOR)
    if people is None:
        return
    mapper: Mapper[Any] = row.__mapper__
    is_person = mapper.local_table.name == "volunteers"  # type: ignore[attr-defined]
    person = row.id if is_person else getattr(row, "volunteer_id", None)
    if person is not None:
        people[str(person)] = None


@dataclass
class PersonRead:
    """How often, when and by which routes somebody's data was read."""

    times: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    routes: dict[str, None] = field(default_factory=dict)


@dataclass
class ReadReport:
    """What one actor read between two moments."""

    entries: int = 0
    people_left_out: int = 0
    """Beyond what one entry holds."""
    people: dict[UUID, PersonRead] = field(default_factory=lambda: defaultdict(PersonRead))


async def report_reads(session: AsyncSession, *, actor_id: UUID, since: datetime, until: datetime) -> ReadReport:
    """By the key or account; from `since` on, before `until`."""
    by_actor = or_(AuditEntry.actor_key_id == actor_id, AuditEntry.actor_account_id == actor_id)
    query = (
        select(AuditEntry)
        .where(by_actor, AuditEntry.action == AuditAction.READ.value)
        .where(AuditEntry.created_at >= since, AuditEntry.created_at < until)
        .order_by(AuditEntry.id)
    )
    report = ReadReport()
    async for entry in _stream(session, query):
        report.entries += 1
        report.people_left_out += entry.details.get("people_left_out", 0)
        for person in entry.details.get(PEOPLE, []):
            read = report.people[UUID(person)]
            read.times += 1
            read.first_at = read.first_at or entry.created_at
            read.last_at = entry.created_at
            read.routes[f"{entry.method} {entry.route}"] = None
    return report


async def _stream(session: AsyncSession, query: Any) -> AsyncIterator[AuditEntry]:
    rows = await session.stream_scalars(query.execution_options(yield_per=500))
    async for row in rows:
        yield row
