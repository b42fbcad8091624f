"""One sender of one channel: claims due messages, hands each over once, writes what became of it."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.notices import MessageStatus, PersonNotice
from sqlalchemy.ext.asyncio import AsyncSession

from notifier import breaker, outbound
from notifier.channels.answer import Answer, Channel, Outcome, Outgoing
from notifier.database import AWAY, Sessions, one_statement
from notifier.history import Earlier, word_by_history
from notifier.logging import log_fault
from notifier.outbound import Claimed
from notifier.retries import wait_seconds
from notifier.settings import Settings
from notifier.wording import find_missing_fields

log = structlog.get_logger(__name__)

ANSWER_WAITS_SECONDS = 0.5


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
        self._held: list[Claimed] = []
        """Claimed, and not begun."""
        self._admission = breaker.Admission.NONE
        self._earlier: dict[UUID, list[Earlier]] = {}
        self.stopping = asyncio.Event()

    async def send_due(self) -> int:
        """Claims a batch and settles it; returns how many were claimed. What was not begun is given back."""
        await self._give_back()
        self._held = await self._claim()
        claimed = len(self._held)
        while self._held and not self.stopping.is_set():
            provider_is_ill = await self._send_one(self._held[0])
            if provider_is_ill:
                break
        await self._give_back()
        return claimed

    async def _claim(self) -> list[Claimed]:
        async with self._sessions.begin() as session:
            self._admission = await breaker.admit(session, self._channel.provider)
            if self._admission is breaker.Admission.NONE:
                return []
            limit = 1 if self._admission is breaker.Admission.ONE else self._settings.notifier_batch
            batch = await outbound.claim_batch(session, channel=self._name.value, limit=limit, worker=self._worker)
            self._earlier = await outbound.list_earlier(session, batch) if batch else {}
            if not batch:
                await session.rollback()  # a probe nobody needs is left to whoever has a message
            return batch

    async def _give_back(self) -> None:
        """Also what a broken connection to Postgres left in our hands."""
        if self._held:
            async with self._sessions.begin() as session:
                await outbound.give_back(session, self._held)
            self._held = []

    async def _send_one(self, message: Claimed) -> bool:
        """True when the provider itself seems ill, so that the rest of the batch had better wait."""
        notice, number = await self._begin(message)
        self._held.remove(message)
        if notice is None or number is None:
            if self._admission is breaker.Admission.ONE:
                async with one_statement(self._sessions) as session:
                    await breaker.leave_probe(session, self._channel.provider)
            return False
        address = (notice.email if self._name is ChannelName.EMAIL else notice.phone) or ""
        answer = await self._hand_over(Outgoing(message.reference, address, notice), message)
        await self._keep_answer(message, number, answer)
        return answer.provider_is_ill

    async def _begin(self, message: Claimed) -> tuple[PersonNotice | None, int | None]:
        """The words and the attempt's number, committed as 'sending'; none of them when there is nothing to send."""
        notice = word_by_history(message.notice, self._earlier.get(message.id, ()))
        missing = find_missing_fields(notice) if notice else []
        async with one_statement(self._sessions) as session:
            if notice is None:
                reason = "history.nothing_to_tell"
                await outbound.settle(session, message, status=MessageStatus.CANCELLED, reason=reason)
                return None, None
            if missing:
                reason, detail = "template.missing_field", ", ".join(missing)
                await outbound.settle(session, message, status=MessageStatus.FAILED, reason=reason, detail=detail)
                return None, None
            number = await outbound.begin_handing_over(
                session, message, told_kind=notice.kind.value, provider=self._channel.provider, worker=self._worker
            )
        if number is None:
            log.info("message.overtaken", message_id=str(message.id))
        return notice, number

    async def _keep_answer(self, message: Claimed, number: int, answer: Answer) -> None:
        """What the provider said is known here only: while Postgres is away, it is tried until others may judge."""
        async with asyncio.timeout(self._settings.notifier_send_seconds):
            while True:
                try:
                    return await self._write_answer(message, number, answer)
                except AWAY as error:
                    log.warning("message.answer_waits", message_id=str(message.id), reason=type(error).__name__)
                await asyncio.sleep(ANSWER_WAITS_SECONDS)

    async def _hand_over(self, outgoing: Outgoing, message: Claimed) -> Answer:
        try:
            async with asyncio.timeout(self._settings.notifier_send_seconds):
                return await self._channel.send(outgoing)
        except TimeoutError:
            return Answer(Outcome.UNKNOWN, "provider.no_answer", "timeout", provider_is_ill=True)
        except Exception as error:  # noqa: BLE001 - see below
            # Nobody knows whether the message left: the cautious answer.
            log_fault("message.fault", error, message_id=str(message.id))
            return Answer(Outcome.UNKNOWN, "internal.error", type(error).__name__)

    async def _write_answer(self, message: Claimed, number: int, answer: Answer) -> None:
        is_plain = answer.outcome is Outcome.SENT and self._admission is breaker.Admission.FREE
        async with one_statement(self._sessions) if is_plain else self._sessions.begin() as session:
            written = await self._settle(session, message, number, answer)
            if answer.provider_is_ill:
                await breaker.note_failure(
                    session,
                    self._channel.provider,
                    is_probe=self._admission is breaker.Admission.ONE,
                    error=answer.provider_code or answer.reason or "?",
                    threshold=self._settings.notifier_breaker_failures,
                    first_open_seconds=self._settings.notifier_breaker_seconds,
                )
            elif self._admission is not breaker.Admission.FREE:
                await breaker.note_success(session, self._channel.provider)
        event = "message.settled" if written else "message.fenced_off"
        log.info(event, message_id=str(message.id), outcome=answer.outcome.value, code=answer.provider_code)

    async def _settle(self, session: AsyncSession, message: Claimed, number: int, answer: Answer) -> bool:
        if answer.outcome is Outcome.SENT:
            return await outbound.settle_sent(
                session,
                message,
                number,
                provider_message_id=answer.provider_message_id,
                provider_code=answer.provider_code,
            )
        await outbound.finish_attempt(
            session, message, number, outcome=answer.outcome.value, provider_code=answer.provider_code
        )
        match answer.outcome:
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
