"""Notices between roster-api (who is to be told what) and notifier (who tells them, once).

A notice is to somebody (`recipient`), from something (`source`): a published plan, an answer, a reminder. roster-api
lists the notices of a source; notifier reads them page by page and keeps one message row for each (source, recipient,
channel, kind). How to reach the recipient is no part of a notice: it is asked for when the message is sent, so that a
corrected address is used, and no address or personal link is kept beside the words.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message, Weekday
from commune_schemas.matching import VolunteerRole
from commune_schemas.placement_details import Contact, PlacementDetails


class RecipientKind(StrEnum):
    """Whose contact it is: `id` of a recipient is a volunteer's, school's, account's, unit's or a member of
    the staff's id, or a commune's code."""

    VOLUNTEER = "volunteer"
    SCHOOL = "school"
    COMMUNE = "commune"
    ACCOUNT = "account"
    STAFF = "staff"
    UNIT = "unit"


class Recipient(Message):
    kind: RecipientKind
    id: Annotated[str, Field(min_length=1, max_length=64)]


class SourceKind(StrEnum):
    """What a notice is from. A kind added here has its lister in roster_api/notices/sources.py."""

    PLAN = "plan"
    ANSWER = "answer"
    REMINDER = "reminder"
    NEED_REMINDER = "need_reminder"
    SECONDMENT = "secondment"  # an act of telling about decisions: a publication, an extension, an end, a reminder
    RESERVE = "reserve"  # whom a plan's publication leaves in reserve; the id is the plan's
    ATTENDANCE_QUESTION = "attendance_question"
    INVITATION = "invitation"  # a round of inviting or reminding a school's people to say what its list does not
    BLOCKER_STEP = "blocker_step"
    DATA_REQUEST = "data_request"  # what became of a request about one's own data: came in, is due, is answered


class Source(Message):
    """`version` orders the sources of one thread: a plan's version; 1 for what happens once."""

    kind: SourceKind
    id: UUID
    version: Annotated[int, Field(ge=1)]


class NoticeKind(StrEnum):
    PLACEMENT_ASSIGNED = "placement_assigned"
    PLACEMENT_CHANGED = "placement_changed"
    PLACEMENT_WITHDRAWN = "placement_withdrawn"
    PLACEMENT_REMINDER = "placement_reminder"  # to whom has not answered; the placement is as it was told
    PERSON_CANNOT_GO = "person_cannot_go"  # to the school of who said so
    NEED_REMINDER = "need_reminder"  # to a commune that has submitted no need
    SECONDMENT = "secondment"  # to who is seconded
    SECONDMENT_OF_UNIT = "secondment_of_unit"  # to a unit that lends or receives people
    RESERVE = "reserve"  # to who volunteered and has no place: thanked once, held in reserve by the school
    BLOCKER = "blocker"  # to who has it now, or who raised it
    ATTENDANCE_QUESTION = "attendance_question"  # to a school, of days that the commune said nothing of
    DATA_REQUEST = "data_request"  # to who asked about their own data: it came in, it is answered
    DATA_REQUEST_DUE = "data_request_due"  # to who must answer it: a day before its time is over, and after
    INVITATION = "invitation"  # to who is on a school's list: say the rest, by the link
    INVITATION_REMINDER = "invitation_reminder"  # to who was invited and is silent; once


class WithdrawalCause(StrEnum):
    """Why a placement was taken off: what the person did themselves is acknowledged, the rest is explained."""

    CANNOT_GO = "cannot_go"  # they said so themselves
    LEFT = "left"  # their school reported that they do not take part any more
    REPLANNED = "replanned"  # the plan was made anew without them


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


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
    number: str = ""
    reason: str = ""
    """Of an extension or an early end."""


class SecondmentNotice(Notice):
    """To somebody seconded (one move, in `moves`), or to a unit: who leaves it and who comes, all of one occasion."""

    occasion: Literal["published", "extended", "ended_early", "returned", "ending"]
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


OfficeNotice = CannotGoNotice | NeedReminderNotice | AttendanceQuestionNotice | BlockerNotice | DataRequestNotice
AnyNotice = PersonNotice | ReserveNotice | InvitationNotice | SecondmentNotice | OfficeNotice
"""Every shape of notice: their fields differ, so a row is of one of them only."""


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


class MessageStatus(StrEnum):
    """A message's life. pending -> claimed -> sending -> sent -> delivered; or failed, unknown, cancelled."""

    PENDING = "pending"  # to be sent at next_attempt_at
    CLAIMED = "claimed"  # a sender holds it; nothing was handed to a provider yet: safe to take back
    SENDING = "sending"  # being handed to the provider; after a crash here nobody can know: becomes unknown
    SENT = "sent"  # the provider took it
    DELIVERED = "delivered"  # the provider's receipt says it arrived
    FAILED = "failed"  # permanent refusal, or retries used up; the reason is stated
    UNKNOWN = "unknown"  # killed between the provider's taking it and our writing so; never blindly resent
    CANCELLED = "cancelled"  # a newer plan made it untrue before it was sent
