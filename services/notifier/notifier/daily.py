"""One mail a person a day for what is not urgent: who claims a message of that sort takes the person's others with it.

The first such mail of a day goes at once, with all that waits for the person; what comes later that day waits for the
morning. Decided under a lock a recipient, in the claim's transaction: two senders never both have some of a person's.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import structlog
from commune_schemas.notices import Channel, NoticeKind, PersonNotice
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier import kinds, outbound
from notifier.outbound import Claimed
from notifier.quiet_hours import VIETNAM

log = structlog.get_logger(__name__)

MORNING = time(7, 30)
"""Vietnam's time."""
TOMORROW = "digest.tomorrow"
LOCK = text(
    "select pg_advisory_xact_lock(hashtextextended('daily/' || k, 0))"
    " from (select k from unnest(cast(:keys as text[])) as k order by k) as ordered"
)
TOLD_TODAY = text(
    "select distinct recipient_kind, recipient_id from notifier.messages where channel = 'email'"
    " and recipient_id = any(:ids) and kind = any(:kinds) and status in ('sending', 'sent', 'delivered', 'unknown')"
    " and coalesce(sent_at, claimed_at) >= :since"
)
TAKE_OVER = text(
    "with theirs as (select d.id from notifier.messages d where d.channel = 'email' and d.recipient_id = any(:ids)"
    " and d.kind = any(:kinds) and d.status in ('pending', 'claimed') and d.superseded_at is null"
    " and d.next_attempt_at <= now() and d.expires_at > now() and d.notice_sealed is not null"
    " and (d.only_by is null or d.only_by = :provider) and (d.is_sandbox or :simulated) = :simulator"
    " and (d.recipient_kind, d.recipient_id) in"
    " (select * from unnest(cast(:of_kinds as text[]), cast(:ids as text[])))"
    " and not exists (select 1 from notifier.messages o where o.thread = d.thread"
    " and o.recipient_kind = d.recipient_kind and o.recipient_id = d.recipient_id"
    " and o.channel = d.channel and o.source_version < d.source_version and o.status = 'sending')"
    " for update of d skip locked)"
    " update notifier.messages m set status = 'claimed', claim_version = m.claim_version + 1, claimed_at = now(),"
    " claimed_by = :worker from theirs where m.id = theirs.id"
    " returning m.id, m.reference, m.channel, m.claim_version, m.created_at, m.notice_sealed, m.priority,"
    " m.is_fallback, m.address_key_sealed, m.address_digest"
)
"""Also what another sender claimed and has not begun: its claim is void. What one claims now it will take itself."""


def belong_together(first: Claimed, other: Claimed) -> bool:
    """Both go in one mail."""
    return is_daily(first) and is_daily(other) and first.notice.recipient == other.notice.recipient


def is_daily(message: Claimed) -> bool:
    return message.channel == Channel.EMAIL and kinds.is_daily(message.notice.kind)


async def gather(
    session: AsyncSession,
    batch: Sequence[Claimed],
    *,
    provider: str,
    worker: str,
    now: datetime,
    simulator: bool,
    simulates_all: bool,
) -> list[Claimed]:
    """The batch with all that goes in one mail with what is in it, and without what waits for the morning."""
    daily = [message for message in batch if is_daily(message)]
    if not daily:
        return list(batch)
    people = sorted({(m.notice.recipient.kind.value, m.notice.recipient.id) for m in daily})
    values = {"ids": [person for _, person in people], "kinds": sorted(kind.value for kind in kinds.DAILY)}
    await session.execute(LOCK, {"keys": ["/".join(person) for person in people]})
    local = now.astimezone(VIETNAM)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    told = {tuple(row) for row in await session.execute(TOLD_TODAY, {**values, "since": today})}
    rows = await session.execute(
        TAKE_OVER,
        {
            **values,
            "of_kinds": [kind for kind, _ in people],
            "worker": worker,
            "provider": provider,
            "simulator": simulator,
            "simulated": simulates_all,
        },
    )
    ours = outbound.read_claimed(rows)
    later = [m for m in ours if _key(m) in told and not _is_last_moment(m, local)]
    if later:
        wait = (datetime.combine(today.date() + timedelta(days=1), MORNING, VIETNAM) - local).total_seconds()
        await outbound.give_back(session, later, reason=TOMORROW, wait_seconds=wait)
        log.info("messages.tomorrow", messages=len(later))
    others = [message for message in batch if not is_daily(message)]
    return others + [message for message in ours if message not in later]


def _key(message: Claimed) -> tuple[str, str]:
    return message.notice.recipient.kind.value, message.notice.recipient.id


def _is_last_moment(message: Claimed, local: datetime) -> bool:
    """Tomorrow it would be of no use: the first day is then."""
    notice = message.notice
    if notice.kind is not NoticeKind.FIRST_DAY or not isinstance(notice, PersonNotice) or notice.placement is None:
        return False
    return notice.placement.first_on <= local.date() + timedelta(days=1)
