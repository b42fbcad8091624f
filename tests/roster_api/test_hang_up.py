"""A client that goes is worked for no longer; one that waits is answered, however long that takes."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from roster_api import hang_up
from roster_api.hang_up import HangUpMiddleware
from starlette.types import Message, Receive, Scope, Send

Serve = Callable[[Scope, Receive, Send], Awaitable[None]]
ANSWER: tuple[Message, Message] = (
    {"type": "http.response.start", "status": 200, "headers": []},
    {"type": "http.response.body", "body": b"done"},
)


class Client:
    """Sends a request without a body; goes when told to."""

    def __init__(self) -> None:
        self.is_gone = asyncio.Event()
        self.got: list[Message] = []
        self._has_asked = False

    async def receive(self) -> Message:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    async def ask(self, app: Serve) -> None:
        scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        await HangUpMiddleware(app)(scope, self.receive, self.send)


async def answer(send: Send) -> None:
    for message in ANSWER:
        await send(message)


@pytest.fixture(autouse=True)
def watched_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hang_up, "WATCHED_AFTER_SECONDS", 0.0)


async def test_work_for_a_client_that_is_gone_is_cancelled_and_ends_quietly() -> None:
    client, has_begun, was_cancelled = Client(), asyncio.Event(), asyncio.Event()

    async def work(_scope: Scope, _receive: Receive, send: Send) -> None:
        has_begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            was_cancelled.set()
            raise
        await answer(send)

    asking = asyncio.create_task(client.ask(work))
    await has_begun.wait()
    client.is_gone.set()
    await asking
    assert was_cancelled.is_set()
    assert client.got == []


async def test_a_client_that_waits_is_answered_however_late() -> None:
    client, may_end = Client(), asyncio.Event()

    async def work(_scope: Scope, _receive: Receive, send: Send) -> None:
        asyncio.get_running_loop().call_later(0.05, may_end.set)
        await may_end.wait()
        await answer(send)

    await client.ask(work)
    assert client.got == [*ANSWER]


async def test_a_client_that_goes_after_its_answer_stops_nothing() -> None:
    client, is_done = Client(), asyncio.Event()

    async def work(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await answer(send)
        client.is_gone.set()
        assert (await receive())["type"] == "http.disconnect"
        is_done.set()

    await client.ask(work)
    assert is_done.is_set()


async def test_a_server_that_ends_cancels_its_requests_and_is_not_taken_for_a_client() -> None:
    client, has_begun = Client(), asyncio.Event()

    async def work(*_: object) -> None:
        has_begun.set()
        await asyncio.Event().wait()

    asking = asyncio.create_task(client.ask(work))
    await has_begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_an_answer_that_fails_reaches_the_server() -> None:
    async def work(*_: object) -> None:
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        await Client().ask(work)


async def test_a_body_that_is_still_read_is_the_applications_to_fetch() -> None:
    client = Client()
    pieces = [b"first", b"second"]

    async def receive() -> Message:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
        await client.is_gone.wait()
        return {"type": "http.disconnect"}

    read: list[bytes] = []

    async def work(_scope: Scope, receive: Receive, send: Send) -> None:
        is_open = True
        while is_open:
            await asyncio.sleep(0)  # lets whoever listens beside come first
            message = await receive()
            read.append(message["body"])
            is_open = message["more_body"]
        await answer(send)

    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-length", b"11")]}
    await HangUpMiddleware(work)(scope, receive, client.send)
    assert read == [b"first", b"second"]
    assert client.got == [*ANSWER]
