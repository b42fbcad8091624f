"""From a provider's answer to the message's row: sent, failed, unknown, or due again later."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from commune_schemas.notices import MessageStatus
from sqlalchemy.ext.asyncio import AsyncSession

from notifier import breaker, limits, outbound
from notifier.breaker import Admission
from notifier.channels.answer import Answer, Outcome
from notifier.channels.simulator import is_simulator
from notifier.database import AWAY, Sessions
from notifier.fallback import add_fallbacks
from notifier.ledger import TRY_AGAIN_SECONDS
from notifier.outbound import Claimed
from notifier.retries import wait_seconds
from notifier.settings import Settings
from notifier.steps import Taken, settle_sent

log = structlog.get_logger(__name__)

Tried = tuple[Claimed, int]
"""A message, and the number of its attempt."""
CAME_BACK = "recipient.bad_address"


async def write_answer(
    sessions: Sessions,
    tried: Sequence[Tried],
    answer: Answer,
    *,
    provider: str,
    admission: Admission,
    settings: Settings,
    rng: random.Random,
) -> None:
    """What became of all that was in one mail, and what that means for its provider's breaker, in one transaction."""
    first = settings.notifier_retry_seconds
    async with sessions.begin() as session:
        written = [
            await _settle(session, message, number, answer, provider=provider, first_wait_seconds=first, rng=rng)
            for message, number in tried
        ]
        if answer.provider_is_ill:
            await breaker.note_failure(
                session,
                provider,
                is_probe=admission is Admission.PROBE,
                error=answer.provider_code or answer.reason or "?",
                threshold=settings.notifier_breaker_failures,
                first_open_seconds=settings.notifier_breaker_seconds,
            )
        elif admission is not Admission.FREE:
            await breaker.note_success(session, provider)
    for (message, _), is_written in zip(tried, written, strict=True):
        event = "message.settled" if is_written else "message.fenced_off"
        log.info(event, message_id=str(message.id), outcome=answer.outcome.value, code=answer.provider_code)


async def keep_answer(
    sessions: Sessions, tried: Sequence[Tried], answer: Answer, *, patience_seconds: float, **details: Any
) -> None:
    """`write_answer`, tried again while Postgres is away: what the provider said is known here only. TimeoutError after
    `patience_seconds`: by then others may judge."""
    async with asyncio.timeout(patience_seconds):
        while True:
            try:
                return await write_answer(sessions, tried, answer, **details)
            except AWAY as error:
                log.warning("message.answer_waits", message_id=str(tried[0][0].id), reason=type(error).__name__)
            await asyncio.sleep(TRY_AGAIN_SECONDS)


async def _settle(
    session: AsyncSession,
    message: Claimed,
    number: int,
    answer: Answer,
    *,
    provider: str,
    first_wait_seconds: float,
    rng: random.Random,
) -> bool:
    """False: the message was ours no longer; the attempt's end is written all the same, for it is evidence."""
    if answer.outcome is Outcome.SENT:
        taken = Taken(message, number, answer.provider_message_id, answer.provider_code)
        return await settle_sent(session, taken)
    await outbound.finish_attempt(
        session, message, number, outcome=answer.outcome.value, provider_code=answer.provider_code
    )
    match answer.outcome:
        case Outcome.PERMANENT:
            if answer.reason == CAME_BACK and not is_simulator(provider):
                await limits.note_refused(session, message.channel)
            return await fail(session, message, reason=answer.reason)
        case Outcome.UNKNOWN:
            return await outbound.settle(session, message, status=MessageStatus.UNKNOWN, reason=answer.reason)
        case Outcome.TRANSIENT:
            wait = wait_seconds(
                attempt=number,
                first_seconds=first_wait_seconds,
                retry_after_seconds=answer.retry_after_seconds,
                rng=rng,
            )
            only_by = provider if answer.may_have_left else None
            return await _try_later(session, message, reason=answer.reason, wait=wait, only_by=only_by)


async def fail(session: AsyncSession, message: Claimed, *, reason: str | None, detail: str = "") -> bool:
    """Refused for good: failed, and the other channel's message with it where that was left off. False as above."""
    written = await outbound.settle(session, message, status=MessageStatus.FAILED, reason=reason, detail=detail)
    if written:
        await add_fallbacks(session, [message.id])
    return written


async def _try_later(
    session: AsyncSession, message: Claimed, *, reason: str | None, wait: float, only_by: str | None
) -> bool:
    """Due again in `wait` seconds, unless a newer plan made it untrue meanwhile."""
    if await outbound.is_superseded(session, message):
        return await outbound.settle(session, message, status=MessageStatus.CANCELLED, reason="plan.superseded")
    return await outbound.settle(
        session,
        message,
        status=MessageStatus.PENDING,
        reason=reason,
        next_attempt_at=datetime.now(UTC) + timedelta(seconds=wait),
        only_by=only_by,
    )
