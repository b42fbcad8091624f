"""Shapes of the delivery board."""

from datetime import datetime
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus, NoticeKind
from pydantic import BaseModel

from roster_api.paging import Page


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
    kind: NoticeKind
    status: MessageStatus
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
