"""What Prometheus reads comes from the rows, whichever process sent."""

from notifier.metrics import write_metrics

from tests.notifier.people import make_notice
from tests.notifier.world import World


async def read(world: World) -> dict[str, float]:
    async with world.sessions.begin() as session:
        written = (await write_metrics(session)).decode()
    lines = [line.rsplit(" ", 1) for line in written.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_time_to_provider_senders_and_the_longest_waiting_are_told(world: World) -> None:
    await world.prepare(make_notice(), make_notice(email=None))
    await world.change("update notifier.messages set next_attempt_at = now() - interval '90 seconds'")
    await world.say_alive("w1")
    before = await read(world)
    assert before["notifier_senders_alive"] == 1
    assert 90 <= before["notifier_oldest_due_seconds"] < 120
    await world.send_all()
    took = (
        "update notifier.messages set sent_at = created_at + make_interval(secs => :s)"
        " where channel = :c and attempts = 1"
    )
    await world.change(took, c="email", s=4)
    await world.change(took, c="sms", s=40)
    after = await read(world)
    assert after["notifier_oldest_due_seconds"] == 0
    assert after['notifier_handed_over{period="day",scope="sms"}'] == 2
    assert after['notifier_messages{channel="sms",status="sent"}'] == 2
    assert after['notifier_attempts{channel="email",outcome="sent"}'] == 1
    name = "notifier_time_to_provider_seconds"
    assert after[f'{name}_bucket{{channel="email",le="2.0"}}'] == 0
    assert after[f'{name}_bucket{{channel="email",le="5.0"}}'] == 1
    assert after[f'{name}_bucket{{channel="sms",le="+Inf"}}'] == 2
    assert after[f'{name}_sum{{channel="sms"}}'] == 80


async def test_a_fresh_notifier_has_metrics_too(world: World) -> None:
    assert (await read(world))["notifier_senders_alive"] == 0
