"""Shapes of the decision: its facts, as an office states them, and its content, as the published plan has it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from commune_schemas.matching import VolunteerRole
from pydantic import BaseModel, Field

from roster_api.person_names import PersonName
from roster_api.shapes import Body, Day
from roster_api.text import Line, Paragraphs

Words = Annotated[Line, Field(min_length=1)]
Lines = Annotated[list[Words], Field(min_length=1, max_length=4)]
Symbol = Annotated[str, Field(pattern=r"^[A-ZĐ]{1,6}(-[A-ZĐ]{1,12}){1,3}$", max_length=40, examples=["QĐ-UBND"])]
Article = Annotated[Paragraphs, Field(min_length=1)]


class DecisionFacts(Body):
    """What the plan does not know. `number` and `signed_on` may come later: until then their places stay open.

    `articles`: without 'Điều 1.'; a new line is a new paragraph. Left out: the usual ones, made from the plan.
    """

    parent: Words | None = None
    """The body above the issuer, 'UBND TỈNH KHÁNH HÒA'; None where a provincial committee issues."""
    issuer: Lines
    number: Annotated[int, Field(ge=1, le=999_999)] | None = None
    symbol: Symbol
    place: Words
    signed_on: Day | None = None
    decided_by: Words
    """As within a sentence: 'Chủ tịch Ủy ban nhân dân tỉnh Khánh Hòa'."""
    subject: Words
    legal_bases: Annotated[list[Words], Field(min_length=1, max_length=30)]
    articles: Annotated[list[Article], Field(min_length=1, max_length=30)] | None = None
    signing: Lines
    """'CHỦ TỊCH' of what the chairperson decides; 'TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH' of what the committee does."""
    signer_name: PersonName | None = None
    recipients: Annotated[list[Words], Field(min_length=1, max_length=60)]


class ListedCommune(BaseModel):
    commune_code: str
    commune_name: str
    lead: str
    supports: list[str]
    people: int


class ListedPerson(BaseModel):
    full_name: str
    role: VolunteerRole
    school_name: str
    commune_name: str
    weekdays: list[int]
    first_on: date | None
    last_on: date | None
    days: int
    duties: list[str]


class DecisionContent(BaseModel):
    """The published plan as its decision lists it. Communes by the alphabet, people by school and then given name."""

    province_name: str
    campaign_name: str
    starts_on: date
    ends_on: date
    start_time: str
    end_time: str
    plan_version: int
    plan_sha256: str
    published_at: datetime
    communes: list[ListedCommune]
    people: list[ListedPerson]


class DecisionOut(BaseModel):
    """`is_written`: somebody stated the facts; until then they are what is usual, to begin from."""

    plan_id: UUID
    is_written: bool
    facts: DecisionFacts
    communes: int
    schools: int
    people: int
    written_at: datetime | None
    written_by: str | None
    written_by_id: UUID | None
