"""One sender of one channel: claims what is due, asks how people are reached, hands over once, writes what became."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

import structlog
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.reaching import ContactQuestion
from commune_service import clock
from commune_service.tracing import is_traced

from notifier import breaker, daily, outbound
from notifier.allowance import Allowance
from notifier.beginning import begin, begin_together, wishes_for_other
from notifier.begun_ahead import LONGEST_AHEAD_SECONDS, Pace, Pair, is_plain, put_back, with_address
from notifier.channels.answer import Answer, Channel, Outcome
from notifier.channels.simulator import is_simulator
from notifier.database import Sessions, one_statement
from notifier.handing_over import compose, hand_over
from notifier.judging import Judge
from notifier.ledger import Ledger
from notifier.outbound import Claimed
from notifier.quiet_hours import is_quiet
from notifier.refusals import Judged
from notifier.retries import wait_seconds
from notifier.roster_client import AskContacts, RosterAway
from notifier.send_trace import note_answer, trace_sending
from notifier.settings import Settings
from notifier.settling import Tried, keep_answer
from notifier.steps import Beginning, Begun, Taken
from notifier.suppression import list_suppressed

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
        self._allowance = Allowance(settings, sessions)
        self._begun: list[Pair] = []  # begun ahead, and not handed over
        self._admission = breaker.Admission.NONE
        self._judge = Judge(channel_name)
        self._asked_at: datetime | None = None
        self._ledger = Ledger(sessions, patience_seconds=settings.notifier_send_seconds)
        self._times_away = 0
        """How often in a row roster-api was away when it was asked for contacts."""
        self.pace = Pace(most=1)
        """How many are begun at once."""
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
                if await self._send_next() or not self._may_reach_them_so():
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
            self._judge.earlier = await outbound.list_earlier(session, batch) if batch else {}
            await self._judge.templates.refresh(session)
            return batch

    async def _find_contacts(self) -> bool:
        """How the batch's recipients are reached now. False: roster-api is away; the batch waits, which is shown."""
        notices = [message.notice for message in self._held]
        self._asked_at = self.now()
        asked = {ContactQuestion(recipient=notice.recipient, source=notice.source) for notice in notices}
        try:
            contacts = await self._ask_contacts(sorted(asked, key=lambda question: question.recipient.id))
        except RosterAway as away:
            self._times_away += 1
            log.warning("sending.roster_away", reason=type(away).__name__, messages=len(self._held))
        else:
            self._times_away = 0
            recipients = [notice.recipient for notice in notices]
            async with one_statement(self._sessions) as session:
                suppressed = await list_suppressed(session, channel=self._name, recipients=recipients)
            self._judge.learn(contacts, suppressed)
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
        wants = [self._judge.want(message) for message in self._held]
        self._held = await self._allowance.count(self._held, wants)
        if not self._held and self._admission is breaker.Admission.PROBE:
            async with one_statement(self._sessions) as session:
                await breaker.leave_probe(session, self._channel.provider)

    async def _give_back(self) -> None:
        """Also what a broken connection to Postgres left in our hands. What was not handed over was not used."""
        if self._held or self._begun or self._allowance.is_left:
            async with self._sessions.begin() as session:
                await outbound.give_back(session, self._held)
                await put_back(session, self._begun)
                await self._allowance.take_back(session)
            self._held, self._begun = [], []
            self._allowance.forget()

    async def _send_next(self) -> bool:
        """One, or several begun at once. True when the provider seems ill: the rest had better wait."""
        may_go_ahead = self.pace.size > 1 and self._admission is breaker.Admission.FREE
        coming = [self._judge.judge(message) for message in self._held[: self.pace.size]] if may_go_ahead else []
        several = list(takewhile(is_plain, coming))
        began = time.monotonic()
        if len(several) < 2:
            is_ill = await self._send_one(self._held[0])
            self.pace.note(1, time.monotonic() - began)
            return is_ill
        beginnings = [with_address(self._beginning(each), each.address) for each in several]
        tries = await self._ledger.begin_ahead(beginnings)
        for each in several:
            self._held.remove(each.message)
            if each.message.id not in tries:
                log.info("message.not_begun", message_id=str(each.message.id))
        self._begun = [(each, tries[each.message.id]) for each in several if each.message.id in tries]
        return await self._hand_over_ahead(began)

    async def _hand_over_ahead(self, began: float) -> bool:
        """What is not handed over soon enough stays in `_begun`, to be put back. True as above."""
        handed_over = 0
        while self._begun and not self.stopping.is_set() and time.monotonic() - began < LONGEST_AHEAD_SECONDS:
            pair = self._begun.pop(0)
            self._allowance.note_used(pair[0].message)
            handed_over += 1
            if await self._hand_over([pair]):
                self.pace.size = 1
                return True
        self.pace.note(handed_over, time.monotonic() - began)
        return bool(self._begun)

    def _beginning(self, judged: Judged) -> Beginning:
        kind = (judged.notice or judged.message.notice).kind.value
        return Beginning(judged.message, kind, self._channel.provider, self._worker, judged.words.name)

    async def _send_one(self, message: Claimed) -> bool:
        """With all that goes in one mail with it. True as above."""
        first = self._judge.judge(message)
        together = [first]
        if first.may_join:
            others = [self._judge.judge(m) for m in self._held[1:] if daily.belong_together(message, m)]
            together += [each for each in others if each.may_join and each.address == first.address]
        beginnings = [self._beginning(each) for each in together]
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
                self._allowance.note_used(each.message)
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
