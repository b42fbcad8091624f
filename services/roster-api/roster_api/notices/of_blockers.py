"""The notices of a blocker's step: to who has it now, and to who raised it; to neither what they did themselves."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    BlockerNotice,
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.blockers.models import Blocker, BlockerStep, Level, StepKind
from roster_api.blockers.owners import find_owners
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.groups.models import Overseer
from roster_api.notices.of_groups import recipient_of
from roster_api.schools.models import School

OWNER_HEARS = frozenset({StepKind.RAISED, StepKind.ESCALATED, StepKind.CONFIRMED, StepKind.REOPENED})
RAISER_HEARS = frozenset({StepKind.ESCALATED, StepKind.SOLVED})


async def list_notices_of_blocker_step(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """By recipient's id. A later step of the same blocker is the newer word to whoever hears both."""
    step = await session.get(BlockerStep, source_id)
    if step is None:
        raise NotFoundError
    blocker = await session.get_one(Blocker, step.blocker_id)
    campaign = await session.get_one(Campaign, blocker.campaign_id)
    commune = await session.get_one(Commune, blocker.commune_code)
    told: list[tuple[Recipient, str]] = []
    kind = StepKind(step.kind)
    if kind in OWNER_HEARS:
        told += await _owners(session, blocker, campaign, Level(step.level))
    if kind in RAISER_HEARS:
        told.append(await _raiser(session, blocker, commune))
    rows = [] if unchanged else told
    items = [
        _notice(step, blocker, campaign, commune, recipient=recipient, name=name)
        for recipient, name in rows[offset : offset + limit]
    ]
    return NoticePage(items=items, total=len(rows), limit=limit, offset=offset)


async def _owners(
    session: AsyncSession, blocker: Blocker, campaign: Campaign, level: Level
) -> list[tuple[Recipient, str]]:
    owners = await find_owners(session, blocker, campaign, level)
    if isinstance(owners, Overseer):
        return [(recipient_of(owners), owners.name)]
    return [(Recipient(kind=RecipientKind.ACCOUNT, id=str(each.id)), each.display_name) for each in owners]


async def _raiser(session: AsyncSession, blocker: Blocker, commune: Commune) -> tuple[Recipient, str]:
    if blocker.school_id is None:
        return Recipient(kind=RecipientKind.COMMUNE, id=commune.code), commune.contact_name or commune.full_name
    school = await session.get_one(School, blocker.school_id)
    return Recipient(kind=RecipientKind.SCHOOL, id=str(school.id)), school.contact_name or school.name


def _notice(
    step: BlockerStep, blocker: Blocker, campaign: Campaign, commune: Commune, *, recipient: Recipient, name: str
) -> BlockerNotice:
    return BlockerNotice(
        source=Source(kind=SourceKind.BLOCKER_STEP, id=step.id, version=step.number),
        recipient=recipient,
        kind=NoticeKind.BLOCKER,
        thread=f"blocker/{blocker.id}",
        commune_code=blocker.commune_code,
        recipient_name=name,
        campaign_name=campaign.name,
        commune_name=commune.full_name,
        step=StepKind(step.kind).value,
        level=step.level,
        words=blocker.words,
        step_words=step.words,
        is_urgent=blocker.urgency == "urgent",
        raised_at=blocker.raised_at,
        due_at=step.due_at,
    )


async def find_campaigns_of_blocker_steps(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = (
        sa.select(BlockerStep.id, Blocker.campaign_id)
        .join(Blocker, Blocker.id == BlockerStep.blocker_id)
        .where(BlockerStep.id.in_(ids))
    )
    return dict((await session.execute(query)).all())
