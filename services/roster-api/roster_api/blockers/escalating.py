"""The sweep over clocks: a blocker whose owner had it for a working day goes one level up.

Level, step and outbox row are one transaction: killed anywhere, the next round finds nothing done, or all of it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import sqlalchemy as sa
import structlog
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.blockers.models import Blocker, BlockerState, Level, StepKind
from roster_api.blockers.steps import make_clock, next_level, reckon_due, take_step
from roster_api.campaigns.models import Campaign
from roster_api.settings import Settings

log = structlog.get_logger(__name__)
AT_ONCE = 100
WORDS = "Quá một ngày làm việc chưa giải quyết xong: chuyển lên cấp trên."


def escalating(settings: Settings) -> Callable[[AsyncSession], Awaitable[int]]:
    """What the relay does once a round."""

    async def escalate(session: AsyncSession) -> int:
        return await escalate_overdue(session, settings)

    return escalate


async def escalate_overdue(session: AsyncSession, settings: Settings, *, now: datetime | None = None) -> int:
    """How many went up. Who has it next has a whole working day from now. `now`: for tests; else the database's."""
    moment = now or await ask_now(session)
    overdue = (
        sa.select(Blocker, Campaign)
        .join(Campaign, Campaign.id == Blocker.campaign_id)
        .where(Blocker.due_at <= moment, Blocker.state == BlockerState.OPEN.value)
        .order_by(Blocker.due_at, Blocker.id)
        .limit(AT_ONCE)
        .with_for_update(of=Blocker, skip_locked=True)
    )
    rows = (await session.execute(overdue)).all()
    for blocker, campaign in rows:
        level = next_level(Level(blocker.level))
        assert level is not None  # noqa: S101 - at the highest level nothing is due
        clock = make_clock(campaign, settings.working_hours)
        blocker.level, blocker.level_since = level.value, moment
        blocker.due_at = reckon_due(level, now=moment, clock=clock, working_day=settings.working_day)
        await session.flush()
        await take_step(session, blocker, StepKind.ESCALATED, words=WORDS, by=None, now=moment)
        log.info("blocker.escalated", blocker_id=str(blocker.id), level=level.value)
    return len(rows)
