"""The command `notifier`: serve, worker, bounces, migrate, revision, openapi, audit verify."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from commune_service import clock
from commune_service.data_keys_command import add_data_keys_command, print_new_keys, run_data_keys
from commune_service.imports import without_collector
from commune_service.logging import configure_logging
from commune_service.sealing import use_sealer
from commune_service.tracing import configure_tracing

from notifier.settings import Settings

PLAIN_COMMANDS = {
    "serve": "answer HTTP requests: messages, receipts",
    "worker": "prepare notices and send messages",
    "bounces": "read the mails that come back, from a Maildir",
    "migrate": "bring schema notifier to the newest revision",
    "openapi": "print the API's description",
}


def _serve(settings: Settings) -> None:
    with without_collector():
        import uvicorn  # noqa: PLC0415 - the worker starts sooner without it
        from commune_service.slow_clients import BoundedH11  # noqa: PLC0415

        from notifier.app import create_app  # noqa: PLC0415

    use_sealer(settings.make_sealer())
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
    with without_collector():
        from notifier.worker import work  # noqa: PLC0415 - the API starts sooner without it

    asyncio.run(work(settings))


def _read_bounces(settings: Settings) -> None:
    from notifier.bounce_box import read_bounces  # noqa: PLC0415

    asyncio.run(read_bounces(settings))


async def _verify_audit(settings: Settings, *, head: str | None) -> int:
    from notifier.audit.chain import CHAIN  # noqa: PLC0415
    from notifier.database import create_engine, create_sessions  # noqa: PLC0415

    engine = create_engine(settings.notifier_database_url, timeout_seconds=None)
    async with create_sessions(engine)() as session:
        verdict = await CHAIN.verify(session, head=head)
    await engine.dispose()
    sys.stdout.write(f"{verdict.words}\n")
    return 1 if verdict.broken else 0


def _print_openapi() -> None:
    """The API's description; asks no server for anything."""
    from notifier.app import create_app  # noqa: PLC0415

    app = create_app(
        Settings(notifier_environment="development", notifier_database_url="postgresql://nobody@127.0.0.1/none")
    )
    sys.stdout.write(json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


async def _change_data_keys(settings: Settings, action: str) -> int:
    from notifier.database import create_engine  # noqa: PLC0415
    from notifier.migrations.sealed import SEALED_COLUMNS  # noqa: PLC0415

    use_sealer(settings.make_sealer())
    engine = create_engine(settings.notifier_database_url, timeout_seconds=None)
    keys = settings.notifier_data_keys.get_secret_value()
    return await run_data_keys(action, data_keys=keys, engine=engine, columns=SEALED_COLUMNS)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    parser = argparse.ArgumentParser(prog="notifier", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in PLAIN_COMMANDS.items():
        commands.add_parser(name, help=words)
    add_data_keys_command(commands)
    revision = commands.add_parser("revision", help="write a new migration from the models")
    revision.add_argument("--message", required=True)
    audit = commands.add_parser("audit", help="the record of who did what: `audit verify` proves that it is whole")
    audit.add_argument("action", choices=["verify"])
    audit.add_argument("--head", help="the hash that `verify` printed before: it must still be in the chain")
    arguments = parser.parse_args(argv)
    if arguments.command == "openapi":
        _print_openapi()
        return
    if (arguments.command, arguments.action if "action" in arguments else None) == ("data-keys", "new"):
        print_new_keys()
        return
    from notifier.migrations import migrate, write_revision  # noqa: PLC0415

    configure_logging(service=f"notifier.{arguments.command}")
    settings = Settings()
    clock.follow_file(settings.clock_file)
    configure_tracing(settings, service=f"notifier.{arguments.command}")
    match arguments.command:
        case "serve":
            _serve(settings)
        case "worker":
            _work(settings)
        case "bounces":
            _read_bounces(settings)
        case "migrate":
            migrate(settings)
        case "audit":
            sys.exit(asyncio.run(_verify_audit(settings, head=arguments.head)))
        case "data-keys":
            sys.exit(asyncio.run(_change_data_keys(settings, arguments.action)))
        case "revision":
            asyncio.run(write_revision(settings.notifier_database_url, name=arguments.message))
