"""Table provinces."""

from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, BytewiseText


class Province(Base):
    __tablename__ = "provinces"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    full_name: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
