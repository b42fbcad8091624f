"""SQL of volunteers."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import Conditions
from roster_api.contacts import digest_phone
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer, VolunteerStatus

SCOPES: dict[str, Callable[[Any], Conditions]] = {
    "all": lambda _: [],
    "province": lambda code: [Volunteer.school_id.in_(select(School.id).where(School.province_code == code))],
    "school": lambda school_id: [Volunteer.school_id == school_id],
}
"""Who is bound to a school sees its people, a provincial key those of the province's schools."""


def find_scope(principal: Principal) -> tuple[str, UUID | str | None]:
    """(name in SCOPES, what it is bound to)."""
    if principal.role.is_of_school:
        return "school", principal.school_id
    return ("province" if principal.province_code else "all"), principal.province_code


def volunteer_scope(principal: Principal) -> Conditions:
    scope, bound = find_scope(principal)
    return SCOPES[scope](bound)


async def find_volunteers_for_update(
    session: AsyncSession, *, principal: Principal, ids: Collection[UUID]
) -> dict[UUID, Volunteer]:
    """Those that the principal may see, locked in the order of their ids."""
    query = select(Volunteer).where(Volunteer.id.in_(ids), *volunteer_scope(principal)).order_by(Volunteer.id)
    return {row.id: row for row in await session.scalars(query.with_for_update())}


async def find_active_with_phone(
    session: AsyncSession, *, school_id: UUID, phone: str, besides: UUID | None = None
) -> UUID | None:
    """An active volunteer of the school with this number. Until the caller's commit nobody else asks about it."""
    await session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"phone:{school_id}:{digest_phone(phone).hex()}"},
    )
    query = select(Volunteer.id).where(
        Volunteer.school_id == school_id,
        Volunteer.phone_digest == digest_phone(phone),
        Volunteer.status == VolunteerStatus.ACTIVE.value,
        Volunteer.id.is_distinct_from(besides),
    )
    found: UUID | None = await session.scalar(query.order_by(Volunteer.id).limit(1))
    return found


async def find_volunteer(
    session: AsyncSession, *, principal: Principal, volunteer_id: UUID, for_update: bool = False
) -> Volunteer | None:
    query = select(Volunteer).where(Volunteer.id == volunteer_id, *volunteer_scope(principal))
    row: Volunteer | None = await session.scalar(query.with_for_update() if for_update else query)
    return row
