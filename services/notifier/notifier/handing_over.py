"""Handing a message to its provider, whatever the provider does."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from commune_service.logging import log_fault

from notifier.channels.answer import Answer, Channel, Outcome, Outgoing
from notifier.kinds import may_be_declined
from notifier.outbound import Claimed
from notifier.refusals import Judged
from notifier.send_trace import trace_provider
from notifier.settings import Settings
from notifier.steps import Begun


def compose(begun: Sequence[tuple[Judged, Begun]]) -> Outgoing:
    """What is handed over: the first, and with it whatever goes in the same mail."""
    first, its_try = begun[0]
    told = [(each.notice, each.words.blocks) for each, _ in begun if each.notice is not None]
    (notice, blocks), *others = told
    return Outgoing(
        its_try.reference,
        first.address,
        notice,
        its_try.number,
        blocks,
        next((url for each, _ in begun if (url := _declining_url(each))), ""),
        others=tuple(other for other, _ in others),
        blocks_of_others=tuple(its_blocks for _, its_blocks in others),
        text=first.text,
    )


def _declining_url(judged: Judged) -> str:
    card, notice = judged.card, judged.notice
    return (card.unsubscribe_url or "") if card and notice and may_be_declined(notice.kind) else ""


async def hand_over(
    channel: Channel, outgoing: Outgoing, message: Claimed, *, settings: Settings, has_others: bool
) -> Answer:
    """`has_others`: providers of this channel, who take what a slow one leaves."""
    try:
        begun = time.monotonic()
        async with asyncio.timeout(settings.notifier_send_seconds):
            with trace_provider(message, provider=channel.provider):
                answer = await channel.send(outgoing)
        is_slow = has_others and time.monotonic() - begun > settings.notifier_slow_seconds
        return replace(answer, provider_is_ill=True) if is_slow else answer
    except TimeoutError:
        return Answer(Outcome.UNKNOWN, "provider.no_answer", "timeout", provider_is_ill=True)
    except Exception as error:  # noqa: BLE001 - see below
        # Nobody knows whether the message left: the cautious answer.
        log_fault("message.fault", error, message_id=str(message.id))
        return Answer(Outcome.UNKNOWN, "internal.error", type(error).__name__)
