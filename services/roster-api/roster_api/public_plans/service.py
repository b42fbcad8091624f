"""Reads the plan in force as everybody may see it."""

from collections import Counter, defaultdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.plans.models import Placement, Plan, PlanStatus, Responsibility, Shortfall
from roster_api.provinces.models import Province
from roster_api.public_plans.schemas import PublicCommune, PublicPlan, PublicSchool
from roster_api.schools.models import School


async def get_public_province(session: AsyncSession, code: str) -> Province:
    """404 where the province shows nothing to everybody, as where there is no such province."""
    province = await session.get(Province, code)
    if province is None or not province.is_plan_public:
        raise NotFoundError
    return province


async def read_public_plan(session: AsyncSession, code: str) -> PublicPlan:
    """404 where there is no plan in force either: nobody learns which of the three it is."""
    province = await get_public_province(session, code)
    query = (
        sa.select(Plan, Campaign)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .where(Campaign.province_code == code, Campaign.archived_at.is_(None))
        .where(Plan.status == PlanStatus.PUBLISHED.value)
        .order_by(Campaign.starts_on.desc(), Plan.published_at.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFoundError
    plan, campaign = row
    communes = await _list_communes(session, plan)
    return PublicPlan(
        province_code=code,
        province_name=province.full_name,
        campaign_name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        version=plan.version,
        published_at=plan.published_at,
        schools=await _list_schools(session, communes),
        communes=communes,
    )


async def _list_communes(session: AsyncSession, plan: Plan) -> list[PublicCommune]:
    """Every commune that the plan speaks of, in the alphabet's order; heads and days counted, no one named."""
    of_plan = Responsibility.plan_id == plan.id
    leads: dict[str, str] = {}
    supports: dict[str, list[str]] = defaultdict(list)
    schools = sa.select(Responsibility.commune_code, School.code, Responsibility.is_lead)
    for commune, school, is_lead in await session.execute(
        schools.join(School, School.id == Responsibility.school_id).where(of_plan).order_by(School.sort_key)
    ):
        if is_lead:
            leads[commune] = school
        else:
            supports[commune].append(school)
    people, days, unmet = Counter[str](), Counter[str](), Counter[str]()
    placed = sa.select(Placement.commune_code, sa.func.cardinality(Placement.weekdays))
    for commune, weekdays in await session.execute(placed.where(Placement.plan_id == plan.id)):
        people[commune] += 1
        days[commune] += weekdays
    lacking = sa.select(Shortfall.commune_code, Shortfall.unmet_days).where(Shortfall.plan_id == plan.id)
    for commune, unmet_days in await session.execute(lacking):
        unmet[commune] += unmet_days
    known = {*leads, *supports, *people, *unmet}
    rows = await session.scalars(sa.select(Commune).where(Commune.code.in_(known)).order_by(Commune.sort_key))
    return [
        PublicCommune(
            code=row.code,
            name=row.full_name,
            lead=leads.get(row.code),
            supports=supports[row.code],
            people=people[row.code],
            person_days=days[row.code],
            unmet_days=unmet[row.code],
        )
        for row in rows
    ]


async def _list_schools(session: AsyncSession, communes: list[PublicCommune]) -> list[PublicSchool]:
    led = Counter(commune.lead for commune in communes if commune.lead)
    named = {*led, *(code for commune in communes for code in commune.supports)}
    rows = await session.scalars(sa.select(School).where(School.code.in_(named)).order_by(School.sort_key))
    return [PublicSchool(code=row.code, name=row.name, communes=led[row.code]) for row in rows]
