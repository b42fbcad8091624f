"""A chain over the rows of an audit: blocks of hashes, each holding the hash of the block before; sealed, and proved.

The same in every service that keeps one: its tables of entries and blocks are handed in.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

log = structlog.get_logger(__name__)
BLOCK_ENTRIES = 5000
LONGEST_TRANSACTION = text("interval '1 hour'")
"""An entry bears the time its transaction began, and is seen when it ends: so far back unsealed ones are looked for."""
SEALED_EVERY = text("interval '10 seconds'")
ORIGIN = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """`broken`: in words what is wrong first, or None. `head`: hash of the last block, to be kept elsewhere."""

    blocks: int
    entries: int
    unsealed: int
    head: str
    broken: str | None

    @property
    def words(self) -> str:
        """For the terminal: Vietnamese, then English; what is broken, or the head to be kept elsewhere."""
        counts = f"blocks {self.blocks}, entries {self.entries}, not yet sealed {self.unsealed}"
        if self.broken:
            return f"HỎNG / BROKEN: {self.broken} ({counts})"
        return f"Nguyên vẹn / whole: {counts}\nhead {self.head}"


@dataclass(frozen=True)
class Chain:
    """`entries` (id, created_at and whatever else) and `blocks` (number, entry_ids, entry_sha256, previous_sha256,
    sha256, sealed_at) are mapped tables. `lock`: an advisory lock, so that of several processes one seals.
    """

    entries: Any
    blocks: Any
    lock: int
    later_fields: frozenset[str] = frozenset()
    """Of an entry sealed before they were there they say nothing: its hash stays as it was."""

    def digest_entry(self, entry: Any) -> bytes:
        """Over every field; the same for the same row whenever and wherever it is read."""
        fields = {column.key: getattr(entry, column.key) for column in self.entries.__mapper__.column_attrs}
        fields = {name: value for name, value in fields.items() if name not in self.later_fields or value is not None}
        fields["created_at"] = entry.created_at.timestamp()
        written = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(written.encode()).digest()

    async def seal_when_due(self, session: AsyncSession) -> None:
        """As `seal`, but no sooner than SEALED_EVERY after the last block: the relay asks once a round."""
        recent = select(self.blocks.number).where(self.blocks.sealed_at > func.now() - SEALED_EVERY).limit(1)
        if await session.scalar(recent) is None:
            await self.seal(session)

    async def seal(self, session: AsyncSession) -> None:
        """One block over what was committed since the last, up to BLOCK_ENTRIES; nothing when there is nothing."""
        if not await session.scalar(select(func.pg_try_advisory_xact_lock(self.lock))):
            return
        last = await session.scalar(select(self.blocks).order_by(self.blocks.number.desc()).limit(1))
        entries = await self._unsealed(session, last)
        if not entries:
            return
        number = last.number + 1 if last else 1
        previous = last.sha256 if last else ORIGIN
        ids = [entry.id for entry in entries]
        hashes = b"".join(self.digest_entry(entry) for entry in entries)
        sha256 = digest_block(number=number, previous_sha256=previous, entry_ids=ids, entry_sha256=hashes)
        session.add(
            self.blocks(number=number, entry_ids=ids, entry_sha256=hashes, previous_sha256=previous, sha256=sha256)
        )
        log.info("audit.sealed", block=number, entries=len(ids), head=sha256)

    async def _unsealed(self, session: AsyncSession, last: Any | None) -> list[Any]:
        query = select(self.entries).order_by(self.entries.id).limit(BLOCK_ENTRIES)
        if last is not None:
            earliest = func.coalesce(func.min(self.entries.created_at), last.sealed_at)
            since = select(earliest - LONGEST_TRANSACTION).where(self.entries.id.in_(last.entry_ids))
            sealed = (
                select(func.unnest(self.blocks.entry_ids).label("id"))
                .where(self.blocks.sealed_at >= since.scalar_subquery())
                .subquery()
            )
            query = query.where(
                self.entries.created_at >= since.scalar_subquery(), self.entries.id.not_in(select(sealed.c.id))
            )
        return list(await session.scalars(query))

    async def verify(self, session: AsyncSession, *, head: str | None = None) -> Verdict:
        """Reads everything once, block by block. `head`: a hash seen before, which must be one of the chain's."""
        previous, count = ORIGIN, 0
        is_head_known = head is None
        broken: str | None = None
        blocks = list(await session.scalars(select(self.blocks.number).order_by(self.blocks.number)))
        for place, number in enumerate(blocks, start=1):
            block = await session.get_one(self.blocks, number)
            if broken is None:
                broken = (
                    f"block {place}: missing" if place != number else await self._fault_of(session, block, previous)
                )
            previous, count = block.sha256, count + len(block.entry_ids)
            is_head_known = is_head_known or head == previous
            session.expunge_all()
        unsealed, late = await self._count_unsealed(session)
        if broken is None and late is not None:
            broken = f"entry {late}: in no block, though older than the last block"
        if broken is None and not is_head_known:
            broken = f"block with hash {head}: missing, so the chain was made anew"
        return Verdict(blocks=len(blocks), entries=count, unsealed=unsealed, head=previous, broken=broken)

    async def _fault_of(self, session: AsyncSession, block: Any, previous_sha256: str) -> str | None:
        known = {
            entry.id: entry
            for entry in await session.scalars(select(self.entries).where(self.entries.id.in_(block.entry_ids)))
        }
        for place, entry_id in enumerate(block.entry_ids):
            if entry_id not in known:
                return f"entry {entry_id}: missing (block {block.number})"
            if self.digest_entry(known[entry_id]) != block.entry_sha256[place * 32 : place * 32 + 32]:
                return f"entry {entry_id}: changed since it was sealed (block {block.number})"
        computed = digest_block(
            number=block.number,
            previous_sha256=previous_sha256,
            entry_ids=block.entry_ids,
            entry_sha256=block.entry_sha256,
        )
        if computed != block.sha256 or block.previous_sha256 != previous_sha256:
            return f"block {block.number}: its hash is not that of its content and the block before"
        return None

    async def _count_unsealed(self, session: AsyncSession) -> tuple[int, int | None]:
        """(entries in no block, the first of them that should have been)."""
        sealed = select(func.unnest(self.blocks.entry_ids).label("id")).subquery()
        outside = select(self.entries.id).where(self.entries.id.not_in(select(sealed.c.id)))
        count = await session.scalar(select(func.count()).select_from(outside.subquery())) or 0
        last_sealed_at = select(func.max(self.blocks.sealed_at)).scalar_subquery()
        late = await session.scalar(
            outside.where(self.entries.created_at < last_sealed_at - LONGEST_TRANSACTION)
            .order_by(self.entries.id)
            .limit(1)
        )
        return count, late


def digest_block(*, number: int, previous_sha256: str, entry_ids: Sequence[int], entry_sha256: bytes) -> str:
    head = json.dumps([number, previous_sha256, list(entry_ids)], separators=(",", ":")).encode()
    return hashlib.sha256(head + entry_sha256).hexdigest()
