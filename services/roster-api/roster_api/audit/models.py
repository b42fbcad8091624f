"""Tables audit_entries and audit_blocks: a service may add rows to them and read them, and nothing else."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class AuditAction(StrEnum):
    CHANGE = "change"
    REFUSAL = "refusal"
    READ = "read"


class AuditEntry(Base):
    """One request that changed something, was refused a right, or read personal data in bulk."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("action in ('change', 'refusal', 'read')", name="action_known"),
        Index("ix_audit_entries_subjects", "subjects", postgresql_using="gin"),
        Index("ix_audit_entries_actor", "actor_key_id", "id"),
        Index("ix_audit_entries_account", "actor_account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    action: Mapped[str]
    method: Mapped[str]
    route: Mapped[str]
    """As declared: a personal link's token is in no address kept here."""
    actor_key_id: Mapped[UUID | None]
    """No foreign key: what is written here outlives the key, and the account."""
    actor_account_id: Mapped[UUID | None]
    actor_role: Mapped[str]
    actor_label: Mapped[str | None]
    actor_province_code: Mapped[str | None]
    object_kind: Mapped[str]
    object_id: Mapped[str | None]
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    """Ids and codes of every row and person that the entry tells of."""
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    address: Mapped[str | None]


class AuditBlock(Base):
    """A sealed stretch of entries, chained to the block before by its hash."""

    __tablename__ = "audit_blocks"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger()))
    entry_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """32 bytes an entry, in the order of `entry_ids`."""
    previous_sha256: Mapped[str]
    sha256: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
