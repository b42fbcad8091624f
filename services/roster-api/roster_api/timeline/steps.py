"""The steps of a campaign: when each is due, how far it is by the rows, and who is reminded of it, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import RecipientKind, SourceKind
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.accounts import list_officers
from roster_api.access.principal import Principal
from roster_api.attendance.service import today
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.campaigns.service import get_changeable_campaign
from roster_api.campaigns.working_time import local_day
from roster_api.errors import ConflictError
from roster_api.etags import check_tag
from roster_api.outbox import service as outbox
from roster_api.plans.repository import find_plan_in_force
from roster_api.plans.visibility import may_see_runs
from roster_api.timeline import repository
from roster_api.timeline.models import CampaignStep, StepName, StepReminder
from roster_api.timeline.schemas import LaunchWrite, StepOut, TimelineOut, TimelineWrite

log = structlog.get_logger(__name__)
WORDS = {
    StepName.LISTS: ("Danh sách của các trường", "Schools' lists"),
    StepName.NEEDS: ("Nhu cầu của các xã", "Communes' needs"),
    StepName.RUN: ("Chạy ghép", "Matching run"),
    StepName.APPROVAL: ("Phê duyệt phương án", "Approval of a plan"),
    StepName.LAUNCH: ("Ra quân", "Launch"),
    StepName.REVIEW: ("Tổng kết, đánh giá", "Review"),
}
AT_ONCE = 20


@dataclass(frozen=True)
class State:
    """`awaited`: (kind, id, name) of whoever it waits for; nobody else than Home Affairs: empty."""

    done_on: date | None
    awaited: tuple[tuple[RecipientKind, str, str], ...] = ()


async def read_states(
    session: AsyncSession, campaign: Campaign, steps: dict[str, CampaignStep]
) -> dict[StepName, State]:
    """Of every step, whether it has a due date or not."""
    lists = await repository.read_lists(session, campaign)
    silent, unreviewed = await repository.read_needs(session, campaign)
    made_at, approved_at = await repository.read_plans(session, campaign.id)
    launch = steps.get(StepName.LAUNCH)
    return {
        StepName.LISTS: State(
            _day(None if lists.missing else lists.last_at),
            tuple((RecipientKind.SCHOOL, school, name) for school, name in lists.missing),
        ),
        StepName.NEEDS: State(
            _day(None if unreviewed.missing else unreviewed.last_at),
            tuple((RecipientKind.COMMUNE, code, name) for code, name in silent.missing),
        ),
        StepName.RUN: State(_day(made_at)),
        StepName.APPROVAL: State(_day(approved_at)),
        StepName.LAUNCH: State(launch.done_on if launch else None),
        StepName.REVIEW: State(_day(campaign.closed_at)),
    }


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else local_day(moment)


async def describe_timeline(session: AsyncSession, *, principal: Principal, campaign: Campaign) -> TimelineOut:
    steps = await repository.list_steps(session, campaign.id)
    reminders = await repository.list_reminders(session, campaign.id)
    states = await read_states(session, campaign, steps)
    names = may_see_runs(principal)
    return TimelineOut(
        campaign_id=campaign.id,
        wave=await repository.count_waves(session, campaign),
        follows_id=campaign.follows_id,
        from_on=campaign.starts_on,
        until_on=campaign.ends_on,
        steps=[
            _show(name, state, steps.get(name), reminders.get(name), names=names, on=today())
            for name, state in states.items()
        ],
    )


def _show(
    name: StepName, state: State, step: CampaignStep | None, reminder: StepReminder | None, *, names: bool, on: date
) -> StepOut:
    due = step.due_on if step else None
    late = max(0, ((state.done_on or on) - due).days) if due else 0
    is_missing = state.done_on is None
    return StepOut(
        step=name,
        vi=WORDS[name][0],
        en=WORDS[name][1],
        due_on=due,
        done_on=state.done_on,
        is_overdue=is_missing and late > 0,
        days_late=late,
        missing=(len(state.awaited) or 1) if is_missing else 0,
        missing_names=[each for _, _, each in state.awaited] if names else None,
        reminded_at=reminder.reminded_at if reminder else None,
        reminded=len(reminder.recipients) if reminder else None,
    )


def tag_of(due: Mapping[StepName, date | None]) -> str:
    """Of the due dates as they stand; what a change of them is based on."""
    written = ";".join(f"{step}={due.get(step)}" for step in StepName)
    return sha256(written.encode()).hexdigest()[:16]


async def declare_steps(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, body: TimelineWrite, if_match: str | None
) -> TimelineOut:
    """Replaces the due dates, all or none; the same again changes nothing. A launch that was keeps its day."""
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    kept = await repository.list_steps(session, campaign.id)
    if if_match is not None:
        check_tag(tag_of({StepName(name): row.due_on for name, row in kept.items()}), if_match)
    for item in body.items:
        row = kept.pop(item.step, None)
        if row is None:
            session.add(CampaignStep(campaign_id=campaign.id, step=item.step.value, due_on=item.due_on))
        else:
            row.due_on = item.due_on
    for row in kept.values():
        if row.done_on is None:
            await session.delete(row)
    await session.flush()
    return await describe_timeline(session, principal=principal, campaign=campaign)


async def launch(session: AsyncSession, *, principal: Principal, campaign_id: UUID, body: LaunchWrite) -> TimelineOut:
    """409 while no plan is in force. The same again changes nothing."""
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    if await find_plan_in_force(session, campaign.id) is None:
        raise ConflictError(
            "timeline.no_plan",
            vi="Chưa có phương án nào được ban hành: chưa ra quân được.",
            en="No plan is published: there is nothing to launch.",
        )
    row = (await repository.list_steps(session, campaign.id)).get(StepName.LAUNCH)
    if row is None:
        row = CampaignStep(campaign_id=campaign.id, step=StepName.LAUNCH.value, due_on=body.launched_on)
        session.add(row)
    if row.done_on != body.launched_on:
        row.done_on, row.done_by = body.launched_on, principal.label
    await session.flush()
    return await describe_timeline(session, principal=principal, campaign=campaign)


async def remind_of_steps(session: AsyncSession, *, now: datetime | None = None) -> int:
    """How many overdue steps were spoken of, each once a due date. A sweep of the relay; `now`: for tests."""
    moment = now or await ask_now(session)
    overdue = (
        sa.select(CampaignStep, Campaign)
        .join(Campaign, Campaign.id == CampaignStep.campaign_id)
        .where(
            CampaignStep.due_on < local_day(moment),
            CampaignStep.reminded_of.is_distinct_from(CampaignStep.due_on),
            Campaign.status != CampaignStatus.CLOSED.value,
            Campaign.archived_at.is_(None),
        )
        .order_by(CampaignStep.due_on, CampaignStep.campaign_id, CampaignStep.step)
        .limit(AT_ONCE)
        .with_for_update(of=CampaignStep, skip_locked=True)
    )
    return sum([await _remind(session, row, campaign) for row, campaign in (await session.execute(overdue)).all()])


async def _remind(session: AsyncSession, row: CampaignStep, campaign: Campaign) -> bool:
    """Row, reminder and outbox row in one transaction. What was done meanwhile needs no word."""
    row.reminded_of = row.due_on
    states = await read_states(session, campaign, {row.step: row})
    state = states[StepName(row.step)]
    if state.done_on is not None or await repository.was_reminded(session, row):
        return False
    recipients = [{"kind": kind.value, "id": who} for kind, who, _ in state.awaited]
    if not recipients:
        officers = await list_officers(session, campaign.province_code)
        recipients = [{"kind": RecipientKind.ACCOUNT.value, "id": str(account)} for account in officers]
    reminder = StepReminder(
        id=uuid4(), campaign_id=campaign.id, step=row.step, due_on=row.due_on, recipients=recipients
    )
    session.add(reminder)
    await session.flush()
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.CAMPAIGN_STEP.value, "source_id": str(reminder.id)},
        id_argument="outbox_id",
    )
    log.info("timeline.reminded", reminder_id=str(reminder.id), step=row.step, recipients=len(recipients))
    return True
