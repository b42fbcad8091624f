"""Shapes of volunteers."""

from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from commune_schemas.base import Weekday
from commune_schemas.days import AbsenceKind
from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import Channel, Language
from pydantic import AfterValidator, BaseModel, Field, model_validator

from roster_api.contacts import Email, Mobile
from roster_api.person_names import PersonName
from roster_api.shapes import ABSENT, Answer, Body, CommuneCodeField, Day, PatchBody, SearchKeyText
from roster_api.text import CODE_PATTERN, LineWithoutLinks, ParagraphsWithoutLinks
from roster_api.volunteers.models import MAX_DISTANCE_M_DEFAULT, Transport, VolunteerStatus

SkillLevel = Annotated[int, Field(ge=1, le=3)]
SkillField = Annotated[str, Field(min_length=1, max_length=64, pattern=CODE_PATTERN)]
Skills = Annotated[
    dict[SkillField, SkillLevel],
    Field(max_length=50, description="Level 1-3 by field code", examples=[{"digitise": 2, "training": 1}]),
]


def _each_once_in_order(days: list[int]) -> list[int]:
    return sorted(set(days))


Weekdays = Annotated[
    list[Weekday],
    Field(max_length=5, description="0 = Monday ... 4 = Friday", examples=[[0, 2, 4]]),
    AfterValidator(_each_once_in_order),
]
MaxDays = Annotated[int, Field(ge=0, le=5, description="Days a week at most")]
MaxDistance = Annotated[int, Field(ge=0, le=MAX_DISTANCE_M_DEFAULT, description="Metres from the school at most")]
MAXIMUM_ABSENCES = 200
ShortLine = Annotated[LineWithoutLinks, Field(min_length=1, max_length=64)]


class VolunteerFilter(BaseModel):
    """What a list of volunteers may be narrowed by."""

    q: SearchKeyText = None
    school_id: UUID | None = None
    role: VolunteerRole | None = None
    status: VolunteerStatus | None = Field(None, description="Default: all but the archived")
    field: str | None = Field(None, max_length=64, pattern=CODE_PATTERN, description="Knows this field")
    weekday: Weekday | None = Field(None, description="Free on this day, 0 = Monday")
    team: Annotated[LineWithoutLinks, Field(max_length=64)] | None = None
    incomplete: bool | None = Field(None, description="Whose free days are not known yet, or those whose are")


class VolunteerCreate(Body):
    school_id: UUID
    external_ref: ShortLine | None = Field(None, description="Staff or student code", examples=["GV001"])
    full_name: PersonName = Field(examples=["Nguyễn Thị An"])
    role: VolunteerRole
    email: Email | None = None
    phone: Mobile | None = None
    skills: Skills = Field(default_factory=dict)
    free_weekdays: Weekdays = Field(default_factory=list)
    max_days: MaxDays = 5
    max_distance_m: MaxDistance = MAX_DISTANCE_M_DEFAULT
    team: ShortLine | None = Field(None, description="People of one team go to one commune")
    home_commune_code: CommuneCodeField | None = None
    transport: Transport | None = None
    preferred_channel: Channel | None = Field(None, description="Wishes to be written to by this one alone")
    preferred_language: Language | None = Field(None, description="Reads messages in it; null: Vietnamese")


class VolunteerPatch(PatchBody):
    NULLABLE: ClassVar[frozenset[str]] = frozenset(
        {
            "external_ref",
            "email",
            "phone",
            "team",
            "home_commune_code",
            "transport",
            "preferred_channel",
            "preferred_language",
        }
    )

    external_ref: ShortLine | None = None
    full_name: PersonName = ABSENT
    role: VolunteerRole = ABSENT
    email: Email | None = None
    phone: Mobile | None = None
    skills: Skills = ABSENT
    free_weekdays: Weekdays = ABSENT
    max_days: MaxDays = ABSENT
    max_distance_m: MaxDistance = ABSENT
    team: ShortLine | None = None
    home_commune_code: CommuneCodeField | None = None
    transport: Transport | None = None
    preferred_channel: Channel | None = Field(None, description="Wishes to be written to by this one alone")
    preferred_language: Language | None = Field(None, description="Reads messages in it; null: Vietnamese")


