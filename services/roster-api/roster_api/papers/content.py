"""A published plan's rows as its decision lists them."""

from collections import Counter, defaultdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.papers.schemas import DecisionContent, ListedCommune, ListedPerson
from roster_api.plans import repository
from roster_api.plans.models import Plan
from roster_api.plans.scope import RowScope
from roster_api.provinces.models import Province


async def read_content(session: AsyncSession, plan: Plan) -> DecisionContent:
    """Of a plan that is or was in force."""
    query = (
        sa.select(Campaign, Province)
        .join(Province, Province.code == Campaign.province_code)
        .where(Campaign.id == plan.campaign_id)
    )
    campaign, province = (await session.execute(query)).one()
    people = await _list_people(session, plan)
    if plan.version is None or plan.published_at is None:
        raise ValueError(f"plan {plan.id} was never published")
    return DecisionContent(
        province_name=province.full_name,
        campaign_name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        start_time=campaign.start_time.strftime("%H:%M"),
        end_time=campaign.end_time.strftime("%H:%M"),
        plan_version=plan.version,
        plan_sha256=plan.content_sha256,
        published_at=plan.published_at,
        communes=await _list_communes(session, plan),
        people=people,
    )


async def _list_communes(session: AsyncSession, plan: Plan) -> list[ListedCommune]:
    rows = (await session.execute(repository.select_responsibilities(plan.id, RowScope()))).all()
    placements = await repository.list_all_placements(session, plan.id)
    people = Counter(row.commune_code for row in placements)
    leads: dict[str, ListedCommune] = {}
    supports: dict[str, list[str]] = defaultdict(list)
    for row, commune, school in rows:
        if row.is_lead:
            leads[commune.code] = ListedCommune(
                commune_code=commune.code,
                commune_name=commune.full_name,
                lead=school.name,
                supports=supports[commune.code],
                people=people[commune.code],
            )
        else:
            supports[commune.code].append(school.name)
    return list(leads.values())


async def _list_people(session: AsyncSession, plan: Plan) -> list[ListedPerson]:
    rows = (await session.execute(repository.select_placements(plan.id, RowScope(), RowScope()))).all()
    by_school = sorted(rows, key=lambda row: (row[3].sort_key, row[3].id, row[1].sort_key, row[1].id))
    return [
        ListedPerson(
            full_name=person.full_name,
            role=person.role,
            school_name=school.name,
            commune_name=commune.full_name,
            weekdays=sorted(placement.weekdays),
            first_on=min(placement.dates, default=None),
            last_on=max(placement.dates, default=None),
            days=len(placement.dates),
            duties=(placement.told or {}).get("duties", []),
        )
        for placement, person, commune, school in by_school
    ]
