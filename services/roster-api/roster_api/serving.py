"""The serving process: one application behind two ports."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from roster_api.ports import Port, entered_by
from roster_api.settings import Settings


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to the process, which has two of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: FastAPI, settings: Settings) -> None:
    """Both ports until SIGTERM or SIGINT; when one cannot go on, the other ends too."""
    servers = [
        _make_server(entered_by(app, Port.INTERNAL), host=settings.internal_host, port=settings.internal_port),
        _make_server(entered_by(app, Port.PUBLIC), host=settings.host, port=settings.port),
    ]

    def stop() -> None:
        for server in servers:
            server.force_exit = server.should_exit  # told twice: at once
            server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    async with app.router.lifespan_context(app):
        tasks = [asyncio.create_task(server.serve()) for server in servers]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


def _make_server(app: ASGIApp, *, host: str, port: int) -> _Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",  # one for both
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return _Server(config)
