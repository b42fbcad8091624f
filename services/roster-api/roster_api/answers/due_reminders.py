"""What is due by time alone: the silent are reminded once, then their coordinator hears, then Home Affairs; and whoever
begins in two days is told so. Nobody gets two reminders on a day: the other comes on the next.

Each step is one transaction with its outbox row, under keys that let it happen once: any number of relays may look.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from commune_schemas.amounts import amount
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import Recipient, RecipientKind, SourceKind
from commune_service.database_clock import ask_now
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.accounts import list_officers
from roster_api.answers.models import FirstDay, Reminded, Reminder
from roster_api.answers.repository import narrow_to_answer, select_answers
from roster_api.answers.schemas import AnswerFilter
from roster_api.answers.unable import list_unable_since_pins
from roster_api.campaigns.models import Campaign
from roster_api.office_notices.service import Words, tell_office
from roster_api.outbox import service as outbox
from roster_api.plans.models import Placement, Plan, PlanStatus
from roster_api.plans.scope import RowScope
from roster_api.schools.models import School

log = structlog.get_logger(__name__)
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SILENT_FOR = timedelta(hours=48)
"""After publishing: the silent are reminded."""
COORDINATOR_AFTER, OFFICER_AFTER = timedelta(hours=72), timedelta(hours=96)
DAYS_BEFORE = timedelta(days=2)
BY_ITSELF = "system"


async def remind_by_time(session: AsyncSession, *, now: datetime | None = None) -> int:
    """How many people and offices are told something in this round. `now`: for tests; else the database's."""
    moment = now or await ask_now(session)
    today = moment.astimezone(LOCAL).date()
    plans = sa.select(Plan, Campaign).join(Campaign, Campaign.id == Plan.campaign_id)
    in_force = plans.where(Plan.status == PlanStatus.PUBLISHED.value, Campaign.ends_on >= today)
    told = 0
    for plan, campaign in (await session.execute(in_force.order_by(Plan.id))).all():
        age = moment - plan.published_at if plan.published_at else timedelta()
        told += await _tell_first_days(session, plan, moment=moment)
        if age >= SILENT_FOR:
            told += await _chase(session, plan, campaign, moment=moment, age=age)
    return told


async def _list_reminded_today(session: AsyncSession, campaign_id: UUID, moment: datetime) -> set[UUID]:
    """Whom any reminder of this campaign went to on this day of Vietnam's, by itself or by somebody's request."""
    midnight = datetime.combine(moment.astimezone(LOCAL).date(), time(), tzinfo=LOCAL)
    people: set[UUID] = set()
    for table in (Reminded, FirstDay):
        query = sa.select(table.volunteer_id).join(Reminder, Reminder.id == table.reminder_id)
        query = query.where(table.campaign_id == campaign_id, Reminder.reminded_at >= midnight)
        people |= set(await session.scalars(query.where(Reminder.reminded_at < midnight + timedelta(days=1))))
    return people


async def _chase(session: AsyncSession, plan: Plan, campaign: Campaign, *, moment: datetime, age: timedelta) -> int:
    silent = narrow_to_answer(select_answers(plan, RowScope(), RowScope()), AnswerFilter.NONE)
    placements: list[Placement] = [row[0] for row in (await session.execute(silent)).all()]
    told = await _remind(session, plan, placements, moment=moment)
    if placements and age >= COORDINATOR_AFTER:
        told += await _tell_schools(session, plan, campaign, placements)
    if placements and age >= OFFICER_AFTER:
        told += await _tell_officers(session, plan, campaign, placements)
    return told


async def _remind(session: AsyncSession, plan: Plan, placements: Sequence[Placement], *, moment: datetime) -> int:
    """Whom nobody reminded of these words yet, nor of the first day today."""
    reminded = await session.execute(
        sa.select(Reminded.volunteer_id, Reminded.told_sha256).where(Reminded.campaign_id == plan.campaign_id)
    )
    known = {(person, words) for person, words in reminded}
    today = await _list_reminded_today(session, plan.campaign_id, moment)
    due = [
        one for one in placements if (one.volunteer_id, one.told_sha256) not in known and one.volunteer_id not in today
    ]
    if not due:
        return 0
    reminder = await _add_reminder(session, plan, kind="answer", moment=moment)
    rows = [
        {
            "campaign_id": plan.campaign_id,
            "volunteer_id": one.volunteer_id,
            "told_sha256": one.told_sha256,
            "reminder_id": reminder.id,
        }
        for one in due
    ]
    statement = insert(Reminded).values(rows).on_conflict_do_nothing().returning(Reminded.volunteer_id)
    people = len((await session.scalars(statement)).all())
    await _ask(session, reminder)
    log.info("answers.reminded_by_time", plan_id=str(plan.id), people=people)
    return people


