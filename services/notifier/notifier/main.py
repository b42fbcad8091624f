"""The command `notifier`: serve, worker, migrate, revision, openapi."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from commune_service.logging import configure_logging

from notifier.settings import Settings


def _serve(settings: Settings) -> None:
    import uvicorn  # noqa: PLC0415 - the worker starts sooner without it
    from commune_service.slow_clients import BoundedH11  # noqa: PLC0415

    from notifier.app import create_app  # noqa: PLC0415

    uvicorn.run(
        create_app(settings),
        host=settings.notifier_host,
        port=settings.notifier_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        http=BoundedH11,
        proxy_headers=False,  # nothing here depends on whose address it is
        timeout_graceful_shutdown=10,
    )


def _work(settings: Settings) -> None:
    from notifier.worker import work  # noqa: PLC0415 - the API starts sooner without it

    asyncio.run(work(settings))


def _print_openapi() -> None:
    """The API's description; asks no server for anything."""
    from notifier.app import create_app  # noqa: PLC0415

    app = create_app(
        Settings(notifier_environment="development", notifier_database_url="postgresql://nobody@127.0.0.1/none")
    )
    sys.stdout.write(json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    parser = argparse.ArgumentParser(prog="notifier", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer HTTP requests: messages, receipts")
    commands.add_parser("worker", help="prepare notices and send messages")
    commands.add_parser("migrate", help="bring schema notifier to the newest revision")
    commands.add_parser("openapi", help="print the API's description")
    revision = commands.add_parser("revision", help="write a new migration from the models")
    revision.add_argument("--message", required=True)
    arguments = parser.parse_args(argv)
    if arguments.command == "openapi":
        _print_openapi()
        return
    from notifier.migrations import migrate, write_revision  # noqa: PLC0415

    configure_logging(service=f"notifier.{arguments.command}")
    settings = Settings()
    match arguments.command:
        case "serve":
            _serve(settings)
        case "worker":
            _work(settings)
        case "migrate":
            migrate(settings)
        case "revision":
            asyncio.run(write_revision(settings.notifier_database_url, name=arguments.message))
