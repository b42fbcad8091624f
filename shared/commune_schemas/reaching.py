"""How recipients of notices are reached at this moment: notifier asks, roster-api answers, nobody stores it."""

from typing import Annotated

from pydantic import Field

from commune_schemas.base import Message
from commune_schemas.notices import Recipient, Source


class ContactQuestion(Message):
    """How is this recipient reached now? The source says for which campaign a personal link is wanted."""

    recipient: Recipient
    source: Source


class ContactQuestions(Message):
    items: Annotated[list[ContactQuestion], Field(max_length=500)]


class ContactCard(Message):
    """The contact of a recipient at this moment. Never stored by who asked."""

    recipient: Recipient
    source: Source
    email: str | None
    phone: str | None
    """E.164."""
    personal_url: str | None
    """A volunteer's personal link: for the campaign of the source, or of an invitation."""
    is_withheld: bool = False
    """The person withdrew the consent to be written to, or was erased: nothing is sent, whatever the address."""
    full_name: str | None = None
    """A volunteer's, as it is now: a name that was corrected reaches what is not sent yet."""


class ContactCards(Message):
    """In any order; a recipient that roster-api does not know is left out."""

    items: list[ContactCard]
