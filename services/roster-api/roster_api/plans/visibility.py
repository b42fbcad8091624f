"""Which plans, and which of their rows, a principal sees. What one may not see is answered like what is not there."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.plans.models import Plan, PlanStatus
from roster_api.schools.models import School

IN_FORCE = (PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)
NO_SCHOOL = NO_CAMPAIGN = UUID(int=0)
SEES_DRAFTS = (Role.ADMIN, Role.DIRECTOR, Role.OVERSEER)


async def get_visible_campaign(session: AsyncSession, principal: Principal, campaign_id: UUID) -> Campaign:
    """The campaign, if it is of the principal's province (its own, its school's, its commune's); else 404."""
    query = sa.select(Campaign).where(Campaign.id == campaign_id, *_of_province(principal))
    campaign = (await session.scalars(query)).one_or_none()
    if campaign is None:
        raise NotFoundError
    return campaign


def _of_province(principal: Principal) -> list[sa.ColumnElement[bool]]:
    """Of a campaign."""
    conditions = []
    if principal.province_code is not None:
        conditions.append(Campaign.province_code == principal.province_code)
    if principal.school_id is not None:
        of_school = sa.select(School.province_code).where(School.id == principal.school_id)
        conditions.append(Campaign.province_code == of_school.scalar_subquery())
    if principal.commune_code is not None:
        of_commune = sa.select(Commune.province_code).where(Commune.code == principal.commune_code)
        conditions.append(Campaign.province_code == of_commune.scalar_subquery())
    return conditions


async def get_visible_plan(session: AsyncSession, principal: Principal, plan_id: UUID) -> Plan:
    """The plan; schools, communes and Finance see published versions only. 404 otherwise, after the same question to
    the database: how long it takes tells nobody that there is such a plan."""
    is_of_province = sa.and_(Plan.campaign_id == Campaign.id, *_of_province(principal))
    query = sa.select(Plan).join(Campaign, is_of_province).where(Plan.id == plan_id)
    plan = (await session.scalars(query)).one_or_none()
    if plan is None or not may_see_status(principal, plan.status):
        raise NotFoundError
    return plan


def may_see_status(principal: Principal, status: str) -> bool:
    return may_see_runs(principal) or status in IN_FORCE


def may_see_runs(principal: Principal) -> bool:
    """Runs, with how their plans came about: Home Affairs, and Science & Technology but for who follows one group."""
    return principal.role in SEES_DRAFTS and not principal.is_of_group


async def find_school_id(session: AsyncSession, school_code: str | None) -> UUID | None:
    """For a filter by code: None without one, an id of no school for a code nobody has."""
    if school_code is None:
        return None
    return await session.scalar(sa.select(School.id).where(School.code == school_code)) or NO_SCHOOL


def may_see_contacts(principal: Principal, *, school_id: UUID, commune_code: str, is_over: bool = False) -> bool:
    """A placed person's phone and e-mail: Home Affairs, their school's coordinator, the commune they come to.

    `is_over`: another plan took this one's place, and the commune may have nobody to telephone any more.
    """
    if principal.may_see_contacts_of_school(school_id):
        return True
    return not is_over and principal.may_see_contacts_of_commune(commune_code)
