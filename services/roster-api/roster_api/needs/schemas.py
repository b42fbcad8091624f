"""Shapes of needs."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.needs.models import NeedState
from roster_api.paging import Page
from roster_api.shapes import Body, CommuneCodeField
from roster_api.text import Code, ParagraphsWithoutLinks

NeedPeople = Annotated[int, Field(ge=1, le=1000)]
PresencePeople = Annotated[int, Field(ge=0, le=1000)]
MAXIMUM_BULK = 500


class NeedItemWrite(Body):
    duty_code: Code = Field(examples=["digitise"])
    people: NeedPeople = Field(examples=[2])
    days_per_week: Annotated[int, Field(ge=1, le=5)] = Field(examples=[3])


class NeedWrite(Body):
    """What one commune needs; replaces what it declared before. No items: it needs nobody."""

    lacks_it_staff: bool = Field(description="No IT civil servant of its own: served first (priority 3)")
    presence: Annotated[list[PresencePeople], Field(min_length=5, max_length=5)] = Field(
        default=[0, 0, 0, 0, 0], description="People wanted there on each weekday, Monday first"
    )
    min_people: PresencePeople | None = Field(
        None, description="Heads that must be there, whatever they do; left out: as the campaign's policy has it"
    )
    note: ParagraphsWithoutLinks = ""
    items: Annotated[list[NeedItemWrite], Field(max_length=50)]

    @model_validator(mode="after")
    def _each_duty_once(self) -> Self:
        duties = [item.duty_code for item in self.items]
        if len(set(duties)) != len(duties):
            raise ValueError("Mỗi nhiệm vụ chỉ được ghi một lần. | Each duty may be named only once.")
        return self


class CommuneNeedWrite(NeedWrite):
    commune_code: CommuneCodeField


class NeedsWrite(Body):
    """Needs of many communes at once, all or none; communes that are not named keep theirs."""

    items: Annotated[list[CommuneNeedWrite], Field(min_length=1, max_length=MAXIMUM_BULK)]

    @model_validator(mode="after")
    def _each_commune_once(self) -> Self:
        codes = [item.commune_code for item in self.items]
        if len(set(codes)) != len(codes):
            raise ValueError("Mỗi xã chỉ được ghi một lần. | Each commune may be named only once.")
        return self


class NeedItemRead(BaseModel):
    duty_code: str
    people: int
    days_per_week: int


class NeedRead(BaseModel):
    """`state`: draft (no run uses it), submitted (to be reviewed), accepted.

    `reviewed_by`, `review_reason`: who in Home Affairs accepted, changed or declared it, and why it was changed.
    """

    campaign_id: UUID
    commune_code: str
    commune_name: str = Field(description="With its kind: 'Xã Tây Khánh Vĩnh'")
    lacks_it_staff: bool
    priority: int = Field(description="3 without IT staff, else 1: the weight of a person-day that is not served")
    presence: list[int]
    min_people: int | None = Field(description="Heads asked for; null: as the campaign's policy has it")
    note: str
    items: list[NeedItemRead]
    need_days: dict[str, int] = Field(description="Person-days a week by field: people x days a week")
    declared_by: str
    state: NeedState
    reviewed_by: str | None
    reviewed_by_id: UUID | None
    reviewed_at: datetime | None
    review_reason: str | None
    declared_by_id: UUID | None
    updated_at: datetime
    row_version: int


class NeedTotals(BaseModel):
    """Over what was sent of the whole list, not this page; drafts count nowhere."""

    communes: int
    communes_lacking_it_staff: int
    people: int
    person_days: int
    person_days_by_field: dict[str, int]


class NeedPage(Page[NeedRead]):
    totals: NeedTotals


class NeedsAnswer(BaseModel):
    """What a bulk declaration did."""

    created: int
    updated: int
    same: int
