"""Shapes of courses, attendance, gaps and the review of qualifications."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.shapes import Answer, Body, CommuneCodeField, Day, ProvinceCodeField
from roster_api.text import CODE_PATTERN, Code, LineWithoutLinks, Name, ParagraphsWithoutLinks
from roster_api.training.models import LearningKind, Mode, Result, SessionKind

FieldCode = Annotated[str, Field(min_length=1, max_length=64, pattern=CODE_PATTERN, examples=["digitise"])]
MOST_PEOPLE = 20_000


class SessionWrite(Body):
    held_on: Day
    kind: SessionKind = SessionKind.TRAINING
    volunteer_id: UUID | None = Field(None, description="Who gives it, of the school; a day of service there")


class CourseCreate(Body):
    province_code: ProvinceCodeField
    code: Code = Field(examples=["CDS-01"])
    topic: Name = Field(examples=["Chữ ký số"])
    field_code: FieldCode
    mode: Mode
    capacity: int | None = Field(None, ge=1, le=MOST_PEOPLE, description="null: no bound")
    trainer: LineWithoutLinks = ""
    school_id: UUID | None = None
    commune_code: CommuneCodeField | None = None
    sessions: Annotated[list[SessionWrite], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _is_of_a_school_in_a_commune_or_of_neither(self) -> Self:
        if (self.school_id is None) != (self.commune_code is None):
            raise ValueError("Ghi cả trường và xã, hoặc không ghi. | Name the school and the commune, or neither.")
        if self.school_id is None and any(each.volunteer_id for each in self.sessions):
            raise ValueError("Người dạy của trường chỉ ghi khi trường dạy tại xã. | Only of a school in a commune.")
        days = [each.held_on for each in self.sessions]
        if days != sorted(days) or self.sessions[0].kind is SessionKind.SUPPORT:
            raise ValueError("Buổi học theo thứ tự ngày, buổi đầu là tập huấn. | In order, the first one trains.")
        return self


class SessionOut(Answer):
    number: int
    held_on: date
    kind: SessionKind
    volunteer_id: UUID | None


class CourseOut(BaseModel):
    id: UUID
    province_code: str
    code: str
    topic: str
    field_code: str
    mode: Mode
    capacity: int | None
    trainer: str
    school_id: UUID | None
    commune_code: str | None
    sessions: list[SessionOut]
    nominated: int
    people: int = Field(description="Who attended a session at least")
    attendances: int = Field(description="Once a person and session")
    passed: int
    row_version: int


class Nominations(Body):
    """The whole list of a commune; who is left out is nominated no more. Home Affairs names the commune."""

    staff_ids: Annotated[list[UUID], Field(max_length=2000)]
    commune_code: CommuneCodeField | None = None


class NominationsOut(BaseModel):
    commune_code: str
    nominated: int
    left: int | None = Field(description="Places left in the course; null: no bound")


class Participant(BaseModel):
    staff_id: UUID
    code: str
    full_name: str
    unit_name: str
    is_nominated: bool
    sessions: list[int] = Field(description="Numbers of the sessions attended")
    result: Result | None
    certificate_code: str | None


class SheetAnswer(BaseModel):
    """What a sheet came to. `already`: attendances that were recorded before, and are counted once; `taken_back`: those
    that were, and of which the sheet says that the person was absent."""

    recorded: int
    already: int
    taken_back: int
    results: int


class CertificatesOut(BaseModel):
    issued: int


class LearningWrite(Body):
    kind: LearningKind
    field_code: FieldCode | None = None
    learnt_on: Day
    words: Annotated[ParagraphsWithoutLinks, Field(min_length=3, max_length=500)]


class LearningOut(Answer):
    kind: LearningKind
    field_code: str | None
    learnt_on: date
    words: str
    recorded_by: str


class CourseOfPerson(BaseModel):
    course_id: UUID
    topic: str
    field_code: str
    sessions: int
    result: Result | None
    certified_at: datetime | None


class Record(BaseModel):
    staff_id: UUID
    courses: list[CourseOfPerson]
    learning: list[LearningOut]


class TrainedCommune(BaseModel):
    commune_code: str | None = Field(description="null: people of provincial agencies")
    commune_name: str
    staff: int
    people: int
    attendances: int


class TrainingTotals(BaseModel):
    """A person at two courses is one of `people`, and two of the courses' sums."""

    province_code: str
    courses: int
    people: int
    attendances: int
    passed: int
    communes: list[TrainedCommune]


class Gap(BaseModel):
    """People of a commune by field: who knows it, who was trained in it, who lacks it."""

    commune_code: str
    commune_name: str
    field_code: str
    staff: int
    qualified: int
    trained: int
    nominated: int = Field(description="Of those who lack it, to a course of the field")
    lacking: int


class LackingPerson(BaseModel):
    staff_id: UUID
    code: str
    full_name: str
    unit_name: str
    is_nominated: bool


class Fit(StrEnum):
    FITS = "fits"
    WITH_TRAINING = "fits_with_training"
    DOES_NOT_FIT = "does_not_fit"
    NO_REQUIREMENT = "no_requirement"  # no post of that title in the unit


class ProposalKind(StrEnum):
    COURSE = "course"
    MOVE = "move"
    SECONDMENT = "secondment"


class FitProposal(BaseModel):
    """Data for whoever decides; nothing follows from it by itself."""

    kind: ProposalKind
    course_id: UUID | None = None
    post_id: UUID | None = None
    vi: str
    en: str


class FitOfPerson(BaseModel):
    staff_id: UUID
    code: str
    full_name: str
    unit_name: str
    position: str
    field_code: str | None
    required_level: int | None
    held_level: int | None
    fit: Fit
    possible_posts: int = Field(
        description="Fields that posts of this title in the unit ask for; of several, this is the best fit"
    )
    proposals: list[FitProposal]


class FitCount(BaseModel):
    unit_name: str
    field_code: str
    fits: int
    fits_with_training: int
    does_not_fit: int


class QualificationReview(BaseModel):
    """`people`: those who do not fit, or fit with training, with proposals; `limit` bounds them."""

    province_code: str
    fits: int
    fits_with_training: int
    does_not_fit: int
    no_requirement: int
    counts: list[FitCount]
    people: list[FitOfPerson]
    people_total: int
