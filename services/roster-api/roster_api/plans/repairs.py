"""A plan repaired by hand: the one in force, with one person's place taken by others. Everything else is as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.calendar import list_days
from roster_api.campaigns.models import Campaign
from roster_api.plans import repository
from roster_api.plans.contents import read_content
from roster_api.plans.drafts import hash_content
from roster_api.plans.models import Placement, Plan, PlanStatus, Responsibility, Shortfall
from roster_api.volunteers.models import Volunteer


@dataclass(frozen=True)
class Repair:
    """Who leaves, who comes on which weekdays, and why; `on` is the first day that a newcomer may serve."""

    leaver_id: UUID
    weekdays: Mapping[UUID, Sequence[int]]
    reason: str
    on: date


async def create_repaired(session: AsyncSession, *, base: Plan, repair: Repair, by: str) -> Plan:
    """An approved plan upon `base`, which is in force and holds the leaver. The caller holds a lock of the campaign.

    It shares the run of `base`, so explanations and questions go on; shortfalls stay those that were computed.
    """
    campaign = await repository.get_campaign(session, base.campaign_id)
    plan = Plan(
        id=uuid4(),
        campaign_id=base.campaign_id,
        run_id=base.run_id,
        draft_number=await repository.get_next_draft_number(session, base.campaign_id),
        content_sha256="",
        is_verified=base.is_verified,
        unkept_pins=base.unkept_pins,
        hand_changes=base.hand_changes,
        left_out=base.left_out,
        remarks=base.remarks,
        status=PlanStatus.APPROVED,
        approved_by=by,
        base_plan_id=base.id,
        copied_from_id=base.id,
        repair_reason=repair.reason,
    )
    plan.approved_at = await ask_now(session)
    session.add(plan)
    await session.flush()
    await _copy_rows(session, base, plan, leaver_id=repair.leaver_id)
    leaver = await session.get_one(Placement, (base.id, repair.leaver_id))
    people = await session.scalars(sa.select(Volunteer).where(Volunteer.id.in_(repair.weekdays)))
    for person in people:
        session.add(_placement(plan, campaign, leaver, person, weekdays=repair.weekdays[person.id], on=repair.on))
    await session.flush()
    plan.content_sha256 = hash_content(await read_content(session, plan))
    await session.flush()
    return plan


async def _copy_rows(session: AsyncSession, base: Plan, plan: Plan, *, leaver_id: UUID) -> None:
    for table in (Responsibility, Placement, Shortfall):
        skipped = {"plan_id", "told", "told_sha256"}
        names = [column.name for column in table.__table__.columns if column.name not in skipped]
        rows = sa.select(sa.literal(plan.id, sa.Uuid()), *(getattr(table, name) for name in names))
        rows = rows.where(table.plan_id == base.id)
        if table is Placement:
            rows = rows.where(Placement.volunteer_id != leaver_id)
        await session.execute(sa.insert(table).from_select(["plan_id", *names], rows))


def _placement(
    plan: Plan, campaign: Campaign, leaver: Placement, person: Volunteer, *, weekdays: Sequence[int], on: date
) -> Placement:
    """In the leaver's commune, for what the leaver did there and this person knows."""
    spans = [(one["starts_on"], one["ends_on"]) for one in person.absences]
    dates = [
        day.on
        for day in list_days(campaign)
        if day.weekday in weekdays
        and day.on >= on
        and not any(first <= day.on.isoformat() <= last for first, last in spans)
    ]
    return Placement(
        plan_id=plan.id,
        volunteer_id=person.id,
        school_id=person.school_id,
        commune_code=leaver.commune_code,
        weekdays=sorted(weekdays),
        work_days=_work_days(leaver.work_days, person, days=len(weekdays)),
        distance_m=leaver.distance_m,
        dates=dates,
        lost=[],
    )


def _work_days(wanted: Mapping[str, int], person: Volunteer, *, days: int) -> dict[str, int]:
    work: dict[str, int] = {}
    for field, number in wanted.items():
        if field in person.skills and days > 0:
            work[field] = min(number, days)
            days -= work[field]
    return work
