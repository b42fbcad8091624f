"""The clock in SQL: the database's time, ahead as far as clock.py is, read when a statement is sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from commune_service.clock import LOCAL, read_shift

NOW = sa.func.now() + sa.bindparam("clock_shift", callable_=read_shift, type_=sa.Interval())
"""A transaction's moment; a clock of a process does not matter."""
TODAY = sa.cast(sa.func.timezone(str(LOCAL), NOW), sa.Date)
"""In Vietnam."""


async def ask_now(session: AsyncSession) -> datetime:
    """The same in every statement of a transaction."""
    moment: datetime = (await session.execute(sa.select(NOW))).scalar_one()
    return moment
