"""Gates that connections of the system pass, so that a strike can shut one: a partition, or a relay that is dead.

A gate that holds withholds what is sent, both ways, as a network does that lost a cable: nobody hears of it, and all of
it comes when the cable is back. A gate that is shut is a machine that is off.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from commune_stack.programs import Program
from commune_stack.stack import RECEIPT_SECRET, Stack

from tests.system.faults.schedule import CLOCKS, POSTGRES_GATE, RELAY_GATE
from tests.system.faults.small_disk import SmallDisk

CHUNK = 65_536


class Gate:
    """Listens on a port of its own; what comes goes to port `target()` of this machine."""

    def __init__(self, target: Callable[[], int]) -> None:
        self.port = 0
        self._target = target
        self._passes = asyncio.Event()
        self._passes.set()
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._pipes: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Nobody listens, and every connection is cut."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()
        for pipe in list(self._pipes):
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def holding(self) -> AsyncIterator[None]:
        self._passes.clear()
        try:
            yield
        finally:
            self._passes.set()

    @contextlib.asynccontextmanager
    async def shut(self) -> AsyncIterator[None]:
        await self.close()
        try:
            yield
        finally:
            await self.open()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        await self._passes.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target())
        except OSError:
            writer.transport.abort()
            self._ends.discard(writer)
            return
        self._ends.add(far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            pipe = asyncio.create_task(self._pipe(source, sink))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK):
                await self._passes.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            sink.transport.abort()
        finally:
            await self._passes.wait()
            sink.close()
            self._ends.discard(sink)


class GatedStack(Stack):
    """Postgres has a small disk of its own, where one can be had. The notifier reaches Postgres, and the first of its
    two relays, by gates; its second worker's clock goes wrong, and so does the relay's of roster-api: five minutes
    ahead, five minutes behind."""

    def __init__(self, directory: Path, **options: Any) -> None:
        super().__init__(directory, **options)
        self.postgres.settings = {"max_wal_size": "96MB"}  # its disk is small
        self.disk = SmallDisk(self.postgres.folder)
        self.gates = {
            POSTGRES_GATE: Gate(lambda: self.postgres.port),  # it finds its port when it starts
            RELAY_GATE: Gate(lambda: self._ports["smtp"]),
        }

    async def start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        await self.disk.mount()
        for gate in self.gates.values():
            await gate.open()
        for name, seconds in CLOCKS.items():
            self._clock_of(name).write_text(str(seconds))
        self._providers.write_text(json.dumps(self._describe_providers()))
        await super().start()

    async def stop(self) -> None:
        try:
            await super().stop()
        finally:
            await self.disk.unmount()
        for gate in self.gates.values():
            await gate.close()

    @property
    def _providers(self) -> Path:
        return self.directory.absolute() / "providers.json"

    def _clock_of(self, name: str) -> Path:
        return self.directory.absolute() / f"clock-of-{name}"

    def _describe_providers(self) -> dict[str, Any]:
        relay = {"host": "127.0.0.1", "tls": "none", "connections": 1}
        ports = {"first": self.gates[RELAY_GATE].port, "second": self._ports["smtp"]}
        gateway = {"name": "sms", "url": self.addresses.sms_page, "key": self.keys.sms, "sender": "SNV"}
        return {
            "mail_relays": [{"name": name, "port": port, **relay} for name, port in ports.items()],
            "sms_gateways": [{**gateway, "receipt_secret": RECEIPT_SECRET}],
        }

    def _settings(self) -> dict[str, str]:
        gates = self.gates
        settings = super()._settings()
        through = f":{gates[POSTGRES_GATE].port}/"
        relays = f"{settings['NOTIFIER_TEST_RELAYS']},127.0.0.1:{gates[RELAY_GATE].port}"
        return settings | {
            "NOTIFIER_DATABASE_URL": settings["NOTIFIER_DATABASE_URL"].replace(f":{self.postgres.port}/", through),
            "NOTIFIER_PROVIDERS_FILE": str(self._providers),
            "NOTIFIER_TEST_RELAYS": relays,
        }

    def _programs(self, settings: Mapping[str, str]) -> list[Program]:
        return [self._with_own_clock(program) for program in super()._programs(settings)]

    def _with_own_clock(self, program: Program) -> Program:
        if program.name not in CLOCKS:
            return program
        return replace(program, environment={**program.environment, "CLOCK_FILE": str(self._clock_of(program.name))})
