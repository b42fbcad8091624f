"""One sender of one channel: claims due messages, hands each over once, writes what became of it."""

import asyncio
import random
import traceback
from datetime import UTC, datetime, timedelta

import structlog
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.notices import MessageStatus
from sqlalchemy.ext.asyncio import AsyncSession

from notifier import breaker, outbound
from notifier.channels.answer import Answer, Channel, Outcome, Outgoing
from notifier.database import Sessions
from notifier.history import word_by_history
from notifier.metrics import ANSWERS, TIME_TO_PROVIDER
from notifier.outbound import Claimed
from notifier.retries import wait_seconds
from notifier.settings import Settings
from notifier.wording import find_missing_fields

log = structlog.get_logger(__name__)


class Sender:
    """Sends the messages of one channel, one after another. Several senders may run anywhere at once."""

    def __init__(
        self, *, channel_name: ChannelName, channel: Channel, sessions: Sessions, settings: Settings, worker: str
    ) -> None:
        self._name = channel_name
        self._channel = channel
        self._sessions = sessions
        self._settings = settings
        self._worker = worker
        self._rng = random.Random()
        self.stopping = asyncio.Event()

    async def send_due(self) -> int:
        """Claims a batch and settles it; returns how many were claimed. On stopping, the rest is given back."""
        async with self._sessions.begin() as session:
            admission = await breaker.admit(session, self._channel.provider)
            if admission is breaker.Admission.NONE:
                return 0
            limit = 1 if admission is breaker.Admission.ONE else self._settings.notifier_batch
            batch = await outbound.claim_batch(session, channel=self._name.value, limit=limit, worker=self._worker)
        for position, message in enumerate(batch):
            if self.stopping.is_set():
                async with self._sessions.begin() as session:
                    await outbound.give_back(session, batch[position:])
                break
            provider_is_ill = await self._send_one(message)
            if provider_is_ill:
                async with self._sessions.begin() as session:
                    await outbound.give_back(session, batch[position + 1 :])
                break
        return len(batch)

    async def _send_one(self, message: Claimed) -> bool:
        """True when the provider itself seems ill, so that the rest of the batch had better wait."""
        async with self._sessions.begin() as session:
            earlier = await outbound.list_earlier(session, message)
            notice = word_by_history(message.notice, earlier)
            if notice is None:
                reason = "history.nothing_to_tell"
                await outbound.settle(session, message, status=MessageStatus.CANCELLED, reason=reason)
                return False
            if missing := find_missing_fields(notice):
                await outbound.settle(
                    session,
                    message,
                    status=MessageStatus.FAILED,
                    reason="template.missing_field",
                    detail=", ".join(missing),
                )
                return False
            number = await outbound.begin_handing_over(
                session, message, told_kind=notice.kind.value, provider=self._channel.provider, worker=self._worker
            )
        if number is None:
            log.info("message.overtaken", message_id=str(message.id))
            return False
        address = (notice.email if self._name is ChannelName.EMAIL else notice.phone) or ""
        outgoing = Outgoing(reference=message.reference, address=address, notice=notice)
        answer = await self._hand_over(outgoing, message)
        await self._write_answer(message, number, answer)
        return answer.provider_is_ill

    async def _hand_over(self, outgoing: Outgoing, message: Claimed) -> Answer:
        try:
            async with asyncio.timeout(self._settings.notifier_send_seconds):
                return await self._channel.send(outgoing)
        except TimeoutError:
            return Answer(Outcome.UNKNOWN, "provider.no_answer", "timeout", provider_is_ill=True)
        except Exception as error:  # noqa: BLE001 - see below
            # Something nobody thought of, and so nobody knows whether the message left: the cautious answer. An
            # exception's words may name a person, so the log has the place only.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error(  # noqa: TRY400 - an exception's words may name a person
                "message.fault",
                message_id=str(message.id),
                error=type(error).__name__,
                at=f"{place.name}:{place.lineno}",
            )
            return Answer(Outcome.UNKNOWN, "internal.error", type(error).__name__)

    async def _write_answer(self, message: Claimed, number: int, answer: Answer) -> None:
        ANSWERS.labels(self._name.value, answer.outcome.value).inc()
        async with self._sessions.begin() as session:
            await outbound.finish_attempt(
                session, message, number, outcome=answer.outcome.value, provider_code=answer.provider_code
            )
            written = await self._settle(session, message, number, answer)
            if answer.provider_is_ill:
                await breaker.note_failure(
                    session,
                    self._channel.provider,
                    error=answer.provider_code or answer.reason or "?",
                    threshold=self._settings.notifier_breaker_failures,
                    first_open_seconds=self._settings.notifier_breaker_seconds,
                )
            else:
                await breaker.note_success(session, self._channel.provider)
        event = "message.settled" if written else "message.fenced_off"
        log.info(event, message_id=str(message.id), outcome=answer.outcome.value, code=answer.provider_code)

    async def _settle(self, session: AsyncSession, message: Claimed, number: int, answer: Answer) -> bool:
        match answer.outcome:
            case Outcome.SENT:
                waited = datetime.now(UTC) - message.created_at
                TIME_TO_PROVIDER.labels(self._name.value).observe(waited.total_seconds())
                return await outbound.settle(
                    session, message, status=MessageStatus.SENT, provider_message_id=answer.provider_message_id
                )
            case Outcome.PERMANENT:
                return await outbound.settle(session, message, status=MessageStatus.FAILED, reason=answer.reason)
            case Outcome.UNKNOWN:
                return await outbound.settle(session, message, status=MessageStatus.UNKNOWN, reason=answer.reason)
            case Outcome.TRANSIENT:
                if await outbound.is_superseded(session, message):
                    reason = "plan.superseded"
                    return await outbound.settle(session, message, status=MessageStatus.CANCELLED, reason=reason)
                wait = wait_seconds(
                    attempt=number,
                    first_seconds=self._settings.notifier_retry_seconds,
                    retry_after_seconds=answer.retry_after_seconds,
                    rng=self._rng,
                )
                return await outbound.settle(
                    session,
                    message,
                    status=MessageStatus.PENDING,
                    reason=answer.reason,
                    next_attempt_at=datetime.now(UTC) + timedelta(seconds=wait),
                )
