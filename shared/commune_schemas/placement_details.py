"""Everything one person has to know about where to go, and whom to call."""

import hashlib
from datetime import date

from commune_schemas.base import Message, Weekday
from commune_schemas.days import LostDate


class Contact(Message):
    name: str
    phone: str
    email: str | None = None


class PlacementDetails(Message):
    """Everything one person has to know about where to go."""

    commune_code: str
    commune_name: str
    """With its kind: 'Xã Tây Khánh Vĩnh'."""
    province_name: str
    office_address: str
    is_remote: bool
    weekdays: list[Weekday]
    starts_on: date
    ends_on: date
    """The campaign's; a person is told `first_on` and `last_on`."""
    dates: list[date]
    """Every day of service; holidays are already out."""
    lost: list[LostDate] = []
    """Dates of these weekdays that are not served, and the days that take their place."""
    start_time: str
    end_time: str
    """'07:30', local time (Asia/Ho_Chi_Minh)."""
    duties: list[str]
    """Vietnamese names of the duties."""
    distance_km: int
    commune_contact: Contact
    school_contact: Contact

    def tells_the_same_as(self, other: "PlacementDetails") -> bool:
        """In all that a person reads and acts on: all of it save the distance and why dates fall out.

        An e-mail that a contact has lost or gained is nothing to be told of: the name and the phone are as they were.
        """
        if self.digest() == other.digest():
            return True
        return _without_emails_unlike(self, other).digest() == _without_emails_unlike(other, self).digest()

    def without_contacts(self) -> "PlacementDetails":
        """The same, and nobody to call."""
        nobody = Contact(name="", phone="")
        return self.model_copy(update={"commune_contact": nobody, "school_contact": nobody})

    def digest(self) -> str:
        """SHA-256 of what matters to the person."""
        return hashlib.sha256(self.model_dump_json(exclude={"distance_km", "lost"}).encode()).hexdigest()

    @property
    def first_on(self) -> date:
        """The first day of service: where mail, text message, page and calendar all say that it begins."""
        return min(self.dates, default=self.starts_on)

    @property
    def last_on(self) -> date:
        """The last day of service."""
        return max(self.dates, default=self.ends_on)


def _without_emails_unlike(details: PlacementDetails, other: PlacementDetails) -> PlacementDetails:
    """The same, less the e-mails of contacts that have none in `other`."""
    changes = {
        name: contact.model_copy(update={"email": None})
        for name in ("commune_contact", "school_contact")
        if (contact := getattr(details, name)).email and not getattr(other, name).email
    }
    return details.model_copy(update=changes)


def is_same(details: PlacementDetails | None, other: PlacementDetails | None) -> bool:
    """Nobody is told of no placement."""
    return details is not None and other is not None and details.tells_the_same_as(other)


def has_news(
    placement: PlacementDetails | None, *, known: PlacementDetails | None, known_here: PlacementDetails | None
) -> bool:
    """A newer version is sent by a channel: `known`, what its recipient knows by any, `known_here`, by this one.

    The withdrawal (None) of what nobody heard of is nothing; what this channel has not brought is told by it all the
    same. Who sends decides by it, and whoever counts beforehand what will be sent.
    """
    if placement is None:
        return known is not None
    return not (is_same(known, placement) and is_same(known_here, placement))
