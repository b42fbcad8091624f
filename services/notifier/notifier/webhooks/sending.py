"""Tells subscriptions what happened, at least once: rows, claimed by time, so a killed process loses none of them.

A call that is not taken is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h more: 27 hours in all. When
that ends and nothing was taken meanwhile, the subscription is disabled and says so.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from commune_service.logging import log_fault
from commune_service.outbound import OutboundRule
from sqlalchemy import and_, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.database import AWAY, Sessions
from notifier.settings import Settings
from notifier.webhooks.calling import CallResult, call
from notifier.webhooks.events import CONTENT_TYPE, write_content
from notifier.webhooks.models import WebhookDelivery, WebhookEvent, WebhookSubscription
from notifier.webhooks.secrets import sign

log = structlog.get_logger(__name__)
WAITS_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 36_000)
LONG_FAILURE = timedelta(seconds=sum(WAITS_SECONDS[:-1]))
"""Disabled at the end of a delivery's tries where nothing was taken for so long."""
HELD_SECONDS = 60
BATCH = 20
POLL_SECONDS = 1.0

CLAIM = text(
    "update notifier.webhook_deliveries d set attempts = attempts + 1,"
    " next_attempt_at = now() + make_interval(secs => :held)"
    " where (d.subscription_id, d.event_id) in ("
    " select p.subscription_id, p.event_id from notifier.webhook_deliveries p"
    " join notifier.webhook_subscriptions s on s.id = p.subscription_id and s.disabled_at is null"
    " where p.status = 'pending' and p.next_attempt_at <= now() order by p.next_attempt_at limit :batch"
    " for update of p skip locked) returning d.subscription_id, d.event_id, d.attempts"
)


@dataclass(frozen=True)
class Due:
    """One delivery in our hands: the try's number, and all that is needed to call."""

    subscription: WebhookSubscription
    event: WebhookEvent
    attempt: int


def outbound_rule(settings: Settings) -> OutboundRule:
    """Plain HTTP and private networks only where a setting says so, and never plain HTTP in production."""
    private = settings.notifier_webhooks_private
    return OutboundRule(allows_http=private and not settings.is_production, allows_private=private)


class WebhookSending:
    """Any number of processes may send at once."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._sessions = sessions
        self._rule = outbound_rule(settings)
        self._rng = random.Random()

    async def run(self) -> None:
        """For ever, until cancelled."""
        while True:
            try:
                sent = await self.send_due()
            except AWAY as error:
                log.warning("webhooks.postgres_away", reason=type(error).__name__)
                sent = 0
            except Exception as error:  # noqa: BLE001 - the loop must go on
                log_fault("webhooks.fault", error)
                sent = 0
            if not sent:
                await asyncio.sleep(POLL_SECONDS)

    async def send_due(self) -> int:
        """A batch, all at once; how many were called."""
        async with self._sessions.begin() as session:
            due = await _claim(session)
        await asyncio.gather(*(self._tell(each) for each in due))
        return len(due)

    async def _tell(self, due: Due) -> None:
        now, content = datetime.now(UTC), write_content(due.event)
        headers = {"Content-Type": CONTENT_TYPE}
        headers |= sign(due.subscription, event_id=due.event.id, at=now, content=content)
        result = await call(due.subscription.url, content=content, headers=headers, rule=self._rule)
        async with self._sessions.begin() as session:
            await self._keep(session, due, result)
        log.info(
            "webhook.called",
            subscription_id=str(due.subscription.id),
            event_id=str(due.event.id),
            attempt=due.attempt,
            status=result.status,
            error=result.error,
        )

    async def _keep(self, session: AsyncSession, due: Due, result: CallResult) -> None:
        seen = {"last_status": result.status, "last_error": result.error}
        if result.error is None:
            await _write(session, due, status="delivered", delivered_at=func.now(), **seen)
            await _change(session, due.subscription, failing_since=None)
            return
        since = func.coalesce(WebhookSubscription.failing_since, func.now())
        await _change(session, due.subscription, failing_since=since)
        if result.is_gone:
            await disable(session, due.subscription, reason="gone")
        if due.attempt <= len(WAITS_SECONDS):
            wait = WAITS_SECONDS[due.attempt - 1] * self._rng.uniform(1, 1.1)
            await _write(session, due, next_attempt_at=func.now() + timedelta(seconds=wait), **seen)
            return
        await _write(session, due, status="failed", **seen)
        failing = await session.scalar(
            select(WebhookSubscription.failing_since < func.now() - LONG_FAILURE).where(
                WebhookSubscription.id == due.subscription.id
            )
        )
        if failing:
            await disable(session, due.subscription, reason="no_answer_for_27_hours")


async def _claim(session: AsyncSession) -> list[Due]:
    claimed = (await session.execute(CLAIM, {"held": HELD_SECONDS, "batch": BATCH})).all()
    due = []
    for row in claimed:
        subscription = await session.get_one(WebhookSubscription, row.subscription_id)
        due.append(Due(subscription, await session.get_one(WebhookEvent, row.event_id), row.attempts))
    return due


async def _write(session: AsyncSession, due: Due, **values: object) -> None:
    """Nothing where somebody else has it by now: our hold was over."""
    mine = and_(
        WebhookDelivery.subscription_id == due.subscription.id,
        WebhookDelivery.event_id == due.event.id,
        WebhookDelivery.attempts == due.attempt,
    )
    await session.execute(update(WebhookDelivery).where(mine).values(**values))


async def _change(session: AsyncSession, subscription: WebhookSubscription, **values: object) -> None:
    await session.execute(update(WebhookSubscription).where(WebhookSubscription.id == subscription.id).values(**values))


async def disable(session: AsyncSession, subscription: WebhookSubscription, *, reason: str) -> None:
    """Nothing is called any more until an administrator enables it; what waits stays."""
    await _change(session, subscription, disabled_at=func.now(), disabled_reason=reason)
    log.warning("webhook.disabled", subscription_id=str(subscription.id), reason=reason)
