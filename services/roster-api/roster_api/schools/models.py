"""Table schools."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from commune_service.sealed_columns import SealedText
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, BytewiseText, Timestamped, Versioned
from roster_api.errors import explain_constraint


class SchoolKind(StrEnum):
    UNIVERSITY = "university"
    COLLEGE = "college"
    ACADEMY = "academy"
    HIGH_SCHOOL = "high_school"
    AGENCY = "agency"
    OTHER = "other"


class School(Versioned, Timestamped, Base):
    __tablename__ = "schools"
    __table_args__ = (
        CheckConstraint(
            "kind in ('university', 'college', 'academy', 'high_school', 'agency', 'other')", name="kind_known"
        ),
        CheckConstraint("latitude between -90 and 90 and longitude between -180 and 180", name="on_earth"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    is_location_approximate: Mapped[bool] = mapped_column(default=False, server_default="false")
    is_remote_capable: Mapped[bool] = mapped_column(default=False, server_default="false")
    address: Mapped[str | None]
    contact_name_sealed: Mapped[bytes | None]
    contact_phone_sealed: Mapped[bytes | None]
    contact_email_sealed: Mapped[bytes | None]
    contact_name = SealedText()
    contact_phone = SealedText()
    contact_email = SealedText()
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    archived_at: Mapped[datetime | None]


explain_constraint(
    "uq_schools_code",
    code="school.code_taken",
    vi="Mã trường này đã có; mỗi mã là của một trường trong cả nước.",
    en="A school with this code exists already; a code is one school's in the whole country.",
)
