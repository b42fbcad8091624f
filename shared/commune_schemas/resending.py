"""Sending again: roster-api hands the notifier an officer's order, and hears what became of each message."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message

MOST_MESSAGES = 2000
"""Of one order."""


class ResendOrder(Message):
    """Send these again. Doing it again changes nothing: each message is sent again once an order."""

    order_id: UUID
    message_ids: Annotated[list[UUID], Field(max_length=MOST_MESSAGES)]
    reason: str


class ResendOutcome(Message):
    """`to`: where it goes, masked; None where it was not sent again, and `code` and the words say why."""

    message_id: UUID
    to: str | None
    code: str | None = None
    vi: str = ""
    en: str = ""


class ResendDone(Message):
    items: Annotated[list[ResendOutcome], Field(max_length=MOST_MESSAGES)]
