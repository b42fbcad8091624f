"""The next wave: a campaign that follows another, begins with what it left, and changes as little as it can.

A run of the new campaign takes the plan in force of the one before as what is to be kept (matching_runs/freeze.py).
"""

from collections import Counter
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from roster_api.access.principal import Principal
from roster_api.blockers.models import Blocker, BlockerState
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.schemas import check_dates
from roster_api.campaigns.service import get_campaign
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision, ExistingRelation
from roster_api.errors import ConflictError, NotFoundError, invalid_field
from roster_api.needs.models import IS_SENT, NeedDeclaration, NeedItem
from roster_api.needs.states import keep_versions
from roster_api.plans.models import Placement, Plan, PlanStatus, Responsibility, Shortfall
from roster_api.plans.repository import find_plan_in_force
from roster_api.schools.models import School
from roster_api.text import search_key
from roster_api.timeline import repository
from roster_api.timeline.schemas import CarriedOver, NextWave, WaveChanges, WaveCreated, WavePerson
from roster_api.timeline.starting import is_agreed
from roster_api.volunteers.models import Volunteer


async def create_next_wave(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, body: NextWave
) -> WaveCreated:
    """A draft campaign with the needs, decisions and ties of the one before. 409 where that has no plan in force."""
    before = await get_campaign(session, principal=principal, campaign_id=campaign_id, for_update=True)
    if await find_plan_in_force(session, before.id) is None:
        raise ConflictError(
            "wave.no_plan",
            vi="Đợt trước chưa ban hành phương án nào: không có gì để nối tiếp.",
            en="The campaign before has no published plan: there is nothing to go on from.",
        )
    _check(before, body)
    row = Campaign(
        id=uuid4(), province_code=before.province_code, name=body.name, search_key=search_key(body.name),
        starts_on=body.starts_on, ends_on=body.ends_on, start_time=before.start_time, end_time=before.end_time,
        policy=before.policy, follows_id=before.id, is_sandbox=before.is_sandbox,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    carried = CarriedOver(
        needs=await _carry_needs(session, before, row, by=principal.label),
        decisions=await _carry_decisions(session, before, row),
        relations=await _carry_relations(session, before, row),
    )
    await session.flush()
    return WaveCreated(
        campaign_id=row.id,
        follows_id=before.id,
        wave=await repository.count_waves(session, row),
        carried_over=carried,
    )


def _check(before: Campaign, body: NextWave) -> None:
    if body.starts_on <= before.ends_on:
        vi, en = "Đợt sau bắt đầu sau khi đợt trước kết thúc.", "The next wave starts after the one before has ended."
        raise invalid_field("/starts_on", code="wave.overlaps", vi=vi, en=en)
    try:
        check_dates(body.starts_on, body.ends_on, "00:00", "23:59")
    except ValueError as error:
        vi, _, en = str(error).partition(" | ")
        raise invalid_field("/ends_on", code="campaign.dates", vi=vi, en=en) from None


async def _carry_needs(session: AsyncSession, before: Campaign, after: Campaign, *, by: str) -> int:
    """As they were accepted or submitted; a commune that declares anew has the later word."""
    query = (
        sa.select(NeedDeclaration)
        .where(NeedDeclaration.campaign_id == before.id, IS_SENT)
        .options(selectinload(NeedDeclaration.items))
    )
    kept = ("commune_code", "lacks_it_staff", "presence", "min_people", "note", "declared_by", "state", "reviewed_by",
            "reviewed_at", "review_reason")  # fmt: skip
    rows = [
        NeedDeclaration(
            campaign_id=after.id,
            items=[
                NeedItem(duty_code=item.duty_code, people=item.people, days_per_week=item.days_per_week)
                for item in need.items
            ],
            **{name: getattr(need, name) for name in kept},
        )
        for need in await session.scalars(query)
    ]
    session.add_all(rows)
    await session.flush()
    keep_versions(session, rows, by=by)
    return len(rows)


async def _carry_decisions(session: AsyncSession, before: Campaign, after: Campaign) -> int:
    query = sa.select(Decision).where(Decision.campaign_id == before.id, Decision.withdrawn_at.is_(None))
    kept = ("kind", "commune_code", "school_id", "volunteer_id", "reason", "decided_by", "decided_at", "weekdays")
    rows = [
        Decision(campaign_id=after.id, **{name: getattr(row, name) for name in kept})
        for row in await session.scalars(query)
    ]
    session.add_all(rows)
    return len(rows)


async def _carry_relations(session: AsyncSession, before: Campaign, after: Campaign) -> int:
    query = sa.select(ExistingRelation).where(ExistingRelation.campaign_id == before.id)
    kept = ("commune_code", "school_id", "note", "recorded_by", "recorded_at")
    rows = [
        ExistingRelation(campaign_id=after.id, **{name: getattr(row, name) for name in kept})
        for row in await session.scalars(query)
    ]
    session.add_all(rows)
    return len(rows)


async def describe_changes(session: AsyncSession, *, campaign: Campaign) -> WaveChanges:
    """Who stays, leaves, moves or joins. 404 for a campaign that follows none."""
    before = await find_plan_in_force(session, campaign.follows_id) if campaign.follows_id else None
    if before is None or campaign.follows_id is None:
        raise NotFoundError("wave.first", vi="Đợt này không nối tiếp đợt nào.", en="This campaign follows none.")
    after = await _find_newest(session, campaign.id)
    people = await _list_people(session, before, after)
    counts = Counter(person.change for person in people)
    old, new = await _list_leads(session, before), await _list_leads(session, after)
    kept = {code: school for code, school in old.items() if new.get(code) == school}
    return WaveChanges(
        campaign_id=campaign.id,
        follows_id=campaign.follows_id,
        plan_id=after.id if after else None,
        **{name: counts[name] for name in ("stays", "other_days", "moves", "leaves", "joins")},
        communes_kept=len(kept),
        communes_changed=sum(code in old for code in new) - len(kept),
        open_blockers=await _count_open_blockers(session, campaign.follows_id),
        unmet_days=await _sum_unmet(session, before),
        starting_points_agreed=await _count_agreed(session, campaign.follows_id, kept),
        people=people,
    )


async def _find_newest(session: AsyncSession, campaign_id: UUID) -> Plan | None:
    in_force = await find_plan_in_force(session, campaign_id)
    if in_force is not None:
        return in_force
    query = sa.select(Plan).where(Plan.campaign_id == campaign_id, Plan.status != PlanStatus.DISCARDED.value)
    newest: Plan | None = await session.scalar(query.order_by(Plan.draft_number.desc()).limit(1))
    return newest


async def _list_people(session: AsyncSession, before: Plan, after: Plan | None) -> list[WavePerson]:
    plans = [before.id, after.id] if after else [before.id]
    query = (
        sa.select(Placement, Volunteer.full_name, School.name, Commune.full_name)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(School, School.id == Volunteer.school_id)
        .join(Commune, Commune.code == Placement.commune_code)
        .where(Placement.plan_id.in_(plans))
        .order_by(School.sort_key, School.id, Volunteer.sort_key, Volunteer.id)
    )
    found: dict[UUID, dict[UUID, tuple[Placement, str]]] = {}
    names: dict[UUID, tuple[str, str]] = {}
    for placement, name, school, commune in await session.execute(query):
        found.setdefault(placement.volunteer_id, {})[placement.plan_id] = (placement, commune)
        names[placement.volunteer_id] = (name, school)
    return [
        WavePerson(
            volunteer_id=person, full_name=names[person][0], school_name=names[person][1],
            change=_change(was[0] if was else None, now[0] if now else None),
            from_commune=was[1] if was else None, to_commune=now[1] if now else None,
        )
        for person, places in found.items()
        for was, now in [(places.get(before.id), places.get(after.id) if after else None)]
    ]  # fmt: skip


def _change(was: Placement | None, now: Placement | None) -> str:
    if was is None or now is None:
        return "joins" if was is None else "leaves"
    if was.commune_code != now.commune_code:
        return "moves"
    return "stays" if sorted(was.weekdays) == sorted(now.weekdays) else "other_days"


async def _list_leads(session: AsyncSession, plan: Plan | None) -> dict[str, UUID]:
    if plan is None:
        return {}
    query = sa.select(Responsibility.commune_code, Responsibility.school_id).where(
        Responsibility.plan_id == plan.id, Responsibility.is_lead
    )
    return dict((await session.execute(query)).all())


async def _count_open_blockers(session: AsyncSession, campaign_id: UUID) -> int:
    query = sa.select(sa.func.count()).where(
        Blocker.campaign_id == campaign_id, Blocker.state != BlockerState.CLOSED.value
    )
    return await session.scalar(query) or 0


async def _sum_unmet(session: AsyncSession, plan: Plan) -> int:
    query = sa.select(sa.func.sum(Shortfall.unmet_days)).where(Shortfall.plan_id == plan.id)
    return int(await session.scalar(query) or 0)


async def _count_agreed(session: AsyncSession, campaign_id: UUID, kept: dict[str, UUID]) -> int:
    steps = await repository.list_starting_steps(session, campaign_id, communes=list(kept))
    return sum(is_agreed(steps.get((code, school), [])) for code, school in kept.items())
