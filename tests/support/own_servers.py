"""A Postgres and a Valkey of one test's own, which may be frozen (SIGSTOP): its sockets stay open, nothing answers."""

import contextlib
import signal
from collections.abc import AsyncIterator, Iterator

import notifier.migrations
import psutil
import roster_api.migrations
from commune_stack.places import throwaway_directory
from commune_stack.postgres import Postgres
from commune_stack.supervisor import Supervisor, supervised
from commune_stack.valkey import Valkey

MIGRATIONS = {"roster": roster_api.migrations, "notifier": notifier.migrations}
ASYNCPG = "postgresql+asyncpg"


class OwnServers:
    """Both running; `freeze` stops Postgres in its tracks, every process of it."""

    def __init__(self, postgres: Postgres, valkey: Valkey, running: Supervisor) -> None:
        self.postgres = postgres
        self.redis_url = valkey.url()
        self._running = running

    def url(self, database: str, *, scheme: str = ASYNCPG) -> str:
        return self.postgres.url(database, scheme=scheme)

    async def migrated(self, service: str) -> str:
        """The address of a database that the service's own migration made, as the service opens it."""
        await self.postgres.create_service_database(service)
        owner_url = self.postgres.owner_url(service, scheme=ASYNCPG)
        await MIGRATIONS[service].upgrade(owner_url, service_role=service)
        return self.postgres.service_url(service, scheme=ASYNCPG)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Alive to the kernel, dead to everybody else, for the length of a block."""
        server = psutil.Process(self._running["postgres"].pid)
        everybody = [server, *server.children(recursive=True)]
        try:
            for process in everybody:
                process.send_signal(signal.SIGSTOP)
            yield
        finally:
            for process in reversed(everybody):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGCONT)


@contextlib.asynccontextmanager
async def own_servers() -> AsyncIterator[OwnServers]:
    with throwaway_directory() as place:
        postgres, valkey = Postgres(place.path / "postgres", durable=False), Valkey(place.path / "valkey")
        await postgres.prepare()
        valkey.prepare()
        async with supervised(place.path, [postgres.program(), valkey.program()]) as running:
            yield OwnServers(postgres, valkey, running)
