"""Shapes of orders to send messages again."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus
from pydantic import BaseModel, Field, model_validator

from roster_api.shapes import Body
from roster_api.text import Code, Line

Reason = Annotated[Line, Field(min_length=3, max_length=500, description="Why: kept with the messages")]


class OrderRequest(Body):
    """Which messages, by their ids as the board lists them."""

    message_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    reason: Reason


class FilteredOrderRequest(Body):
    """Every message of a plan of this state; or, with `to_old_contact`, every one that went to another number or
    address than its recipient has now. `confirm`: how many they are, as the board counts them."""

    status: Literal[MessageStatus.FAILED, MessageStatus.UNKNOWN] | None = None
    to_old_contact: bool = False
    channel: Channel | None = None
    school_code: Code | None = None
    commune_code: Code | None = None
    confirm: Annotated[int, Field(ge=1)]
    reason: Reason

    @model_validator(mode="after")
    def _name_one_kind(self) -> Self:
        if (self.status is not None) is self.to_old_contact:
            raise ValueError("name a `status`, or `to_old_contact`: one of the two")
        return self


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
