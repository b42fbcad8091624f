"""Table service_papers: what was issued, as it was issued; a code says whether it still holds."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class PaperKind(StrEnum):
    ACTIVITY_REPORT = "activity_report"  # the paper a student's university asks for
    CERTIFICATE = "certificate"


KINDS = ", ".join(f"'{kind}'" for kind in PaperKind)


class ServicePaper(Base):
    """`content` is never changed: what is not true any more is revoked, and issued anew under another code."""

    __tablename__ = "service_papers"
    __table_args__ = (
        sa.Index(
            "uq_service_papers_in_force",
            "campaign_id",
            "volunteer_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    kind: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    """12 letters and digits by chance, no two of them alike in print: nobody guesses one."""
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """ServiceContent."""
    issued_by: Mapped[str]
    issued_by_id: Mapped[UUID | None]
    issued_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    revoked_by: Mapped[str | None]
    revoked_by_id: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
