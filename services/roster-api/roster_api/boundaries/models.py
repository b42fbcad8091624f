"""Tables of imported boundaries and of travel measured by pair."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class ProvinceBoundaries(Base):
    """The boundaries of all communes of a province, simplified together so that neighbours still meet."""

    __tablename__ = "province_boundaries"

    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    """GeoJSON, as it is given out: plain text, so that its bytes stay what the ETag says."""
    content_sha256: Mapped[str]
    neighbours: Mapped[list[list[str]]] = mapped_column(JSONB)
    """Pairs of codes that share a border, the lower code first."""
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """BoundaryReport."""
    imported_by: Mapped[str]
    imported_by_id: Mapped[UUID | None]
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MeasuredTravel(Base):
    """How far it really is from a school to a commune; stands in the place of the straight line."""

    __tablename__ = "measured_travel"
    __table_args__ = (CheckConstraint("metres between 0 and 5000000", name="metres_in_range"),)

    commune_code: Mapped[str] = mapped_column(ForeignKey("communes.code"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    metres: Mapped[int]
    minutes: Mapped[int | None]
    """As it was measured, where minutes were given; `metres` follow from them."""
