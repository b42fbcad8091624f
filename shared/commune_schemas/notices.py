"""Notices between roster-api (who is to be told what) and notifier (who tells them, once).

A notice is to somebody (`recipient`), from something (`source`): a published plan, an answer, a reminder. roster-api
lists the notices of a source; notifier reads them page by page and keeps one message row for each (source, recipient,
channel, kind). How to reach the recipient is no part of a notice: it is asked for when the message is sent, so that a
corrected address is used, and no address or personal link is kept beside the words.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message, Weekday
from commune_schemas.matching import VolunteerRole
from commune_schemas.notice_kinds import (
    Channel,
    Language,
    MessageStatus,
    NoticeKind,
    RecipientKind,
    SourceKind,
    WithdrawalCause,
)
from commune_schemas.placement_details import Contact, PlacementDetails

__all__ = [
    "AnyNotice",
    "AttendanceQuestionNotice",
    "BlockerNotice",
    "CannotGoNotice",
    "Channel",
    "DataRequestNotice",
    "InvitationNotice",
    "Language",
    "MessageStatus",
    "MonthNotice",
    "NeedReminderNotice",
    "Notice",
    "NoticeKind",
    "NoticePage",
    "NoticesPrepared",
    "OfficeNotice",
    "OfficePart",
    "OfficeWordsNotice",
    "PersonNotice",
    "Recipient",
    "RecipientKind",
    "ReserveNotice",
    "SecondmentMove",
    "SecondmentNotice",
    "Source",
    "SourceKind",
    "StandIn",
    "UnconfirmedCommune",
    "WithdrawalCause",
]


class Recipient(Message):
    kind: RecipientKind
    id: Annotated[str, Field(min_length=1, max_length=64)]


class Source(Message):
    """`version` orders the sources of one thread: a plan's version; 1 for what happens once."""

    kind: SourceKind
    id: UUID
    version: Annotated[int, Field(ge=1)]


class Notice(Message):
    """What every notice has, whatever its kind: the message row is made of this."""

    source: Source
    recipient: Recipient
    kind: NoticeKind
    thread: str
    """What later notices to the same recipient are about the same thing: the newest one's words hold."""
    school_name: str = ""
    commune_code: str | None = None
    """By school and commune the messages are listed."""
    is_unchanged: bool = False
    """The version before said the same: only for whom that, or any word before it, never reached."""
    is_sandbox: Annotated[bool, Field(exclude_if=lambda is_sandbox: not is_sandbox)] = False
    """Of a sandbox campaign: it reaches nobody. Written only where it is so; a notifier of before this field refuses
    such a notice, and sends it to nobody."""
    language: Language = Field(default=Language.VI, exclude=True)
    """In which the recipient reads it: filled in from the contact when the message is written, kept nowhere."""


class PersonNotice(Notice):
    """A person's own placement. The thread is the calendar's UID, stable over versions: a calendar updates instead of
    doubling."""

    full_name: str
    role: VolunteerRole
    campaign_name: str
    placement: PlacementDetails | None
    """None when withdrawn."""
    previous: PlacementDetails | None
    """The placement they were told of before; None when assigned for the first time."""
    withdrawal: WithdrawalCause | None = None
    """Given when withdrawn; None where it was not kept."""
    answer_url: str = ""
    """Personal link to confirm or say 'cannot go'; opening it changes nothing, a button does. Empty in what roster-api
    lists and notifier keeps: it is filled in from the contact when the message is written."""
    calendar_sequence: Annotated[int, Field(ge=0)]

    @property
    def calendar_uid(self) -> str:
        return self.thread


class StandIn(Message):
    """Who could step in for a person who drops out: one, or a team. Lower `unmet_days` and `travel_km` are better."""

    people: str
    """Names, joined by a comma."""
    weekdays: list[Weekday]
    unmet_days: int
    """What changes for the commune's need, in person-days a week, against the plan with the person who leaves."""
    travel_km: int


class CannotGoNotice(Notice):
    """To a school's contact: one of its people cannot go, and who could step in, best first."""

    full_name: str
    campaign_name: str
    reason: str
    placement: PlacementDetails
    stand_ins: list[StandIn] | None
    """None: they are still being worked out, and a second notice brings them."""


class NeedReminderNotice(Notice):
    """To a commune's contact: its need for the campaign has not come."""

    commune_name: str
    contact_name: str
    campaign_name: str
    starts_on: date
    ends_on: date


