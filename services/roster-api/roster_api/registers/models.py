"""Table register_uploads: a register as it was sent, its preview, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from commune_service.sealed_types import SealedBytesType, SealedJsonType
from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import roster_api.campaigns.models
import roster_api.provinces.models  # noqa: F401 - a foreign key names its table
from roster_api.database import Base, Versioned
from roster_api.registers.declarations import DECLARATIONS, Register, columns_of_duties
from roster_api.rosters.models import UploadStatus
from roster_api.rosters.reading.declared_cells import DeclaredColumn
from roster_api.rosters.readings import chosen_of
from roster_api.work.claiming import Claimed


def _sealed(place: str) -> Any:
    return mapped_column(SealedJsonType(place, empty=list), default=list, nullable=True)


_STATUSES = ", ".join(f"'{status.value}'" for status in UploadStatus)


class RegisterUpload(Versioned, Claimed, Base):
    __tablename__ = "register_uploads"
    __table_args__ = (
        CheckConstraint("register_name in ('units', 'staff', 'posts', 'needs')", name="register_known"),
        CheckConstraint("(register_name = 'needs') = (campaign_id is not null)", name="campaign_of_needs"),
        CheckConstraint(f"status in ({_STATUSES})", name="status_known"),
        Index(None, "province_code", "created_at"),
        Index(
            "ix_register_uploads_waiting", "created_at", postgresql_where=text("status in ('uploaded', 'reading')")
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    register_name: Mapped[str]
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaigns.id"))
    """Whose needs they are; None for the registers of the province."""
    duties: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """{code, name_vi, name_en} of the catalogue when needs were sent: each may be a column."""
    uploaded_by: Mapped[str]
    uploaded_by_id: Mapped[UUID | None]
    file_name: Mapped[str]
    format: Mapped[str | None]
    """None until it was opened."""
    content: Mapped[bytes | None] = mapped_column(SealedBytesType("register_uploads.content"), deferred=True)
    include_hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[str]
    refusal: Mapped[dict[str, Any] | None] = mapped_column(SealedJsonType("register_uploads.refusal"))
    """{code, vi, en, errors}: why it could not be read."""
    counts: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """Rows by status; `conflict` once committed: changed by somebody else meanwhile, and not written."""
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    header_rows: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    mapping: Mapped[list[dict[str, Any]]] = _sealed("register_uploads.mapping")
    """What each sheet's columns were taken for, those of sheets left out too."""
    mapping_asked: Mapped[dict[str, Any] | None] = mapped_column(SealedJsonType("register_uploads.mapping_asked"))
    """How somebody wants it read; None: as found, or as was chosen for the last of these registers."""
    choices: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJsonType("register_uploads.choices"))
    """What was chosen about the columns: proposed for the next of these registers once this one is committed."""
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJsonType("register_uploads.rows"), deferred=True)
    """The preview: {sheet, row, status, code, values, changes, seen_version, findings}."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undo: Mapped[dict[str, Any] | None] = mapped_column(SealedJsonType("register_uploads.undo"), deferred=True)
    """{left: {id: row_version}, created: [id], before: {id: {column: value}}}."""
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]

    @property
    def columns(self) -> tuple[DeclaredColumn, ...]:
        return (*DECLARATIONS[Register(self.register_name)].columns, *columns_of_duties(self.duties))

    @property
    def chosen(self) -> dict[str, Any]:
        return chosen_of(self)
