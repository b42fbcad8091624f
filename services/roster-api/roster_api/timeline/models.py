"""Tables of a campaign's steps, of their reminders, and of the starting points that schools and communes agree."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.sealed_columns import SealedText
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.errors import explain_constraint


class StepName(StrEnum):
    """In the order of a campaign."""

    LISTS = "lists"  # every school has sent its people
    NEEDS = "needs"  # every commune's need is accepted
    RUN = "run"  # a matching run came to a plan
    APPROVAL = "approval"
    LAUNCH = "launch"  # a Monday
    REVIEW = "review"  # the results are summed up, and the campaign is closed


class Side(StrEnum):
    """Whose word it is."""

    SCHOOL = "school"
    COMMUNE = "commune"


class Act(StrEnum):
    PROPOSED = "proposed"
    CHANGED = "changed"  # another proposal in the place of one that stood
    AGREED = "agreed"


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(each.value) for each in values)})"


class CampaignStep(Base):
    """When a step is due. When it was done is read from what was done, save for the launch."""

    __tablename__ = "campaign_steps"
    __table_args__ = (sa.CheckConstraint(_one_of("step", StepName), name="step_known"),)

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    """Of the launch alone."""
    done_by: Mapped[str | None]
    done_by_id: Mapped[UUID | None]
    reminded_of: Mapped[date | None]
    """The due date that was spoken of; moved, the step may be reminded of again."""


class StepReminder(Base):
    """A step was overdue, and these were reminded: the source of those notices. Rows are only added."""

    __tablename__ = "step_reminders"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "step", "due_on", name="uq_step_reminders_once"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    step: Mapped[str]
    due_on: Mapped[date]
    recipients: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """{kind, id} of each; none where nobody holds the role in the province."""
    reminded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class StartingPointStep(Base):
    """What a school and a commune proposed or agreed, a row each time; the newest proposal is what stands."""

    __tablename__ = "starting_point_steps"
    __table_args__ = (
        sa.UniqueConstraint(
            "campaign_id", "commune_code", "school_id", "number", name="uq_starting_point_steps_number"
        ),
        sa.CheckConstraint(_one_of("act", Act), name="act_known"),
        sa.CheckConstraint(_one_of("side", Side), name="side_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    number: Mapped[int]
    act: Mapped[str]
    side: Mapped[str]
    """On whose word."""
    first_visit_on: Mapped[date]
    duties: Mapped[list[str]] = mapped_column(JSONB)
    """Codes of the duties to begin with."""
    commune_contact_sealed: Mapped[bytes | None]
    school_contact_sealed: Mapped[bytes | None]
    commune_contact = SealedText()
    school_contact = SealedText()
    """Names of whom to ask for; how to reach them stands with the commune and the school."""
    words: Mapped[str]
    made_by: Mapped[str]
    made_by_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


explain_constraint(
    "uq_starting_point_steps_number",
    code="starting_point.moved",
    vi="Điểm khởi đầu vừa được người khác sửa. Hãy xem lại.",
    en="Somebody changed the starting point just now. Read it again.",
)
