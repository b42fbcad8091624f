"""Shapes of allowances. Amounts are whole numbers of đồng."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from commune_schemas.matching import VolunteerRole
from pydantic import AfterValidator, BaseModel, Field, model_validator

from roster_api.allowances.computing import Component
from roster_api.allowances.models import StatementState
from roster_api.shapes import Answer, Body, Day, ProvinceCodeField
from roster_api.text import LineWithoutLinks

MOST_VND = 1_000_000_000
MOST_M = 2_000_000


def _is_first_of_month(day: date) -> date:
    if day.day != 1:
        raise ValueError("Tháng ghi bằng ngày đầu tháng, ví dụ 2026-11-01. | A month is its first day: 2026-11-01.")
    return day


Month = Annotated[Day, AfterValidator(_is_first_of_month)]
"""A month by its first day."""


class RateCreate(Body):
    """`role` left out: of every role without a rate of its own. A band (`from_m` <= distance < `to_m`) is of
    `distance_day`, and may bound the others; `min_days` of `travel_month`. An amount of 0 says: none is due."""

    province_code: ProvinceCodeField
    component: Component
    role: VolunteerRole | None = None
    from_m: Annotated[int, Field(ge=0, le=MOST_M)] = 0
    to_m: Annotated[int, Field(ge=1, le=MOST_M)] | None = None
    min_days: Annotated[int, Field(ge=1, le=31)] = 1
    amount_vnd: Annotated[int, Field(ge=0, le=MOST_VND)]
    valid_from: Day
    valid_until: Day | None = None
    legal_basis: Annotated[LineWithoutLinks, Field(min_length=3)]

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        if self.to_m is not None and self.to_m <= self.from_m:
            raise ValueError(
                "Khoảng cách trên (to_m) phải lớn hơn khoảng cách dưới (from_m). | to_m must be above from_m."
            )
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("Ngày cuối không được trước ngày đầu. | valid_until must not be before valid_from.")
        if self.min_days > 1 and self.component is not Component.TRAVEL_MONTH:
            raise ValueError(
                "Số ngày ít nhất chỉ dùng cho khoản đi lại theo tháng. | min_days is of travel_month only."
            )
        return self


class RateEnd(Body):
    """The last day on which the rate holds."""

    valid_until: Day


class RateRead(Answer):
    id: UUID
    province_code: str
    component: Component
    role: VolunteerRole | None
    from_m: int
    to_m: int | None
    min_days: int
    amount_vnd: int
    valid_from: date
    valid_until: date | None
    legal_basis: str
    set_by: str
    set_by_id: UUID | None
    set_at: datetime
    ended_by: str | None
    ended_by_id: UUID | None


class ComputeRequest(Body):
    month: Month


class LineOut(BaseModel):
    """`amount_vnd` = sign x unit_vnd x number of days; a month of travel is one 'day', the month's first."""

    component: Component
    rate_id: UUID
    legal_basis: str
    days: list[date]
    sign: int
    unit_vnd: int
    amount_vnd: int


class PaidPerson(BaseModel):
    volunteer_id: UUID
    full_name: str
    role: VolunteerRole
    service_days: int
    """Days of service in this statement, those taken back counted off."""
    total_vnd: int
    lines: list[LineOut]


class DayCount(BaseModel):
    """Of a person's planned days of the month: what is known of them."""

    planned: int = 0
    unconfirmed: int = 0
    school_word: int = 0
    disputed: int = 0
    absent: int = 0
    replaced: int = 0


class UnpaidPerson(DayCount):
    """Was to serve and has no confirmed day: nothing is paid, and why."""

    volunteer_id: UUID


class SchoolWord(BaseModel):
    """Days of a person that the school confirmed; the commune was silent, and nobody in the province confirmed them."""

    volunteer_id: UUID
    days: list[date]
    is_paid: bool = Field(description="By the province's policy; else until the commune or Home Affairs confirm")


class SchoolWordOut(SchoolWord):
    full_name: str


class UnpaidOut(UnpaidPerson):
    full_name: str
    vi: str
    en: str


class StatementOut(BaseModel):
    """`number` above 1: corrections of what was approved before, lines that take back among them."""

    id: UUID
    campaign_id: UUID
    school_id: UUID
    school_code: str
    school_name: str
    month: date
    number: int
    state: StatementState
    people: int
    service_days: int
    total_vnd: int
    unpaid: int
    computed_at: datetime
    computed_by: str
    computed_by_id: UUID | None
    checked_at: datetime | None
    checked_by: str | None
    checked_by_id: UUID | None
    approved_at: datetime | None
    approved_by: str | None
    approved_by_id: UUID | None
    paid_at: datetime | None
    paid_by: str | None
    paid_by_id: UUID | None
    row_version: int
    """The ETag's number."""


class StatementDetail(StatementOut):
    persons: list[PaidPerson]
    unpaid_persons: list[UnpaidOut]
    school_word_days: list[SchoolWordOut] = Field(description="Confirmed by the school; the commune was silent")


class SchoolSum(BaseModel):
    school_code: str
    school_name: str
    people: int
    service_days: int
    total_vnd: int
    by_state: dict[StatementState, int]


class AllowanceTotals(BaseModel):
    """Sums over statements; names nobody. `total_vnd` is the sum of the schools' and of `by_state`."""

    people: int
    service_days: int
    total_vnd: int
    by_state: dict[StatementState, int]
    schools: list[SchoolSum]
