"""The notices of a publication of oversight groups: to each overseer the communes that are theirs, and what changed."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.amounts import amount
from commune_schemas.notices import (
    NoticeKind,
    NoticePage,
    OfficePart,
    OfficeWordsNotice,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.group_runs.drafting import same_person
from roster_api.group_runs.repository import list_owner, list_seats
from roster_api.groups.models import Grouping, Overseer

Follows = dict[str, tuple[Overseer, set[str]]]
"""By person: who, and which communes."""


def recipient_of(overseer: Overseer) -> Recipient:
    if overseer.account_id is not None:
        return Recipient(kind=RecipientKind.ACCOUNT, id=str(overseer.account_id))
    return Recipient(kind=RecipientKind.OVERSEER, id=str(overseer.id))


async def list_notices_of_grouping(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """By person. `unchanged`: whose communes are those of the version before, for whom that never reached."""
    grouping = await session.get(Grouping, source_id)
    if grouping is None or grouping.version is None:
        raise NotFoundError
    campaign = await session.get_one(Campaign, grouping.campaign_id)
    now = await _follows(session, grouping.id)
    query = sa.select(Grouping.id).where(Grouping.campaign_id == campaign.id, Grouping.version == grouping.version - 1)
    previous = await session.scalar(query)
    before = {} if previous is None else await _follows(session, previous)
    names = await _name_communes(session, {code for _, codes in (*now.values(), *before.values()) for code in codes})
    items = []
    for person in sorted({*now, *before}):
        overseer, theirs = now.get(person) or (before[person][0], set())
        had = before[person][1] if person in before else set()
        if (theirs == had) == unchanged:
            items.append(_notice(grouping, campaign, overseer, theirs=theirs, had=had, names=names))
    return NoticePage(items=items[offset : offset + limit], total=len(items), limit=limit, offset=offset)


async def _follows(session: AsyncSession, grouping_id: UUID) -> Follows:
    owner = await list_owner(session, grouping_id)
    seats = await list_seats(session, grouping_id)
    return {
        same_person(overseer): (overseer, {code for code, held in owner.items() if held == number})
        for number, overseer in seats.items()
    }


async def _name_communes(session: AsyncSession, codes: set[str]) -> dict[str, str]:
    """In alphabetical order."""
    query = sa.select(Commune.code, Commune.full_name).where(Commune.code.in_(codes))
    return dict((await session.execute(query.order_by(Commune.sort_key, Commune.code))).all())


def _notice(
    grouping: Grouping, campaign: Campaign, overseer: Overseer, *, theirs: set[str], had: set[str],
    names: dict[str, str],
) -> OfficeWordsNotice:  # fmt: skip
    version = grouping.version or 1
    subject = f"Phân công theo dõi xã: {len(theirs)} xã"
    return OfficeWordsNotice(
        source=Source(kind=SourceKind.GROUPING, id=grouping.id, version=version),
        recipient=recipient_of(overseer),
        kind=NoticeKind.OFFICE_NOTICE,
        thread=f"oversight/{campaign.id}",
        is_unchanged=theirs == had,
        to=overseer.name,
        subject=subject,
        about=campaign.name,
        parts=[
            OfficePart(
                heading=subject,
                sentences=_say(version, theirs=theirs, had=had, names=names),
                rows=[name for code, name in names.items() if code in theirs],
                english=f"You follow {amount(len(theirs), 'commune')} from now on, listed above. Blockers come to you.",
            )
        ],
    )


def _say(version: int, *, theirs: set[str], had: set[str], names: dict[str, str]) -> list[str]:
    gained = [name for code, name in names.items() if code in theirs - had]
    lost = [name for code, name in names.items() if code in had - theirs]
    sentences = [
        f"Từ nay Anh/Chị theo dõi {len(theirs)} xã, phường, đặc khu trong đợt này (lần ban hành {version})."
        if theirs
        else f"Từ lần ban hành {version}, Anh/Chị không còn theo dõi xã nào trong đợt này."
    ]
    if had and gained:
        sentences.append(f"Thêm: {', '.join(gained)}.")
    if lost:
        sentences.append(f"Giao cho người khác: {', '.join(lost)}.")
    return sentences


async def find_campaigns_of_groupings(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = sa.select(Grouping.id, Grouping.campaign_id).where(Grouping.id.in_(ids))
    return dict((await session.execute(query)).all())
