"""An ASGI app served inside a running event loop: by the sinks' own processes and by tests alike."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import HTTPException, Request

ABORT_CONNECTION = "commune_stack.abort_connection"
"""In a request's scope: a function that drops the connection without an answer, as a provider's crash would."""


def refuse_foreign_origin(request: Request) -> None:
    """403 when a page of another site would have its visitor's browser change something here."""
    origin = request.headers.get("origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if is_foreign and request.method not in {"GET", "HEAD"}:
        raise HTTPException(403, "asked for by a page of another site")


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to the process it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: Any, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """The app answering for the length of a block; gives the port."""

    async def with_abort(scope: Any, receive: Any, send: Any) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[ABORT_CONNECTION] = transport.abort
        await app(scope, receive, send)

    # Named as TCP: of an unnamed one asyncio lets a response's body wait for the client's late acknowledgement (40 ms).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    server = _Server(uvicorn.Config(with_abort, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells by this flag only
            await asyncio.sleep(0.005)
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await task
        listener.close()
