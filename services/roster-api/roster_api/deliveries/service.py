"""The board: the notifier's messages of a plan, narrowed to what the caller may see, with names and phones."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import MessageStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.deliveries.asking import TheirBoard, TheirMessage, TheirPage
from roster_api.deliveries.schemas import DeliveryCounts, DeliveryOut, DeliveryPage
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

COUNTED_AS = {
    MessageStatus.PENDING: "waiting",
    MessageStatus.CLAIMED: "waiting",
    MessageStatus.SENDING: "waiting",
    MessageStatus.SENT: "sent",
    MessageStatus.DELIVERED: "arrived",
    MessageStatus.FAILED: "failed",
    MessageStatus.UNKNOWN: "unknown",
    MessageStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class SchoolNames:
    """Codes by name: the notifier knows a school by its name alone. `only`: the one the caller is bound to."""

    codes: dict[str, str]
    only: str | None
    asked: str | None

    @property
    def narrowed(self) -> str | None:
        """Whose messages are listed. A school that is not there, or another's, has none."""
        if self.only is not None and self.asked not in {None, self.only}:
            return ""
        return self.asked or self.only


async def find_schools(session: AsyncSession, principal: Principal, *, school_code: str | None) -> SchoolNames:
    rows = (await session.execute(sa.select(School.id, School.name, School.code))).all()
    is_bound = principal.role is Role.SCHOOL_COORDINATOR
    only = next((name for school_id, name, _ in rows if school_id == principal.school_id), "") if is_bound else None
    asked = next((name for _, name, code in rows if code == school_code), "") if school_code else None
    return SchoolNames({name: code for _, name, code in rows}, only, asked)


async def describe(
    session: AsyncSession,
    principal: Principal,
    *,
    page: TheirPage,
    board: TheirBoard,
    to_old: set[UUID] | None,
    schools: SchoolNames,
    limit: int,
    offset: int,
) -> DeliveryPage:
    """`to_old`: the messages that went to an old contact; None: not known."""
    people = await _list_people(session, page.items)
    total = DeliveryCounts()
    by_school: dict[str, DeliveryCounts] = defaultdict(DeliveryCounts)
    by_commune: dict[str, DeliveryCounts] = defaultdict(DeliveryCounts)
    for row in board.rows:
        if schools.only is not None and row.school_name != schools.only:
            continue
        places = [total, by_school[schools.codes.get(row.school_name, row.school_name)]]
        places += [by_commune[row.commune_code]] if row.commune_code else []
        for counts in places:
            name = COUNTED_AS[row.status]
            setattr(counts, name, getattr(counts, name) + row.messages)
    items = [_show(principal, message, people, schools, to_old) for message in page.items]
    return DeliveryPage(
        items=items, total=page.total, limit=limit, offset=offset, counts=total,
        by_school=dict(by_school), by_commune=dict(by_commune),
    )  # fmt: skip


async def _list_people(session: AsyncSession, messages: Iterable[TheirMessage]) -> dict[UUID, Volunteer]:
    ids = {message.volunteer_id for message in messages if message.volunteer_id}
    rows = await session.scalars(sa.select(Volunteer).where(Volunteer.id.in_(ids)))
    return {row.id: row for row in rows}


def _show(
    principal: Principal,
    message: TheirMessage,
    people: dict[UUID, Volunteer],
    schools: SchoolNames,
    to_old: set[UUID] | None,
) -> DeliveryOut:
    person = people.get(message.volunteer_id) if message.volunteer_id else None
    shows = person is not None and principal.may_see_contacts_of_school(person.school_id)
    return DeliveryOut(
        **message.model_dump(exclude={"recipient", "source"}),
        full_name=person.full_name if person else None,
        email=person.email if person and shows else None,
        phone=person.phone if person and shows else None,
        school_code=schools.codes.get(message.school_name),
        to_old_contact=None if to_old is None else message.id in to_old,
    )