class AbsenceWrite(Body):
    """Days on which a person cannot serve, although the weekday is free."""

    starts_on: Day = Field(examples=["2025-11-19"])
    ends_on: Day | None = Field(None, description="Included; absent: the one day", examples=["2025-11-21"])
    kind: Literal[AbsenceKind.TEACHING, AbsenceKind.EXAM, AbsenceKind.LEAVE]
    note: Annotated[LineWithoutLinks, Field(max_length=200)] = ""

    @property
    def last_day(self) -> date:
        return self.ends_on or self.starts_on

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.starts_on:
            raise ValueError("Ngày cuối phải không trước ngày đầu. | The last day must not be before the first.")
        return self


class AbsencesWrite(Body):
    """Every absence of the person; replaces what was declared before."""

    items: Annotated[list[AbsenceWrite], Field(max_length=MAXIMUM_ABSENCES)]

    @model_validator(mode="after")
    def _each_day_once(self) -> Self:
        in_order = sorted(self.items, key=lambda item: item.starts_on)
        if any(later.starts_on <= earlier.last_day for earlier, later in pairwise(in_order)):
            raise ValueError("Các ngày bận không được chồng lên nhau. | Each day may be named only once.")
        return self


class AbsenceRead(BaseModel):
    starts_on: date
    ends_on: date
    kind: AbsenceKind
    note: str | None = Field(description="Null to those who may not see the phone")


class WithdrawalWrite(Body):
    """Why somebody cannot serve any more, for those who look for somebody else."""

    reason: Annotated[ParagraphsWithoutLinks, Field(max_length=300)] | None = Field(
        None, description="Seen by who may see the phone", examples=["Trùng lịch thi"]
    )


class WithdrawalsRequest(WithdrawalWrite):
    """Who cannot serve any more, all in one request; the reason is everybody's."""

    volunteer_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class WithdrawalResult(BaseModel):
    """`was`: the status before; already 'withdrawn' when nothing had to change."""

    volunteer_id: UUID
    was: VolunteerStatus
    status: VolunteerStatus


class WithdrawalsRead(BaseModel):
    """All are withdrawn, in the order of the request; where one cannot be, the answer is 409 and nobody is."""

    items: list[WithdrawalResult]


class WithdrawalRead(BaseModel):
    """Who said that a person serves no more, and when."""

    at: datetime
    by: str
    reason: str | None = Field(description="Null where none was given, and to those who may not see the phone")


class OwnWordRead(BaseModel):
    """Who said what stands in a column, and when."""

    by: Literal["person", "school"] = Field(description="'school': a coordinator, for the person")
    at: datetime


class VolunteerRead(Answer):
    id: UUID
    school_id: UUID
    external_ref: str | None
    full_name: str
    role: VolunteerRole
    email: str | None = Field(description="Null to those who may not see it")
    phone: str | None = Field(description="E.164; null to those who may not see it")
    skills: dict[str, int]
    free_weekdays: list[int]
    max_days: int
    max_distance_m: int
    team: str | None
    absences: list[AbsenceRead]
    home_commune_code: str | None = Field(description="Null to those who may not see the phone, too")
    transport: Transport | None = Field(description="Null to those who may not see the phone, too")
    preferred_channel: Channel | None = Field(description="Null to those who may not see the phone, too")
    preferred_language: Language | None = Field(description="Null to those who may not see the phone, too")
    own_words: dict[str, OwnWordRead] = Field(
        description="By name, what the person said of themselves; no later list writes over it"
    )
    status: VolunteerStatus
    withdrawal: WithdrawalRead | None = Field(description="Of who is withdrawn, as far as it was written down")
    is_incomplete: bool = Field(description="No free weekday is known: counted, and not matched until there is one")
    created_at: datetime
    updated_at: datetime
    row_version: int


HIDDEN: dict[str, None] = dict.fromkeys(
    ("phone", "email", "home_commune_code", "transport", "preferred_channel", "preferred_language")
)
"""What a VolunteerRead holds for those who may not see contacts."""
