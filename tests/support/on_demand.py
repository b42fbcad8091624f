"""One Postgres and one Valkey for a whole test run, started by the pytest process when a test first asks for them.

The process that collects (xdist's controller, or the only one with -n 0) answers requests in a thread of its own; every
worker asks it over a local socket, named in the environment. So pure tests start nothing, the servers live as long as
the run, and they die with it. Given ROSTER_DATABASE_URL or REDIS_URL, those servers are used instead.

A migrated database is handed out as its service opens it: a role that reads and writes rows. "owner" gives the same
database as the role that migrated it, for a test that damages it.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import socket
import sysconfig
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psutil
from commune_service.addresses import for_asyncpg
from commune_stack.places import throwaway_directory
from commune_stack.postgres import Postgres
from commune_stack.roles import admit_only, make_roles, owner_of, role_password
from commune_stack.supervisor import supervised
from commune_stack.valkey import LOGICAL_DATABASES, Valkey

ADDRESS = "COMMUNE_TEST_STACK"
MIGRATIONS = {"roster": ("roster-api", "ROSTER_DATABASE_URL"), "notifier": ("notifier", "NOTIFIER_DATABASE_URL")}
"""For each template: whose `migrate` builds it, and the variable that tells it how the service logs in."""
DROPPED_TOGETHER = 16
"""How many databases given back are kept: a drop begins with a checkpoint, and of several only the first finds work."""


MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp below it
ENOUGH_BYTES = 4 << 30
"""A run's databases take a gigabyte at the most."""


