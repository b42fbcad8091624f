"""Table of evaluations: the newest word of each rater about each that is rated."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Versioned


class Rater(StrEnum):
    COMMUNE = "commune"
    SCHOOL = "school"
    PERSON = "person"


class Rated(StrEnum):
    PERSON = "person"
    SCHOOL = "school"
    COMMUNE = "commune"


CRITERIA: dict[Rated, tuple[str, ...]] = {
    Rated.PERSON: ("help", "attitude", "skill"),
    Rated.SCHOOL: ("help", "attitude", "skill"),
    Rated.COMMUNE: ("readiness",),
}
LOWEST, HIGHEST = 1, 5


class Evaluation(Versioned, Base):
    """`words` are read by who is rated only after Home Affairs released them; an evaluation changed is held again."""

    __tablename__ = "evaluations"
    __table_args__ = (
        sa.Index(
            "uq_evaluations_of_each",
            "campaign_id",
            "rater",
            "rater_id",
            "rated",
            "rated_id",
            unique=True,
        ),
        sa.Index("ix_evaluations_volunteer", "volunteer_id"),
        sa.CheckConstraint("rater IN ('commune', 'school', 'person')", name="rater_known"),
        sa.CheckConstraint("rated IN ('person', 'school', 'commune')", name="rated_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    rater: Mapped[str]
    rater_id: Mapped[str]
    """A commune's code, a school's id, a volunteer's id."""
    rated: Mapped[str]
    rated_id: Mapped[str]
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    volunteer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("volunteers.id"))
    """Who is rated, or rates."""
    marks: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By criterion, 1 to 5."""
    words: Mapped[str]
    rated_by: Mapped[str | None]
    """None: a person, by their own link."""
    rated_by_id: Mapped[UUID | None]
    rated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]
    released_by_id: Mapped[UUID | None]
