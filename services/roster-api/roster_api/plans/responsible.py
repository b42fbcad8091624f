"""Who answers for a field in a commune, by the plan in force: one question, one answer."""

from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.fields.models import Duty, ExpertiseField
from roster_api.groups.scope import find_overseer, sees_commune
from roster_api.plans.models import Placement, Plan, Responsibility
from roster_api.plans.repository import find_plan_in_force
from roster_api.plans.scope import RowScope, row_scope
from roster_api.schools.models import School


class AnswerableSchool(BaseModel):
    """`promised_days`, `days`: person-days a week in the field, promised and placed. `people` do it there. The contact
    is None to whoever may not see it."""

    school_code: str
    school_name: str
    is_lead: bool
    promised_days: int
    days: int
    people: int
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None


class AnswerableDuty(BaseModel):
    duty_code: str
    name_vi: str
    guidance_vi: str
    guidance_version: int


class Answerable(BaseModel):
    """The lead answers; supports stand beside it, those with people in the field first. `overseer_name`: who follows
    the commune's group; None while no groups are published. A blocker reaches them."""

    plan_id: UUID
    version: int
    commune_code: str
    commune_name: str
    field_code: str
    field_name_vi: str
    lead: AnswerableSchool | None
    supports: list[AnswerableSchool]
    overseer_name: str | None
    duties: list[AnswerableDuty]


async def find_answerable(
    session: AsyncSession, principal: Principal, *, campaign_id: UUID, commune_code: str, field_code: str
) -> Answerable:
    """404 without a plan in force, and for a commune of another province or a field that is not there."""
    plan = await find_plan_in_force(session, campaign_id)
    commune = await session.get(Commune, commune_code)
    field = await session.get(ExpertiseField, field_code)
    if plan is None or plan.version is None or commune is None or field is None:
        raise NotFoundError
    schools = await _list_schools(session, principal, plan, commune, field_code)
    _refuse_if_not_theirs(row_scope(principal), commune, schools)
    if not await sees_commune(session, principal, campaign_id=campaign_id, commune_code=commune.code):
        raise NotFoundError
    duties = await session.scalars(sa.select(Duty).where(Duty.field_code == field_code).order_by(Duty.position))
    overseer = await find_overseer(session, campaign_id=campaign_id, commune_code=commune.code)
    return Answerable(
        plan_id=plan.id,
        version=plan.version,
        commune_code=commune.code,
        commune_name=commune.full_name,
        field_code=field.code,
        field_name_vi=field.name_vi,
        lead=next((school for school in schools.values() if school.is_lead), None),
        supports=sorted((s for s in schools.values() if not s.is_lead), key=lambda s: (-s.days, s.school_code)),
        overseer_name=overseer.name if overseer else None,
        duties=[
            AnswerableDuty(
                duty_code=duty.code,
                name_vi=duty.name_vi,
                guidance_vi=duty.guidance_vi,
                guidance_version=duty.row_version,
            )
            for duty in duties
        ],
    )


def _refuse_if_not_theirs(scope: RowScope, commune: Commune, schools: dict[UUID, AnswerableSchool]) -> None:
    """A commune asks about itself, a school about communes that it leads or supports."""
    is_other_commune = scope.commune_code is not None and scope.commune_code != commune.code
    if is_other_commune or (scope.school_id is not None and scope.school_id not in schools):
        raise NotFoundError


async def _list_schools(
    session: AsyncSession, principal: Principal, plan: Plan, commune: Commune, field_code: str
) -> dict[UUID, AnswerableSchool]:
    query = (
        sa.select(Responsibility, School)
        .join(School, School.id == Responsibility.school_id)
        .where(Responsibility.plan_id == plan.id, Responsibility.commune_code == commune.code)
    )
    placed = await session.scalars(
        sa.select(Placement).where(Placement.plan_id == plan.id, Placement.commune_code == commune.code)
    )
    work = [(row.school_id, row.work_days.get(field_code, 0)) for row in placed]
    found: dict[UUID, AnswerableSchool] = {}
    for row, school in await session.execute(query):
        own = [days for school_id, days in work if school_id == school.id and days]
        shows = principal.may_see_contacts_of_school(school.id) or principal.may_see_contacts_of_commune(commune.code)
        found[school.id] = AnswerableSchool(
            school_code=school.code,
            school_name=school.name,
            is_lead=row.is_lead,
            promised_days=row.promised_days.get(field_code, 0),
            days=sum(own),
            people=len(own),
            contact_name=school.contact_name if shows else None,
            contact_phone=school.contact_phone if shows else None,
            contact_email=school.contact_email if shows else None,
        )
    return found
