"""One sender of one channel: claims what is due, asks how people are reached, hands over once, writes what became."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from commune_schemas.notices import AnyNotice
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.reaching import ContactQuestion
from commune_service import clock
from commune_service.tracing import is_traced

from notifier import breaker, daily, limits, outbound
from notifier.addresses import address_of
from notifier.beginning import begin, begin_together, wishes_for_other
from notifier.channels.answer import Answer, Channel, Outcome
from notifier.channels.simulator import is_simulator
from notifier.database import Sessions, one_statement
from notifier.gsm7 import count_segments
from notifier.handing_over import compose, hand_over
from notifier.history import Earlier, word_by_history
from notifier.kinds import is_urgent
from notifier.ledger import Ledger
from notifier.outbound import Claimed
from notifier.quiet_hours import is_quiet
from notifier.refusals import Judged, as_things_are_now, find_refusal
from notifier.retries import wait_seconds
from notifier.roster_client import AskContacts, Contacts, RosterAway
from notifier.send_trace import note_answer, trace_sending
from notifier.settings import Settings
from notifier.settling import Tried, keep_answer
from notifier.sms_text import write_sms
from notifier.steps import Beginning, Begun, Taken
from notifier.suppression import list_suppressed
from notifier.wording import find_missing_fields
from notifier.words.store import Templates

log = structlog.get_logger(__name__)
LONGEST_BATCH_SECONDS = 5.0
"""Then the rest is given back: what became urgent meanwhile goes before it, however slow a provider is."""
FEWEST, LONGEST_WAIT_FOR_CONTACTS_SECONDS = 3, 60.0
CONTACTS_HOLD_FOR = timedelta(seconds=30)
"""Then they are asked for anew: who withdraws consent is sent nothing a minute later, however slow a provider is."""


class Sender:
    """Sends the messages of one channel, one after another. Several senders may run anywhere at once."""

    def __init__(
        self,
        *,
        channel_name: ChannelName,
        channel: Channel,
        standby_seconds: float = 0,
        has_others: bool = False,
        contacts: AskContacts,
        sessions: Sessions,
        settings: Settings,
        worker: str,
    ) -> None:
        self._name = channel_name
        self._channel = channel
        self._standby_seconds = standby_seconds
        self._is_simulator = is_simulator(channel.provider)
        self._holds_at_night = channel_name is ChannelName.SMS and not self._is_simulator
        self._has_others = has_others
        """Other providers of this channel, who take what a slow one leaves."""
        self._ask_contacts = contacts
        self._sessions = sessions
        self._settings = settings
        self._worker = worker
        self._rng = random.Random()
        self._held: list[Claimed] = []  # claimed, and not begun
        self._batch = settings.notifier_batch
        """How many to claim: about what this provider takes in one batch's time."""
        self._counted: dict[UUID, limits.Want] = {}
        """Counted, and not handed over."""
        self._admission = breaker.Admission.NONE
        self._earlier: dict[UUID, list[Earlier]] = {}
        self._contacts: Contacts = {}
        self._asked_at: datetime | None = None
        self._suppressed: dict[tuple[str, str], set[str | None]] = {}
        self._templates = Templates()
        self._ledger = Ledger(sessions, patience_seconds=settings.notifier_send_seconds)
        self._times_away = 0
        """How often in a row roster-api was away when it was asked for contacts."""
        self.stopping = asyncio.Event()
        self.now: Callable[[], datetime] = clock.now

    async def send_due(self) -> int:
        """Claims a batch and settles it; returns how many were claimed, 0 when they have to wait for roster-api.

        What was not begun is given back.
        """
        await self._give_back()
        self._held = await self._claim()
        claimed = len(self._held)
        if self._held and not await self._find_contacts():
            return 0
        await self._keep_within_limits()
        ends_at = time.monotonic() + LONGEST_BATCH_SECONDS
        try:
            while self._held and not self.stopping.is_set() and time.monotonic() < ends_at:
                if await self._send_one(self._held[0]) or not self._may_reach_them_so():
                    break
        finally:
            await self._ledger.write_taken()
            await self._ledger.close()
        expected = max(claimed - len(self._held), FEWEST) if self._held else self._batch
        self._batch = min(2 * expected, self._settings.notifier_batch)
        await self._give_back()
        return claimed

    def _may_reach_them_so(self) -> bool:
        """How they are reached was asked lately enough."""
        return self._asked_at is not None and self.now() - self._asked_at <= CONTACTS_HOLD_FOR

    async def _claim(self) -> list[Claimed]:
        async with self._sessions.begin() as session:
            self._admission = await breaker.admit(session, self._channel.provider)
            if self._admission is breaker.Admission.NONE:
                return []
            limit = 1 if self._admission is breaker.Admission.PROBE else self._batch
            batch = await outbound.claim_batch(
                session,
                channel=self._name.value,
                provider=self._channel.provider,
                waited_seconds=self._standby_seconds,
                limit=limit,
                worker=self._worker,
                only_urgent=self._holds_at_night and is_quiet(self._settings, self.now()),
                simulates_all=self._settings.notifier_simulated,
            )
            if not batch:
                await session.rollback()  # a probe nobody needs is left to whoever has a message
                return []
            if self._name is ChannelName.EMAIL:
                batch = await daily.gather(
                    session,
                    batch,
                    provider=self._channel.provider,
                    worker=self._worker,
                    now=self.now(),
                    simulator=self._is_simulator,
                    simulates_all=self._settings.notifier_simulated,
                )
            if not batch and self._admission is breaker.Admission.PROBE:
                await breaker.leave_probe(session, self._channel.provider)
            self._earlier = await outbound.list_earlier(session, batch) if batch else {}
            await self._templates.refresh(session)
            return batch

    async def _find_contacts(self) -> bool:
        """How the batch's recipients are reached now. False: roster-api is away; the batch waits, which is shown."""
        notices = [message.notice for message in self._held]
        self._asked_at = self.now()
        asked = {ContactQuestion(recipient=notice.recipient, source=notice.source) for notice in notices}
        try:
            self._contacts = await self._ask_contacts(sorted(asked, key=lambda question: question.recipient.id))
        except RosterAway as away:
            self._times_away += 1
            log.warning("sending.roster_away", reason=type(away).__name__, messages=len(self._held))
        else:
            self._times_away = 0
            recipients = [notice.recipient for notice in notices]
            async with one_statement(self._sessions) as session:
                self._suppressed = await list_suppressed(session, channel=self._name, recipients=recipients)
            return True
        first = self._settings.notifier_retry_seconds
        wait = wait_seconds(attempt=self._times_away, first_seconds=first, retry_after_seconds=None, rng=self._rng)
        async with self._sessions.begin() as session:
            wait = min(wait, LONGEST_WAIT_FOR_CONTACTS_SECONDS)
            await outbound.give_back(session, self._held, reason="roster.away", wait_seconds=wait)
            if self._admission is breaker.Admission.PROBE:
                await breaker.leave_probe(session, self._channel.provider)
        self._held = []
        return False

    async def _keep_within_limits(self) -> None:
        """Counts the batch; what is beyond a limit is given back, with the reason and the time when it may go. What
        is simulated costs nothing and reaches nobody, so it uses up nothing."""
        if self._is_simulator:
            return
        wants = [self._want(message) for message in self._held]
        async with self._sessions.begin() as session:
            waits = await limits.count_within(session, self._settings, wants)
            for message, wait in zip(self._held, waits, strict=True):
                if wait is not None:
                    await outbound.give_back(session, [message], reason=wait.reason, wait_seconds=wait.seconds)
        may_go = [wait is None for wait in waits]
        self._counted = {m.id: want for m, want, may in zip(self._held, wants, may_go, strict=True) if may}
        self._held = [message for message, may in zip(self._held, may_go, strict=True) if may]
        if not self._held and self._admission is breaker.Admission.PROBE:
            async with one_statement(self._sessions) as session:
                await breaker.leave_probe(session, self._channel.provider)

    def _want(self, message: Claimed) -> limits.Want:
        notice = self._word(message) or message.notice
        is_text = self._name is ChannelName.SMS and not find_missing_fields(notice)
        words = self._templates.choose(notice, self._name) if is_text else None
        return limits.Want(
            channel=self._name,
            kind=notice.kind,
            recipient=notice.recipient,
            segments=count_segments(write_sms(notice, blocks=words.blocks)) if words else 0,
            is_urgent=is_urgent(message.notice.kind),
        )

    def _word(self, message: Claimed) -> AnyNotice | None:
        """As it is sent now; None: there is nothing to tell."""
        notice = word_by_history(message.notice, self._earlier.get(message.id, ()), channel=self._name)
        if notice is None:
            return None
        return as_things_are_now(notice, self._contacts.get((notice.recipient, notice.source)))

    async def _give_back(self) -> None:
        """Also what a broken connection to Postgres left in our hands. What was not begun was not used, either."""
        if self._held or self._counted:
            async with self._sessions.begin() as session:
                await outbound.give_back(session, self._held)
                await limits.take_back(session, self._counted.values())
            self._held, self._counted = [], {}

    def _judge(self, message: Claimed) -> Judged:
        recipient = message.notice.recipient
        card = self._contacts.get((recipient, message.notice.source))
        address = address_of(card, self._name)
        notice = self._word(message)
        kept_from = self._suppressed.get((recipient.kind.value, recipient.id), set())
        refusal = find_refusal(notice, address, card=card, suppressed=kept_from)
        words = self._templates.choose(notice or message.notice, self._name)
        return Judged(message, notice, card, address or "", refusal, words)

    async def _send_one(self, message: Claimed) -> bool:
        """With all that goes in one mail with it. True when the provider seems ill: the rest had better wait."""
        first = self._judge(message)
        together = [first]
        if first.may_join:
            others = [self._judge(m) for m in self._held[1:] if daily.belong_together(message, m)]
            together += [each for each in others if each.may_join and each.address == first.address]
        provider, worker = self._channel.provider, self._worker
        beginnings = [
            Beginning(each.message, (each.notice or each.message.notice).kind.value, provider, worker, each.words.name)
            for each in together
        ]
        if len(together) > 1 and not any(wishes_for_other(each.message, each.card) for each in together):
            tries = await begin_together(self._sessions, self._ledger, beginnings, address=first.address)
        else:
            refusal = first.refusal
            tries = [await begin(self._sessions, self._ledger, beginnings[0], card=first.card, refusal=refusal)]
        begun: list[tuple[Judged, Begun]] = []
        for each, its_try in zip(together, tries, strict=False):  # alone where one wishes for the other channel
            self._held.remove(each.message)
            if each.notice is None or its_try is None:
                log.info("message.not_begun", message_id=str(each.message.id))
            else:
                begun.append((each, its_try))
                self._counted.pop(each.message.id, None)
        if begun:
            return await self._hand_over(begun)
        if self._admission is breaker.Admission.PROBE:
            async with one_statement(self._sessions) as session:
                await breaker.leave_probe(session, self._channel.provider)
        return False

    async def _hand_over(self, begun: Sequence[tuple[Judged, Begun]]) -> bool:
        """True as above."""
        message, number = begun[0][0].message, begun[0][1].number
        with trace_sending(message, provider=self._channel.provider, attempt=number) as span:
            answer = await hand_over(
                self._channel, compose(begun), message, settings=self._settings, has_others=self._has_others
            )
            note_answer(span, answer)
            await self._keep_answer([(each.message, its_try.number) for each, its_try in begun], answer)
        return answer.provider_is_ill

    async def _keep_answer(self, tried: Sequence[Tried], answer: Answer) -> None:
        (message, number), *others = tried
        is_free = self._admission is breaker.Admission.FREE
        if answer.outcome is Outcome.SENT and is_free and not answer.provider_is_ill and not others:
            self._ledger.note_taken(Taken(message, number, answer.provider_message_id, answer.provider_code))
            if is_traced(message.id):
                await self._ledger.write_taken()
            return
        await keep_answer(
            self._sessions,
            tried,
            answer,
            patience_seconds=self._settings.notifier_send_seconds,
            provider=self._channel.provider,
            admission=self._admission,
            settings=self._settings,
            rng=self._rng,
        )
