"""How recipients of notices are reached at this moment: notifier asks, roster-api answers, nobody stores it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from commune_schemas.base import Message
from commune_schemas.notices import Channel, Language, Recipient, Source
from commune_schemas.placement_details import PlacementDetails, has_news

FIELDS_HEADER = "X-Contact-Fields"
"""By it a notifier names the fields of a card that it knows, with commas between. An older one sends none."""
FIRST_FIELDS = frozenset({"recipient", "source", "email", "phone", "personal_url", "is_withheld"})
"""What every notifier knows. A card with any other field is refused by one that does not, and its batch with it."""


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
    unsubscribe_url: str | None = None
    """Where reminders and daily mails to this address are declined."""
    is_unsubscribed: bool = False
    """They are: what is not urgent and no decision is not sent."""

    @model_serializer(mode="wrap")
    def _leave_out_usual(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What says nothing is not written: whoever does not know the field reads the card."""
        written: dict[str, Any] = write(self)
        fields = type(self).model_fields
        return {
            name: value
            for name, value in written.items()
            if name in FIRST_FIELDS or getattr(self, name) != fields[name].default
        }

    def limited_to(self, known: frozenset[str]) -> "ContactCard":
        """For a notifier that knows these fields beside FIRST_FIELDS.

        What it would not understand is left out. A wish for one channel is obeyed all the same: that one's address
        alone is shown, where there is one.
        """
        fields = {name: field for name, field in type(self).model_fields.items() if name not in FIRST_FIELDS | known}
        changes: dict[str, Any] = {name: field.default for name, field in fields.items()}
        if "channel" in changes and self.channel is Channel.EMAIL and self.email:
            changes["phone"] = None
        if "channel" in changes and self.channel is Channel.SMS and self.phone:
            changes["email"] = None
        return self.model_copy(update=changes)


class ContactCards(Message):
    """In any order; a recipient that roster-api does not know is left out."""

    items: list[ContactCard]


class ContactToJudge(Message):
    """Where a recipient would be written to. Never stored by who is asked, and not shown in logs."""

    recipient: Recipient
    email: Annotated[str | None, Field(max_length=320, repr=False)] = None
    phone: Annotated[str | None, Field(max_length=32, repr=False)] = None
    """E.164."""
    thread: Annotated[str, Field(max_length=200)] = ""
    """Of the notices of this recipient's placement; empty where nothing is asked of them."""


class ContactsToJudge(Message):
    items: Annotated[list[ContactToJudge], Field(max_length=200)]


class RefusalReason(StrEnum):
    DEAD_ADDRESS = "dead_address"
    COMPLAINT = "complaint"
    REFUSED = "refused"
    """By the mail server or the SMS gateway, for good, when it was written to last."""

    @property
    def is_written_to(self) -> bool:
        """What came back, and whose reader complained, is not handed over any more; the rest is tried again."""
        return self is RefusalReason.REFUSED


class RefusedContact(Message):
    """A contact that was asked about and that the last word was a refusal for good of."""

    recipient: Recipient
    channel: Channel
    reason: RefusalReason
    since: datetime


class UntoldChannel(Message):
    """What the thread's newest notice says has not come to its recipient by this channel, and is not about to: the
    next plan says it again, though it be unchanged."""

    recipient: Recipient
    channel: Channel


class KnownPlacement(Message):
    """What somebody knows by now of their placement, where that may be less than the versions say: by any channel, and
    what the last word by each of them was. None: that they have none."""

    recipient: Recipient
    placement: PlacementDetails | None
    by_channel: dict[Channel, PlacementDetails | None]

    def list_news(self, placement: PlacementDetails | None) -> list[Channel]:
        """The channels by which a next version that says this is sent."""
        return [
            channel
            for channel in Channel
            if has_news(placement, known=self.placement, known_here=self.by_channel.get(channel))
        ]


class RefusedContacts(Message):
    items: list[RefusedContact]
    untold: list[UntoldChannel] = []
    known: list[KnownPlacement] = []
