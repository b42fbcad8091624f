"""How a process of our own takes work straight from its table: held for a while, fenced by a token, tried so often.

Where work is handed to other services by jobs, it is handing_out.py. Every time here is the database's own.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column


class Claimed:
    """Mixin of a table whose rows are claimed."""

    id: Mapped[UUID]
    status: Mapped[str]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    """How often it was taken; it starts again with each new wish."""
    held_until: Mapped[datetime | None]
    lease_token: Mapped[UUID | None]
    """Whose it is: a process that was paused writes nothing once another has taken the row."""


C = TypeVar("C", bound=Claimed)


class LeaseLostError(Exception):
    """Somebody else has the row now, or it was taken back."""


async def claim_next(
    session: AsyncSession, table: type[C], *, statuses: Collection[str], lease_seconds: float
) -> C | None:
    """The oldest row of these statuses that nobody holds, held from now on; None when there is none."""
    is_free = sa.func.coalesce(table.held_until <= sa.func.now(), sa.true())
    query = sa.select(table).where(table.status.in_(statuses), is_free).order_by(table.created_at).limit(1)
    row = (await session.scalars(query.with_for_update(skip_locked=True))).one_or_none()
    if row is not None:
        row.attempts += 1
        row.lease_token = uuid4()
        row.held_until = await _later(session, lease_seconds)
        await session.flush()
    return row


async def keep(
    session: AsyncSession, table: type[C], row_id: UUID, *, token: UUID, lease_seconds: float, **values: Any
) -> None:
    """A sign of life with what there is to say; LeaseLostError when the row is another's."""
    held = sa.func.now() + timedelta(seconds=lease_seconds)
    kept = await session.execute(
        sa.update(table)
        .where(table.id == row_id, table.lease_token == token)
        .values(held_until=held, **values)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    if kept.one_or_none() is None:
        raise LeaseLostError


async def find_held(session: AsyncSession, table: type[C], row_id: UUID, *, token: UUID) -> C:
    """The row, locked for its last change; LeaseLostError when it is another's."""
    query = sa.select(table).where(table.id == row_id, table.lease_token == token).with_for_update()
    row = (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise LeaseLostError
    return row


def release(row: Claimed) -> None:
    """Nobody holds it any more, and whoever takes it next has all attempts."""
    row.held_until = row.lease_token = None
    row.attempts = 0


async def _later(session: AsyncSession, seconds: float) -> datetime:
    at: datetime = (await session.execute(sa.select(sa.func.now() + timedelta(seconds=seconds)))).scalar_one()
    return at
