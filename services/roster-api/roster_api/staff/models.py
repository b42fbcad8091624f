"""Tables units, staff and posts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from commune_service.sealed_columns import SealedText
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.contacts import digest_email, digest_phone
from roster_api.database import Base, BytewiseText, Timestamped, Versioned
from roster_api.errors import explain_constraint


class UnitKind(StrEnum):
    PROVINCIAL_AGENCY = "provincial_agency"
    COMMUNE_OFFICE = "commune_office"
    SERVICE_CENTRE = "service_centre"
    SCHOOL = "school"  # as an employer


class Side(StrEnum):
    PARTY = "party"  # the Party and mass organisations
    GOVERNMENT = "government"


class Availability(StrEnum):
    """Whether somebody may be moved."""

    NONE = "none"
    SURPLUS = "surplus"  # beyond the norm of their unit
    NOMINATED = "nominated"  # named by their agency for secondment


class Conduct(StrEnum):
    """The last yearly rating."""

    EXCELLENT = "excellent"
    GOOD = "good"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


def _one_of(column: str, values: type[StrEnum]) -> str:
    return "{} in ({})".format(column, ", ".join(f"'{value.value}'" for value in values))


class Unit(Versioned, Timestamped, Base):
    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint(_one_of("kind", UnitKind), name="kind_known"),
        CheckConstraint("(latitude is null) = (longitude is null)", name="whole_place"),
        CheckConstraint("coalesce(quota_party, 0) >= 0 and coalesce(quota_government, 0) >= 0", name="quotas_positive"),
        UniqueConstraint("province_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"), index=True)
    latitude: Mapped[float | None]
    """None: where its commune is, or the province's centre."""
    longitude: Mapped[float | None]
    quota_party: Mapped[int | None]
    """The norm: how many people of each side; None: none was set."""
    quota_government: Mapped[int | None]
    contact_name_sealed: Mapped[bytes | None]
    contact_phone_sealed: Mapped[bytes | None]
    contact_email_sealed: Mapped[bytes | None]
    contact_name = SealedText()
    contact_phone = SealedText()
    contact_email = SealedText()
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    archived_at: Mapped[datetime | None]


class StaffMember(Versioned, Timestamped, Base):
    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint(_one_of("side", Side), name="side_known"),
        CheckConstraint(_one_of("availability", Availability), name="availability_known"),
        CheckConstraint(f"conduct is null or {_one_of('conduct', Conduct)}", name="conduct_known"),
        UniqueConstraint("province_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), index=True)
    code: Mapped[str]
    """As the province writes it."""
    full_name: Mapped[str]
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    side: Mapped[str]
    position: Mapped[str | None]
    qualifications: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """{field_code, level 1-3, evidence, since}: one a field."""
    serving_since: Mapped[date | None]
    conduct: Mapped[str | None]
    conduct_note_sealed: Mapped[bytes | None]
    conduct_note = SealedText()
    home_commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    availability: Mapped[str] = mapped_column(default=Availability.NONE.value, server_default="none")
    email_sealed: Mapped[bytes | None]
    email_digest: Mapped[bytes | None] = mapped_column(index=True)
    phone_sealed: Mapped[bytes | None]
    phone_digest: Mapped[bytes | None] = mapped_column(index=True)
    email = SealedText(digest=digest_email)
    phone = SealedText(digest=digest_phone)
    """E.164."""
    archived_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Since when nothing says who it was; such a row is archived for good."""


class Post(Versioned, Timestamped, Base):
    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("quota >= 1 and filled between 0 and quota", name="filled_within_quota"),
        CheckConstraint("priority between 1 and 9", name="priority_in_range"),
        UniqueConstraint("province_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), index=True)
    code: Mapped[str]
    field_code: Mapped[str] = mapped_column(ForeignKey("fields.code"), index=True)
    title: Mapped[str]
    quota: Mapped[int] = mapped_column(default=1, server_default="1")
    filled: Mapped[int] = mapped_column(default=0, server_default="0")
    """By people of the unit's own: who is seconded there is counted beside them."""
    priority: Mapped[int] = mapped_column(default=1, server_default="1")
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    archived_at: Mapped[datetime | None]


explain_constraint(
    "uq_units_province_code_code",
    code="unit.code_taken",
    vi="Mã đơn vị này đã có trong tỉnh.",
    en="A unit with this code exists in the province already.",
)
explain_constraint(
    "uq_staff_province_code_code",
    code="staff.code_taken",
    vi="Mã cán bộ này đã có trong tỉnh.",
    en="Somebody with this code is on the province's staff already.",
)
explain_constraint(
    "uq_posts_province_code_code",
    code="post.code_taken",
    vi="Mã vị trí này đã có trong tỉnh.",
    en="A post with this code exists in the province already.",
)
explain_constraint(
    "ck_posts_filled_within_quota",
    code="post.filled_within_quota",
    vi="Số người đang giữ vị trí phải từ 0 đến định mức.",
    en="As many people as the quota, at most, can hold a post.",
)
