"""The command `roster-api`: serve, relay, reader, migrate, openapi, accounts, keys, privacy, audit."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from commune_service import clock
from commune_service.data_keys_command import add_data_keys_command, print_new_keys, run_data_keys
from commune_service.imports import collect_less, without_collector
from commune_service.logging import configure_logging
from commune_service.sealing import use_sealer
from commune_service.tracing import configure_tracing

from roster_api.commands import accounts, audit, keys, lookup_key, privacy
from roster_api.database import create_engine
from roster_api.settings import Settings


def _serve(settings: Settings) -> None:
    with without_collector():
        from roster_api.app import create_app  # noqa: PLC0415 - the relay and the migration start sooner without it
        from roster_api.serving import serve  # noqa: PLC0415

    collect_less()
    asyncio.run(serve(create_app(settings), settings))


def openapi_text() -> str:
    """The API's description, as docs/openapi.json has it; asks no server for anything."""
    from roster_api.app import create_app  # noqa: PLC0415

    app = create_app(Settings(environment="development", database_url="postgresql://nobody@127.0.0.1/none"))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _relay(settings: Settings) -> None:
    with without_collector():
        from roster_api.relay import run  # noqa: PLC0415

    run(settings)


def _reader(settings: Settings) -> None:
    with without_collector():
        from roster_api.reader import run  # noqa: PLC0415

    run(settings)


def _migrate(settings: Settings) -> None:
    with without_collector():
        from roster_api.migrations import migrate  # noqa: PLC0415

    migrate(settings)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="roster-api", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer HTTP requests: people's on one port, the services' on another")
    commands.add_parser("relay", help="carry the outbox to the queues")
    commands.add_parser("reader", help="read schools' lists, and write long ones to the rosters")
    commands.add_parser("migrate", help="bring schema roster to the newest revision")
    commands.add_parser("openapi", help="print the API's description")
    accounts.add_commands(commands)
    keys.add_commands(commands)
    add_data_keys_command(commands)
    lookup_key.add_commands(commands)
    audit.add_commands(commands)
    privacy.add_commands(commands)
    return parser


async def _change_data_keys(settings: Settings, action: str) -> int:
    from roster_api.migrations.sealed import SEALED_COLUMNS  # noqa: PLC0415

    use_sealer(settings.make_sealer())
    engine = create_engine(settings.database_url, timeout_seconds=None)
    keys = settings.data_keys.get_secret_value()
    return await run_data_keys(action, data_keys=keys, engine=engine, columns=SEALED_COLUMNS)


OPERATORS: dict[str, Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]] = {
    "accounts": accounts.run,
    "keys": keys.run,
    "create-key": keys.run,
    "lookup-key": lookup_key.run,
    "audit": audit.run,
    "privacy": privacy.run,
}
"""Commands of whoever runs the server; each returns its exit status."""


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.command == "openapi":
        sys.stdout.write(openapi_text())
        return
    if (arguments.command, arguments.action if "action" in arguments else None) == ("data-keys", "new"):
        print_new_keys()
        return
    configure_logging(service=f"roster-api.{arguments.command}")
    settings = Settings()
    clock.follow_file(settings.clock_file)
    configure_tracing(settings, service=f"roster-api.{arguments.command}")
    if arguments.command in OPERATORS:
        use_sealer(settings.make_sealer())
        sys.exit(asyncio.run(OPERATORS[arguments.command](settings, arguments)))
    match arguments.command:
        case "serve":
            _serve(settings)
        case "relay":
            _relay(settings)
        case "reader":
            _reader(settings)
        case "migrate":
            _migrate(settings)
        case "data-keys":
            sys.exit(asyncio.run(_change_data_keys(settings, arguments.action)))
