"""Tables roster_uploads (the file, kept as it was sent, and what became of it) and roster_upload_rows (its preview)."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from commune_service.sealed_types import SealedBytesType, SealedJsonType
from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Versioned
from roster_api.work.claiming import Claimed


class UploadStatus(StrEnum):
    UPLOADED = "uploaded"  # kept; a reader will take it
    READING = "reading"
    IN_REVIEW = "in_review"  # the preview is there, with or without errors
    COMMITTING = "committing"  # a reader writes it to the roster
    COMMITTED = "committed"
    UNDONE = "undone"
    CANCELLED = "cancelled"
    FAILED = "failed"  # it could not be read, or not be written: `refusal` says why


class Stage(StrEnum):
    """How far a reader is."""

    OPENING = "opening"
    ROWS = "rows"
    COMPARING = "comparing"
    KEEPING = "keeping"
    WRITING = "writing"


class RowStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MISSING = "missing"  # on the roster, not in the file
    ERROR = "error"
    LEFT_OUT = "left_out"  # by the school's decision
    CONFLICT = "conflict"  # somebody else changed the person since the list was read: not written


def _sealed(place: str, empty: Callable[[], Any]) -> Any:
    """People's data; what is empty is NULL."""
    return mapped_column(SealedJsonType(place, empty=empty), default=empty, nullable=True)


PERSON = SealedJsonType("roster_upload_rows.person")
_STATUSES = ", ".join(f"'{status.value}'" for status in UploadStatus)
_ROW_STATUSES = ", ".join(f"'{status.value}'" for status in RowStatus)


class RosterUpload(Versioned, Claimed, Base):
    __tablename__ = "roster_uploads"
    __table_args__ = (
        CheckConstraint(f"status in ({_STATUSES})", name="status_known"),
        Index(None, "school_id", "created_at"),
        Index(
            "ix_roster_uploads_waiting", "created_at",
            postgresql_where=text("status in ('uploaded', 'reading', 'committing')"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    uploaded_by: Mapped[UUID | None]
    """The API key or account that sent it."""
    file_name: Mapped[str]
    format: Mapped[str | None]
    """None until it was opened."""
    content: Mapped[bytes] = mapped_column(SealedBytesType("roster_uploads.content"), deferred=True, nullable=True)
    content_sha256: Mapped[str]
    size_bytes: Mapped[int]
    status: Mapped[str]
    stage: Mapped[str | None]
    rows_read: Mapped[int | None]
    rows_total: Mapped[int | None]
    """Rows of the file, the empty ones too; while committing, people to be written."""
    refusal: Mapped[dict[str, Any] | None] = mapped_column(SealedJsonType("roster_uploads.refusal"))
    """{code, vi, en, errors}: why it failed."""
    counts: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    errors: Mapped[list[dict[str, Any]]] = _sealed("roster_uploads.errors", list)
    """The first of them; all stand in the rows."""
    repairs: Mapped[list[dict[str, Any]]] = _sealed("roster_uploads.repairs", list)
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    header_rows: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    """{sheet: header row}."""
    include_hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    mapping: Mapped[list[dict[str, Any]]] = _sealed("roster_uploads.mapping", list)
    """What each table's columns were taken for; samples are personal data, and answered as the rows are."""
    choices: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJsonType("roster_uploads.choices"))
    """What was chosen about the columns, by sheet: proposed for the school's next list once this one is committed."""
    doubts: Mapped[list[dict[str, Any]]] = _sealed("roster_uploads.doubts", list)
    """The first rows of which it is not sure who they are, each beside whom it may be."""
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """{sheet, row, is, volunteer_id}: what the school said of them."""
    mapping_asked: Mapped[dict[str, Any] | None] = mapped_column(SealedJsonType("roster_uploads.mapping_asked"))
    """How somebody wants it read; None: as the reader finds it, or as was chosen for the school's last list."""
    commit_asked: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    asked_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Who asked for the commit, as the audit names them."""
    read_at: Mapped[datetime | None]
    """The roster was compared as it was then."""
    roster_left: Mapped[str | None]
    """Fingerprint of the roster right after the commit: as long as it holds, the commit can be undone."""
    undo: Mapped[dict[str, Any] | None] = mapped_column(SealedJsonType("roster_uploads.undo"), deferred=True)
    """{created: [id], before: {id: {column: value}}}."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    """Since when neither the file nor its rows are kept: only what the list came to."""


class RosterUploadRow(Base):
    __tablename__ = "roster_upload_rows"
    __table_args__ = (CheckConstraint(f"status in ({_ROW_STATUSES})", name="status_known"),)

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("roster_uploads.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str | None]
    row_number: Mapped[int | None]
    status: Mapped[str]
    shown_name: Mapped[str]
    volunteer_id: Mapped[UUID | None]
    """Whom the row was recognised as; no foreign key, for an undone commit takes its people along."""
    seen_version: Mapped[int | None]
    """Of that person, when the list was read."""
    person: Mapped[dict[str, Any] | None] = mapped_column(PERSON)
    changes: Mapped[dict[str, Any]] = _sealed("roster_upload_rows.changes", dict)
    """{column: [before, after]}."""
    findings: Mapped[list[dict[str, Any]]] = _sealed("roster_upload_rows.findings", list)
    """NULL where there are none."""
