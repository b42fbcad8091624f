"""A newer plan's word arrives last, and what it made untrue is never sent again, however late it fails."""

from commune_schemas.notices import Channel

from tests.notifier.people import make_notice
from tests.notifier.test_preparing import changed
from tests.notifier.world import World

HAND_OVER = (
    "update notifier.messages set status = 'sending', claimed_by = 'w', claimed_at = now() where status = 'claimed'"
)


async def test_a_newer_message_waits_while_the_older_one_is_being_handed_over(world: World) -> None:
    first = make_notice(email=None)
    await world.prepare(first)
    await world.change("update notifier.messages set status = 'claimed' where status = 'pending'")
    await world.change(HAND_OVER)
    await world.prepare(changed(first))
    await world.send_all()
    assert await world.statuses(Channel.SMS) == ["sending", "pending"]
    await world.change("update notifier.messages set status = 'sent', sent_at = now() where status = 'sending'")
    await world.send_all()
    assert await world.statuses(Channel.SMS) == ["sent", "sent"]
    assert [text.text.split(":")[0] for text in world.sms.texts] == ["THAY DOI PHAN CONG"]


async def test_a_message_that_fails_after_a_newer_plan_came_is_closed_to_sending_again(world: World) -> None:
    first = make_notice(email=None)
    await world.prepare(first)
    await world.send_all()
    await world.prepare(changed(first))
    await world.change("update notifier.messages set status = 'failed' where source_version = 1 and status = 'sent'")
    row = await world.message(Channel.SMS)
    assert row["status"] == "failed"
    assert row["superseded_at"] is not None
