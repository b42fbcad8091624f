"""Shapes of the review. `rows` is where the rows behind a number are listed, for whoever may read them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from roster_api.evaluations.models import Rated


class Figure(BaseModel):
    key: str
    vi: str
    en: str
    value: int | None = Field(description="Null where there is nothing to take the average of")
    rows: str


class PlaceRow(BaseModel):
    """Of a commune or school. `people_came`: of a commune who was there; of a school who of its own was.

    Days that commune and school see differently are `days_disputed`, and neither served nor absent.
    """

    code: str
    name: str
    people_planned: int
    people_came: int
    days_planned: int
    days_served: int
    days_absent: int
    days_unconfirmed: int
    days_disputed: int
    rows: str


class SchoolRow(PlaceRow):
    allowance_vnd: int


class DutyRow(BaseModel):
    """A duty as one commune counted it in one week."""

    duty_code: str
    duty_name_vi: str
    duty_name_en: str
    commune_code: str
    commune_name: str
    week_on: date
    number: int
    rows: str


class EvaluationRow(BaseModel):
    """Of all communes, schools or people rated, one criterion; `mean` and `counts` null of fewer than three."""

    rated: Rated
    criterion: str
    vi: str
    evaluations: int
    mean: float | None
    counts: list[int] | None
    rows: str


class LackRow(BaseModel):
    """Need that the plan in force leaves: what the next wave is asked for, in person-days a week."""

    commune_code: str
    commune_name: str
    field_code: str
    field_name_vi: str
    field_name_en: str
    unmet_days: int
    rows: str


class Review(BaseModel):
    """`text_vi`: a draft with the numbers filled in, for a person to edit."""

    campaign_id: UUID
    campaign_name: str
    province_name: str
    starts_on: date
    ends_on: date
    as_of: date
    figures: list[Figure]
    communes: list[PlaceRow]
    schools: list[SchoolRow]
    duties: list[DutyRow]
    lacks: list[LackRow]
    evaluation: list[EvaluationRow]
    text_vi: list[str]

    def value(self, key: str) -> int:
        """0 of an average of nothing."""
        return next(figure.value for figure in self.figures if figure.key == key) or 0
