"""A campaign in numbers: what communes asked for, and what the plan in force gives them. Names nobody."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.needs.models import IS_SENT, NeedDeclaration, NeedItem
from roster_api.plans import repository


class PlanTotals(BaseModel):
    """Of the plan in force."""

    version: int
    published_at: datetime
    communes_led: int
    schools: int
    people_placed: int
    person_days_per_week: int
    unmet_days: int


class CampaignTotals(BaseModel):
    """What a leader reads: numbers of the whole campaign."""

    campaign_id: UUID
    name: str
    status: str
    communes: int = Field(description="That sent a need")
    communes_lacking_it_staff: int
    people_needed: int
    person_days_needed: int = Field(description="A week")
    plan: PlanTotals | None = Field(description="null until one was published")


async def describe_totals(session: AsyncSession, campaign: Campaign) -> CampaignTotals:
    declared = sa.select(sa.func.count(), sa.func.count().filter(NeedDeclaration.lacks_it_staff)).where(
        NeedDeclaration.campaign_id == campaign.id, IS_SENT
    )
    asked = (
        sa.select(
            sa.func.coalesce(sa.func.sum(NeedItem.people), 0),
            sa.func.coalesce(sa.func.sum(NeedItem.people * NeedItem.days_per_week), 0),
        )
        .join(NeedDeclaration, NeedDeclaration.id == NeedItem.declaration_id)
        .where(NeedDeclaration.campaign_id == campaign.id, IS_SENT)
    )
    communes, lacking = (await session.execute(declared)).one()
    people, days = (await session.execute(asked)).one()
    plan = await repository.find_plan_in_force(session, campaign.id)
    return CampaignTotals(
        campaign_id=campaign.id,
        name=campaign.name,
        status=campaign.status,
        communes=communes,
        communes_lacking_it_staff=lacking,
        people_needed=people,
        person_days_needed=days,
        plan=None
        if plan is None
        else PlanTotals.model_validate(
            {"version": plan.version, "published_at": plan.published_at} | await repository.count_rows(session, plan.id)
        ),
    )
