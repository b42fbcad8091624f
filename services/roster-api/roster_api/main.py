"""The command `roster-api`: serve, relay, reader, migrate, openapi, accounts, keys, privacy, audit."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from commune_service import clock
from commune_service.data_keys_command import add_data_keys_command, print_new_keys, run_data_keys
from commune_service.imports import collect_less, without_collector
from commune_service.logging import configure_logging
from commune_service.memory import give_large_blocks_back
from commune_service.sealing import use_sealer
from commune_service.tracing import configure_tracing

from roster_api.database import create_engine
from roster_api.settings import Settings

PLAIN = ("serve", "relay", "reader", "migrate", "data-keys")
"""Commands that need nothing of the operators' commands."""


def _serve(settings: Settings) -> None:
    with without_collector():
        from roster_api.app import create_app  # noqa: PLC0415 - the relay and the migration start sooner without it
        from roster_api.serving import serve  # noqa: PLC0415

    collect_less()
    give_large_blocks_back()
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

    give_large_blocks_back()
    run(settings)


def _migrate(settings: Settings) -> None:
    with without_collector():
        from roster_api.migrations import migrate  # noqa: PLC0415

    migrate(settings)


def build_parser(*, has_operators: bool = True) -> argparse.ArgumentParser:
    """`has_operators`: with the commands of whoever runs the server."""
    parser = argparse.ArgumentParser(prog="roster-api", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer HTTP requests: people's on one port, the services' on another")
    commands.add_parser("relay", help="carry the outbox to the queues")
    commands.add_parser("reader", help="read schools' lists, and write long ones to the rosters")
    commands.add_parser("migrate", help="bring schema roster to the newest revision")
    commands.add_parser("openapi", help="print the API's description")
    add_data_keys_command(commands)
    if has_operators:
        from roster_api.operators import add_commands  # noqa: PLC0415 - 20 MB and 1.4 seconds that PLAIN are spared

        add_commands(commands)
    return parser


async def _change_data_keys(settings: Settings, action: str) -> int:
    from roster_api.migrations.sealed import SEALED_COLUMNS  # noqa: PLC0415

    use_sealer(settings.make_sealer())
    engine = create_engine(settings.database_url, timeout_seconds=None)
    keys = settings.data_keys.get_secret_value()
    return await run_data_keys(action, data_keys=keys, engine=engine, columns=SEALED_COLUMNS)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    words = sys.argv[1:] if argv is None else list(argv)
    parser = build_parser(has_operators=words[:1] not in [[name] for name in PLAIN])
    arguments = parser.parse_args(words)
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
        case _:
            from roster_api.operators import OPERATORS  # noqa: PLC0415

            use_sealer(settings.make_sealer())
            sys.exit(asyncio.run(OPERATORS[arguments.command](settings, arguments)))
