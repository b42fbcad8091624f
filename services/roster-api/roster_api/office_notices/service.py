"""Telling offices: `tell_office` in the transaction of what is told; the relay makes the day's mails of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import Recipient, RecipientKind, SourceKind
from commune_service.database_clock import NOW, ask_now
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.office_notices.models import OfficeDigest, OfficeNotice
from roster_api.outbox import service as outbox

log = structlog.get_logger(__name__)
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
DIGESTS_FROM = time(7, 30)
"""Vietnam's: nobody's mail of the day comes sooner."""
SETTLED_FOR = timedelta(hours=1)
"""What changes again soon is told as it became."""
OFFICES_A_ROUND = 200


@dataclass(frozen=True)
class Words:
    """What is told: Vietnamese sentences, facts one a line, and the same in short in English. No person's name."""

    about: str
    heading: str
    sentences: Sequence[str]
    english: str
    rows: Sequence[str] = ()


async def tell_office(
    session: AsyncSession, *, key: str, recipient: Recipient, words: Words, is_urgent: bool = False
) -> bool:
    """Once a key. False: it was told already. Urgent: by a mail of its own, at once; else in the day's mail."""
    notice_id = uuid4()
    values = {
        "id": notice_id,
        "key": key,
        "recipient_kind": recipient.kind.value,
        "recipient_id": recipient.id,
        "about": words.about,
        "heading": words.heading,
        "sentences": list(words.sentences),
        "rows": list(words.rows),
        "english": words.english,
        "is_urgent": is_urgent,
        "created_at": NOW,  # the day's mail asks how long ago that was
    }
    statement = insert(OfficeNotice).values(values).on_conflict_do_nothing(index_elements=["key"])
    if await session.scalar(statement.returning(OfficeNotice.id)) is None:
        return False
    if is_urgent:
        await _ask(session, SourceKind.OFFICE_NOTICE, notice_id)
    return True


async def take_back_waiting(session: AsyncSession, *, prefix: str) -> dict[RecipientKind, set[str]]:
    """What waits for a day's mail under keys that begin so is dropped: whoever calls tells it anew. To whom it was."""
    dropped = await session.execute(
        sa.delete(OfficeNotice)
        .where(
            OfficeNotice.key.startswith(prefix, autoescape=True),
            OfficeNotice.digest_id.is_(None),
            OfficeNotice.is_urgent.is_(False),
        )
        .returning(OfficeNotice.recipient_kind, OfficeNotice.recipient_id)
    )
    found: dict[RecipientKind, set[str]] = {kind: set() for kind in RecipientKind}
    for kind, recipient_id in dropped:
        found[RecipientKind(kind)].add(recipient_id)
    return found


async def send_digests(session: AsyncSession, *, now: datetime | None = None) -> int:
    """How many offices get their mail of the day in this round. `now`: for tests; else the database's."""
    moment = now or await ask_now(session)
    local = moment.astimezone(LOCAL)
    if local.time() < DIGESTS_FROM:
        return 0
    today = local.date()
    had = sa.exists().where(
        OfficeDigest.recipient_kind == OfficeNotice.recipient_kind,
        OfficeDigest.recipient_id == OfficeNotice.recipient_id,
        OfficeDigest.day == today,
    )
    office = (OfficeNotice.recipient_kind, OfficeNotice.recipient_id)
    waiting = (
        OfficeNotice.digest_id.is_(None),
        OfficeNotice.is_urgent.is_(False),
        OfficeNotice.created_at <= moment - SETTLED_FOR,
    )
    offices = await session.execute(
        sa.select(*office).where(*waiting, ~had).group_by(*office).order_by(*office).limit(OFFICES_A_ROUND)
    )
    sent = sum([await _send_digest(session, waiting, office=(row[0], row[1]), day=today) for row in offices.all()])
    if sent:
        log.info("offices.told", digests=sent, day=today.isoformat())
    return sent


async def _send_digest(
    session: AsyncSession, waiting: tuple[sa.ColumnElement[bool], ...], *, office: tuple[str, str], day: date
) -> bool:
    """What waits for this office goes in one mail. False: another relay was faster."""
    kind, recipient_id = office
    values = {"id": uuid4(), "recipient_kind": kind, "recipient_id": recipient_id, "day": day}
    statement = insert(OfficeDigest).values(values).on_conflict_do_nothing().returning(OfficeDigest.id)
    digest_id = await session.scalar(statement)
    if digest_id is None:
        return False
    theirs = (OfficeNotice.recipient_kind == kind, OfficeNotice.recipient_id == recipient_id)
    await session.execute(
        sa.update(OfficeNotice)
        .where(*waiting, *theirs)
        .values(digest_id=digest_id)
        .execution_options(synchronize_session=False)
    )
    await _ask(session, SourceKind.OFFICE_DIGEST, digest_id)
    return True


async def _ask(session: AsyncSession, kind: SourceKind, source_id: UUID) -> None:
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": kind.value, "source_id": str(source_id)},
        id_argument="outbox_id",
    )
