"""Test mode: a simulator that fails as the address says, sandbox campaigns, and two lists before every real channel."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from commune_schemas.notices import Channel
from notifier.channels import simulator
from notifier.channels.answer import Outcome, Outgoing
from notifier.channels.simulator import Fate, Simulated, SimulatedChannel, find_fate
from notifier.channels.test_mode import GuardedChannel, address_of
from notifier.prepare import make_row
from notifier.providers import MailRelay, SmsGateway
from notifier.settings import Settings

from tests.notifier.people import make_notice
from tests.notifier.world import World

NOTICES = Path(__file__).parents[2] / "docs" / "notices.md"
IN_DEVELOPMENT: dict[str, Any] = {
    "notifier_environment": "development",
    "notifier_database_url": "postgresql://x@127.0.0.1/x",
}
ENDS = {
    Fate.REACHED: (["sent", "delivered"], None),
    Fate.NO_SUCH_ADDRESS: (["failed", "failed"], "recipient.bad_address"),
    Fate.BUSY_ONCE: (["sent", "delivered"], None),
    Fate.ALWAYS_BUSY: (["pending", "pending"], "provider.busy"),
    Fate.SLOW: (["sent", "delivered"], None),
    Fate.LOST_REPLY: (["unknown", "delivered"], "provider.no_answer"),
    Fate.COMES_BACK_LATER: (["failed", "failed"], "receipt.failed"),
    Fate.CONTENT_REFUSED: (["failed", "failed"], "content.refused"),
}


async def play(world: World) -> None:
    """Everything by the simulators, until nothing changes any more without time."""
    for _ in range(2):
        for channel in Channel:
            sender = world.sender(channel, by=Simulated(channel).name)
            while await sender.send_due():
                pass
        await world.change("update notifier.messages set next_attempt_at = now() where status = 'pending'")
    for _ in range(2):
        await world.sweep()
        await world.change("update notifier.messages set sent_at = now() - interval '1 minute' where status = 'sent'")


@pytest.mark.parametrize("fate", ENDS)
async def test_a_message_ends_as_its_simulated_address_says(
    world: World, fate: Fate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "SLOW_SECONDS", 0.01)
    names = [name for name, end in simulator.NAMES.items() if end is fate] or ["ai-do"]
    numbers = [number for number, end in simulator.NUMBERS.items() if end is fate] or ["777"]
    await world.prepare(
        make_notice(
            email=f"{names[0]}{simulator.MAIL_DOMAIN}", phone=f"{simulator.NUMBER_PREFIX}{numbers[0]}", is_sandbox=True
        )
    )
    await play(world)
    rows = await world.rows("select status, reason_code from notifier.messages order by channel")
    assert [row["status"] for row in rows] == ENDS[fate][0]
    assert rows[0]["reason_code"] == ENDS[fate][1]
    assert (world.mail.messages, world.sms.texts) == ([], [])


async def test_a_long_text_that_arrives_in_part_says_so(world: World) -> None:
    number = next(number for number, fate in simulator.NUMBERS.items() if fate is Fate.PART_ARRIVES)
    await world.prepare(make_notice(phone=f"{simulator.NUMBER_PREFIX}{number}", is_sandbox=True))
    await play(world)
    assert (await world.message(Channel.SMS))["reason_code"] == "receipt.part"


async def test_what_is_of_a_sandbox_reaches_the_simulator_alone_and_counts_for_nothing(world: World) -> None:
    await world.prepare(make_notice(is_sandbox=True), make_notice())
    await world.send_all(sms_per_day=5, email_per_day=5)
    assert len(world.mail.files) == len(world.sms.texts) == 1
    waiting = await world.rows("select is_sandbox from notifier.messages where status = 'pending'")
    assert waiting == [{"is_sandbox": True}] * 2, "no real provider was given them"
    await play(world)
    assert len(world.mail.files) == len(world.sms.texts) == 1
    counted = await world.rows("select used from notifier.counters where scope in ('sms', 'email')")
    assert {row["used"] for row in counted} == {1}
    by = await world.rows("select provider from notifier.messages where is_sandbox")
    assert {row["provider"] for row in by} == {Simulated(channel).name for channel in Channel}


async def test_where_all_is_simulated_nothing_leaves_at_all(world: World) -> None:
    await world.prepare(make_notice())
    await world.send_all(notifier_simulated=True)
    assert await world.statuses() == ["pending", "pending"], "no real provider takes any"
    for channel in Channel:
        await world.sender(channel, by=Simulated(channel).name, notifier_simulated=True).send_due()
    assert await world.statuses() == ["sent", "sent"]
    assert (world.mail.messages, world.sms.texts) == ([], [])


def outgoing(address: str) -> Outgoing:
    return Outgoing(f"{uuid4().hex}@notifier.commune-roster", address, make_notice())


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_outside_production_a_real_looking_recipient_and_a_wrong_relay_are_reached_by_nothing(
    world: World, environment: str
) -> None:
    """The sinks stand for the province's own relay and gateway, left in the settings of a test machine."""
    nobodys = Settings.model_validate(IN_DEVELOPMENT).notifier_test_recipients
    listed = {"notifier_environment": environment, "notifier_test_recipients": nobodys}
    wrong = listed | {"notifier_test_relays": ("mail.tinh.example:25",), "notifier_test_recipients": ("*",)}
    real = {"smtp": "nguyet.nguyen@khanhhoa.gov.vn", "sms": "+84912345678"}
    safe = {"smtp": "nguyet@truong.example.vn", "sms": "+84950000001"}
    ends = []
    for name, address in real.items():
        for changes in (listed, wrong):
            answer = await world.open(name, **changes).send(outgoing(address))
            ends.append((answer.outcome, answer.reason))
        taken = await world.open(name, **listed).send(outgoing(safe[name]))
        assert taken.outcome is Outcome.SENT
    came = len(world.mail.files), len(world.sms.texts)
    if environment == "production":
        assert {end for end, _ in ends} == {Outcome.SENT}
        assert came == (3, 3)
        return
    assert ends == [(Outcome.PERMANENT, "test_mode.recipient"), (Outcome.PERMANENT, "test_mode.relay")] * 2
    assert came == (1, 1), "the safe addresses alone, by the listed relay"