def roomy_memory() -> Path | None:
    """Where files lie in memory, if there is room: a database is copied and dropped there at half the cost."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    room = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
    return MEMORY if room >= ENOUGH_BYTES else None


class OnDemandStack:
    """The answering side. `start` costs a thread; the servers come with the first request that needs them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.token = secrets.token_hex(16)
        self.given_postgres = environment.get("ROSTER_DATABASE_URL") or environment.get("NOTIFIER_DATABASE_URL")
        self.given_redis = environment.get("REDIS_URL")
        self.address = ""
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="test stack", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()

    def start(self) -> None:
        self._thread.start()
        if not self._listening.wait(10):
            raise RuntimeError("the test stack's thread did not start")

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(30)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._once: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._templates: dict[str, str] = {}
        self._created: dict[str, str | None] = {}
        """The databases handed out, each with the role of its service; None for an empty one."""
        self._unused: list[str] = []
        """Of these, the ones given back and not dropped yet."""
        self._dropping: asyncio.Task[None] | None = None
        self._run = secrets.token_hex(4)
        self._servers: tuple[str, str] | None = None
        async with contextlib.AsyncExitStack() as self._resources:
            server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
            self.address = f"{server.sockets[0].getsockname()[1]}:{self.token}"
            self._listening.set()
            await self._end.wait()
            server.close()
            if self._dropping is not None:
                await self._dropping
            if self.given_postgres:
                for name in [*self._created, *self._templates.values()]:
                    await self._drop(name)
                for service in self._templates:
                    for role in self._roles(service):
                        await self._admin(f'drop role "{role}"')

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        token, request, *arguments = json.loads(await reader.readline())
        if token != self.token:
            writer.close()
            return
        try:
            answer = {"value": await getattr(self, f"ask_{request}")(*arguments)}
        except Exception as error:  # noqa: BLE001 - whatever it was, the test that asked shows it
            answer = {"error": f"{type(error).__name__}: {error}"}
        writer.write(json.dumps(answer).encode() + b"\n")
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()

    async def ask_redis(self) -> str:
        return (await self._urls())[1]

    async def ask_database(self, template: str | None) -> str:
        """A fresh database, empty or cloned from the migrated template."""
        source = await self._template(template) if template else None
        name = f"test_{secrets.token_hex(6)}"
        if not template:
            await self._admin(f'create database "{name}"')
            self._created[name] = None
            return await self._url_of(name)
        role, owner = self._roles(template)
        async with self._superuser() as server:
            await server.execute(f'create database "{name}" template "{source}" owner "{owner}" strategy file_copy')
            await admit_only(server, name, (role, owner))
        self._created[name] = role
        return await self._url_of(name, role)

    async def ask_owner(self, url: str) -> str:
        """The same database, as the role that owns its schema."""
        name = urlsplit(url).path.strip("/")
        role = self._created[name]
        return await self._url_of(name, owner_of(role) if role else None)

    async def ask_drop(self, url: str) -> None:
        """Whoever is still connected is sent away at once; the database goes with others."""
        name = urlsplit(url).path.strip("/")
        async with self._superuser() as server:
            await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        self._unused.append(name)
        if len(self._unused) >= DROPPED_TOGETHER and (self._dropping is None or self._dropping.done()):
            names, self._unused = self._unused, []
            self._dropping = asyncio.create_task(self._drop_all(names))  # no test waits for it

    async def _urls(self) -> tuple[str, str]:
        async with self._once["servers"]:
            if self._servers is None:
                self._servers = await self._start_servers()
        return self._servers

    async def _start_servers(self) -> tuple[str, str]:
        """The servers not given from outside, started once and stopped with the run."""
        if self.given_postgres and self.given_redis:
            return self.given_postgres, self.given_redis
        directory = self._resources.enter_context(throwaway_directory(roomy_memory()))
        # It would go round all the databases, and none of them lives for long.
        postgres = Postgres(directory.path / "postgres", durable=False, settings={"autovacuum": "off"})
        valkey = Valkey(directory.path / "valkey")
        programs = []
        if not self.given_postgres:
            await postgres.prepare()
            programs.append(postgres.program())
        if not self.given_redis:
            valkey.prepare()
            programs.append(valkey.program())
        await self._resources.enter_async_context(supervised(directory.path, programs))
        if not self.given_postgres:
            await postgres.close_own_databases()
        return self.given_postgres or postgres.url(), self.given_redis or valkey.url()

    async def _template(self, service: str) -> str:
        """The database migrated by the service's own command, made once a run."""
        async with self._once[service]:
            if service not in self._templates:
                self._templates[service] = await self._migrate(service)
        return self._templates[service]

    async def _migrate(self, service: str) -> str:
        name = f"template_{service}_{secrets.token_hex(4)}"
        command, variable = MIGRATIONS[service]
        role, owner = self._roles(service)
        async with self._superuser() as server:
            await make_roles(server, (role, owner), secret=self.token)
            await server.execute(f'create database "{name}" owner "{owner}"')
        as_owner = {variable.replace("DATABASE", "MIGRATION_DATABASE"): await self._url_of(name, owner)}
        process = await asyncio.create_subprocess_exec(
            *[str(Path(sysconfig.get_path("scripts")) / command), "migrate"],
            env={**os.environ, **as_owner, variable: await self._url_of(name, role)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"`{command} migrate` ended with {process.returncode}:\n{output.decode()}")
        return name

    def _roles(self, service: str) -> tuple[str, str]:
        """The service's and the owner's, of this run alone."""
        role = f"test_{service}_{self._run}"
        return role, owner_of(role)

    async def _url_of(self, database: str, role: str | None = None) -> str:
        """`role`: None for the server's own."""
        scheme, where, *_ = urlsplit((await self._urls())[0])
        if role is not None:
            where = f"{role}:{role_password(self.token, role)}@{where.rpartition('@')[2]}"
        return urlunsplit((scheme, where, f"/{database}", "", ""))

    async def _drop_all(self, names: Sequence[str]) -> None:
        for name in names:
            await self._drop(name)

    async def _drop(self, name: str) -> None:
        await self._admin(f'drop database if exists "{name}" with (force)')
        self._created.pop(name, None)

    async def _admin(self, statement: str) -> None:
        async with self._superuser() as server:
            await server.execute(statement)

    @contextlib.asynccontextmanager
    async def _superuser(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(for_asyncpg((await self._urls())[0]))
        try:
            yield connection
        finally:
            await connection.close()


def ask(request: str, *arguments: str | None) -> str:
    """The asking side: 'database' (template), 'owner' (url), 'drop' (url), 'redis'.

    RuntimeError with what went wrong there.
    """
    port, token = os.environ[ADDRESS].split(":")
    with socket.create_connection(("127.0.0.1", int(port)), timeout=240) as connection:
        connection.sendall(json.dumps([token, request, *arguments]).encode() + b"\n")
        with connection.makefile("rb") as answers:
            answer = json.loads(answers.readline())
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return str(answer["value"])


@contextlib.contextmanager
def fresh_database(template: str | None = None) -> Iterator[str]:
    """A database of one's own for the length of a block; `template`: roster or notifier, migrated."""
    url = ask("database", template)
    try:
        yield url
    finally:
        ask("drop", url)


def redis_url_of_worker(worker_id: str) -> str:
    """A logical database of this xdist worker's own ('gw3' has number 4; without xdist, 0)."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    scheme, where, *_ = urlsplit(ask("redis"))
    return urlunsplit((scheme, where, f"/{number % LOGICAL_DATABASES}", "", ""))
