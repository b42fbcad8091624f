"""Table data_requests: what a person asked about their data, by when it is to be answered, what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.sealed_columns import SealedJson
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Versioned


class RequestKind(StrEnum):
    ACCESS = "access"  # everything that is kept about me
    CORRECTION = "correction"
    ERASURE = "erasure"


class SubjectKind(StrEnum):
    """Whose data: `subject_id` is a school's, unit's, account's or a member of the staff's id, or a commune's code."""

    VOLUNTEER = "volunteer"
    SCHOOL_CONTACT = "school_contact"
    COMMUNE_CONTACT = "commune_contact"
    UNIT_CONTACT = "unit_contact"
    STAFF = "staff"
    ACCOUNT = "account"


class RequestState(StrEnum):
    OPEN = "open"
    ERASING = "erasing"  # done here; the notifier has yet to say that it is done there
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the person


class NewsKind(StrEnum):
    """What is written to somebody about a request; each once."""

    RECEIVED = "received"  # to the person
    DUE = "due"  # to Home Affairs, a day before the time is over
    LATE = "late"  # to Home Affairs
    ANSWERED = "answered"  # to the person: done, or refused with words


class RequestChannel(StrEnum):
    PAGE = "page"  # the person, by their own link
    PAPER = "paper"
    SPOKEN = "spoken"
    EMAIL = "email"


class DataRequest(Versioned, Base):
    """One open request of a kind a person. It stays when the person's data goes: under their id, without a contact."""

    __tablename__ = "data_requests"
    __table_args__ = (
        sa.CheckConstraint("kind in ('access', 'correction', 'erasure')", name="kind_known"),
        sa.CheckConstraint("state in ('open', 'erasing', 'done', 'refused', 'withdrawn')", name="state_known"),
        sa.CheckConstraint("channel in ('page', 'paper', 'spoken', 'email')", name="channel_known"),
        sa.CheckConstraint(
            "subject_kind in ('volunteer', 'school_contact', 'commune_contact', 'unit_contact', 'staff', 'account')",
            name="subject_known",
        ),
        sa.CheckConstraint(
            "(subject_kind = 'volunteer') = (volunteer_id is not null) and (volunteer_id is null) = "
            "(subject_id is not null)",
            name="one_subject",
        ),
        sa.Index(
            "uq_data_requests_open", "volunteer_id", "kind", unique=True,
            postgresql_where=sa.text("state in ('open', 'erasing')"),
        ),
        sa.Index(
            "uq_data_requests_open_subject", "subject_kind", "subject_id", "kind", unique=True,
            postgresql_where=sa.text("state in ('open', 'erasing') and subject_id is not null"),
        ),
        sa.Index("ix_data_requests_due", "due_at", postgresql_where=sa.text("state = 'open'")),
        sa.Index("ix_data_requests_person", "volunteer_id", "filed_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    volunteer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("volunteers.id"))
    subject_kind: Mapped[str] = mapped_column(default=SubjectKind.VOLUNTEER.value, server_default="volunteer")
    subject_id: Mapped[str | None]
    """Of everybody but volunteers."""
    province_code: Mapped[str | None] = mapped_column(sa.ForeignKey("provinces.code"))
    """Whose Home Affairs answers, of everybody but volunteers; None: the nation's."""
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=RequestState.OPEN.value, server_default="open")
    channel: Mapped[str]
    proof: Mapped[str | None]
    """How it is known that the person asked: a form's number, the link's id."""
    wanted_sealed: Mapped[bytes | None]
    wanted: SealedJson = SealedJson()
    """Of a correction: {full_name, email, phone, words}, of those that are to change; of an office contact's erasure
    what the notifier is to look for. Gone once it is decided, or erased everywhere."""
    filed_by: Mapped[str]
    filed_by_id: Mapped[UUID | None]
    filed_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    """Since when it is shown as due; and since when as late."""
    late_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it was refused, in words for the person."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Of an erasure: how many rows of what were emptied, {roster: {...}, notifier: {...}}."""
    outbox_id: Mapped[UUID | None]
    """Of the job that erases at the notifier."""


class DataRequestNews(Base):
    """What was to be written about a request, a row each; rows are only added. The source of those notices."""

    __tablename__ = "data_request_news"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "kind", name="uq_data_request_news_once"),
        sa.CheckConstraint("kind in ('received', 'due', 'late', 'answered')", name="kind_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_requests.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
