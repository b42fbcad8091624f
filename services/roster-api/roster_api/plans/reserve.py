"""Who is held in reserve: volunteers whom no version of the campaign placed, and who heard nothing of it yet."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.placement_details import Contact
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.plans.frozen import ERASED, freeze_contact, open_contacts
from roster_api.plans.models import Placement, Plan, PlanReserve, PlanStatus
from roster_api.schools.models import School
from roster_api.volunteers.humans import list_twins
from roster_api.volunteers.models import Volunteer, VolunteerStatus

Reserved = tuple[Volunteer, School]


class ReserveTold(BaseModel):
    """Frozen when the version is published."""

    full_name: str
    school_name: str
    contact: Contact


async def list_unheard(session: AsyncSession, plan: Plan) -> list[Reserved]:
    """Whom publishing this plan would tell that they are held in reserve, by volunteer id.

    Active people of the province's schools, each human once, whom neither this plan nor a version before it places, and
    who were not told so already: nobody who volunteered hears nothing, and nobody hears it twice.
    """
    heard = await _list_heard(session, plan)
    province = sa.select(Campaign.province_code).where(Campaign.id == plan.campaign_id).scalar_subquery()
    query = (
        sa.select(Volunteer, School)
        .join(School, School.id == Volunteer.school_id)
        .where(
            School.province_code == province,
            School.archived_at.is_(None),
            Volunteer.status == VolunteerStatus.ACTIVE.value,
            Volunteer.is_incomplete.is_(False),
            Volunteer.id.not_in(heard),
        )
        .order_by(Volunteer.id)
    )
    found = [(person, school) for person, school in await session.execute(query)]
    twins = await list_twins(session, [person.id for person, _ in found])
    told: set[UUID] = set()
    kept = []
    for person, school in found:
        others = twins.get(person.id, set())
        if not others & (heard | told):
            kept.append((person, school))
            told.add(person.id)
    return kept


async def _list_heard(session: AsyncSession, plan: Plan) -> set[UUID]:
    """Placed in this plan or told anything by a version of the campaign."""
    versions = sa.select(Plan.id).where(
        Plan.campaign_id == plan.campaign_id,
        sa.or_(Plan.id == plan.id, Plan.status.in_([PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED])),
    )
    placed = await session.scalars(sa.select(Placement.volunteer_id).where(Placement.plan_id.in_(versions)))
    reserved = await session.scalars(sa.select(PlanReserve.volunteer_id).where(PlanReserve.plan_id.in_(versions)))
    return {*placed, *reserved}


async def keep_reserve(session: AsyncSession, plan: Plan) -> int:
    """Write down whom this version tells so, and what. Before it is published; how many they are."""
    found = await list_unheard(session, plan)
    contacts = {school.id: freeze_contact(("school", str(school.id)), _contact(school)) for _, school in found}
    session.add_all(contacts.values())
    await session.flush()
    session.add_all(
        PlanReserve(
            plan_id=plan.id,
            volunteer_id=person.id,
            told={"full_name": person.full_name, "school_name": school.name},
            school_contact_id=contacts[school.id].id,
        )
        for person, school in found
    )
    await session.flush()
    return len(found)


def _contact(school: School) -> Contact:
    return Contact(name=school.contact_name or "", phone=school.contact_phone or "", email=school.contact_email)


async def read_reserve_told(session: AsyncSession, rows: Sequence[PlanReserve]) -> dict[UUID, ReserveTold]:
    """By volunteer, of one plan."""
    contacts = await open_contacts(session, {row.school_contact_id for row in rows if row.school_contact_id})
    return {
        row.volunteer_id: ReserveTold(
            **row.told, contact=contacts.get(row.school_contact_id, ERASED) if row.school_contact_id else ERASED
        )
        for row in rows
    }


async def list_kept(
    session: AsyncSession, plan_id: UUID, *, limit: int, offset: int
) -> tuple[Sequence[PlanReserve], int]:
    """By volunteer id, the same each time."""
    query = sa.select(PlanReserve).where(PlanReserve.plan_id == plan_id).order_by(PlanReserve.volunteer_id)
    total = await session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    return (await session.scalars(query.limit(limit).offset(offset))).all(), total
