"""Webhooks out: the types of event that are told; subscriptions, new secrets, and calls as they are shown.

The notifier answers so, and roster-api hands it on.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

PREPARED = "commune-roster.notices.prepared"
EVENT_TYPES: dict[str, tuple[str, str]] = {
    PREPARED: (
        "Mọi tin của một nguồn (ví dụ một phương án vừa ban hành) đã được ghi lại để gửi",
        "All notices of a source (a plan just published, for example) are written down to be sent",
    ),
    "commune-roster.message.sent": ("Nhà cung cấp đã nhận một tin", "A provider took a message"),
    "commune-roster.message.delivered": ("Một tin đã đến nơi", "A message arrived"),
    "commune-roster.message.failed": ("Một tin không đến được ai", "A message reached nobody"),
    "commune-roster.message.unknown": ("Không rõ một tin có đến không", "Nobody knows whether a message arrived"),
    "commune-roster.message.cancelled": ("Một tin không còn đúng nên bị hủy", "A message was cancelled as untrue"),
}


class WebhookRead(BaseModel):
    """`disabled_reason`: 'no_answer_for_27_hours', 'gone' (it answered 410), or 'by_hand'. Nothing is called until
    enabled."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    url: str
    event_types: list[str]
    description: str
    created_at: datetime
    previous_until: datetime | None
    """Until then the secret before signs, too."""
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None


class WebhookWithSecret(WebhookRead):
    secret: str
    """Shown this once."""


class WebhookPage(BaseModel):
    items: list[WebhookRead]
    total: int


class WebhookReplay(BaseModel):
    events: int


class WebhookCall(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    event_id: UUID
    type: str
    happened_at: datetime
    status: Literal["pending", "delivered", "failed"]
    attempts: int
    next_attempt_at: datetime
    last_status: int | None
    last_error: str | None
    delivered_at: datetime | None


class WebhookCallPage(BaseModel):
    items: list[WebhookCall]
    total: int
    limit: int
    offset: int
