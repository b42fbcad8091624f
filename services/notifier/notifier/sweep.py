"""Puts right what a dead or stopped sender left behind, by rows and the database's own clock.

A message only claimed is anybody's again. One being handed over is unknown: the provider may have it. Where the
provider can be asked, it is asked; an e-mail stays unknown, shown, until an officer decides.
"""

import asyncio

import structlog
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.notices import MessageStatus
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.channels.answer import Channel
from notifier.database import Sessions
from notifier.models import Message
from notifier.reasons import put_in_words
from notifier.settings import Settings

log = structlog.get_logger(__name__)

DEAD_AFTER_SECONDS = 10
"""A sender says it lives every two seconds; after so long without a word it counts as dead."""
FORGOTTEN_AFTER_SECONDS = 3600
QUESTIONS_A_ROUND = 50
LEFT_BEHIND = (
    "(m.claimed_at < now() - make_interval(secs => :old) or not exists (select 1 from notifier.workers w"
    " where w.name = m.claimed_by and w.seen_at > now() - make_interval(secs => :dead)))"
)


async def sweep(sessions: Sessions, *, settings: Settings, channels: dict[ChannelName, Channel]) -> None:
    """One round. Safe to run anywhere, any number of times at once."""
    async with sessions.begin() as session:
        await take_back_claimed(session, settings)
        await mark_unknown(session, settings)
        await fail_expired(session)
        await session.execute(
            text("delete from notifier.workers where seen_at < now() - make_interval(secs => :s)"),
            {"s": FORGOTTEN_AFTER_SECONDS},
        )
    for name, channel in channels.items():
        await reconcile_unknown(sessions, name=name, channel=channel)


async def take_back_claimed(session: AsyncSession, settings: Settings) -> None:
    await session.execute(
        text(
            "update notifier.messages m set status = 'pending', claim_version = m.claim_version + 1, claimed_by = null"
            f" where m.status = 'claimed' and {LEFT_BEHIND}"  # noqa: S608 - constants
        ),
        {"old": settings.notifier_claim_seconds, "dead": DEAD_AFTER_SECONDS},
    )


async def mark_unknown(session: AsyncSession, settings: Settings) -> None:
    """The claim version goes up: the sender, if it wakes after all, writes nothing any more."""
    vi, en = put_in_words("sender.died")
    rows = await session.execute(
        text(
            "update notifier.messages m set status = 'unknown', claim_version = m.claim_version + 1,"
            " reason_code = 'sender.died', reason_vi = :vi, reason_en = :en"
            f" where m.status = 'sending' and {LEFT_BEHIND} returning m.id"  # noqa: S608 - constants
        ),
        {"old": 2 * settings.notifier_send_seconds, "dead": DEAD_AFTER_SECONDS, "vi": vi, "en": en},
    )
    for row in rows:
        log.warning("message.unknown", message_id=str(row.id))


async def fail_expired(session: AsyncSession) -> None:
    vi, en = put_in_words("retry.too_old")
    await session.execute(
        text(
            "update notifier.messages set status = 'failed', failed_at = now(), reason_code = 'retry.too_old',"
            " reason_vi = :vi, reason_en = :en where status = 'pending' and expires_at <= now()"
        ),
        {"vi": vi, "en": en},
    )


async def reconcile_unknown(sessions: Sessions, *, name: ChannelName, channel: Channel) -> None:
    """Ask the provider about messages nobody knows of: it has them (sent), or certainly has not (pending again)."""
    async with sessions.begin() as session:
        query = select(Message.id, Message.reference, Message.claim_version).where(
            Message.status == MessageStatus.UNKNOWN.value, Message.channel == name.value
        )
        unknown = (await session.execute(query.limit(QUESTIONS_A_ROUND))).all()
    if not unknown:
        return
    found = await asyncio.gather(*(channel.find(row.reference) for row in unknown))
    async with sessions.begin() as session:
        for row, has_it in zip(unknown, found, strict=True):
            if has_it is not None:
                await _write_found(session, row.id, row.claim_version, has_it=has_it)


async def _write_found(session: AsyncSession, message_id: object, claim_version: int, *, has_it: bool) -> None:
    vi, en = put_in_words("gateway.not_found")
    values = (
        {"status": "sent", "sent_at": text("now()"), "reason_code": None, "reason_vi": None, "reason_en": None}
        if has_it
        else {
            "status": text("case when superseded_at is null then 'pending' else 'cancelled' end"),
            "next_attempt_at": text("now()"),
            "reason_code": "gateway.not_found",
            "reason_vi": vi,
            "reason_en": en,
        }
    )
    await session.execute(
        update(Message)
        .where(Message.id == message_id, Message.status == "unknown", Message.claim_version == claim_version)
        .values(**values, claim_version=claim_version + 1)
    )


async def say_alive(session: AsyncSession, worker: str) -> None:
    """This sender lives; to be said every couple of seconds."""
    await session.execute(
        text("insert into notifier.workers (name) values (:name) on conflict (name) do update set seen_at = now()"),
        {"name": worker},
    )
