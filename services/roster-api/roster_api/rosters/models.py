"""Tables roster_uploads (the file, kept as it was sent, and what became of it) and roster_upload_rows (its preview)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class UploadStatus(StrEnum):
    READY = "ready"  # read without errors; may be committed
    HAS_ERRORS = "has_errors"  # to be mended and sent again
    COMMITTED = "committed"
    UNDONE = "undone"


class RowStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MISSING = "missing"  # on the roster, not in the file
    ERROR = "error"


class RosterUpload(Base):
    __tablename__ = "roster_uploads"
    __table_args__ = (
        CheckConstraint("status in ('ready', 'has_errors', 'committed', 'undone')", name="status_known"),
        Index(None, "school_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    uploaded_by: Mapped[UUID | None]
    """The API key or account that sent it."""
    file_name: Mapped[str]
    format: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_sha256: Mapped[str]
    size_bytes: Mapped[int]
    status: Mapped[str]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    header_rows: Mapped[dict[str, int]] = mapped_column(JSONB)
    """{sheet: header row}."""
    include_hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    mapping: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """What each table's columns were taken for; samples are personal data, and answered as the rows are."""
    choices: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    """What was chosen about the columns, by sheet: proposed for the school's next list once this one is committed."""
    roster_seen: Mapped[str]
    """Fingerprint of the school's roster that the preview was compared with."""
    roster_left: Mapped[str | None]
    """Fingerprint of the roster right after the commit: as long as it holds, the commit can be undone."""
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    """{created: [id], before: {id: {column: value}}}."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    """Since when neither the file nor its rows are kept: only what the list came to."""


class RosterUploadRow(Base):
    __tablename__ = "roster_upload_rows"
    __table_args__ = (CheckConstraint("status in ('new', 'changed', 'same', 'missing', 'error')", name="status_known"),)

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("roster_uploads.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str | None]
    row_number: Mapped[int | None]
    status: Mapped[str]
    shown_name: Mapped[str]
    volunteer_id: Mapped[UUID | None]
    """Whom the row was recognised as; no foreign key, for an undone commit takes its people along."""
    person: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """{column: [before, after]}."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
