"""The sweep over the communes' silence: after three working days the school is asked, once a day of service.

A row is taken and marked, and the outbox row written, in one transaction: killed at any point, the next round finds
either nothing done or all of it.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.models import AttendanceQuestion, ServiceDay
from roster_api.attendance.recording import settle_days
from roster_api.attendance.settling import silent_before
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import local_day
from roster_api.outbox import service as outbox

log = structlog.get_logger(__name__)
ROWS_AT_ONCE = 2000
LATE_FOR = timedelta(days=62)
"""Campaigns that ended longer ago are left in peace."""


async def ask_schools(session: AsyncSession, *, now: datetime | None = None) -> int:
    """Days that schools were asked about in this round. `now`: for tests; else the database's."""
    moment = now or await ask_now(session)
    today = local_day(moment)
    campaigns = await session.scalars(
        sa.select(Campaign).where(
            Campaign.starts_on <= today, Campaign.ends_on >= today - LATE_FOR, Campaign.archived_at.is_(None)
        )
    )
    return sum([await _ask_of(session, campaign, now=moment) for campaign in campaigns])


async def _ask_of(session: AsyncSession, campaign: Campaign, *, now: datetime) -> int:
    silent = sa.select(ServiceDay).where(
        ServiceDay.campaign_id == campaign.id,
        ServiceDay.serves_on < silent_before(campaign, local_day(now)),
        ServiceDay.outcome.is_(None),
        ServiceDay.question_id.is_(None),
    )
    rows = (
        await session.scalars(
            silent.order_by(ServiceDay.volunteer_id, ServiceDay.serves_on)
            .limit(ROWS_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    ).all()
    await settle_days(
        session, campaign=campaign, days={(day.volunteer_id, day.serves_on): day for day in rows}, now=now
    )
    by_school: dict[UUID, list[ServiceDay]] = defaultdict(list)
    for day in rows:
        if day.outcome is None:
            by_school[day.school_id].append(day)
    for school_id, days in by_school.items():
        question = AttendanceQuestion(id=uuid4(), campaign_id=campaign.id, school_id=school_id, asked_at=now)
        session.add(question)
        await session.flush()
        for day in days:
            day.question_id = question.id
        await outbox.append(
            session,
            topic=PREPARE_NOTICES,
            args={"source_kind": SourceKind.ATTENDANCE_QUESTION.value, "source_id": str(question.id)},
            id_argument="outbox_id",
        )
        log.info("attendance.asked", question_id=str(question.id), days=len(days))
    await session.flush()
    return sum(map(len, by_school.values()))
