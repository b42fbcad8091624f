"""From a source to message rows: one a (source, recipient, channel, kind), and older unsent ones cancelled.

Doing it again changes nothing. An older version that arrives late finds newer rows and is cancelled on arrival. Whom
the versions before did not reach is told what a version says again.
"""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from commune_schemas.notices import AnyNotice, Channel, RecipientKind, SourceKind
from commune_service.tracing import trace
from sqlalchemy import exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from notifier import kinds, outbound
from notifier.database import Sessions
from notifier.history import was_never_told
from notifier.models import Message
from notifier.reasons import put_in_words
from notifier.roster_client import RosterClient
from notifier.webhooks.events import note_prepared

log = structlog.get_logger(__name__)

MAXIMUM_AGE = timedelta(hours=48)
"""A message not sent by then is not sent at all: it failed, visibly."""
ONE_AT_A_TIME = 7_305_003
"""Advisory lock: two plans prepared at once must see each other's rows."""


async def prepare_notices(
    *, outbox_id: UUID, kind: SourceKind, source_id: UUID, roster: RosterClient, sessions: Sessions
) -> int:
    """The number of this source's messages. Raises RosterAway when roster-api stays away: the job comes again."""
    with trace("notices.prepare", kind.value, source_id, outbox_id=str(outbox_id)) as span:
        messages = await _write_messages(kind, source_id, roster=roster, sessions=sessions)
        await roster.say_prepared(outbox_id, kind=kind, source_id=source_id, messages=messages)
        span.note(messages=messages)
    log.info("notices.prepared", source=kind.value, source_id=str(source_id), messages=messages)
    return messages


async def _write_messages(kind: SourceKind, source_id: UUID, *, roster: RosterClient, sessions: Sessions) -> int:
    for unchanged in (False, True):
        async for notices in roster.list_notices(kind, source_id, unchanged=unchanged):
            async with sessions.begin() as session:
                await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
                threads = await add_messages(session, notices)
                await cancel_overtaken(session, threads)
    async with sessions.begin() as session:
        of_source = (Message.source_kind == kind.value, Message.source_id == source_id)
        messages = await session.scalar(select(func.count()).where(*of_source)) or 0
        await note_prepared(session, source_kind=kind.value, source_id=source_id, messages=messages)
    return messages


async def add_messages(session: AsyncSession, notices: list[AnyNotice]) -> set[str]:
    """Rows that exist already stay as they are. The threads in which something is said."""
    unchanged = {notice.thread for notice in notices if notice.is_unchanged}
    earlier = await outbound.list_earlier_in_threads(session, unchanged) if unchanged else {}
    wanted = [
        (notice, channel)
        for notice in notices
        for channel in kinds.channels_of(notice.kind)
        if not notice.is_unchanged or was_never_told(notice, earlier.get(notice.thread, ()), channel=channel)
    ]
    if wanted:
        rows = [make_row(notice, channel) for notice, channel in wanted]
        await session.execute(insert(Message).on_conflict_do_nothing(), rows)
    return {notice.thread for notice, _ in wanted}


def make_row(notice: AnyNotice, channel: Channel) -> dict[str, object]:
    """The columns of a new message."""
    identity = uuid5(NAMESPACE_URL, f"urn:commune-roster:message:{_key(notice, channel)}")
    return {
        "id": identity,
        "reference": f"{identity.hex}@notifier.commune-roster",
        "source_kind": notice.source.kind.value,
        "source_id": notice.source.id,
        "source_version": notice.source.version,
        "recipient_kind": notice.recipient.kind.value,
        "recipient_id": notice.recipient.id,
        "channel": channel.value,
        "kind": notice.kind.value,
        "thread": notice.thread,
        "school_name": notice.school_name,
        "commune_code": notice.commune_code,
        "notice_sealed": outbound.seal_notice(identity, notice),
        "is_sandbox": notice.is_sandbox,
        "priority": 0 if kinds.is_urgent(notice.kind) else 1,
        "expires_at": datetime.now(UTC) + MAXIMUM_AGE,
    }


def _key(notice: AnyNotice, channel: Channel) -> str:
    """Of what a plan tells a volunteer the key is as it was before there were other sources and recipients."""
    parts = [str(notice.source.id), notice.recipient.id, channel.value, notice.kind.value]
    if (notice.source.kind, notice.recipient.kind) != (SourceKind.PLAN, RecipientKind.VOLUNTEER):
        parts += [notice.source.kind.value, str(notice.source.version), notice.recipient.kind.value]
    return "/".join(parts)


async def cancel_overtaken(session: AsyncSession, threads: set[str]) -> None:
    """Whatever a newer version made untrue: unsent is cancelled, all else is never sent again."""
    newer = aliased(Message)
    overtaken = exists().where(
        newer.thread == Message.thread,
        newer.recipient_kind == Message.recipient_kind,
        newer.recipient_id == Message.recipient_id,
        newer.source_version > Message.source_version,
    )
    of_these = (Message.thread.in_(sorted(threads)), Message.superseded_at.is_(None), overtaken)
    vi, en = put_in_words("plan.superseded")
    words = {"superseded_at": func.now(), "reason_code": "plan.superseded", "reason_vi": vi, "reason_en": en}
    cancelled = {"status": "cancelled", "claim_version": Message.claim_version + 1}
    for statuses, values in (
        (("pending", "claimed"), words | cancelled),
        (("sending",), words),
        (("failed", "unknown", "sent", "delivered"), {"superseded_at": func.now()}),
    ):
        await session.execute(
            update(Message)
            .where(*of_these, Message.status.in_(statuses))
            .values(values)
            .execution_options(synchronize_session=False)
        )
