"""Shapes of the notifier's API. Addresses are shown masked: who has the roster can look them up there."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from commune_schemas.notices import (
    Channel,
    MessageStatus,
    NoticeKind,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from pydantic import BaseModel, ConfigDict, Field


class MessageRead(BaseModel):
    id: UUID
    reference: str
    source: Source
    recipient: Recipient
    plan_id: UUID | None
    """With `plan_version`: the source's, where it is a plan."""
    plan_version: int | None
    volunteer_id: UUID | None
    """The recipient's, where it is a volunteer."""
    channel: Channel
    is_fallback: bool = False
    """It goes in place of the other channel's message, which was refused for good."""
    kind: NoticeKind
    school_name: str
    commune_code: str | None
    status: MessageStatus
    attempts: int
    reason_code: str | None
    reason_vi: str | None
    reason_en: str | None
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    superseded_at: datetime | None


class AttemptRead(BaseModel):
    number: int
    provider: str
    worker: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    provider_code: str | None


class MessageDetail(MessageRead):
    template: str | None
    """By which words it was written: 'vi/3', or 'vi/built-in <their mark>'."""
    attempt_list: list[AttemptRead]


class ResentMessage(MessageRead):
    """`to`: where it goes now, masked ('n***@truong.example', '+84 *** *** 123')."""

    to: str | None = None


class MessageFilter(BaseModel):
    """Query of the list: what is not given is left free."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID | None = None
    source_kind: SourceKind | None = None
    source_id: UUID | None = None
    recipient_kind: RecipientKind | None = None
    recipient_id: Annotated[str | None, Field(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")] = None
    channel: Channel | None = None
    status: MessageStatus | None = None
    reason_code: Annotated[str | None, Field(max_length=100, pattern=r"^[a-z_.]+$")] = None
    commune_code: Annotated[str | None, Field(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")] = None
    school_name: Annotated[str | None, Field(max_length=200, pattern=r"^[^\x00]+$")] = None
    volunteer_id: UUID | None = None
    to_old_contact: bool = False
    """Only what was sent to another number or address than its recipient has now: it may be sent again."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class ToOldContacts(BaseModel):
    """Of the messages asked about, those that went to another number or address than their recipients have now."""

    message_ids: list[UUID]


class MessagePage(BaseModel):
    items: list[MessageRead]
    total: int
    limit: int
    offset: int


class UnreachedFilter(BaseModel):
    """Query of the list of whom nothing reached: what is not given is left free."""

    model_config = ConfigDict(extra="forbid")

    source_kind: SourceKind | None = None
    source_id: UUID | None = None
    recipient_kind: RecipientKind | None = None
    school_name: Annotated[str | None, Field(max_length=200, pattern=r"^[^\x00]+$")] = None
    commune_code: Annotated[str | None, Field(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class WhyNot(BaseModel):
    """One channel's message, and why it did not arrive."""

    id: UUID
    channel: Channel
    status: MessageStatus
    reason_code: str | None
    reason_vi: str | None
    reason_en: str | None


class Unreached(BaseModel):
    """Somebody whom no channel reached with one thing."""

    source_kind: SourceKind
    source_id: UUID
    source_version: int
    recipient_kind: RecipientKind
    recipient_id: str
    kind: NoticeKind
    school_name: str
    commune_code: str | None
    since: datetime
    why: list[WhyNot]


class UnreachedPage(BaseModel):
    items: list[Unreached]
    total: int
    limit: int
    offset: int


class MessageSummary(BaseModel):
    """channel -> status -> number; statuses that nobody has are left out."""

    plan_id: UUID
    counts: dict[Channel, dict[MessageStatus, int]]


class BoardRow(BaseModel):
    """How many messages of one plan have this state, among people of one school and one commune (None: of none)."""

    school_name: str
    commune_code: str | None
    channel: Channel
    status: MessageStatus
    messages: int


class MessageBoard(BaseModel):
    plan_id: UUID
    rows: list[BoardRow]


class ResendRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]+$", description="Why: kept with the message")
    ]


class ReceiptBody(BaseModel):
    """What the SMS gateway calls back with."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, Field(max_length=200)]
    reference: Annotated[str, Field(max_length=200)]
    status: Literal["delivered", "failed", "partly_delivered"]
    """`partly_delivered`: of a long text some parts arrived, others did not."""
    reason: Annotated[str | None, Field(max_length=500)] = None


class ReceiptAnswer(BaseModel):
    effect: str


class TemplateRead(BaseModel):
    kind: NoticeKind
    channel: Channel
    version: str


class TemplatePreview(BaseModel):
    """As a made-up person would get it."""

    subject: str
    text: str
    html: str
    sms: str
    sms_segments: int
