"""Text messages begun several at once: settled together, once each, and put back where they could not go at once."""

import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import SmsRule
from notifier import deliver
from notifier.arrival import note_arrival
from notifier.begun_ahead import MOST_AHEAD, Pace, may_be_begun_ahead
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.channels.simulator import Simulated
from notifier.deliver import Sender
from notifier.providers import MailRelay, SmsGateway
from notifier.steps import Beginning, Begun
from notifier.sweep import sweep

from tests.notifier.people import change_contact, make_notice
from tests.notifier.test_preparing import changed
from tests.notifier.test_worker_process import arrived
from tests.notifier.world import World, worker_process
from tests.support.deadlines import until

TOOK_IT = Answer(Outcome.SENT, provider_code="202", provider_message_id="x")
IS_ILL = Answer(Outcome.TRANSIENT, "provider.busy", "503", provider_is_ill=True)
IN_ORDER = "select status, attempts from notifier.messages where channel = 'sms' order by status, id"
Meanwhile = Callable[[Outgoing], Awaitable[None]]


class Watched:
    """A gateway that takes everything, until told; while it has a message in hand `meanwhile` happens."""

    provider = "sms"

    def __init__(self, meanwhile: Meanwhile | None = None) -> None:
        self.meanwhile = meanwhile
        self.answer = TOOK_IT
        self.given: list[str] = []

    async def send(self, message: Outgoing) -> Answer:
        self.given.append(message.reference)
        if self.meanwhile is not None:
            await self.meanwhile(message)
        return self.answer

    async def find(self, reference: str) -> bool | None:
        return reference in self.given

    async def close(self) -> None:
        return


def make_sender(world: World, gateway: Watched, *, ahead: int) -> Sender:
    """One that begins `ahead` at once from the start."""
    sender = Sender(
        channel_name=Channel.SMS,
        channel=gateway,
        contacts=world.client.list_contacts,
        sessions=world.sessions,
        settings=world.settings,
        worker="w",
    )
    sender.pace = Pace(most=ahead)
    sender.pace.size = ahead
    return sender


async def used_today(world: World) -> int:
    query = "select used from notifier.counters where scope = 'sms' and period = 'day'"
    return int((await world.rows(query))[0]["used"])


async def test_several_are_begun_in_one_transaction_and_their_ends_are_written_with_the_next_ones(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(6)))
    seen: list[list[str]] = []

    async def look(_: Outgoing) -> None:
        seen.append([row["status"] for row in await world.rows(IN_ORDER)])

    assert await make_sender(world, Watched(look), ahead=3).send_due() == 6
    first, second = ["claimed"] * 3 + ["sending"] * 3, ["sending"] * 3 + ["sent"] * 3
    assert seen == [first] * 3 + [second] * 3
    rows = await world.rows("select outcome, provider_code, finished_at from notifier.attempts")
    assert [(row["outcome"], row["provider_code"]) for row in rows] == [("sent", "202")] * 6
    sent = await world.rows("select * from notifier.messages where channel = 'sms'")
    assert {(row["status"], row["attempts"], row["provider_message_id"], row["provider"]) for row in sent} == {
        ("sent", 1, "x", "sms")
    }
    assert all(row["address_digest"] and row["template"] and row["told_kind"] for row in sent)
    assert await used_today(world) == 6


async def test_when_the_gateway_falls_ill_the_others_that_were_begun_are_put_back_and_count_for_no_limit(
    world: World,
) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(4)))
    gateway = Watched()

    async def falls_ill(_: Outgoing) -> None:
        gateway.answer = TOOK_IT if len(gateway.given) < 2 else IS_ILL

    gateway.meanwhile = falls_ill
    sender = make_sender(world, gateway, ahead=4)
    await sender.send_due()
    assert sender.pace.size == 1
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["pending"] * 3 + ["sent"]
    outcomes = [row["outcome"] for row in await world.rows("select outcome from notifier.attempts order by outcome")]
    assert outcomes == ["not_handed_over", "not_handed_over", "sent", "transient"]
    assert await used_today(world) == 2
    await world.change("update notifier.breakers set failures = 0")
    await world.change("update notifier.messages set next_attempt_at = now()")
    gateway.meanwhile, gateway.answer = None, TOOK_IT
    await sender.send_due()
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["sent"] * 4
    assert len(set(gateway.given)) == 4


async def test_what_a_newer_plan_overtook_before_it_was_put_back_is_cancelled(world: World) -> None:
    notices = [make_notice(email=None) for _ in range(3)]
    await world.prepare(*notices)
    gateway = Watched()
    gateway.answer = IS_ILL

    async def newer_plan_comes(_: Outgoing) -> None:
        await world.prepare(*(changed(notice) for notice in notices))

    gateway.meanwhile = newer_plan_comes
    await make_sender(world, gateway, ahead=3).send_due()
    older = await world.rows("select * from notifier.messages where channel = 'sms' and source_version = 1")
    assert {(row["status"], row["reason_code"], row["claimed_by"] is None) for row in older} <= {
        ("cancelled", "plan.superseded", True),
        ("cancelled", "plan.superseded", False),
    }
    assert all(row["reason_vi"] and row["reason_en"] for row in older)
    assert len(gateway.given) == 1


