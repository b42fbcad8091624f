"""The serving process: one application behind two ports."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import uvicorn
from commune_service.slow_clients import BoundedH11
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
        make_server(app, Port.INTERNAL, settings),
        make_server(app, Port.PUBLIC, settings),
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


def make_server(app: ASGIApp, port: Port, settings: Settings) -> _Server:
    """Behind that port. X-Forwarded-For is believed from the proxies the settings name, on the public port alone."""
    is_public = port is Port.PUBLIC
    proxies = settings.trusted_proxies if is_public else []
    config = uvicorn.Config(
        entered_by(app, port),
        host=settings.host if is_public else settings.internal_host,
        port=settings.port if is_public else settings.internal_port,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        lifespan="off",  # one for both
        http=BoundedH11,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return _Server(config)
