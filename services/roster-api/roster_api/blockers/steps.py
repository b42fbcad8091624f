"""Steps of a blocker: each writes its row, moves the blocker, and asks for the notices, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.blockers.models import Blocker, BlockerState, BlockerStep, Level, StepKind
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import Span, WorkClock, WorkingDays
from roster_api.outbox import service as outbox

LEVELS = tuple(Level)
SILENT = frozenset({StepKind.NOTED})
"""Steps that nobody is written to about."""


def next_level(level: Level) -> Level | None:
    place = LEVELS.index(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def make_clock(campaign: Campaign, spans: Sequence[Span]) -> WorkClock:
    return WorkClock(WorkingDays.of_campaign(campaign), spans)


def reckon_due(level: Level, *, now: datetime, clock: WorkClock, working_day: timedelta) -> datetime | None:
    """One working day from now; None at the highest level."""
    return None if next_level(level) is None else clock.add(now, working_day)


async def take_step(
    session: AsyncSession, blocker: Blocker, kind: StepKind, *, words: str, by: str | None, now: datetime
) -> BlockerStep:
    """Of a blocker that is locked, or new and flushed; its own columns are already as this step leaves them."""
    last = await session.scalar(sa.select(sa.func.max(BlockerStep.number)).where(BlockerStep.blocker_id == blocker.id))
    step = BlockerStep(
        id=uuid4(),
        blocker_id=blocker.id,
        number=(last or 0) + 1,
        kind=kind.value,
        level=blocker.level,
        words=words,
        due_at=blocker.due_at,
        made_by=by,
        made_at=now,
    )
    session.add(step)
    await session.flush()
    if kind not in SILENT:
        await outbox.append(
            session,
            topic=PREPARE_NOTICES,
            args={"source_kind": SourceKind.BLOCKER_STEP.value, "source_id": str(step.id)},
            id_argument="outbox_id",
        )
    return step


def is_open(blocker: Blocker) -> bool:
    return blocker.state == BlockerState.OPEN
