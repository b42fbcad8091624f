"""Shapes of communes."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from roster_api.communes.models import CommuneKind
from roster_api.contacts import Email, Phone
from roster_api.person_names import PersonName
from roster_api.shapes import ABSENT, Answer, Latitude, Longitude, PatchBody
from roster_api.text import Address


class CommuneRead(Answer):
    code: str = Field(examples=["22366"])
    province_code: str
    kind: CommuneKind
    name: str = Field(examples=["Nha Trang"])
    full_name: str = Field(examples=["Phường Nha Trang"])
    latitude: float
    longitude: float
    area_km2: float | None
    is_remote: bool = Field(description="Served at a distance, by remote-capable schools only")
    reach_band: int = Field(description="How hard to reach: 0 ordinary, 1 far, 2 hard, 3 very hard")
    road_factor: float = Field(description="Kilometres of road for one of the straight line")
    old_names: list[str] = Field(
        description="Before the merger of 2025, what it is made of", examples=[["Thị trấn Vạn Giã (Huyện Vạn Ninh)"]]
    )
    office_address: str | None
    contact_name: str | None
    contact_phone: str | None = Field(description="Null to those who may not see it")
    contact_email: str | None = Field(description="Null to those who may not see it")
    archived_at: datetime | None
    row_version: int


class CommunePatch(PatchBody):
    """The commune's own officer changes office and contact; the rest is Home Affairs'."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"office_address", "contact_name", "contact_phone", "contact_email"})

    is_remote: bool = ABSENT
    reach_band: Annotated[int, Field(ge=0, le=3)] = ABSENT
    road_factor: Annotated[float, Field(ge=1, le=5)] = ABSENT
    latitude: Latitude = ABSENT
    longitude: Longitude = ABSENT
    office_address: Address | None = None
    contact_name: PersonName | None = None
    contact_phone: Phone | None = None
    contact_email: Email | None = None
