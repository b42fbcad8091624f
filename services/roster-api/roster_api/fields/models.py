"""Tables fields and duties."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Timestamped, Versioned


class ExpertiseField(Base):
    """A field of expertise: what a volunteer knows and a duty asks for."""

    __tablename__ = "fields"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    search_key: Mapped[str]
    position: Mapped[int]


class Duty(Versioned, Timestamped, Base):
    """What is done at the commune, with the written guidance that schools asked for."""

    __tablename__ = "duties"

    code: Mapped[str] = mapped_column(primary_key=True)
    field_code: Mapped[str] = mapped_column(ForeignKey("fields.code"), index=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    search_key: Mapped[str]
    guidance_vi: Mapped[str]
    position: Mapped[int]
