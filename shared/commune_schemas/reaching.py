"""How recipients of notices are reached at this moment: notifier asks, roster-api answers, nobody stores it."""

from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from commune_schemas.base import Message
from commune_schemas.notices import Channel, Language, Recipient, Source


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
    channel: Channel | None = None
    """By which one the recipient wishes to be written to; None: by each that the kind goes by."""
    language: Language = Language.VI

    @model_serializer(mode="wrap")
    def _leave_out_usual(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A notifier of before there were wishes reads the card of whoever has none."""
        written: dict[str, Any] = write(self)
        usual = {"channel": None, "language": Language.VI}
        return {name: value for name, value in written.items() if name not in usual or value != usual[name]}


class ContactCards(Message):
    """In any order; a recipient that roster-api does not know is left out."""

    items: list[ContactCard]
