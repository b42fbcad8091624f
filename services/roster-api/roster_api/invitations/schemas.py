"""Shapes of invitations: who is invited, how far each one is, and what a person says of themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from commune_schemas.base import CommuneCode
from pydantic import BaseModel, Field, field_validator

from roster_api.consents.models import ConsentChannel
from roster_api.shapes import Answer, Body
from roster_api.text import Line
from roster_api.volunteers.models import Transport
from roster_api.volunteers.schemas import AbsencesWrite, Skills, Weekdays

FARTHEST_KM = 2000
MOST_CHOSEN = 1000


class InvitationState(StrEnum):
    NOT_INVITED = "not_invited"  # incomplete, and nobody asked them
    INVITED = "invited"
    REMINDED = "reminded"
    ANSWERED = "answered"
    DECLINED = "declined"  # does not want to take part
    EXPIRED = "expired"  # the link is over, and nothing came
    REVOKED = "revoked"


class InvitationRequest(Body):
    """Whom: those named; absent: everybody incomplete who is not invited yet."""

    volunteer_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_CHOSEN)] | None = None


class SkippedPerson(BaseModel):
    """Why a person was not written to."""

    volunteer_id: UUID
    full_name: str
    code: Literal["invitation.no_contact", "invitation.withdrew", "invitation.already"]
    vi: str
    en: str


class InvitedRead(BaseModel):
    """What one round did."""

    id: UUID
    people: int
    skipped: list[SkippedPerson] = Field(description="At most 200")
    skipped_people: int


class InvitationPerson(Answer):
    """Somebody who is incomplete, or was invited."""

    volunteer_id: UUID
    full_name: str
    phone: str | None
    email: str | None
    is_incomplete: bool
    state: InvitationState
    invitation_id: UUID | None
    invited_at: datetime | None
    expires_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None = Field(description="'the person', or who filled in for them")


class InvitationPage(BaseModel):
    """People of a school by given name; `counts` by state, of all of them."""

    items: list[InvitationPerson]
    total: int
    limit: int
    offset: int
    counts: dict[InvitationState, int]


class OwnWords(Body):
    """What a person says of themselves."""

    free_weekdays: Weekdays
    max_days: int = Field(ge=1, le=5, description="Days a week at most")
    skills: Skills
    max_distance_km: float | None = Field(
        None, ge=1, le=FARTHEST_KM, description="Kept to the metre; absent: as far as need be", examples=[19.5]
    )
    absences: AbsencesWrite = Field(default_factory=lambda: AbsencesWrite(items=[]))
    home_commune_code: CommuneCode | None = None
    transport: Transport | None = None

    @field_validator("free_weekdays")
    @classmethod
    def _name_a_day(cls, days: list[int]) -> list[int]:
        if not days:
            raise ValueError("Chọn ít nhất một ngày rảnh. | Choose at least one free day.")
        return days

    @field_validator("skills")
    @classmethod
    def _name_a_field(cls, skills: dict[str, int]) -> dict[str, int]:
        if not skills:
            raise ValueError("Chọn ít nhất một lĩnh vực. | Choose at least one field.")
        return skills


class FilledIn(OwnWords):
    """What a coordinator fills in for the person, and where the person's consent to it stands."""

    channel: Literal[ConsentChannel.PAPER, ConsentChannel.SPOKEN]
    proof: Annotated[Line, Field(min_length=1, max_length=200)] = Field(examples=["Gọi điện ngày 12/11/2026"])


class InvitationRead(Answer):
    id: UUID
    school_id: UUID
    volunteer_id: UUID
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    state: InvitationState
