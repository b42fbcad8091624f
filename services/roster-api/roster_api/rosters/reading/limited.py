"""The parent's side of child.py: at most two at a time, killed after a few seconds, a death is a refusal."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from roster_api.rosters.reading.annotating import Remarks
from roster_api.rosters.reading.cells import Sheet
from roster_api.rosters.reading.child import decode_sheet
from roster_api.rosters.reading.refusals import RefusedFileError

TIMEOUT_SECONDS = 15
AT_ONCE = 2

P = ParamSpec("P")
Result = TypeVar("Result")


class Opener:
    """Opens files in child processes. One an application, so that many uploads do not become many processes."""

    def __init__(self, *, at_once: int = AT_ONCE, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="lists")

    async def open_sheets(self, content: bytes) -> tuple[str, list[Sheet]]:
        """(format, sheets); RefusedFileError with words for the sender."""
        heading, _ = await self._ask({"task": "open"}, content)
        return heading["format"], await self.think(_decode_sheets, heading["sheets"])

    async def think(self, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """A long computation about a file, in one of few threads of its own: the event loop serves others meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))

    async def annotate(self, content: bytes, remarks: Remarks) -> tuple[str, bytes]:
        """(format, bytes) of the file with its errors in a new last column."""
        heading, annotated = await self._ask({"task": "annotate", "remarks": remarks}, content)
        return heading["format"], annotated

    async def _ask(self, task: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        async with self._turns:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "roster_api.rosters.reading.child",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    output, _ = await child.communicate(json.dumps(task).encode() + b"\n" + content)
            except TimeoutError as late:
                raise _exhausted() from late
            finally:
                if child.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        child.kill()
                    await child.wait()
        heading_line, _, rest = output.partition(b"\n")
        if child.returncode != 0 or not heading_line:
            raise _exhausted()
        heading: dict[str, Any] = await self.think(json.loads, heading_line)
        if "refused" in heading:
            raise RefusedFileError(**heading["refused"])
        if "exhausted" in heading:
            raise _exhausted()
        return heading, rest


def _decode_sheets(sheets: list[dict[str, Any]]) -> list[Sheet]:
    return [decode_sheet(sheet) for sheet in sheets]


def _exhausted() -> RefusedFileError:
    return RefusedFileError(
        "file.too_heavy", vi="Tệp quá nặng để đọc. Hãy chép riêng danh sách sang một tệp .xlsx mới rồi gửi lại.",
        en="The file takes too much to read. Copy the list alone into a new .xlsx file and send that.",
    )  # fmt: skip
