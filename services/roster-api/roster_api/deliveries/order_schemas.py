"""Shapes of orders to send messages again."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus
from pydantic import BaseModel, Field

from roster_api.shapes import Body
from roster_api.text import Code, Line

Reason = Annotated[Line, Field(min_length=3, max_length=500, description="Why: kept with the messages")]


class OrderRequest(Body):
    """Which messages, by their ids as the board lists them."""

    message_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    reason: Reason


class FilteredOrderRequest(Body):
    """Every message of a plan of this state. `confirm`: how many they are, as the board counts them."""

    status: Literal[MessageStatus.FAILED, MessageStatus.UNKNOWN]
    channel: Channel | None = None
    school_code: Code | None = None
    commune_code: Code | None = None
    confirm: Annotated[int, Field(ge=1)]
    reason: Reason


class OrderedMessage(BaseModel):
    """`to`: where it goes, masked ('n***@truong.example', '+84 *** *** 123'); else the words say why it cannot."""

    message_id: UUID
    to: str | None
    code: str | None
    vi: str
    en: str


class MessageOrderOut(BaseModel):
    """`is_done` false: handed to the notifier, by the addresses of this moment. True: what it did."""

    id: UUID
    asked_by: str
    asked_at: datetime
    is_done: bool
    done_at: datetime | None
    messages: int
    items: list[OrderedMessage]
