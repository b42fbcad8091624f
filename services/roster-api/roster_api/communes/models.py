"""Table communes: the unit of assignment, whatever its kind."""

from datetime import datetime
from enum import StrEnum

from commune_service.sealed_columns import SealedText
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, BytewiseText, Timestamped, Versioned


class CommuneKind(StrEnum):
    COMMUNE = "commune"  # xã
    WARD = "ward"  # phường
    SPECIAL_ZONE = "special_zone"  # đặc khu


class Commune(Versioned, Timestamped, Base):
    __tablename__ = "communes"
    __table_args__ = (
        CheckConstraint("reach_band between 0 and 3", name="reach_band_in_range"),
        CheckConstraint("road_factor between 1 and 5", name="road_factor_in_range"),
        CheckConstraint("kind in ('commune', 'ward', 'special_zone')", name="kind_known"),
        Index(None, "province_code", "sort_key", "code"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    kind: Mapped[str]
    name: Mapped[str]
    """Without its kind: 'Tây Khánh Vĩnh'."""
    full_name: Mapped[str]
    """With its kind: 'Xã Tây Khánh Vĩnh'."""
    latitude: Mapped[float]
    longitude: Mapped[float]
    area_km2: Mapped[float | None]
    is_remote: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Served at a distance, by remote-capable schools only."""
    reach_band: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How hard it is to reach: 0 ordinary, 1 far, 2 hard, 3 very hard; what allowances go by."""
    road_factor: Mapped[float] = mapped_column(default=1.0, server_default="1")
    """Kilometres of road for one of the straight line."""
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    old_names: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    """What it, or what became part of it, was called before the merger of 2025, each with its district and province."""
    old_search_key: Mapped[str] = mapped_column(default="", server_default="")
    """Their search keys, a line each: what is searched for is one line."""
    office_address: Mapped[str | None]
    contact_name_sealed: Mapped[bytes | None]
    contact_phone_sealed: Mapped[bytes | None]
    contact_email_sealed: Mapped[bytes | None]
    contact_name = SealedText()
    contact_phone = SealedText()
    contact_email = SealedText()
    archived_at: Mapped[datetime | None]
