"""The status machine by itself: a message stays where it is, takes the steps that are written down, and no other."""

from commune_schemas.notices import MessageStatus
from notifier.states import STEPS, TO_ANOTHER_ADDRESS, may_follow


def test_a_message_goes_where_a_step_leads_or_stays_and_nowhere_else() -> None:
    for old in MessageStatus:
        for new in MessageStatus:
            assert may_follow(old, new) is (old == new or new in STEPS[old])


def test_delivered_is_final_but_for_another_address_and_reachable_from_everywhere() -> None:
    after = {new for new in MessageStatus if may_follow(MessageStatus.DELIVERED, new)} - {MessageStatus.DELIVERED}
    assert {(MessageStatus.DELIVERED, new) for new in after} <= TO_ANOTHER_ADDRESS
    assert all(may_follow(old, MessageStatus.DELIVERED) for old in MessageStatus)


def test_what_needs_another_address_is_a_step() -> None:
    assert all(may_follow(old, new) for old, new in TO_ANOTHER_ADDRESS)
