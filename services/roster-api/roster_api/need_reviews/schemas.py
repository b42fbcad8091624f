"""Shapes of reviewing needs, of the silent, and of totals against what schools offer."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.needs.models import NeedState
from roster_api.needs.schemas import NeedWrite
from roster_api.shapes import Body, CommuneCodeField
from roster_api.text import LineWithoutLinks

MOST_COMMUNES = 500


class ReviewRequest(Body):
    """accept: as submitted. change: `need` holds in its place, and `reason` says why; the commune reads it."""

    decision: Literal["accept", "change"]
    reason: Annotated[LineWithoutLinks, Field(max_length=500)] = ""
    need: NeedWrite | None = None

    @model_validator(mode="after")
    def _a_change_has_a_need_and_a_reason(self) -> Self:
        if (self.decision == "change") != (self.need is not None):
            raise ValueError("change: cần need, và chỉ khi đó. | change: needs need, and only then.")
        if self.decision == "change" and len(self.reason) < 3:
            raise ValueError("Thay đổi phải có lý do. | A change needs a reason.")
        return self


class ReminderRequest(Body):
    """Left out: every silent commune of the campaign's province."""

    commune_codes: Annotated[list[CommuneCodeField], Field(min_length=1, max_length=MOST_COMMUNES)] | None = None


class SilentCommune(BaseModel):
    """A commune in use that has submitted no need. `is_draft`: it has begun one."""

    commune_code: str
    commune_name: str
    is_draft: bool
    is_reachable: bool
    """Whether a reminder reaches anybody."""
    last_reminded_at: datetime | None


class ReminderOut(BaseModel):
    """`reminded`: told now. `already`: told within the last day. `without_email`: reminders reach nobody there."""

    id: UUID
    reminded: list[str]
    already: list[str]
    without_email: list[str]


class FieldTotal(BaseModel):
    """What communes ask for in a field against what schools offer.

    Who knows several fields is offered in each: `people_offered` and `days_offered` do not add up over fields."""

    field_code: str
    name_vi: str
    communes: int
    people: int
    days: int
    people_offered: int
    days_offered: int
    days_short: int


class NeedTotalsOut(BaseModel):
    """At this moment: of what is submitted or accepted; drafts and the silent are counted beside."""

    communes: int
    communes_lacking_it_staff: int
    communes_by_state: dict[NeedState, int]
    communes_silent: int
    days: int
    people_offered: int
    days_offered: int
    fields: list[FieldTotal]


class NeedVersionOut(BaseModel):
    """A commune's need at some time; `content` as it is declared."""

    commune_code: str
    version: int
    state: NeedState
    content: dict[str, Any]
    reason: str | None
    changed_by: str
    changed_by_id: UUID | None
    changed_at: datetime


class RunNeed(BaseModel):
    """Which version of a commune's need a run used, and whether it has changed since."""

    commune_code: str
    commune_name: str
    version: int
    version_now: int | None
    is_current: bool
    content: dict[str, Any] | None
    """None of a version from before needs were kept."""
