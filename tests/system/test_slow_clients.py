"""Who opens a connection and does not go on is closed; who stops in the middle of a body is answered and given up."""

import asyncio
import json

import pytest
import uvicorn
from commune_service import slow_clients
from notifier.app import create_app as create_notifier
from notifier.settings import Settings as NotifierSettings
from roster_api.app import create_app as create_roster
from roster_api.ports import Port
from roster_api.serving import make_server
from roster_api.settings import Settings as RosterSettings

NOWHERE = "postgresql://nobody:x@127.0.0.1:1/none"
OF_NOTIFIER = {"notifier_database_url": NOWHERE, "notifier_environment": "development"}


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch, free_port: int) -> int:
    """roster-api's public port, whose patience is short."""
    monkeypatch.setattr(slow_clients, "HEADER_SECONDS", 0.2)
    monkeypatch.setattr(slow_clients, "BODY_PAUSE_SECONDS", 0.2)
    return free_port


class Serving:
    def __init__(self, port: int) -> None:
        settings = RosterSettings(database_url=NOWHERE, environment="development", port=port)
        self.server = make_server(create_roster(settings), Port.PUBLIC, settings)

    async def __aenter__(self) -> None:
        self.task = asyncio.create_task(self.server.serve())
        while not self.server.started:  # noqa: ASYNC110 - uvicorn tells by this flag only
            await asyncio.sleep(0.005)

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = True
        await self.task


async def send(port: int, text: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.replace("\n", "\r\n").encode())
    return reader, writer


@pytest.mark.parametrize("begun", ["", "GET /health/live HTTP/1.1\nHost: ros"])
async def test_a_connection_without_a_whole_header_is_closed(port: int, begun: str) -> None:
    async with Serving(port), asyncio.timeout(20):
        reader, writer = await send(port, begun)
        assert await reader.read() == b""
        writer.close()


async def test_a_second_request_that_does_not_go_on_is_closed_too(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_clients, "HEADER_SECONDS", 2.0)  # a busy machine reads the first request late
    async with Serving(port), asyncio.timeout(60):
        reader, writer = await send(port, "GET /health/live HTTP/1.1\nHost: roster\n\n")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        writer.write(b"GET /health/li")
        assert await reader.read() == b""
        writer.close()


async def test_a_connection_whose_body_stops_is_closed_after_its_answer(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_clients, "HEADER_SECONDS", 60.0)  # a header that is late is another test's
    async with Serving(port), asyncio.timeout(30):
        text = "POST /a/none HTTP/1.1\nHost: roster\nContent-Type: application/json\nContent-Length: 100\n\n{"
        reader, writer = await send(port, text)
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 404"), "who may not is answered without waiting for the body"


async def test_a_body_that_is_asked_for_and_stops_is_told_that_it_was_too_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slow_clients, "BODY_PAUSE_SECONDS", 0.05)
    app = create_notifier(NotifierSettings.model_validate(OF_NOTIFIER))
    sent = []
    stopped = asyncio.Event()

    async def receive() -> dict[str, object]:
        await stopped.wait()
        raise AssertionError("nothing comes")

    async def send_(message: dict[str, object]) -> None:
        sent.append(message)

    signed = [(name, b"1") for name in (b"webhook-id", b"webhook-timestamp", b"webhook-signature")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/receipts/sms", "raw_path": b"/v1/receipts/sms", "query_string": b"", "root_path": "",
        "headers": [*signed, (b"content-length", b"9")], "client": ("127.0.0.1", 1), "server": ("notifier", 80),
    }  # fmt: skip
    await app(scope, receive, send_)  # type: ignore[arg-type]
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "body.too_slow"  # type: ignore[arg-type]


def test_both_services_serve_with_this_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    import notifier.main  # noqa: PLC0415

    given: dict[str, object] = {}
    monkeypatch.setattr(uvicorn, "run", lambda _app, **options: given.update(options))
    notifier.main._serve(NotifierSettings.model_validate(OF_NOTIFIER))
    assert given["http"] is slow_clients.BoundedH11
