"""Table register_uploads: a register as it was sent, its preview, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from commune_service.sealed_types import SealedBytesType, SealedJsonType
from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Versioned


class RegisterStatus(StrEnum):
    IN_REVIEW = "in_review"
    COMMITTED = "committed"
    CANCELLED = "cancelled"


class RegisterUpload(Versioned, Base):
    __tablename__ = "register_uploads"
    __table_args__ = (
        CheckConstraint("register_name in ('units', 'staff', 'posts')", name="register_known"),
        CheckConstraint("status in ('in_review', 'committed', 'cancelled')", name="status_known"),
        Index(None, "province_code", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    register_name: Mapped[str]
    uploaded_by: Mapped[str]
    uploaded_by_id: Mapped[UUID | None]
    file_name: Mapped[str]
    format: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(SealedBytesType("register_uploads.content"), deferred=True)
    status: Mapped[str]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    """Rows by status; `conflict` once committed: changed by somebody else meanwhile, and not written."""
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    header_rows: Mapped[dict[str, int]] = mapped_column(JSONB)
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJsonType("register_uploads.rows"), deferred=True)
    """The preview: {sheet, row, status, code, values, changes, seen_version, findings}."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    committed_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
