"""Tables of what the law asks: how much of each table was taken away when its time was over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class Purge(Base):
    """What one kind of data came to: the statistics that stay when the data goes."""

    __tablename__ = "purges"

    name: Mapped[str] = mapped_column(primary_key=True)
    purged_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    rows_last: Mapped[int]
    rows_ever: Mapped[int] = mapped_column(sa.BigInteger)
