"""Clients that begin and do not go on: a connection without a whole header is closed, a body that stops is given up.

A server keeps a socket, a task and a buffer for each. uvicorn closes a connection that is idle between two requests and
no other.
"""

import asyncio
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

log = structlog.get_logger(__name__)
HEADER_SECONDS = 10.0
"""From the connection, or a later request's first byte, to the end of the request's header."""
BODY_PAUSE_SECONDS = 20.0
"""Between two pieces of a body. A list of 5 MB over a slow line arrives in many pieces, none of them so late."""
BODY_SECONDS = 300.0
"""From the first piece of a body to its last."""


class BoundedH11(H11Protocol):
    """uvicorn's protocol, with an end to waiting for a header."""

    _header_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_header()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_header()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_header()
        super().connection_lost(exc)

    def _wait_for_header(self) -> None:
        if self._is_serving():
            self._forget_header()
        elif self._header_due is None:
            self._header_due = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _forget_header(self) -> None:
        if self._header_due is not None:
            self._header_due.cancel()
            self._header_due = None

    def _is_serving(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _give_up(self) -> None:
        self._header_due = None
        if not self._is_serving():
            self.transport.close()


class SlowBodyMiddleware:
    """Answers with `answer` when the body stops coming."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Scope], ASGIApp]) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _TimedBody(receive)

        async def send_unless_given_up(message: Message) -> None:
            if not body.is_given_up:
                await send(message)

        await self.app(scope, body.receive, send_unless_given_up)
        if body.is_given_up:
            log.info("request.body_too_slow", route=getattr(scope.get("route"), "path", "none"))
            await self._answer(scope)(scope, receive, send)


class _TimedBody:
    """A request's body, whose pieces must come in time; given up, it looks like a client that is gone."""

    def __init__(self, receive: Receive) -> None:
        self.is_given_up = False
        self._receive = receive
        self._ends_at: float | None = None
        self._is_complete = False

    async def receive(self) -> Message:
        if self._is_complete:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        if self._ends_at is None:
            self._ends_at = now + BODY_SECONDS
        try:
            async with asyncio.timeout_at(min(now + BODY_PAUSE_SECONDS, self._ends_at)):
                message = await self._receive()
        except TimeoutError:
            self.is_given_up = self._is_complete = True
            return {"type": "http.disconnect"}
        self._is_complete = message["type"] == "http.disconnect" or not message.get("more_body")
        return message
