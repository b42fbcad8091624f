"""Puts right what a dead or stopped sender left behind, by rows and the database's own clock.

A message only claimed is anybody's again. One being handed over is unknown: the provider may have it. Where the
provider can be asked, it is asked; an e-mail stays unknown, shown, until an officer decides.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from commune_schemas.notices import MessageStatus
from sqlalchemy import ColumnElement, case, delete, exists, func, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.channels.answer import Channel
from notifier.database import Sessions
from notifier.fallback import add_fallbacks
from notifier.models import Counter, Message, Receipt, Worker
from notifier.reasons import put_in_words
from notifier.sent_to import forget_addresses
from notifier.settings import Settings
from notifier.simulated import settle_simulated
from notifier.webhooks.models import WebhookEvent

log = structlog.get_logger(__name__)

FORGOTTEN_AFTER_SECONDS = 3600
EVENTS_KEPT_SECONDS = 30 * 86_400
COUNTERS_KEPT_SECONDS = 3 * 86_400
QUESTIONS_A_ROUND = 50
FORGOTTEN_A_ROUND = 500
SECONDS_A_DAY = 86_400


async def sweep(sessions: Sessions, *, settings: Settings, providers: Sequence[Channel]) -> None:
    """One round. Safe to run anywhere, any number of times at once."""
    async with sessions.begin() as session:
        await take_back_claimed(session, settings)
        await mark_unknown(session, settings)
        await fail_expired(session)
        await forget_old(session, settings)
        await settle_simulated(session)
        await session.execute(delete(Counter).where(Counter.starts_at < _ago(COUNTERS_KEPT_SECONDS)))
        await session.execute(delete(WebhookEvent).where(WebhookEvent.happened_at < _ago(EVENTS_KEPT_SECONDS)))
        await session.execute(delete(Worker).where(Worker.seen_at < _ago(FORGOTTEN_AFTER_SECONDS)))
    for provider in providers:
        await reconcile_unknown(sessions, channel=provider)


def _ago(seconds: float) -> ColumnElement[datetime]:
    """By the database's clock."""
    return func.now() - timedelta(seconds=seconds)


def _left_behind(*, old_seconds: float, dead_seconds: float) -> ColumnElement[bool]:
    """Held for too long, or by a sender that says no more that it lives."""
    holder_lives = exists().where(Worker.name == Message.claimed_by, Worker.seen_at > _ago(dead_seconds))
    return or_(Message.claimed_at < _ago(old_seconds), ~holder_lives)


async def take_back_claimed(session: AsyncSession, settings: Settings) -> None:
    left_behind = _left_behind(old_seconds=settings.notifier_claim_seconds, dead_seconds=settings.notifier_dead_seconds)
    await session.execute(
        update(Message)
        .where(Message.status == MessageStatus.CLAIMED.value, left_behind)
        .values(status=MessageStatus.PENDING.value, claim_version=Message.claim_version + 1, claimed_by=None)
        .execution_options(synchronize_session=False)
    )


async def mark_unknown(session: AsyncSession, settings: Settings) -> None:
    """The claim version goes up: the sender, if it wakes after all, writes nothing any more."""
    vi, en = put_in_words("sender.died")
    left_behind = _left_behind(
        old_seconds=2 * settings.notifier_send_seconds, dead_seconds=settings.notifier_dead_seconds
    )
    marked = await session.scalars(
        update(Message)
        .where(Message.status == MessageStatus.SENDING.value, left_behind)
        .values(
            status=MessageStatus.UNKNOWN.value,
            claim_version=Message.claim_version + 1,
            reason_code="sender.died",
            reason_vi=vi,
            reason_en=en,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    for message_id in marked:
        log.warning("message.unknown", message_id=str(message_id))


async def fail_expired(session: AsyncSession) -> None:
    vi, en = put_in_words("retry.too_old")
    failed = await session.scalars(
        update(Message)
        .where(Message.status == MessageStatus.PENDING.value, Message.expires_at <= func.now())
        .values(
            status=MessageStatus.FAILED.value,
            failed_at=func.now(),
            reason_code="retry.too_old",
            reason_vi=vi,
            reason_en=en,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    await add_fallbacks(session, failed.all())


async def forget_old(session: AsyncSession, settings: Settings) -> None:
    """What a message said goes when its time is over, and its provider's receipt with it; that it was sent stays."""
    old = _ago(settings.notifier_notice_days * SECONDS_A_DAY)
    said = select(Message.id).where(Message.created_at < old, Message.notice_sealed.is_not(None))
    messages = (await session.scalars(said.limit(FORGOTTEN_A_ROUND))).all()
    called = (
        select(Receipt.provider, Receipt.webhook_id)
        .where(Receipt.received_at < old, Receipt.body != {})
        .limit(FORGOTTEN_A_ROUND)
    )
    for statement in (
        update(Message).where(Message.id.in_(messages)).values(notice_sealed=None),
        update(Receipt).where(tuple_(Receipt.provider, Receipt.webhook_id).in_(called)).values(body={}),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
    await forget_addresses(session, messages)


async def reconcile_unknown(sessions: Sessions, *, channel: Channel) -> None:
    """Ask the provider about its messages nobody knows of: it has them (sent), or certainly has not (pending again)."""
    async with sessions.begin() as session:
        query = select(Message.id, Message.reference, Message.claim_version).where(
            Message.status == MessageStatus.UNKNOWN.value, Message.provider == channel.provider
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
    again = _in_words("gateway.not_found") | {"status": "pending"}
    overtaken = _in_words("plan.superseded") | {"status": "cancelled"}
    values = (
        {"status": "sent", "sent_at": text("now()"), "reason_code": None, "reason_vi": None, "reason_en": None}
        if has_it
        else {name: case((Message.superseded_at.is_(None), again[name]), else_=overtaken[name]) for name in again}
        | {"next_attempt_at": text("now()"), "only_by": None}
    )
    await session.execute(
        update(Message)
        .where(Message.id == message_id, Message.status == "unknown", Message.claim_version == claim_version)
        .values(**values, claim_version=claim_version + 1)
    )


async def say_alive(session: AsyncSession, worker: str, *, queue_state: str | None = None) -> None:
    """This sender lives, and sees the queue so; to be said every couple of seconds."""
    await session.execute(
        text(
            "insert into notifier.workers (name, queue_state) values (:name, :queue)"
            " on conflict (name) do update set seen_at = now(), queue_state = :queue"
        ),
        {"name": worker, "queue": queue_state},
    )


def _in_words(reason: str) -> dict[str, str]:
    vi, en = put_in_words(reason)
    return {"reason_code": reason, "reason_vi": vi, "reason_en": en}
