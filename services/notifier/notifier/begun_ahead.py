"""Text messages begun several at once, where their gateway can be asked: one transaction for all, then one by one.

What a killed sender leaves begun is asked about by reference, so it may be more than one; an e-mail, whose relay cannot
be asked, is never begun before the one before it is settled. A slow gateway is given them singly, too: nothing waits
begun for longer than a moment, for what a newer plan says must keep it from going.
"""

from collections.abc import Sequence
from dataclasses import replace

from commune_service.tracing import is_traced
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.beginning import wishes_for_other
from notifier.providers import SmsGateway
from notifier.refusals import Judged
from notifier.sent_to import mark_address
from notifier.steps import Beginning, Begun

MOST_AHEAD = 10
WITHIN_SECONDS = 0.25
"""About as many are begun at once as the gateway takes within this time."""
LONGEST_AHEAD_SECONDS = 1.0
"""What was begun and not handed over by then is put back. Well below the time after which others would take it over."""

Pair = tuple[Judged, Begun]
PUT_BACK = text(
    "with back as (select * from unnest(cast(:ids as uuid[]), cast(:versions as int[]), cast(:numbers as int[]))"
    " as b(id, version, number)),"
    " attempt as (update notifier.attempts a set finished_at = now(), outcome = 'not_handed_over'"
    " from back b where a.message_id = b.id and a.number = b.number and a.finished_at is null)"
    " update notifier.messages m set status = case when m.superseded_at is null then 'pending' else 'cancelled' end,"
    " claimed_by = null from back b where m.id = b.id and m.claim_version = b.version and m.status = 'sending'"
)
"""Why one is cancelled stands in its row already, since the newer plan came."""


def may_be_begun_ahead(provider: object) -> bool:
    """Of what it may have got it can be asked."""
    return isinstance(provider, SmsGateway) and provider.find is not None


def is_plain(judged: Judged) -> bool:
    """It goes, for the first time, and nothing more is to be decided or traced of it."""
    message = judged.message
    is_new = not message.is_fallback and message.address_digest is None
    goes = judged.refusal is None and judged.notice is not None and not wishes_for_other(message, judged.card)
    return is_new and goes and not is_traced(message.id)


def with_address(beginning: Beginning, address: str) -> Beginning:
    message = beginning.message
    sent_to = mark_address(message.id, address, key_sealed=message.address_key_sealed)
    return replace(beginning, sent_to=sent_to)


class Pace:
    """How many to begin at once: one at first, and more while the gateway is quick."""

    def __init__(self, *, most: int) -> None:
        self.size = 1
        self._most = most

    def note(self, handed_over: int, seconds: float) -> None:
        within = int(WITHIN_SECONDS * handed_over / seconds) if seconds > 0 else self._most
        self.size = max(1, min(self._most, 2 * self.size, within))


async def put_back(session: AsyncSession, rest: Sequence[Pair]) -> None:
    """Begun, and not handed over: anybody's again, but what a newer plan overtook meanwhile."""
    if not rest:
        return
    await session.execute(
        PUT_BACK,
        {
            "ids": [judged.message.id for judged, _ in rest],
            "versions": [judged.message.claim_version for judged, _ in rest],
            "numbers": [its_try.number for _, its_try in rest],
        },
    )
