"""Traces (OpenTelemetry), from the moment somebody is to be told something to the provider's answer; off as a rule.

A trace is of one source of notices, a published plan for one: its id is the source's own, so every service finds the
same trace without being told of it, a day later and in another process, too. Attributes are ids, kinds and numbers:
never words, names, addresses, nor the text of an error.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from commune_service.trace_settings import TraceSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

EXPORT_SECONDS = 3.0
"""A collector that is slower is given up: nobody waits for it longer, not even at the end of a process."""


class Span(Protocol):
    """What a piece of work says of itself."""

    def note(self, **facts: str | int | float | None) -> None: ...


class _Nothing:
    def note(self, **facts: str | int | float | None) -> None:
        """Traces are off."""


NOTHING = _Nothing()


@dataclass(frozen=True)
class _Tracing:
    provider: "TracerProvider"
    share: float


_tracing: _Tracing | None = None


def configure_tracing(settings: TraceSettings, *, service: str) -> None:
    """Call once in the composition root. Without an endpoint nothing is loaded, and every span costs nothing.

    OTEL_EXPORTER_OTLP_HEADERS and the like are read by the exporter itself.
    """
    global _tracing  # noqa: PLW0603 - one a process, as logs are
    endpoint = settings.otel_exporter_otlp_endpoint
    if not endpoint:
        return
    from commune_service.trace_export import make_provider  # noqa: PLC0415 - loaded where traces are wanted

    _tracing = _Tracing(make_provider(service=service, endpoint=endpoint, seconds=EXPORT_SECONDS), settings.trace_share)


def stop_tracing() -> None:
    """What was noted is handed to the collector, or given up. A process does so by itself when it ends."""
    global _tracing  # noqa: PLW0603
    if _tracing is not None:
        _tracing.provider.shutdown()
    _tracing = None


def is_traced(message_id: UUID) -> bool:
    """Whether this message is among the share that is traced: the same answer in every process."""
    return _tracing is not None and message_id.int % 10_000 < _tracing.share * 10_000


@contextmanager
def trace(
    name: str, source_kind: str, source_id: UUID, *, is_first: bool = False, **facts: str | int | float | None
) -> Iterator[Span]:
    """A piece of work about a source of notices. `is_first`: it begins the trace; all others hang from it.

    Within another piece of work of the same source it hangs from that one. An error is noted by its kind alone.
    """
    if _tracing is None:
        yield NOTHING
        return
    from commune_service.trace_export import open_span  # noqa: PLC0415 - as above

    root_id = _root_of(source_kind, source_id)
    with open_span(_tracing.provider, name, trace_id=source_id.int, root_id=root_id, is_first=is_first) as span:
        span.note(source_kind=source_kind, **facts)
        try:
            yield span
        except BaseException as error:
            span.note(error=type(error).__name__)
            raise


@contextmanager
def trace_job(
    name: str, arguments: Mapping[str, Any], *, is_first: bool = False, **facts: str | int | float | None
) -> Iterator[Span]:
    """As `trace`, of a job whose arguments name its source; one that is about none is not traced."""
    kind, source_id = arguments.get("source_kind"), arguments.get("source_id")
    if _tracing is None or not kind or not source_id:
        yield NOTHING
        return
    with trace(name, kind, UUID(source_id), is_first=is_first, **facts) as span:
        yield span


def _root_of(source_kind: str, source_id: UUID) -> int:
    """The id of the span that a trace begins with, wherever that was. A plan is a source of more than one kind."""
    return int.from_bytes(hashlib.sha256(f"{source_kind}/{source_id}".encode()).digest()[:8]) or 1
