"""Shapes of activity reports and certificates."""

from datetime import date, datetime
from uuid import UUID

from commune_schemas.matching import VolunteerRole
from pydantic import BaseModel

from roster_api.service_papers.models import PaperKind
from roster_api.shapes import Body


class PaperRequest(Body):
    kind: PaperKind
    volunteer_id: UUID


class CommuneDays(BaseModel):
    """Days that the person served there, confirmed."""

    commune_name: str
    days: list[date]
    confirmed_days: int | None = None
    """Of them by the commune's own word; None in papers of before this was said."""
    marks: dict[str, int] = {}
    """The commune's rating of the person, once Home Affairs released it; in activity reports alone."""


class DutyNumber(BaseModel):
    name_vi: str
    number: int


class ServiceContent(BaseModel):
    """What a paper says of a person: nothing that was not confirmed, and no contact."""

    full_name: str
    role: VolunteerRole
    school_name: str
    province_name: str
    campaign_name: str
    communes: list[CommuneDays]
    duties: list[DutyNumber]

    @property
    def days(self) -> list[date]:
        return sorted(day for commune in self.communes for day in commune.days)


class ServicePaperOut(BaseModel):
    id: UUID
    campaign_id: UUID
    volunteer_id: UUID
    full_name: str
    kind: PaperKind
    code: str
    days: int
    issued_at: datetime
    issued_by: str
    issued_by_id: UUID | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_by_id: UUID | None


class Verdict(BaseModel):
    """Whether a paper with this code was issued and still holds; it says nothing about anybody."""

    is_valid: bool