async def _tell_schools(session: AsyncSession, plan: Plan, campaign: Campaign, placements: Sequence[Placement]) -> int:
    told = 0
    for school_id, people in sorted(Counter(one.school_id for one in placements).items()):
        words = Words(
            about=campaign.name,
            heading=f"{people} người của trường chưa trả lời phân công",
            sentences=[
                f"Sau khi đã được nhắc, {people} người của trường vẫn chưa cho biết đi được hay không.",
                "Xin mở mục Trả lời trên hệ thống, gọi điện cho từng người rồi ghi lại câu trả lời.",
            ],
            english=f"{amount(people, 'person')} of your school did not answer when reminded; please call.",
        )
        recipient = Recipient(kind=RecipientKind.SCHOOL, id=str(school_id))
        told += await tell_office(session, key=f"silent/{plan.id}/{school_id}", recipient=recipient, words=words)
    return told


async def _tell_officers(session: AsyncSession, plan: Plan, campaign: Campaign, placements: Sequence[Placement]) -> int:
    by_school = Counter(one.school_id for one in placements)
    schools = await session.scalars(sa.select(School).where(School.id.in_(by_school)).order_by(School.sort_key))
    words = Words(
        about=campaign.name,
        heading=f"{len(placements)} người chưa trả lời phân công",
        sentences=["Các trường đã được báo mà vẫn còn người chưa cho biết đi được hay không."],
        rows=[f"{school.name}: {by_school[school.id]} người" for school in schools],
        english=f"{amount(len(placements), 'person has', 'people have')} not answered; schools were told a day ago.",
    )
    told = 0
    for account_id in await list_officers(session, campaign.province_code):
        recipient = Recipient(kind=RecipientKind.ACCOUNT, id=str(account_id))
        told += await tell_office(session, key=f"silent/{plan.id}/{account_id}", recipient=recipient, words=words)
    return told


async def _tell_first_days(session: AsyncSession, plan: Plan, *, moment: datetime) -> int:
    wanted = await _list_beginning(session, plan, moment=moment)
    if not wanted:
        return 0
    reminder = await _add_reminder(session, plan, kind="first_day", moment=moment)
    shared = {"campaign_id": plan.campaign_id, "reminder_id": reminder.id}
    rows = [{"volunteer_id": person, "begins_on": day, **shared} for person, day in wanted]
    statement = insert(FirstDay).values(rows).on_conflict_do_nothing().returning(FirstDay.volunteer_id)
    people = len((await session.scalars(statement)).all())
    await _ask(session, reminder)
    log.info("first_days.told", plan_id=str(plan.id), people=people)
    return people


async def _list_beginning(session: AsyncSession, plan: Plan, *, moment: datetime) -> list[tuple[UUID, date]]:
    """Whoever begins within DAYS_BEFORE; not who cannot go, nor who was told of that day already.

    Who was reminded of something else today is told tomorrow, unless that is the day.
    """
    today = moment.astimezone(LOCAL).date()
    query = sa.select(Placement.volunteer_id, Placement.dates).where(Placement.plan_id == plan.id)
    starts = {person: min(dates) for person, dates in await session.execute(query) if dates}
    due = [(person, day) for person, day in sorted(starts.items()) if today < day <= today + DAYS_BEFORE]
    if not due:
        return []
    unable = await list_unable_since_pins(session, plan.campaign_id)
    told = await session.execute(
        sa.select(FirstDay.volunteer_id, FirstDay.begins_on).where(FirstDay.campaign_id == plan.campaign_id)
    )
    known = {(person, day) for person, day in told}
    reminded = await _list_reminded_today(session, plan.campaign_id, moment)
    return [
        (person, day)
        for person, day in due
        if person not in unable
        and (person, day) not in known
        and (person not in reminded or day <= today + timedelta(days=1))
    ]


async def _add_reminder(session: AsyncSession, plan: Plan, *, kind: str, moment: datetime) -> Reminder:
    reminder = Reminder(id=uuid4(), plan_id=plan.id, kind=kind, reminded_by=BY_ITSELF, reminded_at=moment)
    session.add(reminder)
    await session.flush()
    return reminder


async def _ask(session: AsyncSession, reminder: Reminder) -> None:
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.REMINDER.value, "source_id": str(reminder.id)},
        id_argument="outbox_id",
    )
