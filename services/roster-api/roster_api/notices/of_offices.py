"""The notices to offices: one thing at once, or the things of a day together, greeted by the contact of the moment."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
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

from roster_api.access.models import Account
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.office_notices.models import OfficeDigest, OfficeNotice
from roster_api.schools.models import School
from roster_api.staff.models import Unit

NOBODY_KNOWN = "Quý cơ quan"


async def list_notices_of_office_notice(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    row = await session.get(OfficeNotice, source_id)
    if row is None:
        raise NotFoundError
    kinds = (SourceKind.OFFICE_NOTICE, NoticeKind.OFFICE_NOTICE)
    items = [] if unchanged or offset else [await _notice(session, row, [row], kinds)][:limit]
    return NoticePage(items=items, total=0 if unchanged else 1, limit=limit, offset=offset)


async def list_notices_of_office_digest(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    digest = await session.get(OfficeDigest, source_id)
    if digest is None:
        raise NotFoundError
    query = sa.select(OfficeNotice).where(OfficeNotice.digest_id == digest.id)
    rows = (await session.scalars(query.order_by(OfficeNotice.created_at, OfficeNotice.id))).all()
    kinds = (SourceKind.OFFICE_DIGEST, NoticeKind.OFFICE_DIGEST)
    items = [] if unchanged or offset else [await _notice(session, digest, rows, kinds)][:limit]
    return NoticePage(items=items, total=0 if unchanged else 1, limit=limit, offset=offset)


async def _notice(
    session: AsyncSession,
    source: OfficeNotice | OfficeDigest,
    rows: Sequence[OfficeNotice],
    kinds: tuple[SourceKind, NoticeKind],
) -> OfficeWordsNotice:
    recipient = Recipient(kind=RecipientKind(source.recipient_kind), id=source.recipient_id)
    name, school_name = await _find_names(session, recipient)
    return OfficeWordsNotice(
        source=Source(kind=kinds[0], id=source.id, version=1),
        recipient=recipient,
        kind=kinds[1],
        thread=f"office/{source.id}",
        school_name=school_name,
        commune_code=recipient.id if recipient.kind is RecipientKind.COMMUNE else None,
        to=name or NOBODY_KNOWN,
        subject=rows[0].heading if len(rows) == 1 else f"{rows[0].heading} và {len(rows) - 1} việc khác",
        about=", ".join(dict.fromkeys(row.about for row in rows)),
        parts=[
            OfficePart(heading=row.heading, sentences=row.sentences, rows=row.rows, english=row.english) for row in rows
        ],
    )


async def _find_names(session: AsyncSession, recipient: Recipient) -> tuple[str, str]:
    """(whom it greets, the school's name where it is one)."""
    match recipient.kind:
        case RecipientKind.SCHOOL:
            school = await session.get(School, UUID(recipient.id))
            return (school.contact_name or school.name, school.name) if school else ("", "")
        case RecipientKind.COMMUNE:
            commune = (
                await session.scalars(sa.select(Commune).where(Commune.code == recipient.id))
            ).one_or_none()  # fmt: skip
            return (commune.contact_name or commune.full_name, "") if commune else ("", "")
        case RecipientKind.UNIT:
            unit = await session.get(Unit, UUID(recipient.id))
            return (unit.contact_name or unit.name, "") if unit else ("", "")
        case RecipientKind.ACCOUNT:
            account = await session.get(Account, UUID(recipient.id))
            return (account.display_name, "") if account else ("", "")
    return "", ""
