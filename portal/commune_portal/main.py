"""The command `commune-portal serve`: the pages, until SIGTERM."""

import argparse
from collections.abc import Sequence

import uvicorn
from commune_service import clock
from commune_service.imports import collect_less
from commune_service.logging import configure_logging

from commune_portal.app import make_app
from commune_portal.settings import Settings


def serve(settings: Settings) -> None:
    proxies = settings.trusted_proxies
    collect_less()
    uvicorn.run(
        make_app(settings),
        host=settings.host,
        port=settings.port,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    parser = argparse.ArgumentParser(prog="commune-portal", description=__doc__)
    parser.add_argument("command", choices=["serve"])
    parser.parse_args(argv)
    configure_logging(service="portal")
    settings = Settings()
    clock.follow_file(settings.clock_file)
    serve(settings)
