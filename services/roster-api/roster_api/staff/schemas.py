"""Shapes of units, staff and posts."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from roster_api.contacts import Email, Mobile, Phone
from roster_api.person_names import PersonName
from roster_api.shapes import (
    ABSENT,
    Answer,
    Body,
    CommuneCodeField,
    Day,
    Latitude,
    Longitude,
    PatchBody,
    ProvinceCodeField,
    SearchKeyText,
)
from roster_api.staff.models import Availability, Conduct, Side, UnitKind
from roster_api.text import CODE_PATTERN, Code, LineWithoutLinks, Name

Quota = Annotated[int, Field(ge=0, le=10_000, description="The norm: people of this side")]
FieldCode = Annotated[str, Field(min_length=1, max_length=64, pattern=CODE_PATTERN, examples=["it"])]
Note = Annotated[LineWithoutLinks, Field(max_length=500)]
PostQuota = Annotated[int, Field(ge=1, le=1000)]
Filled = Annotated[int, Field(ge=0, le=1000, description="By people of the unit's own")]
PostPriority = Annotated[int, Field(ge=1, le=9, description="The higher, the sooner it is filled")]


class Qualification(Body):
    """What somebody knows, how well, by what paper, since when."""

    field_code: FieldCode
    level: int = Field(2, ge=1, le=3)
    evidence: Note | None = Field(None, examples=["Cử nhân Công nghệ thông tin"])
    since: int | None = Field(None, ge=1950, le=2100, description="Year")


def _each_field_once(items: list[Qualification]) -> list[Qualification]:
    if len({item.field_code for item in items}) < len(items):
        raise ValueError("Mỗi lĩnh vực chỉ ghi một lần. | Each field once.")
    return items


Qualifications = Annotated[list[Qualification], Field(max_length=20), AfterValidator(_each_field_once)]


class RegisterFilter(BaseModel):
    """What every register may be narrowed by."""

    q: SearchKeyText = None
    province_code: str | None = Field(None, pattern=r"^[0-9]{2}$")
    unit_id: UUID | None = None
    archived: bool = Field(False, description="true: the archived ones instead")


class UnitFilter(RegisterFilter):
    unit_id: None = None
    kind: UnitKind | None = None
    commune_code: str | None = Field(None, pattern=r"^[0-9]{5}$")


class StaffFilter(RegisterFilter):
    side: Side | None = None
    availability: Availability | None = None
    field: str | None = Field(None, max_length=64, pattern=CODE_PATTERN, description="Knows this field")


class PostFilter(RegisterFilter):
    field: str | None = Field(None, max_length=64, pattern=CODE_PATTERN)
    vacant: bool | None = Field(None, description="With or without somebody missing, who is seconded there not counted")


class UnitCreate(Body):
    province_code: ProvinceCodeField
    code: Code = Field(examples=["STTTT"])
    name: Name
    kind: UnitKind
    commune_code: CommuneCodeField | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    quota_party: Quota | None = None
    quota_government: Quota | None = None
    contact_name: PersonName | None = None
    contact_phone: Phone | None = None
    contact_email: Email | None = None


class UnitPatch(PatchBody):
    NULLABLE: ClassVar[frozenset[str]] = frozenset(
        {"commune_code", "latitude", "longitude", "quota_party", "quota_government"}
        | {"contact_name", "contact_phone", "contact_email"}
    )

    name: Name = ABSENT
    kind: UnitKind = ABSENT
    commune_code: CommuneCodeField | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    quota_party: Quota | None = None
    quota_government: Quota | None = None
    contact_name: PersonName | None = None
    contact_phone: Phone | None = None
    contact_email: Email | None = None


class UnitRead(Answer):
    id: UUID
    province_code: str
    code: str
    name: str
    kind: UnitKind
    commune_code: str | None
    latitude: float | None
    longitude: float | None
    quota_party: int | None
    quota_government: int | None
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    archived_at: datetime | None
    row_version: int


class StaffCreate(Body):
    unit_id: UUID
    code: Code = Field(examples=["CB0001"])
    full_name: PersonName
    side: Side
    position: Note | None = None
    qualifications: Qualifications = Field(default_factory=list)
    serving_since: Day | None = None
    conduct: Conduct | None = None
    conduct_note: Note | None = None
    home_commune_code: CommuneCodeField | None = None
    availability: Availability = Availability.NONE
    phone: Mobile | None = None
    email: Email | None = None


class StaffPatch(PatchBody):
    NULLABLE: ClassVar[frozenset[str]] = frozenset(
        {"position", "serving_since", "conduct", "conduct_note", "home_commune_code", "phone", "email"}
    )

    unit_id: UUID = ABSENT
    full_name: PersonName = ABSENT
    side: Side = ABSENT
    position: Note | None = None
    qualifications: Qualifications = ABSENT
    serving_since: Day | None = None
    conduct: Conduct | None = None
    conduct_note: Note | None = None
    home_commune_code: CommuneCodeField | None = None
    availability: Availability = ABSENT
    phone: Mobile | None = None
    email: Email | None = None


class StaffRead(Answer):
    id: UUID
    province_code: str
    unit_id: UUID
    code: str
    full_name: str
    side: Side
    position: str | None
    qualifications: list[Qualification]
    serving_since: Day | None
    conduct: Conduct | None
    conduct_note: str | None
    home_commune_code: str | None
    availability: Availability
    phone: str | None
    email: str | None
    archived_at: datetime | None
    row_version: int


class PostCreate(Body):
    unit_id: UUID
    code: Code = Field(examples=["VT0001"])
    field_code: FieldCode
    title: Name
    quota: PostQuota = 1
    filled: Filled = 0
    priority: PostPriority = 1


class PostPatch(PatchBody):
    field_code: FieldCode = ABSENT
    title: Name = ABSENT
    quota: PostQuota = ABSENT
    filled: Filled = ABSENT
    priority: PostPriority = ABSENT


class PostRead(Answer):
    id: UUID
    province_code: str
    unit_id: UUID
    code: str
    field_code: str
    title: str
    quota: int
    filled: int
    priority: int
    archived_at: datetime | None
    row_version: int
