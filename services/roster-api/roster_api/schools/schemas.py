"""Shapes of schools."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from roster_api.contacts import Email, Phone
from roster_api.person_names import PersonName
from roster_api.schools.models import SchoolKind
from roster_api.shapes import ABSENT, Answer, Body, Latitude, Longitude, PatchBody, ProvinceCodeField
from roster_api.text import Address, Code, Name


class SchoolCreate(Body):
    code: Code = Field(examples=["DHKH"])
    province_code: ProvinceCodeField
    name: Name = Field(examples=["Trường Đại học Khánh Hòa"])
    kind: SchoolKind
    latitude: Latitude = Field(examples=[12.2512])
    longitude: Longitude = Field(examples=[109.1967])
    is_location_approximate: bool = False
    is_remote_capable: bool = Field(False, description="May serve remote communes at a distance")
    address: Address | None = None
    contact_name: PersonName | None = None
    contact_phone: Phone | None = None
    contact_email: Email | None = None


class SchoolPatch(PatchBody):
    """The school's own coordinator changes address and contact; the rest is Home Affairs'. The code stays."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"address", "contact_name", "contact_phone", "contact_email"})

    name: Name = ABSENT
    kind: SchoolKind = ABSENT
    latitude: Latitude = ABSENT
    longitude: Longitude = ABSENT
    is_location_approximate: bool = ABSENT
    is_remote_capable: bool = ABSENT
    address: Address | None = None
    contact_name: PersonName | None = None
    contact_phone: Phone | None = None
    contact_email: Email | None = None


class SchoolRead(Answer):
    id: UUID
    code: str
    province_code: str
    name: str
    kind: SchoolKind
    latitude: float
    longitude: float
    is_location_approximate: bool
    is_remote_capable: bool
    address: str | None
    contact_name: str | None
    contact_phone: str | None = Field(description="Null to those who may not see it")
    contact_email: str | None = Field(description="Null to those who may not see it")
    archived_at: datetime | None
    row_version: int
