"""Shapes of blockers and of the support log."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.blockers.models import BlockerState, Level, StepKind, Urgency
from roster_api.shapes import Answer, Body, Moment
from roster_api.text import Code, ParagraphsWithoutLinks

LONGEST_SUPPORT_HOURS = 24
Words = Annotated[ParagraphsWithoutLinks, Field(min_length=3, max_length=2000)]


class RaiseBlocker(Body):
    """An officer's own commune may be left out; a school names the commune it is stuck in."""

    commune_code: Code | None = None
    field_code: Code | None = None
    words: Words = Field(examples=["Máy chủ một cửa không đăng nhập được từ sáng nay"])
    urgency: Urgency = Urgency.NORMAL


class StepWords(Body):
    words: Words


class StepOut(Answer):
    """`made_by` is null where time did it. `level`: who has the blocker from this step on."""

    number: int
    kind: StepKind
    level: Level
    words: str
    due_at: datetime | None
    made_by: str | None
    made_at: datetime


class BlockerOut(BaseModel):
    """`level`, `level_since`: who has it now, and since when; `due_at`: when it goes one up, in working hours."""

    id: UUID
    commune_code: str
    commune_name: str
    school_name: str | None
    field_code: str | None
    words: str
    urgency: Urgency
    state: BlockerState
    level: Level
    level_since: datetime
    due_at: datetime | None
    raised_at: datetime
    raised_by: str
    solved_at: datetime | None
    solution: str | None
    closed_at: datetime | None
    times_reopened: int


class BlockerDetails(BlockerOut):
    """`held_by`: the names of who has it now, as notices go; of a closed one nobody."""

    held_by: list[str]
    steps: list[StepOut]


class LogSupport(Body):
    commune_code: Code
    blocker_id: UUID | None = None
    began_at: Moment
    ended_at: Moment
    words: Words

    @model_validator(mode="after")
    def _is_of_a_day(self) -> Self:
        hours = (self.ended_at - self.began_at).total_seconds() / 3600
        if not 0 < hours <= LONGEST_SUPPORT_HOURS:
            raise ValueError(
                "Giờ kết thúc phải sau giờ bắt đầu, tối đa 24 giờ. | It must end after it began, within 24 hours."
            )
        return self


class SupportOut(Answer):
    id: UUID
    commune_code: str
    blocker_id: UUID | None
    began_at: datetime
    ended_at: datetime
    minutes: int
    minutes_outside: int = Field(description="Outside the working hours of working days")
    words: str
    logged_by: str