async def test_a_refused_relay_is_not_even_asked(world: World) -> None:
    silent = GuardedChannel(SimulatedChannel(Channel.SMS), relay="sms.mang.example:443", test_relays=(), recipients=())
    assert await silent.find("r") is None
    await silent.close()


@pytest.mark.parametrize(
    "address",
    [
        "nguyet@gmail.com",
        "nguyet@example.vn.gov.vn",
        "nguyet@khanhhoa.gov.vn",
        "a@b@example.vn.evil.vn",
        "nguyet@notexample.vn",
        "NGUYET@GMAIL.COM",
        "+84912345678",
        "+84850000001",
        "84950000001",
    ],
)
async def test_what_may_be_somebodys_is_not_on_the_list(address: str) -> None:
    nobodys = Settings.model_validate(IN_DEVELOPMENT).notifier_test_recipients
    guarded = GuardedChannel(
        SimulatedChannel(Channel.EMAIL), relay="127.0.0.1:25", test_relays=("127.0.0.1:25",), recipients=nobodys
    )
    assert (await guarded.send(outgoing(address))).reason == "test_mode.recipient"


def test_everybody_may_be_written_to_only_where_the_relays_are_on_this_machine() -> None:
    Settings.model_validate(IN_DEVELOPMENT | {"notifier_test_recipients": "*", "notifier_test_relays": "127.0.0.1:25"})
    for relays in ("127.0.0.1:25, mail.tinh.example:587", "*:25"):
        with pytest.raises(ValueError, match="NOTIFIER_TEST_RELAYS are on this machine"):
            Settings.model_validate(IN_DEVELOPMENT | {"notifier_test_recipients": "*", "notifier_test_relays": relays})


def test_relays_are_named_by_host_and_port() -> None:
    assert address_of(MailRelay(name="a", host="mail.tinh.example", port=587)) == "mail.tinh.example:587"
    assert address_of(SmsGateway(name="b", url="https://sms.mang.example/v2", sender="SNV")) == "sms.mang.example:443"


def test_the_simulated_addresses_are_documented() -> None:
    words = NOTICES.read_text("utf-8")
    assert [name for name in simulator.NAMES if f"`{name}" not in words] == []
    assert [number for number in simulator.NUMBERS if f"9999 {number}" not in words] == []


def test_a_message_keeps_whether_it_is_of_a_sandbox() -> None:
    notice = make_notice(is_sandbox=True)
    assert make_row(notice, Channel.SMS)["is_sandbox"] is True
    assert "is_sandbox" not in make_notice().model_dump_json(), "an older notifier reads what is real"
    assert find_fate(Channel.EMAIL, "slow@other.example.vn") is Fate.REACHED
