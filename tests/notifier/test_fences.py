"""What keeps a sender that was overtaken, or cut off from Postgres, from writing what is not so any more."""

import math
import time
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from commune_schemas.notices import Channel, MessageStatus
from notifier import outbound
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.database import Sessions
from notifier.deliver import Sender
from notifier.models import Message
from notifier.sending import Sending
from notifier.steps import Beginning, Taken, begin_handing_over, settle_sent
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
        begun = await begin_handing_over(session, Beginning(held, "placement_assigned", "sms", "other"))
        assert begun is not None
        assert begun.number == 1
        for status in (MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.SENT):
            assert not await outbound.settle(session, lost, status=status, reason=REFUSED), "in other's hands"
        assert not await settle_sent(session, Taken(lost, 1, "x", "202"))
        row = await session.get_one(Message, held.id)
        assert (row.status, row.sent_at, row.reason_code) == ("sending", None, None)
        assert await settle_sent(session, Taken(held, begun.number, "y", "202"))


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


TOOK_IT = Answer(Outcome.SENT, provider_code="202")


def make_sender(world: World, channel: MomentaryProvider, *, sessions: Sessions | None = None) -> Sender:
    return Sender(
        channel_name=Channel.SMS,
        channel=channel,
        contacts=world.client.list_contacts,
        sessions=sessions or world.sessions,
        settings=world.settings,
        worker="w",
    )


async def test_a_message_that_a_newer_plan_overtook_in_hand_is_cancelled_and_not_tried_again(world: World) -> None:
    first = make_notice(email=None)
    await world.prepare(first)

    async def newer_plan_comes() -> None:
        await world.prepare(changed(first))

    busy = Answer(Outcome.TRANSIENT, "provider.busy", "503")
    sender = make_sender(world, MomentaryProvider(busy, newer_plan_comes))
    assert await sender.send_due() == 1
    older = await world.message(Channel.SMS)
    assert (older["status"], older["reason_code"]) == ("cancelled", "plan.superseded")
    (attempt,) = await world.rows("select outcome from notifier.attempts where message_id = :m", m=older["id"])
    assert attempt["outcome"] == "transient", "what the provider answered is kept"
    await world.send_all()
    (text,) = world.sms.texts
    assert text.text.startswith("PHAN CONG"), "the newer one, alone"


class PostgresGone:
    """Sessions that cannot be begun once it is `gone`, for as many tries as told."""

    def __init__(self, world: World, *, refusals: int) -> None:
        self._world = world
        self.refusals = refusals
        self.is_gone = False

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        if self.is_gone and self.refusals > 0:
            self.refusals -= 1
            raise ConnectionRefusedError
        return self._world.sessions.begin()

    async def go(self) -> None:
        """Every connection is cut."""
        self.is_gone = True
        await self._world.change(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and usename = current_user"
        )


@pytest.mark.parametrize(
    ("answer", "status"), [(TOOK_IT, "sent"), (Answer(Outcome.PERMANENT, REFUSED, "400"), "failed")]
)
async def test_a_providers_answer_is_kept_while_postgres_is_away_and_written_when_it_is_back(
    world: World, answer: Answer, status: str
) -> None:
    await world.prepare(make_notice(email=None))
    gone: Any = PostgresGone(world, refusals=2)
    sender = make_sender(world, MomentaryProvider(answer, gone.go), sessions=gone)
    assert await sender.send_due() == 1
    assert gone.refusals == 0
    assert (await world.message(Channel.SMS))["status"] == status
    (attempt,) = await world.rows("select outcome, provider_code from notifier.attempts")
    assert (attempt["outcome"], attempt["provider_code"]) == (answer.outcome, answer.provider_code)


async def test_each_message_is_begun_in_the_transaction_that_ends_the_one_before(world: World) -> None:
    """A cut of everything leaves a connection one message of which nobody knows."""
    await world.prepare(*(make_notice(email=None) for _ in range(4)))
    seen: list[list[str]] = []

    async def look() -> None:
        rows = await world.rows("select status from notifier.messages where channel = 'sms' order by status")
        seen.append([row["status"] for row in rows])

    assert await make_sender(world, MomentaryProvider(TOOK_IT, look)).send_due() == 4
    assert seen == [["claimed"] * (3 - sent) + ["sending"] + ["sent"] * sent for sent in range(4)]
    (written,) = await world.rows(
        "select count(distinct a.xmin::text) as n from notifier.attempts a join notifier.messages m"
        " on m.id = a.message_id and m.xmin = a.xmin"
    )
    assert written["n"] == 4, "attempts and messages end together"


async def test_after_postgres_was_away_nobody_is_taken_for_dead_before_all_could_say_that_they_live(
    world: World,
) -> None:
    """To a sweeper that is back first, every other sender's last sign of life is old."""
    await world.prepare(make_notice(email=None))
    held = await claim(world, "alive, and not back yet")
    async with world.sessions.begin() as session:
        await begin_handing_over(session, Beginning(held, "placement_assigned", "sms", "alive, and not back yet"))
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
        earlier = (await outbound.list_earlier_in_threads(session, [held.notice.thread]))[held.notice.thread]
        assert {each.status for each in earlier} == {MessageStatus.PENDING}
        assert {each.channel for each in earlier} == {Channel.EMAIL, Channel.SMS}
