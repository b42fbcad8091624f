"""The command `commune-stack`: dev, migration, and each part alone, such as postgres, mail-sink or issuer."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

from commune_stack import issuer, mail_sink, sms_gateway
from commune_stack.development_accounts import seed_accounts
from commune_stack.places import DirectoryInUseError, StackDirectory, kept_directory, throwaway_directory
from commune_stack.postgres import Postgres
from commune_stack.programs import NotReadyError, Program
from commune_stack.stack import Stack, command
from commune_stack.supervisor import supervised
from commune_stack.valkey import PASSWORDS, Valkey

MIGRATION_URLS = {"roster-api": "ROSTER_DATABASE_URL", "notifier": "NOTIFIER_DATABASE_URL"}
WRITE_REVISION = """
import asyncio, sys
from {package}.migrations import write_revision
asyncio.run(write_revision(sys.argv[1], name=sys.argv[2]))
"""
"""Run by an interpreter of its own: this package imports no service."""


async def run_development_stack(_arguments: argparse.Namespace) -> None:
    """Everything up, data kept between runs, until Ctrl-C."""
    with StackDirectory(kept_directory(Path.cwd()), keep=True) as place:
        stack = Stack(place.path, environment=os.environ, durable=True, with_portal=True)
        stopping = told_to_stop()
        try:
            print("starting everything (the first time makes the database) ...", flush=True)
            if not await started(stack, stopping):
                return
            where = stack.addresses
            await asyncio.to_thread(seed_accounts, where.roster_api, stack.keys.admin)
            print(f"portal     {where.portal}")
            print(f"API        {where.roster_api}/openapi.json")
            print(f"notifier   {where.notifier}/openapi.json")
            print(f"mail       {where.mail_page}")
            print(f"SMS        {where.sms_page}")
            print(f"sign-in    {where.issuer}  (development accounts; see docs/access.md)")
            print(f"admin key  {stack.keys.admin}  (header X-Api-Key)")
            print(f"data, logs {place.path}")
            print("Ctrl-C stops.", flush=True)
            await stopping.wait()
        finally:
            await stack.stop()


async def started(stack: Stack, stopping: asyncio.Event) -> bool:
    """Whether everything came up before it was told to stop."""
    starting, stop_wanted = asyncio.create_task(stack.start()), asyncio.create_task(stopping.wait())
    await asyncio.wait({starting, stop_wanted}, return_when=asyncio.FIRST_COMPLETED)
    stop_wanted.cancel()
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.wait({starting})
    return False


def told_to_stop() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def run_mail_sink(arguments: argparse.Namespace) -> None:
    ports = {"smtp_port": arguments.smtp_port, "http_port": arguments.http_port}
    await mail_sink.run(arguments.folder, host=arguments.host, until=told_to_stop(), **ports)


async def run_sms_gateway(arguments: argparse.Namespace) -> None:
    """The secrets come by environment: an argument is for everybody on the machine to read."""
    gateway = sms_gateway.SmsGateway(
        arguments.log,
        key=os.environ["SMS_GATEWAY_KEY"],
        callback_url=arguments.callback_url or None,
        receipt_secret=os.environ.get("SMS_RECEIPT_SECRET"),
    )
    await sms_gateway.run(gateway, host=arguments.host, port=arguments.port, until=told_to_stop())


async def run_issuer(arguments: argparse.Namespace) -> None:
    await issuer.run(host=arguments.host, port=arguments.port, until=told_to_stop())


async def run_postgres(arguments: argparse.Namespace) -> None:
    """One server on a fixed port. A new data directory gets the init script first, on a port no client knows."""
    with StackDirectory(arguments.folder, keep=True) as place:
        folder = place.path / "postgres"
        is_new = not (folder / "data").exists()
        password = os.environ.get("POSTGRES_PASSWORD", "")
        if is_new and arguments.init_script is not None:
            postgres = Postgres(folder, durable=True, password=password)
            await postgres.prepare()
            async with supervised(place.path, [postgres.program(), init_step(postgres, arguments.init_script)]):
                print("postgres: the databases are made", flush=True)
        postgres = Postgres(folder, durable=True, port=arguments.port, password=password)
        await postgres.prepare()
        stopping = told_to_stop()
        async with supervised(place.path, [postgres.program()]):
            await stopping.wait()


def init_step(postgres: Postgres, script: Path) -> Program:
    """The script finds psql on its path, and the server as superuser without being told."""
    environment = {
        "PATH": f"{postgres.binaries}:{os.environ.get('PATH', '')}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "PGPASSWORD": postgres.password,
    }
    return Program(name="init", argv=("/bin/sh", str(script)), environment=environment, is_step=True)


async def run_valkey(arguments: argparse.Namespace) -> None:
    with StackDirectory(arguments.folder, keep=True) as place:
        given = {user: os.environ.get(variable, "") for user, variable in PASSWORDS.items()}
        valkey = Valkey(place.path / "valkey", port=arguments.port, passwords=given)
        valkey.prepare()
        stopping = told_to_stop()
        async with supervised(place.path, [valkey.program()]):
            await stopping.wait()


async def write_migration(arguments: argparse.Namespace) -> int:
    """A new revision from the models against a database at the newest revision; the service's own package writes it."""
    service: str = arguments.service
    with throwaway_directory() as place:
        postgres = Postgres(place.path / "postgres", durable=False)
        await postgres.prepare()
        async with supervised(place.path, [postgres.program()]):
            await postgres.create_database("revision")
            stated = {"ROSTER_ENVIRONMENT": "development", "NOTIFIER_ENVIRONMENT": "development"}
            environment = {**os.environ, **stated, MIGRATION_URLS[service]: postgres.url("revision")}
            url = postgres.url("revision", scheme="postgresql+asyncpg")
            write = [
                sys.executable,
                "-c",
                WRITE_REVISION.format(package=service.replace("-", "_")),
                url,
                arguments.name,
            ]
            for step in ([command(service), "migrate"], write):
                process = await asyncio.create_subprocess_exec(*step, env=environment)
                if await process.wait() != 0:
                    return 1
    return 0


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="commune-stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("dev", help="everything up until Ctrl-C, data kept")
    migration = commands.add_parser("migration", help="a new Alembic revision from the models")
    migration.add_argument("--service", required=True, choices=sorted(MIGRATION_URLS))
    migration.add_argument("--name", required=True, help="what changes, in a few words")
    postgres = commands.add_parser("postgres", help="the embedded Postgres alone (password: POSTGRES_PASSWORD)")
    postgres.add_argument("--folder", type=Path, required=True)
    postgres.add_argument("--port", type=int, default=5432)
    postgres.add_argument("--init-script", type=Path, help="run with psql on a new data directory")
    valkey = commands.add_parser("valkey", help="the embedded Valkey alone (passwords: REDIS_..._PASSWORD)")
    valkey.add_argument("--folder", type=Path, required=True)
    valkey.add_argument("--port", type=int, default=6379)
    mail = commands.add_parser("mail-sink", help="an SMTP server that keeps and shows every mail")
    mail.add_argument("--folder", type=Path, required=True)
    mail.add_argument("--host", default="127.0.0.1")
    mail.add_argument("--smtp-port", type=int, default=1025)
    mail.add_argument("--http-port", type=int, default=8025)
    sms = commands.add_parser("sms-gateway", help="an SMS gateway that keeps and shows every text")
    sms.add_argument("--log", type=Path, required=True)
    sms.add_argument("--host", default="127.0.0.1")
    sms.add_argument("--port", type=int, default=8026)
    sms.add_argument("--callback-url", default="")
    signing_in = commands.add_parser("issuer", help="an OpenID Connect issuer that lets in whoever is picked")
    signing_in.add_argument("--host", default="127.0.0.1")
    signing_in.add_argument("--port", type=int, default=8027)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    arguments = parse(argv)
    commands: dict[str, Callable[[argparse.Namespace], Coroutine[None, None, int | None]]] = {
        "dev": run_development_stack,
        "migration": write_migration,
        "postgres": run_postgres,
        "valkey": run_valkey,
        "mail-sink": run_mail_sink,
        "sms-gateway": run_sms_gateway,
        "issuer": run_issuer,
    }
    try:
        sys.exit(asyncio.run(commands[arguments.command](arguments)))
    except (NotReadyError, DirectoryInUseError) as error:
        sys.exit(str(error))
