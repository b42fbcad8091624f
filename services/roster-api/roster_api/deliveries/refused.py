"""Asking the notifier which contacts were refused for good: mail came back, its reader complained, or it was refused.

Addresses go in the body of a question between the services, as they do when messages are sent; they are in no log.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import structlog
from commune_schemas.notices import Channel, Recipient, RecipientKind
from commune_schemas.placement_details import PlacementDetails
from commune_schemas.reaching import ContactsToJudge, ContactToJudge, KnownPlacement, RefusedContact, RefusedContacts
from pydantic import ValidationError

from roster_api.deliveries.asking import open_client
from roster_api.errors import UnavailableError
from roster_api.settings import Settings
from roster_api.volunteers.models import Volunteer

AT_ONCE = 200
SECONDS = 4.0
"""For all of an answer, however slowly it comes: a person waits for it, and can go on without it."""
SECONDS_IN_ALL = 16.0
"""Of however many questions: whoever waits behind a page gives up after half a minute."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PersonContact:
    volunteer_id: UUID
    email: str | None
    phone: str | None
    thread: str
    """Of the notices of their placement."""

    def address(self, channel: Channel) -> str | None:
        return self.email if channel is Channel.EMAIL else self.phone


@dataclass(frozen=True)
class Refusals:
    """What the notifier said of the contacts it was asked about. `is_known` false: it could not be asked."""

    is_known: bool = False
    by_address: Mapping[tuple[UUID, Channel, str], RefusedContact] = field(default_factory=dict)
    untold: Collection[tuple[UUID, Channel]] = frozenset()
    """To whom no message of the plan in force came by this channel: the next plan tells them again."""
    known: Mapping[UUID, KnownPlacement] = field(default_factory=dict)
    """Of people who may have heard less than the versions said."""

    def find(self, person: Volunteer, channel: Channel) -> RefusedContact | None:
        """Of the person's contact as it is now: one that was corrected since is another."""
        address = person.email if channel is Channel.EMAIL else person.phone
        return self.by_address.get((person.id, channel, address)) if address else None

    def list_news(self, person_id: UUID, placement: PlacementDetails | None) -> list[Channel]:
        """The channels by which a change to `placement`, or a withdrawal, is sent: all of them where nothing is known
        that the versions do not say."""
        known = self.known.get(person_id)
        return list(Channel) if known is None else known.list_news(placement)


NOT_ASKED = Refusals()


async def ask_refusals(settings: Settings, contacts: Sequence[PersonContact]) -> Refusals:
    """NOT_ASKED where the notifier is away, not connected, or too old to know. Hold no transaction meanwhile."""
    found: dict[tuple[UUID, Channel, str], RefusedContact] = {}
    untold: set[tuple[UUID, Channel]] = set()
    known: dict[UUID, KnownPlacement] = {}
    try:
        async with asyncio.timeout(SECONDS_IN_ALL), open_client(settings, seconds=SECONDS) as client:
            for start in range(0, len(contacts), AT_ONCE):
                batch = contacts[start : start + AT_ONCE]
                async with asyncio.timeout(SECONDS):
                    answer = await client.post("/v1/contacts/refused", json=_question(batch).model_dump(mode="json"))
                page = RefusedContacts.model_validate_json(answer.raise_for_status().content)
                found |= _by_address(batch, page)
                untold |= _untold(batch, page)
                known |= _known(batch, page)
    except (httpx.HTTPError, TimeoutError, UnavailableError, ValidationError) as error:
        log.warning("contacts.refusals_not_asked", error=type(error).__name__, people=len(contacts))
        return NOT_ASKED
    return Refusals(is_known=True, by_address=found, untold=untold, known=known)


def _question(batch: Sequence[PersonContact]) -> ContactsToJudge:
    return ContactsToJudge(
        items=[
            ContactToJudge(recipient=_recipient(each), email=each.email, phone=each.phone, thread=each.thread)
            for each in batch
        ]
    )


def _by_address(
    batch: Sequence[PersonContact], page: RefusedContacts
) -> dict[tuple[UUID, Channel, str], RefusedContact]:
    asked = {_recipient(each): each for each in batch}
    return {
        (person.volunteer_id, each.channel, address): each
        for each in page.items
        if (person := asked.get(each.recipient)) and (address := person.address(each.channel))
    }


def _untold(batch: Sequence[PersonContact], page: RefusedContacts) -> set[tuple[UUID, Channel]]:
    asked = {_recipient(each): each.volunteer_id for each in batch}
    return {(asked[each.recipient], each.channel) for each in page.untold if each.recipient in asked}


def _known(batch: Sequence[PersonContact], page: RefusedContacts) -> dict[UUID, KnownPlacement]:
    asked = {_recipient(each): each.volunteer_id for each in batch}
    return {asked[each.recipient]: each for each in page.known if each.recipient in asked}


def _recipient(person: PersonContact) -> Recipient:
    return Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.volunteer_id))
