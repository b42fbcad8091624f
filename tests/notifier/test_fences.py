"""What keeps a sender that was overtaken, or cut off from Postgres, from writing what is not so any more."""

import math
import time
from contextlib import AbstractAsyncContextManager
from typing import Any

from commune_schemas.notices import Channel, MessageStatus
from notifier import outbound
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.database import Sessions
from notifier.deliver import Sender
from notifier.models import Message
from notifier.sending import Sending
from sqlalchemy.ext.asyncio import AsyncSession

from tests.notifier.people import make_notice
from tests.notifier.test_preparing import changed
from tests.notifier.world import World

REFUSED = "provider.refused"


async def claim(world: World, worker: str) -> outbound.Claimed:
    async with world.sessions.begin() as session:
        (held,) = await outbound.claim_batch(session, channel="sms", provider="sms", limit=1, worker=worker)
    return held


async def test_what_another_sender_holds_by_now_is_not_settled_by_the_one_that_lost_it(world: World) -> None:
    await world.prepare(make_notice())
    lost = await claim(world, "zombie")
    await world.sweep()  # nobody named "zombie" says it lives: taken back
    held = await claim(world, "other")
    async with world.sessions.begin() as session:
        for status in (MessageStatus.FAILED, MessageStatus.CANCELLED):
            assert not await outbound.settle(session, lost, status=status, reason=REFUSED), "claimed by other"
        number = await outbound.begin_handing_over(
            session, held, told_kind="placement_assigned", provider="sms", worker="other"
        )
        assert number == 1
        for status in (MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.SENT):
            assert not await outbound.settle(session, lost, status=status, reason=REFUSED), "in other's hands"
        assert not await outbound.settle_sent(session, lost, 1, provider_message_id="x", provider_code="202")
        row = await session.get_one(Message, held.id)
        assert (row.status, row.sent_at, row.reason_code) == ("sending", None, None)
        assert await outbound.settle_sent(session, held, number, provider_message_id="y", provider_code="202")


class MomentaryProvider:
    """A provider at the very edge: while it has the message in hand `meanwhile` happens, then it gives its answer."""

    provider = "sms"

    def __init__(self, answer: Answer, meanwhile: Any) -> None:
        self._answer = answer
        self._meanwhile = meanwhile

    async def send(self, message: Outgoing) -> Answer:  # noqa: ARG002 - the protocol's
        await self._meanwhile()
        return self._answer

    async def find(self, reference: str) -> bool | None:  # noqa: ARG002 - the protocol's
        return None

    async def close(self) -> None:
        return


async def test_a_message_that_a_newer_plan_overtook_in_hand_is_cancelled_and_not_tried_again(world: World) -> None:
    first = make_notice(email=None)
    await world.prepare(first)

    async def newer_plan_comes() -> None:
        await world.prepare(changed(first))

    busy = Answer(Outcome.TRANSIENT, "provider.busy", "503")
    sender = Sender(
        channel_name=Channel.SMS,
        channel=MomentaryProvider(busy, newer_plan_comes),
        contacts=world.client.list_contacts,
        sessions=world.sessions,
        settings=world.settings,
        worker="w",
    )
    assert await sender.send_due() == 1
    older = await world.message(Channel.SMS)
    assert (older["status"], older["reason_code"]) == ("cancelled", "plan.superseded")
    (attempt,) = await world.rows("select outcome from notifier.attempts where message_id = :m", m=older["id"])
    assert attempt["outcome"] == "transient", "what the provider answered is kept"
    await world.send_all()
    (text,) = world.sms.texts
    assert text.text.startswith("PHAN CONG"), "the newer one, alone"


class PostgresGone:
    """Sessions that cannot be begun from the moment the gateway took a message, for as many tries as told."""

    def __init__(self, world: World, *, refusals: int) -> None:
        self._world = world
        self.refusals = refusals

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        if self._world.sms.texts and self.refusals > 0:
            self.refusals -= 1
            raise ConnectionRefusedError
        return self._world.sessions.begin()


async def test_a_providers_answer_is_kept_while_postgres_is_away_and_written_when_it_is_back(world: World) -> None:
    await world.prepare(make_notice(email=None))
    gone: Any = PostgresGone(world, refusals=2)
    sessions: Sessions = gone
    channel = world.open("sms")
    sender = Sender(
        channel_name=Channel.SMS,
        channel=channel,
        contacts=world.client.list_contacts,
        sessions=sessions,
        settings=world.settings,
        worker="w",
    )
    assert await sender.send_due() == 1
    assert gone.refusals == 0
    assert (await world.message(Channel.SMS))["status"] == "sent"
    assert len(world.sms.texts) == 1


async def test_after_postgres_was_away_nobody_is_taken_for_dead_before_all_could_say_that_they_live(
    world: World,
) -> None:
    """To a sweeper that is back first, every other sender's last sign of life is old."""
    await world.prepare(make_notice(email=None))
    held = await claim(world, "alive, and not back yet")
    async with world.sessions.begin() as session:
        await outbound.begin_handing_over(
            session, held, told_kind="placement_assigned", provider="sms", worker="alive, and not back yet"
        )
    sending = Sending(
        world.with_settings(notifier_dead_seconds=600), world.sessions, contacts=world.client.list_contacts
    )
    world.channels.extend(sending._channels)
    await sending._sweep()
    assert (await world.message(Channel.SMS))["status"] == "sending", "not before it was heard itself"
    await sending._say_alive()
    await sending._sweep()
    assert (await world.message(Channel.SMS))["status"] == "sending", "nor as soon as it was"
    sending._heard_since, sending._heard_at = -math.inf, time.monotonic() - 601
    await sending._say_alive()
    await sending._sweep()
    assert (await world.message(Channel.SMS))["status"] == "sending", "nor after a gap in its own signs of life"
    sending._heard_since = time.monotonic() - 601
    await sending._sweep()
    assert (await world.message(Channel.SMS))["status"] != "sending", "but when all had the time, it is"


async def test_a_message_given_back_with_a_reason_shows_it_and_waits_and_only_its_holder_can_give_it_back(
    world: World,
) -> None:
    await world.prepare(make_notice())
    lost = await claim(world, "zombie")
    await world.sweep()
    held = await claim(world, "other")
    async with world.sessions.begin() as session:
        await outbound.give_back(session, [lost], reason=REFUSED, wait_seconds=600)
        row = await session.get_one(Message, held.id)
        assert (row.status, row.reason_code) == ("claimed", None), "another holds it by now"
    async with world.sessions.begin() as session:
        await outbound.give_back(session, [held], reason=REFUSED, wait_seconds=600)
    async with world.sessions.begin() as session:
        row = await session.get_one(Message, held.id)
        assert (row.status, row.reason_code, row.claimed_by) == ("pending", REFUSED, None)
        assert row.reason_vi
        assert row.reason_en
        assert await outbound.claim_batch(session, channel="sms", provider="sms", limit=1, worker="third") == [], (
            "not before its time"
        )
        earlier = (await outbound.list_earlier_in_threads(session, [held.notice]))[held.notice.thread]
        assert {each.status for each in earlier} == {MessageStatus.PENDING}
        assert {each.channel for each in earlier} == {Channel.EMAIL, Channel.SMS}