class ReserveNotice(Notice):
    """To who volunteered and is placed nowhere: thanks, held in reserve by their school, whom to ask.

    Once a campaign, in the thread of a placement: being placed later overtakes it.
    """

    full_name: str
    campaign_name: str
    starts_on: date
    ends_on: date
    school_contact: Contact


class UnconfirmedCommune(Message):
    """A commune that said nothing of so many days of a school's people."""

    commune_name: str
    days: int
    people: int


class AttendanceQuestionNotice(Notice):
    """To a school's contact: communes have not confirmed days of its people; the school may say what it knows."""

    contact_name: str
    campaign_name: str
    first_on: date
    last_on: date
    communes: list[UnconfirmedCommune]


class InvitationNotice(Notice):
    """To whom a school's list says too little of: a link to say the rest. A reminder is the thread's next version."""

    full_name: str
    open_until: date
    school_contact: Contact
    answer_url: str = ""
    """As a PersonNotice's: filled in when the message is written, kept nowhere."""


class BlockerNotice(Notice):
    """To who has a blocker now, or who raised it: what became of it."""

    recipient_name: str
    campaign_name: str
    commune_name: str
    step: Literal["raised", "escalated", "solved", "confirmed", "reopened"]
    level: str
    """Who has it from this step on: overseer, director, secretary_office."""
    words: str
    step_words: str
    is_urgent: bool
    raised_at: datetime
    due_at: datetime | None
    """When it goes one level up unless it is solved."""


class SecondmentMove(Message):
    """One person of a decision, as both units and the person are told."""

    full_name: str
    from_unit: str
    to_unit: str
    post_title: str
    field_name: str
    from_on: date
    until_on: date | None
    """The last day; None: for good."""
    weekdays: list[Weekday] = []
    """Of concurrent duty, beside the own post; empty: the whole time."""
    review_on: date | None = None
    """When duty without a last day is looked at again."""
    number: str = ""
    reason: str = ""
    """Of an extension or an early end."""


class SecondmentNotice(Notice):
    """To somebody seconded (one move, in `moves`), or to a unit: who leaves it and who comes, all of one occasion."""

    occasion: Literal[
        "published", "extended", "ended_early", "returned", "ending", "review_due", "reviewed", "change_asked"
    ]
    addressee: str
    """The person's or the unit's name."""
    moves: list[SecondmentMove]
    """The person's own, or who comes to the unit."""
    leaving: list[SecondmentMove] = []
    """Who leaves the unit."""
    legal_basis: str
    signer: str
    contact: Contact | None = None
    """Of the unit that receives the person."""


class DataRequestNotice(Notice):
    """To who asked about their own data; or, due and late, to Home Affairs, without who asked and what is wrong."""

    recipient_name: str
    news: Literal["received", "due", "late", "done", "refused"]
    asked: Literal["access", "correction", "erasure"]
    request_id: UUID
    filed_at: datetime
    due_at: datetime
    reason: str = ""
    """Of a refusal."""


class OfficePart(Message):
    """One thing that an office is told: whole sentences, then facts, one a line; the same in short in English."""

    heading: str
    sentences: list[str]
    rows: list[str] = []
    english: str


class OfficeWordsNotice(Notice):
    """To an office, in words that whoever made it wrote: one part at once, or the parts of a day's digest.

    What is new and is told to offices goes by this shape: the notifier knows nothing of what it is about.
    """

    to: str
    """Whom it greets."""
    subject: str
    about: str
    """The campaign's name, or whatever else stands above the heading."""
    parts: list[OfficePart]


MonthNotice = AttendanceQuestionNotice | BlockerNotice | OfficeWordsNotice
OfficeNotice = CannotGoNotice | NeedReminderNotice | DataRequestNotice | MonthNotice
_Shapes = PersonNotice | ReserveNotice | InvitationNotice | SecondmentNotice | OfficeNotice
AnyNotice = Annotated[_Shapes, Field(union_mode="left_to_right")]  # to weigh them all takes ten times as long
"""Every shape of notice: their fields differ, so a row is of one of them only. The usual one first."""


class NoticePage(Message):
    items: list[AnyNotice]
    total: int
    limit: int
    offset: int


class NoticesPrepared(Message):
    """notifier -> roster-api: every notice of this source has its message rows; the outbox row is done."""

    source_kind: SourceKind
    source_id: UUID
    messages: int
