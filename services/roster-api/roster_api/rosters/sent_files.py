"""A file as it was sent: on disk from its arrival until it is stored, sealed and in pieces.

A list may have 20 MB, and several come at once: to hold each of them, its sealed bytes and what the driver makes of
those would take a hundred megabytes a list.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO
from uuid import UUID

from commune_service.sealed_types import SealedBytesType
from commune_service.sealing import get_sealer
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.rosters.schemas import WriteMapping

PIECE_BYTES = 4 * 1024 * 1024
"""Each piece is added to what is stored, which Postgres then writes anew: fewer, larger ones cost less."""
_SEALING = ThreadPoolExecutor(1, thread_name_prefix="sealing")
"""Sealing holds a file and its sealed bytes: of one file in the process, and always in the same part of its memory."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came, and how it is to be read. `mapping` None: nothing was said about its columns."""

    name: str
    file: BinaryIO
    size: int
    include_hidden: bool = False
    mapping: WriteMapping | None = None


@dataclass(frozen=True, slots=True)
class SealedFile:
    """The sealed bytes, on disk, and what the file itself hashes to."""

    file: IO[bytes]
    content_sha256: str


@asynccontextmanager
async def sealed(sent: SentFile, content: Any) -> AsyncIterator[SealedFile]:
    """The file sealed for the column `content`, for the length of a block. No connection need be held for it."""
    column_type = content.type
    if not isinstance(column_type, SealedBytesType):
        raise TypeError(f"{content} is not sealed")
    with TemporaryFile() as file:
        sealing = asyncio.get_running_loop().run_in_executor
        digest = await sealing(_SEALING, _seal, sent.file, file, column_type.place)
        yield SealedFile(file, digest)


def _seal(file: BinaryIO, out: IO[bytes], place: str) -> str:
    file.seek(0)
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    if content:  # an empty file is NULL, as the column's type has it
        out.write(get_sealer().seal(content, place=place))
        out.seek(0)
    return digest


async def store(session: AsyncSession, table: Table, row_id: UUID, content: SealedFile) -> None:
    """Puts the file into the column `content` of a row that has none yet, in the session's transaction.

    Past the session: it would keep every piece until its rings of objects are looked for, and the row's entry in the
    audit is that it was made.
    """
    driver: Any = (await (await session.connection()).get_raw_connection()).driver_connection
    adding = f"update {table.fullname} set content = coalesce(content, ''::bytea) || $1 where id = $2"  # noqa: S608
    while piece := content.file.read(PIECE_BYTES):
        await driver.execute(adding, piece, row_id)
