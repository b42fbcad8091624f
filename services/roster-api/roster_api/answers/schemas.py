"""Shapes of the personal routes and of the list of answers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from commune_schemas.notices import WithdrawalCause
from commune_schemas.placement_details import PlacementDetails
from pydantic import BaseModel, ConfigDict, Field

from roster_api.answers.models import Answer
from roster_api.paging import Page
from roster_api.text import Code, ParagraphsWithoutLinks

Reason = Annotated[ParagraphsWithoutLinks, Field(max_length=500)]


class MyPlacement(BaseModel):
    """What a person sees of themselves. `placement` is None when the plan in force does not place them."""

    full_name: str
    school_name: str
    campaign_name: str
    plan_version: int | None
    placement: PlacementDetails | None
    guidance: dict[str, str]
    """Written guidance by the name of the duty, for duties that have one."""
    withdrawal: WithdrawalCause | None
    """Why the plan in force does not place them; None when it does, or where it was not kept."""
    told_sha256: str | None
    """Digest of the placement; send it back with an answer, so that one confirms what one saw."""
    changed_since_previous: bool
    """The version before this one told them something else."""
    may_answer: bool
    answer: Answer | None
    reason: str | None
    answered_at: datetime | None


class ConfirmationRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: Answer
    reason: Reason | None = None
    told_sha256: Annotated[str | None, Field(max_length=64)] = None
    """Given: 409 'placement.changed' unless it is still what the person is told."""


class LinksChange(BaseModel):
    """Of which campaign; left out: of every one."""

    model_config = ConfigDict(extra="forbid")

    campaign_id: UUID | None = None


class LinkOut(BaseModel):
    """A link without its token: that is its person's alone."""

    model_config = ConfigDict(from_attributes=True)

    campaign_id: UUID
    created_at: datetime
    revoked_at: datetime | None


class LinksOut(BaseModel):
    """A person's links, the newest last."""

    items: list[LinkOut]


class AnswerFilter(StrEnum):
    """Whose answers are listed; `none`: who has not answered what they are told."""

    CONFIRMED = "confirmed"
    CANNOT_GO = "cannot_go"
    NONE = "none"


class RemindedPerson(BaseModel):
    """Somebody who has not answered, and was reminded before."""

    volunteer_id: UUID
    reminded_at: datetime
    reminded_by: str
    reminded_by_id: UUID | None


class ReminderRequest(BaseModel):
    """Whom to remind: everyone silent whom the caller may see, of one school or commune where it is named."""

    model_config = ConfigDict(extra="forbid")

    school_code: Code | None = None
    commune_code: Code | None = None


class ReminderOut(BaseModel):
    """`reminded` are told once more, now; `already` were before, and are left alone."""

    id: UUID
    reminded: list[UUID]
    already: list[RemindedPerson]


class AnswerCounts(BaseModel):
    confirmed: int = 0
    cannot_go: int = 0
    no_answer: int = 0


class AnswerOut(BaseModel):
    """`email` and `phone` are None for whoever may not see them."""

    volunteer_id: UUID
    full_name: str
    email: str | None
    phone: str | None
    school_code: str
    commune_code: str
    answer: Answer | None
    reason: str | None
    answered_at: datetime | None


class AnswerPage(Page[AnswerOut]):
    """Everyone placed, with their answer; counts are over all pages, and over every answer whichever is asked for."""

    counts: AnswerCounts
    by_school: dict[str, AnswerCounts]
    by_commune: dict[str, AnswerCounts]
