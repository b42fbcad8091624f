"""Table volunteers: the people on the schools' rosters."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from commune_service.sealed_columns import SealedText
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.contacts import digest_email, digest_phone
from roster_api.database import Base, BytewiseText, Timestamped, Versioned
from roster_api.errors import explain_constraint

MAX_DISTANCE_M_DEFAULT = 100_000_000


class VolunteerStatus(StrEnum):
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"  # cannot serve any more; stays known
    ARCHIVED = "archived"  # off the roster


class Transport(StrEnum):
    """How a person gets about."""

    MOTORBIKE = "motorbike"
    CAR = "car"
    BUS = "bus"
    NONE = "none"  # has to be brought


class Volunteer(Versioned, Timestamped, Base):
    __tablename__ = "volunteers"
    __table_args__ = (
        CheckConstraint("role in ('lecturer', 'teacher', 'student', 'official')", name="role_known"),
        CheckConstraint("status in ('active', 'withdrawn', 'archived')", name="status_known"),
        CheckConstraint("max_days between 0 and 5", name="max_days_in_range"),
        CheckConstraint("max_distance_m >= 0", name="max_distance_positive"),
        CheckConstraint("transport in ('motorbike', 'car', 'bus', 'none')", name="transport_known"),
        CheckConstraint("preferred_channel in ('email', 'sms')", name="preferred_channel_known"),
        CheckConstraint("preferred_language in ('vi', 'en')", name="preferred_language_known"),
        Index(None, "school_id", "sort_key", "id"),
        Index("ix_volunteers_external_ref", "external_ref"),
        Index(
            "ix_volunteers_search_key_part", "search_key",
            postgresql_using="gin", postgresql_ops={"search_key": "gin_trgm_ops"},
        ),
        Index(
            "uq_volunteers_school_id_external_ref",
            "school_id",
            "external_ref",
            unique=True,
            postgresql_where=text("external_ref is not null"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    external_ref: Mapped[str | None]
    """Staff or student code, as the school writes it."""
    full_name: Mapped[str]
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    """By given name, then family name (text.name_sort_key)."""
    role: Mapped[str]
    email_sealed: Mapped[bytes | None]
    email_digest: Mapped[bytes | None] = mapped_column(index=True)
    phone_sealed: Mapped[bytes | None]
    phone_digest: Mapped[bytes | None] = mapped_column(index=True)
    email = SealedText(digest=digest_email)
    phone = SealedText(digest=digest_phone)
    """E.164."""
    skills: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Level 1-3 by field code."""
    free_weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default=text("'{}'"))
    """0 = Monday ... 4 = Friday."""
    max_days: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    max_distance_m: Mapped[int] = mapped_column(server_default=str(MAX_DISTANCE_M_DEFAULT))
    team: Mapped[str | None]
    absences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """Dated ones: {starts_on, ends_on, kind, note}, by day."""
    home_commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    transport: Mapped[str | None]
    preferred_channel: Mapped[str | None]
    """By which one they wish to be written to; None: by each that a notice goes by."""
    preferred_language: Mapped[str | None]
    """In which one they read messages; None: Vietnamese, with a word of English beside."""
    own_words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """{column: {by, at}} of what the person said of themselves (`own_words.py`): no list writes over it."""
    status: Mapped[str] = mapped_column(default=VolunteerStatus.ACTIVE.value, server_default="active")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_by_id: Mapped[UUID | None]
    withdrawal_reason_sealed: Mapped[bytes | None]
    withdrawal_reason = SealedText()
    erased_at: Mapped[datetime | None]
    """Since when nothing but the id, the school and the role is kept of them."""

    @property
    def withdrawal(self) -> dict[str, Any] | None:
        """Who said that they serve no more, when and why; None for who serves, and where nobody wrote it down."""
        if self.status != VolunteerStatus.WITHDRAWN.value or self.withdrawn_at is None:
            return None
        return {"at": self.withdrawn_at, "by": self.withdrawn_by, "reason": self.withdrawal_reason}

    @hybrid_property
    def is_incomplete(self) -> bool:
        """No free weekday is known: listed by name and contact alone, never matched."""
        return not self.free_weekdays

    @is_incomplete.inplace.expression
    @classmethod
    def _is_incomplete(cls) -> ColumnElement[bool]:
        return func.cardinality(cls.free_weekdays) == 0


explain_constraint(
    "uq_volunteers_school_id_external_ref",
    code="volunteer.external_ref_taken",
    vi="Mã cán bộ hoặc mã sinh viên này đã có trong danh sách của trường.",
    en="This staff or student code is on the school's roster already.",
)
