"""Shapes of the public answer: nothing in them is about one person."""

from datetime import date, datetime

from pydantic import BaseModel


class PublicSchool(BaseModel):
    code: str
    name: str
    communes: int
    """That it leads."""


class PublicCommune(BaseModel):
    """`lead`, `supports`: schools by code. `people` come, for `person_days` a week; `unmet_days` a week are lacking."""

    code: str
    name: str
    lead: str | None
    supports: list[str]
    people: int
    person_days: int
    unmet_days: int


class PublicPlan(BaseModel):
    """The plan in force of the province's newest campaign that has one."""

    province_code: str
    province_name: str
    campaign_name: str
    starts_on: date
    ends_on: date
    version: int
    published_at: datetime
    schools: list[PublicSchool]
    communes: list[PublicCommune]
