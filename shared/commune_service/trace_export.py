"""The SDK behind tracing.py: loaded only where traces are wanted, for it takes a quarter of a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

_first: ContextVar[tuple[int, int] | None] = ContextVar("first_of_a_trace", default=None)
"""(trace, span): the ids that the next span is to have."""


class _Ids(RandomIdGenerator):
    def generate_trace_id(self) -> int:
        given = _first.get()
        return given[0] if given else super().generate_trace_id()

    def generate_span_id(self) -> int:
        given = _first.get()
        return given[1] if given else super().generate_span_id()


class NotedSpan:
    """One span of the SDK; what is None is left out."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **facts: str | int | float | None) -> None:
        for name, value in facts.items():
            if value is not None:
                self._span.set_attribute(name, value)


def make_provider(*, service: str, endpoint: str, seconds: float) -> TracerProvider:
    """Never the process's global one: libraries would write spans of their own, with addresses in them."""
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=seconds)
    provider = TracerProvider(
        sampler=ALWAYS_ON, resource=Resource.create({"service.name": service}), id_generator=_Ids()
    )
    provider.add_span_processor(BatchSpanProcessor(exporter, export_timeout_millis=seconds * 1000))
    return provider


@contextmanager
def open_span(
    provider: TracerProvider, name: str, *, trace_id: int, root_id: int, is_first: bool
) -> Iterator[NotedSpan]:
    tracer = provider.get_tracer("commune-roster")
    here = trace.get_current_span().get_span_context()
    if is_first:
        token = _first.set((trace_id, root_id))
        try:
            span = tracer.start_span(name, context=context.Context())
        finally:
            _first.reset(token)
    else:
        is_within = here.is_valid and here.trace_id == trace_id
        root = SpanContext(trace_id, root_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        span = tracer.start_span(name, context=trace.set_span_in_context(NonRecordingSpan(here if is_within else root)))
    with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        yield NotedSpan(span)
