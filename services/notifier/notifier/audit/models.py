"""Tables audit_entries and audit_blocks: the service may add rows to them and read them, and nothing else."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifier.database import Base


class AuditEntry(Base):
    """One request that changed something, was refused a right, or read many people's messages."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("action in ('change', 'refusal', 'read')", name="action_known"),
        Index("ix_audit_entries_subjects", "subjects", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    action: Mapped[str]
    method: Mapped[str]
    route: Mapped[str]
    """As declared."""
    actor_role: Mapped[str]
    """'reader', 'office' or 'admin': which of the keys it was; `acting_for` in `details`: for whom."""
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    """Ids of the messages and people that the entry tells of."""
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    address: Mapped[str | None]


class AuditBlock(Base):
    """A sealed stretch of entries, chained to the block before by its hash."""

    __tablename__ = "audit_blocks"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger()))
    entry_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    previous_sha256: Mapped[str]
    sha256: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
