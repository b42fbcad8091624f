"""What a sender notes of a message in its source's trace: ids, kinds, numbers, our codes; nothing a provider wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from commune_service.tracing import NOTHING, Span, is_traced, trace

from notifier.channels.answer import Answer
from notifier.outbound import Claimed


@contextmanager
def trace_sending(message: Claimed, *, provider: str, attempt: int) -> Iterator[Span]:
    """From the committed attempt until its outcome is written."""
    if not is_traced(message.id):
        yield NOTHING
        return
    source = message.notice.source
    waited = datetime.now(UTC) - message.created_at
    with trace(
        "message.send",
        source.kind.value,
        source.id,
        message_id=str(message.id),
        channel=message.channel,
        kind=message.notice.kind.value,
        provider=provider,
        attempt=attempt,
        waited_ms=round(waited.total_seconds() * 1000),
    ) as span:
        yield span


@contextmanager
def trace_provider(message: Claimed, *, provider: str) -> Iterator[Span]:
    """From handing over until the provider's answer."""
    if not is_traced(message.id):
        yield NOTHING
        return
    source = message.notice.source
    with trace("provider.answer", source.kind.value, source.id, provider=provider) as span:
        yield span


def note_answer(span: Span, answer: Answer) -> None:
    span.note(outcome=answer.outcome.value, reason=answer.reason)
