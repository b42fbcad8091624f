"""Traces: of one source one trace, from the asking to the provider's answer, and nobody's data in it. Off: nothing."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from commune_schemas.notices import Channel
from commune_service.trace_settings import TraceSettings
from commune_service.tracing import configure_tracing, is_traced, stop_tracing, trace, trace_job
from commune_stack.faults import MailRule
from commune_stack.serving import served
from fastapi import FastAPI, Request, Response
from notifier.settings import Settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import ValidationError

from tests.notifier.people import PLAN, make_notice
from tests.notifier.world import World


class Collector:
    """Takes OTLP over HTTP, and keeps it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.port = 0
        self.app = FastAPI()
        self.app.post("/v1/traces", response_model=None)(self._take)

    async def _take(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        return Response(media_type="application/x-protobuf")

    def settings(self, *, trace_share: float = 1.0) -> TraceSettings:
        return TraceSettings(otel_exporter_otlp_endpoint=f"http://127.0.0.1:{self.port}/", trace_share=trace_share)

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    made = Collector()
    async with served(made.app) as made.port:
        yield made
    stop_tracing()


def facts_of(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


async def test_one_trace_leads_from_the_asking_to_each_providers_answer_and_names_nobody(
    world: World, collector: Collector
) -> None:
    configure_tracing(collector.settings(), service="test")
    arguments = {"source_kind": "plan", "source_id": str(PLAN)}
    with trace_job("notices.asked", arguments, is_first=True):
        pass
    with trace_job("relay.enqueue", arguments, attempt=0):
        pass
    refused = make_notice(full_name="Đào Thị Khó Quên", email="kho-quen@example.vn", phone="+84950000777")
    await world.mail.script([MailRule(action="reply", code=550, match="^kho-quen@")])
    await world.prepare(refused, make_notice())
    await world.send_all()
    await asyncio.to_thread(stop_tracing)
    spans = collector.spans()
    assert {span.trace_id for span in spans} == {PLAN.bytes}
    by_id = {span.span_id: span for span in spans}
    assert len(by_id) == len(spans)
    (first,) = [span for span in spans if not span.parent_span_id]
    assert first.name == "notices.asked"
    parents = {(span.name, by_id[span.parent_span_id].name) for span in spans if span.parent_span_id}
    assert parents == {
        ("relay.enqueue", "notices.asked"),
        ("notices.prepare", "notices.asked"),
        ("message.send", "notices.asked"),
        ("provider.answer", "message.send"),
    }
    sent = [facts_of(span) for span in spans if span.name == "message.send"]
    assert sorted((each["channel"], each["outcome"], each.get("reason")) for each in sent) == [
        ("email", "permanent", "recipient.bad_address"),
        ("email", "sent", None),
        ("sms", "sent", None),
        ("sms", "sent", None),
    ]
    everything = b"".join(collector.bodies)
    for secret in ("Quên", "Nguyệt", "example.vn", "+84", "950000777", "/a/", "Khánh Vĩnh"):
        assert secret.encode() not in everything, secret


async def test_a_share_of_the_messages_is_traced_and_an_error_is_noted_by_its_kind(collector: Collector) -> None:
    configure_tracing(collector.settings(trace_share=0.25), service="test")
    assert [is_traced(UUID(int=number)) for number in (0, 2499, 2500, 9999)] == [True, True, False, False]
    with pytest.raises(ValueError, match="Ánh"), trace("notices.prepare", "plan", PLAN):
        raise ValueError("Nguyễn Thị Ánh")
    await asyncio.to_thread(stop_tracing)
    (span,) = collector.spans()
    assert facts_of(span) == {"source_kind": "plan", "error": "ValueError"}
    assert not span.events
    assert "Ánh".encode() not in b"".join(collector.bodies)


async def test_a_collector_that_is_away_holds_up_nobody(world: World, free_port: int) -> None:
    configure_tracing(TraceSettings(otel_exporter_otlp_endpoint=f"http://127.0.0.1:{free_port}"), service="test")
    await world.prepare(make_notice(phone=None))
    await world.send_all()
    assert await world.statuses(Channel.EMAIL) == ["sent"]
    await asyncio.to_thread(stop_tracing)


def test_off_nothing_of_it_is_loaded_and_a_wrong_address_is_refused_at_the_start() -> None:
    code = (
        "import sys, notifier.worker, roster_api.relay;"
        "from commune_service.trace_settings import TraceSettings;"
        "from commune_service.tracing import configure_tracing;"
        "configure_tracing(TraceSettings(), service='x');"
        "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    with pytest.raises(ValidationError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        Settings(notifier_environment="development", otel_exporter_otlp_endpoint="collector:4317")
