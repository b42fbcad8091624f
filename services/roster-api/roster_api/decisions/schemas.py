"""Shapes of decisions (pins, forbids) and of relations from before the campaign."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.decisions.models import DecisionKind
from roster_api.shapes import Answer, Body, CommuneCodeField, SearchKeyText
from roster_api.text import LineWithoutLinks

RESPONSIBILITY = {DecisionKind.RESPONSIBILITY_PIN, DecisionKind.RESPONSIBILITY_FORBID}


class DecisionFilter(BaseModel):
    """What a list of decisions may be narrowed by."""

    q: SearchKeyText = None
    kind: DecisionKind | None = None
    commune_code: CommuneCodeField | None = None
    school_id: UUID | None = None
    volunteer_id: UUID | None = None
    withdrawn: bool = Field(False, description="true: those that no longer hold")


class DecisionCreate(Body):
    """Names a school (responsibility_...) or a volunteer (placement_...), never both."""

    kind: DecisionKind
    commune_code: CommuneCodeField
    school_id: UUID | None = None
    volunteer_id: UUID | None = None
    reason: LineWithoutLinks = Field(min_length=1, examples=["Trường đã phục vụ xã này từ tháng 9"])

    @model_validator(mode="after")
    def _names_what_its_kind_asks(self) -> Self:
        wanted, other = (
            (self.school_id, self.volunteer_id) if self.kind in RESPONSIBILITY else (self.volunteer_id, self.school_id)
        )
        if wanted is None or other is not None:
            raise ValueError(
                "Quyết định về trường cần school_id, về người cần volunteer_id, và chỉ một trong hai."
                " | A responsibility names a school_id, a placement a volunteer_id, and never both."
            )
        return self


class UnkeptOut(BaseModel):
    """A run could not keep this pin: by which rule, in words."""

    run_id: UUID
    rule: str
    vi: str
    en: str


class DecisionRead(Answer):
    """`unkept`: the newest run's reason why it does not keep this pin; None = kept, or no run since.

    `weekdays`: of a pin of a person, the only ones on which they serve there. `edit_id`: the change of a draft by hand
    that made it.
    """

    id: UUID
    campaign_id: UUID
    kind: DecisionKind
    commune_code: str
    school_id: UUID | None
    volunteer_id: UUID | None
    weekdays: list[int] | None
    edit_id: UUID | None
    reason: str
    decided_by: str
    decided_by_id: UUID | None
    decided_at: datetime
    withdrawn_by: str | None
    withdrawn_by_id: UUID | None
    withdrawn_at: datetime | None
    unkept: UnkeptOut | None


class RelationCreate(Body):
    """A school that already serves a commune."""

    commune_code: CommuneCodeField
    school_id: UUID
    note: LineWithoutLinks = Field("", examples=["3 cán bộ, 1 buổi tập huấn, sau đó hỗ trợ định kỳ"])


class RelationRead(Answer):
    campaign_id: UUID
    commune_code: str
    school_id: UUID
    note: str
    recorded_by: str
    recorded_by_id: UUID | None
    recorded_at: datetime
