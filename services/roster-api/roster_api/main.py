"""The command `roster-api`: serve, relay, reader, migrate, openapi, create-key, audit verify."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from commune_service.logging import configure_logging

from roster_api.access.keys import add_key
from roster_api.access.models import ROLES_WITH_KEYS
from roster_api.access.principal import Role
from roster_api.database import create_engine, create_sessions
from roster_api.settings import Settings


def _serve(settings: Settings) -> None:
    from roster_api.app import create_app  # noqa: PLC0415 - the relay and the migration start sooner without the API
    from roster_api.serving import serve  # noqa: PLC0415

    asyncio.run(serve(create_app(settings), settings))


def openapi_text() -> str:
    """The API's description, as docs/openapi.json has it; asks no server for anything."""
    from roster_api.app import create_app  # noqa: PLC0415

    app = create_app(Settings(environment="development", database_url="postgresql://nobody@127.0.0.1/none"))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _relay(settings: Settings) -> None:
    from roster_api.relay import run  # noqa: PLC0415

    run(settings)


def _reader(settings: Settings) -> None:
    from roster_api.reader import run  # noqa: PLC0415

    run(settings)


def _migrate(settings: Settings) -> None:
    from roster_api.migrations import migrate  # noqa: PLC0415

    migrate(settings)


async def _create_key(settings: Settings, arguments: argparse.Namespace) -> None:
    engine = create_engine(settings.database_url, timeout_seconds=settings.database_timeout_seconds)
    async with create_sessions(engine).begin() as session:
        _row, value = await add_key(
            session,
            role=Role(arguments.role),
            label=arguments.label,
            **_bounds(arguments),
        )
    await engine.dispose()
    sys.stdout.write(value + "\n")


def _bounds(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the key is to be bound to."""
    bounds = {"province_code": arguments.province, "school_id": arguments.school, "commune_code": arguments.commune}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="roster-api", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer HTTP requests: people's on one port, the services' on another")
    commands.add_parser("relay", help="carry the outbox to the queues")
    commands.add_parser("reader", help="read schools' lists, and write long ones to the rosters")
    commands.add_parser("migrate", help="bring schema roster to the newest revision")
    commands.add_parser("openapi", help="print the API's description")
    key = commands.add_parser("create-key", help="make an API key and print it, once")
    key.add_argument("--role", choices=ROLES_WITH_KEYS, required=True)
    key.add_argument("--label", required=True)
    key.add_argument("--province")
    key.add_argument("--school", type=UUID)
    key.add_argument("--commune")
    audit = commands.add_parser("audit", help="the record of who did what: `audit verify` proves that it is whole")
    audit.add_argument("action", choices=["verify"])
    audit.add_argument("--head", help="the hash that `verify` printed before: it must still be in the chain")
    return parser


async def _verify_audit(settings: Settings, *, head: str | None) -> int:
    from roster_api.audit.chain import verify_chain  # noqa: PLC0415

    engine = create_engine(settings.database_url, timeout_seconds=None)
    async with create_sessions(engine)() as session:
        verdict = await verify_chain(session, head=head)
    await engine.dispose()
    sys.stdout.write(f"{verdict.words}\n")
    return 1 if verdict.broken else 0


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command == "create-key" and Role(arguments.role).is_service and _bounds(arguments):
        parser.error("a service's key is bound to nothing: leave out --province, --school and --commune")
    if arguments.command == "openapi":
        sys.stdout.write(openapi_text())
        return
    configure_logging(service=f"roster-api.{arguments.command}")
    settings = Settings()
    match arguments.command:
        case "serve":
            _serve(settings)
        case "relay":
            _relay(settings)
        case "reader":
            _reader(settings)
        case "migrate":
            _migrate(settings)
        case "create-key":
            asyncio.run(_create_key(settings, arguments))
        case "audit":
            sys.exit(asyncio.run(_verify_audit(settings, head=arguments.head)))
