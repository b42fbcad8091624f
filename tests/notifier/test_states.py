"""The status machine by itself: a message stays where it is, takes the steps that are written down, and no other."""

from commune_schemas.notices import MessageStatus
from notifier.states import STEPS, may_follow


def test_a_message_goes_where_a_step_leads_or_stays_and_nowhere_else() -> None:
    for old in MessageStatus:
        for new in MessageStatus:
            assert may_follow(old, new) is (old == new or new in STEPS[old])


def test_delivered_is_final_and_reachable_from_everywhere() -> None:
    assert [new for new in MessageStatus if may_follow(MessageStatus.DELIVERED, new)] == [MessageStatus.DELIVERED]
    assert all(may_follow(old, MessageStatus.DELIVERED) for old in MessageStatus)
