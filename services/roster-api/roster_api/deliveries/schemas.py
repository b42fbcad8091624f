"""Shapes of the delivery board."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus, NoticeKind, RecipientKind
from pydantic import BaseModel, ConfigDict

from roster_api.paging import Page
from roster_api.shapes import Body


class DeliveryOut(BaseModel):
    """One message and whom it is for. `full_name`: None of who left the roster; contacts: of whom one may not see."""

    id: UUID
    volunteer_id: UUID | None
    full_name: str | None
    email: str | None
    phone: str | None
    school_code: str | None
    school_name: str
    commune_code: str | None
    channel: Channel
    is_fallback: bool
    """It goes in place of the other channel's message, which was refused for good."""
    kind: NoticeKind
    status: MessageStatus
    to_old_contact: bool | None
    """It went to another number or address than the person has now, and may be sent again; null: nobody can say."""
    attempts: int
    reason_vi: str | None
    reason_en: str | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None


class DeliveryCounts(BaseModel):
    """Messages. `waiting`: not handed to a provider yet; `arrived`: the provider's receipt says so."""

    waiting: int = 0
    sent: int = 0
    arrived: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0


class DeliveryPage(Page[DeliveryOut]):
    """Oldest first; counts are over everyone the caller may see, whatever is asked for."""

    counts: DeliveryCounts
    by_school: dict[str, DeliveryCounts]
    """By the school's code; by its name where the code is not known any more."""
    by_commune: dict[str, DeliveryCounts]


class CallReason(BaseModel):
    """Why one channel did not reach them."""

    message_id: UUID
    channel: Channel
    status: MessageStatus
    vi: str
    en: str


class CallOutcome(StrEnum):
    """Whether the person, or whoever answers for them, was told by telephone."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"


class CallRequest(Body):
    """What came of a telephone call."""

    outcome: CallOutcome


class CallMade(BaseModel):
    """A call that somebody wrote down."""

    model_config = ConfigDict(from_attributes=True)

    outcome: CallOutcome
    called_by: str
    called_at: datetime


class CallOut(BaseModel):
    """Somebody to be telephoned: no channel reached them with what they were to be told.

    `call_name` and `call_phone`: the person's own number; where there is none, whom to ask at their school. Null to who
    may not see it, and where no number is known at all.
    """

    recipient_kind: RecipientKind
    volunteer_id: UUID | None
    name: str
    school_code: str | None
    school_name: str
    commune_code: str | None
    kind: NoticeKind
    since: datetime
    why: list[CallReason]
    call_name: str | None
    call_phone: str | None
    calls: int
    """How often somebody telephoned them about it."""
    last_call: CallMade | None
    """What holds: reached, or not."""


class CallPage(Page[CallOut]):
    """Oldest first. `is_cut`: more than 2,000 are unreached; the oldest of them are listed. Counts are of whom
    `is_reached` lets through."""

    is_cut: bool
    reached: int
    """By telephone, of all the caller answers for."""
    by_school: dict[str, int]
    """How many, by the school's code."""
    by_commune: dict[str, int]
