"""A client that hangs up is worked for no longer: its request is cancelled, which gives back all that it held.

Without this a request goes on to its end for nobody: its connection to Postgres, its turn and its child process are
missing to those who still wait. What was not committed is rolled back; the same Idempotency-Key may be used again.
"""

import asyncio

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)
WATCHED_AFTER_SECONDS = 0.02
NO_BODY: Message = {"type": "http.request", "body": b"", "more_body": False}
DISCONNECTED: Message = {"type": "http.disconnect"}


class HangUpMiddleware:
    """Outermost. Cancels the application's work when the client is gone before it was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        work = asyncio.current_task()
        assert work is not None  # noqa: S101 - a server runs each request in a task
        line = _Line(scope, receive, send)
        watch = _Watch(line, work, scope)
        timer = asyncio.get_running_loop().call_later(WATCHED_AFTER_SECONDS, watch.begin)
        try:
            await self.app(scope, line.receive, line.send)
        except asyncio.CancelledError:
            if not watch.has_cancelled or work.uncancel():
                raise  # the server itself is ending
        finally:
            timer.cancel()
            watch.end()


class _Watch:
    """Listens beside the work for a client that goes. Most requests are answered before it begins."""

    def __init__(self, line: "_Line", work: asyncio.Task[None], scope: Scope) -> None:
        self.has_cancelled = False
        self._line = line
        self._work = work
        self._scope = scope
        self._listening: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._listening = asyncio.create_task(self._line.listen())
        self._listening.add_done_callback(self._hang_up)

    def end(self) -> None:
        if self._listening is not None:
            self._listening.remove_done_callback(self._hang_up)
            self._listening.cancel()

    def _hang_up(self, listening: asyncio.Task[None]) -> None:
        if not listening.cancelled() and listening.exception() is None and not self._line.is_answered:
            log.info("request.hung_up", route=getattr(self._scope.get("route"), "path", "none"))
            self.has_cancelled = self._work.cancel()


class _Line:
    """What the server and the application say to each other, and who is still there to listen."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.is_answered = False
        self._receive = receive
        self._send = send
        self._is_gone = asyncio.Event()
        self._body_ended = asyncio.Event()
        headers = dict(scope["headers"])
        self._has_body = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers

    async def listen(self) -> None:
        """Returns when the client is gone. A body is the application's to fetch: only what comes after it is ours."""
        if self._has_body:
            await self._body_ended.wait()
        else:
            await self._receive()  # that there is none
        if (await self._receive())["type"] != "http.disconnect":
            await asyncio.Event().wait()  # a server that says anything else here is not believed
        self._is_gone.set()

    async def receive(self) -> Message:
        if self._body_ended.is_set():
            await self._is_gone.wait()
            return DISCONNECTED
        message = await self._receive() if self._has_body else NO_BODY
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            self._body_ended.set()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.is_answered = True
        await self._send(message)
