"""SQL of the timeline: how far each step is, read from what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.fields.models import Duty
from roster_api.needs.models import NeedDeclaration, NeedState
from roster_api.plans.models import Plan, PlanStatus, Responsibility
from roster_api.rosters.models import RosterUpload
from roster_api.schools.models import School
from roster_api.timeline.models import CampaignStep, StartingPointStep, StepReminder
from roster_api.volunteers.models import Volunteer

LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Progress:
    """`missing`: (id or code, name) of those awaited; `last_at`: when the newest of what there is came."""

    missing: Sequence[tuple[str, str]]
    last_at: datetime | None


async def list_steps(session: AsyncSession, campaign_id: UUID) -> dict[str, CampaignStep]:
    rows = await session.scalars(sa.select(CampaignStep).where(CampaignStep.campaign_id == campaign_id))
    return {row.step: row for row in rows}


async def list_reminders(session: AsyncSession, campaign_id: UUID) -> dict[str, StepReminder]:
    """The newest of each step."""
    query = sa.select(StepReminder).where(StepReminder.campaign_id == campaign_id).order_by(StepReminder.reminded_at)
    return {row.step: row for row in await session.scalars(query)}


async def was_reminded(session: AsyncSession, row: CampaignStep) -> bool:
    """Of this very due date: it was moved, and moved back."""
    query = sa.select(StepReminder.id).where(
        StepReminder.campaign_id == row.campaign_id,
        StepReminder.step == row.step,
        StepReminder.due_on == row.due_on,
    )
    return await session.scalar(query) is not None


async def read_lists(session: AsyncSession, campaign: Campaign) -> Progress:
    """A school has sent its people once it has committed a list, or has anybody on its roster."""
    committed = (
        sa.select(sa.func.min(RosterUpload.committed_at)).where(RosterUpload.school_id == School.id).scalar_subquery()
    )
    first = sa.select(sa.func.min(Volunteer.created_at)).where(Volunteer.school_id == School.id).scalar_subquery()
    query = (
        sa.select(School.id, School.name, sa.func.least(committed, first))
        .where(School.province_code == campaign.province_code, School.archived_at.is_(None))
        .order_by(School.sort_key, School.id)
    )
    return _progress([(str(row[0]), row[1], row[2]) for row in await session.execute(query)])


async def read_needs(session: AsyncSession, campaign: Campaign) -> tuple[Progress, Progress]:
    """(communes whose need has not come, needs that Home Affairs has not accepted): each with when the last came."""
    mine = sa.and_(NeedDeclaration.commune_code == Commune.code, NeedDeclaration.campaign_id == campaign.id)
    query = (
        sa.select(Commune.code, Commune.full_name, NeedDeclaration.state, NeedDeclaration.reviewed_at)
        .outerjoin(NeedDeclaration, mine)
        .where(Commune.province_code == campaign.province_code, Commune.archived_at.is_(None))
        .order_by(Commune.sort_key, Commune.code)
    )
    rows = (await session.execute(query)).all()
    draft = (None, NeedState.DRAFT.value)
    silent = [(code, name, None if state in draft else campaign.created_at) for code, name, state, _ in rows]
    reviewed = [
        (code, name, at or campaign.created_at if state == NeedState.ACCEPTED else None)
        for code, name, state, at in rows
    ]
    return _progress(silent), _progress(reviewed)


def _progress(rows: Sequence[tuple[str, str, datetime | None]]) -> Progress:
    times = [at for _, _, at in rows if at is not None]
    return Progress(missing=[(code, name) for code, name, at in rows if at is None], last_at=max(times, default=None))


async def read_plans(session: AsyncSession, campaign_id: UUID) -> tuple[datetime | None, datetime | None]:
    """When the first plan came of a run, and when one was first approved."""
    query = sa.select(sa.func.min(Plan.created_at), sa.func.min(Plan.approved_at))
    made, approved = (await session.execute(query.where(Plan.campaign_id == campaign_id))).one()
    return made, approved


async def count_waves(session: AsyncSession, campaign: Campaign) -> int:
    number, before = 1, campaign.follows_id
    while before is not None and number < LONGEST_CHAIN:
        number += 1
        before = await session.scalar(sa.select(Campaign.follows_id).where(Campaign.id == before))
    return number


def select_pairs(campaign_id: UUID, principal: Principal) -> sa.Select[*tuple[Any, ...]]:
    """(Commune, School) of every lead of the plan in force that the principal has a part in."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(Commune, School)
        .select_from(Responsibility)
        .join(Plan, Plan.id == Responsibility.plan_id)
        .join(Commune, Commune.code == Responsibility.commune_code)
        .join(School, School.id == Responsibility.school_id)
        .where(Plan.campaign_id == campaign_id, Plan.status == PlanStatus.PUBLISHED.value, Responsibility.is_lead)
    )
    if principal.role.is_of_school:
        query = query.where(School.id == principal.school_id)
    if principal.role is Role.COMMUNE_OFFICER:
        query = query.where(Commune.code == principal.commune_code)
    return query.order_by(Commune.sort_key, Commune.code)


async def list_starting_steps(
    session: AsyncSession, campaign_id: UUID, *, communes: Sequence[str]
) -> dict[tuple[str, UUID], list[StartingPointStep]]:
    """By (commune, school), in order."""
    query = (
        sa.select(StartingPointStep)
        .where(StartingPointStep.campaign_id == campaign_id, StartingPointStep.commune_code.in_(communes))
        .order_by(StartingPointStep.number)
    )
    steps: dict[tuple[str, UUID], list[StartingPointStep]] = {}
    for row in await session.scalars(query):
        steps.setdefault((row.commune_code, row.school_id), []).append(row)
    return steps


async def name_duties(session: AsyncSession) -> dict[str, str]:
    """{code: its Vietnamese name}."""
    rows = await session.execute(sa.select(Duty.code, Duty.name_vi))
    return {row.code: row.name_vi for row in rows}