async def test_what_was_begun_and_could_not_go_soon_enough_is_put_back_and_goes_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped between: others may have judged by now."""
    await world.prepare(*(make_notice(email=None) for _ in range(3)))
    monkeypatch.setattr(deliver, "LONGEST_AHEAD_SECONDS", -1)
    gateway = Watched()
    sender = make_sender(world, gateway, ahead=3)
    await sender.send_due()
    assert gateway.given == []
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["pending"] * 3
    assert await used_today(world) == 0
    sender.pace = Pace(most=1)
    await sender.send_due()
    assert [(row["status"], row["attempts"]) for row in await world.rows(IN_ORDER)] == [("sent", 2)] * 3


async def test_what_others_did_to_one_of_them_meanwhile_is_left_as_it_is(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(3)))
    gateway = Watched()

    async def all_arrive(_: Outgoing) -> None:
        async with world.sessions.begin() as session:
            for row in await world.rows("select id from notifier.messages where channel = 'sms'"):
                await note_arrival(session, row["id"])

    gateway.meanwhile = all_arrive
    await make_sender(world, gateway, ahead=3).send_due()
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["delivered"] * 3
    outcomes = await world.rows("select outcome from notifier.attempts")
    assert [row["outcome"] for row in outcomes] == ["sent"] * 3, "what the gateway answered is kept"


async def test_one_taken_over_before_it_was_begun_is_not_handed_over_and_the_others_are(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(3)))
    gateway = Watched()
    sender = make_sender(world, gateway, ahead=3)
    ask = sender._ledger.begin_ahead

    async def overtaken(beginnings: Sequence[Beginning]) -> dict[UUID, Begun]:
        lost = beginnings[1].message.id
        await world.change("update notifier.messages set claim_version = claim_version + 1 where id = :i", i=lost)
        return await ask(beginnings)

    sender._ledger.begin_ahead = overtaken  # type: ignore[method-assign]
    await sender.send_due()
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["claimed", "sent", "sent"]
    assert len(gateway.given) == 2


async def test_whoever_is_not_to_get_it_is_settled_by_himself_among_those_begun_at_once(world: World) -> None:
    notices = [make_notice(email=None) for _ in range(5)]
    await world.prepare(*notices)
    change_contact(notices[2], phone=None)
    change_contact(notices[3], is_withheld=True)
    await make_sender(world, Watched(), ahead=5).send_due()
    rows = await world.rows("select status, reason_code from notifier.messages where channel = 'sms'")
    assert sorted((row["status"], row["reason_code"] or "") for row in rows) == [
        ("cancelled", "recipient.withdrew"),
        ("failed", "recipient.no_address"),
        *[("sent", "")] * 3,
    ]


class Killed(BaseException):
    """The process is no more."""


async def test_killed_with_several_begun_the_gateway_is_asked_about_each_and_each_goes_once(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(4)))
    gateway = Watched()
    sender = make_sender(world, gateway, ahead=4)

    async def dies(_: Outgoing) -> None:
        if len(gateway.given) == 2:
            sender._ledger._taken = []  # what was taken, and not written yet, is known to nobody any more
            raise Killed

    gateway.meanwhile = dies
    with pytest.raises(Killed):
        await sender.send_due()
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["sending"] * 4
    await sweep(world.sessions, settings=world.settings, providers=[gateway])  # nobody named "w" says it lives
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["pending"] * 2 + ["sent"] * 2
    gateway.meanwhile = None
    await make_sender(world, gateway, ahead=4).send_due()
    assert [row["status"] for row in await world.rows(IN_ORDER)] == ["sent"] * 4
    assert len(gateway.given) == len(set(gateway.given)) == 4


async def test_a_worker_killed_in_the_middle_of_many_sends_each_once(world: World, tmp_path: Path) -> None:
    people = [make_notice(email=None, phone=f"+849000000{number:02}") for number in range(40)]
    await world.prepare(*people)
    world.sms.script([SmsRule(action="hang", match="[0-3]9$", seconds=60, times=1)])
    async with worker_process(world, log=tmp_path / "log", notifier_send_seconds=90) as process:
        await until(lambda: world.sms.rules[0].times == 0)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    world.sms.script()
    async with worker_process(world, log=tmp_path / "log"):
        await until(lambda: is_settled_by_text(world))
    texts = {row["reference"] for row in await world.rows() if row["channel"] == "sms"}
    assert arrived(world) == dict.fromkeys(texts, 1)


async def is_settled_by_text(world: World) -> bool:
    return await world.statuses(Channel.SMS) == ["sent"] * 40


def test_as_many_are_begun_at_once_as_the_gateway_takes_within_a_quarter_of_a_second() -> None:
    pace = Pace(most=10)
    sizes = []
    for handed_over, seconds in ((1, 0.01), (2, 0.02), (4, 0.04), (8, 0.08), (10, 1.0), (2, 0.6), (1, 0.0)):
        pace.note(handed_over, seconds)
        sizes.append(pace.size)
    assert sizes == [2, 4, 8, 10, 2, 1, 2]


def test_only_what_can_be_asked_about_is_begun_ahead() -> None:
    gateway = SmsGateway(name="sms", url="http://127.0.0.1:1", key="k", sender="SNV")
    assert may_be_begun_ahead(gateway)
    assert not may_be_begun_ahead(gateway.model_copy(update={"find": None}))
    assert not may_be_begun_ahead(MailRelay(name="smtp", host="127.0.0.1"))
    assert not may_be_begun_ahead(Simulated(Channel.SMS))
    assert MOST_AHEAD > 1
