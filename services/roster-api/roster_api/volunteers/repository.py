"""SQL of volunteers."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.access.scope import Conditions, province_scope
from roster_api.contacts import digest_email, digest_phone, normalise_mobile
from roster_api.paging import Paging, fetch_page
from roster_api.schools.models import School
from roster_api.text import search_key
from roster_api.volunteers.models import Volunteer, VolunteerStatus
from roster_api.volunteers.schemas import VolunteerFilter


def volunteer_scope(principal: Principal) -> Conditions:
    """Who is bound to a school sees its people, a provincial key those of the province's schools."""
    if principal.role.is_of_school:
        return [Volunteer.school_id == principal.school_id]
    of_province = province_scope(principal, School.province_code)
    return [Volunteer.school_id.in_(select(School.id).where(*of_province))] if of_province else []


async def list_volunteers(
    session: AsyncSession, *, principal: Principal, filters: VolunteerFilter, paging: Paging
) -> tuple[list[Volunteer], int]:
    """By given name, then family name. Archived people only when asked for by status."""
    query = select(Volunteer).where(*volunteer_scope(principal))
    if filters.status:
        query = query.where(Volunteer.status == filters.status.value)
    else:
        query = query.where(Volunteer.status != VolunteerStatus.ARCHIVED.value)
    if filters.q:
        name = Volunteer.search_key.contains(search_key(filters.q), autoescape=True)
        query = query.where(or_(name, Volunteer.external_ref == filters.q, *_contact_is(filters.q, principal)))
    if filters.school_id:
        query = query.where(Volunteer.school_id == filters.school_id)
    if filters.role:
        query = query.where(Volunteer.role == filters.role.value)
    if filters.field:
        query = query.where(Volunteer.skills.has_key(filters.field))
    if filters.weekday is not None:
        query = query.where(Volunteer.free_weekdays.contains([filters.weekday]))
    if filters.incomplete is not None:
        query = query.where(Volunteer.is_incomplete.is_(filters.incomplete))
    if filters.team:
        query = query.where(Volunteer.team == filters.team)
    return await fetch_page(session, query.order_by(Volunteer.sort_key, Volunteer.id), paging=paging)


def _contact_is(q: str, principal: Principal) -> Conditions:
    """A whole phone or e-mail is looked up, by whoever may see them: all of the scope's people, or none."""
    if principal.role not in (Role.ADMIN, Role.SCHOOL_COORDINATOR):
        return []
    if "@" in q:
        return [Volunteer.email_digest == digest_email(q.strip())]
    try:
        return [Volunteer.phone_digest == digest_phone(normalise_mobile(q))]
    except ValueError:
        return []


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
