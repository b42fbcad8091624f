"""The parent's side of child.py: at most two at a time, killed when they take too long, a death is a refusal."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from commune_service.clock import read_shift
from pydantic_core import from_json, to_json

from roster_api.children.nursery import NURSERY, Child, Program
from roster_api.rosters.reading.annotating import Remarks
from roster_api.rosters.reading.choices import Choices
from roster_api.rosters.reading.declared import DeclaredReading
from roster_api.rosters.reading.declared_cells import DeclaredColumn
from roster_api.rosters.reading.declared_wire import encode_columns, take_declared
from roster_api.rosters.reading.refusals import FileFault, RefusedFileError, too_heavy
from roster_api.rosters.reading.wire import ReadingDecoder, decode_table, encode_choices

TIMEOUT_SECONDS = 180
"""By the clock: where the machine is busy, the limit of the processor's time is reached first."""
AT_ONCE = 2
NO_CHOICES = Choices()
Progress = Callable[[dict[str, Any]], None]
Lines = AsyncIterator[dict[str, Any] | bytes]


class Opener:
    """Reads files in child processes. One an application, so that many files do not become many processes."""

    def __init__(self, *, at_once: int = AT_ONCE, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._timeout_seconds = timeout_seconds

    async def prepare(self) -> None:
        """The first file does not wait for what starts the children."""
        await asyncio.to_thread(NURSERY.prepare)

    async def read(
        self, content: bytes, *, include_hidden: bool = False, choices: Choices = NO_CHOICES,
        progress: Progress = lambda _: None,
    ) -> tuple[str, ReadingDecoder]:  # fmt: skip
        """(format, what was read); RefusedFileError with words for the sender.

        `progress` hears {format, rows_total} once, then {rows_read} now and then.
        """
        task = {"task": "read", "include_hidden": include_hidden, "choices": encode_choices(choices)}
        decoder, file_format = ReadingDecoder(), ""
        async with self._asked(task, content) as lines:
            async for line in lines:
                if isinstance(line, bytes):
                    continue
                if "rows_total" in line or "rows_read" in line:
                    file_format = line.get("format", file_format)
                    progress(line)
                decoder.take(line)
        return file_format, decoder

    async def read_register(
        self, content: bytes, columns: Sequence[DeclaredColumn], *, include_hidden: bool = False,
        choices: Choices = NO_CHOICES,
    ) -> tuple[str, DeclaredReading]:  # fmt: skip
        """(format, what was read) by the columns that a register declares; RefusedFileError with words."""
        task = {"task": "register", "include_hidden": include_hidden, "columns": encode_columns(columns)}
        task["choices"] = encode_choices(choices)
        reading, file_format = DeclaredReading(), ""
        async with self._asked(task, content) as lines:
            async for line in lines:
                if isinstance(line, dict):
                    file_format = line.get("format", file_format)
                    take_declared(reading, line)
        return file_format, reading

    async def read_texts(self, content: bytes) -> list[tuple[str, list[list[str]]]]:
        """(name, rows of texts) of each sheet that is shown; for forms of our own that come back filled in."""
        async with self._asked({"task": "texts"}, content) as lines:
            said = [line async for line in lines if not isinstance(line, bytes)]
        return [(line["sheet"], line["rows"]) for line in said if "sheet" in line]

    async def annotate(self, content: bytes, remarks: Remarks) -> tuple[str, bytes]:
        """(format, bytes) of the file with its errors in a new last column."""
        file_format, annotated = "", b""
        async with self._asked({"task": "annotate", "remarks": remarks}, content) as lines:
            async for line in lines:
                if isinstance(line, bytes):
                    annotated = line
                else:
                    file_format = line.get("format", file_format)
        return file_format, annotated

    @asynccontextmanager
    async def _asked(self, task: dict[str, Any], content: bytes) -> AsyncIterator[Lines]:
        """The child's lines, and at the end the bytes that follow them. The child does not outlive the block."""
        async with self._turns:
            child = await Child.start(Program.FILE)
            asked = to_json(task | {"clock_shift": read_shift().total_seconds()})
            sending = asyncio.create_task(child.send(asked + b"\n", content))
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    yield _lines(child)
            except TimeoutError as late:
                raise too_heavy() from late
            finally:
                sending.cancel()
                await child.kill()


async def _lines(child: Child) -> Lines:
    """What it says; in the end the bytes that it announced, which are all there or the child has died."""
    async for text in child.lines:
        line: dict[str, Any] = from_json(text) if text.endswith(b"\n") else {}
        if "refused" in line:
            raise _refused(line["refused"])
        if "exhausted" in line:
            raise too_heavy()
        if "end" in line:
            with contextlib.suppress(asyncio.IncompleteReadError):
                yield await child.lines.readexactly(line["end"])
                return
            break
        yield line
    raise too_heavy()


def _refused(said: dict[str, Any]) -> RefusedFileError:
    return RefusedFileError(
        said["code"], vi=said["vi"], en=said["en"], faults=[FileFault(*fault) for fault in said["faults"]],
        tables=[decode_table(table) for table in said["tables"]],
    )  # fmt: skip
