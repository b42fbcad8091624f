"""Notices between roster-api (who is to be told what) and notifier (who tells them, once).

roster-api computes, when a plan is published, one PersonNotice for each person whose own placement is new, changed or
withdrawn against the plan published before; notifier reads them page by page and keeps one message row for each
(plan, person, channel, kind).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message, Weekday
from commune_schemas.days import LostDate
from commune_schemas.matching import VolunteerRole


class NoticeKind(StrEnum):
    PLACEMENT_ASSIGNED = "placement_assigned"
    PLACEMENT_CHANGED = "placement_changed"
    PLACEMENT_WITHDRAWN = "placement_withdrawn"


class WithdrawalCause(StrEnum):
    """Why a placement was taken off: what the person did themselves is acknowledged, the rest is explained."""

    CANNOT_GO = "cannot_go"  # they said so themselves
    LEFT = "left"  # their school reported that they do not take part any more
    REPLANNED = "replanned"  # the plan was made anew without them


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


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

    @property
    def first_on(self) -> date:
        """The first day of service: where mail, text message, page and calendar all say that it begins."""
        return min(self.dates, default=self.starts_on)

    @property
    def last_on(self) -> date:
        """The last day of service."""
        return max(self.dates, default=self.ends_on)


class PersonNotice(Message):
    plan_id: UUID
    plan_version: int
    volunteer_id: UUID
    kind: NoticeKind
    full_name: str
    role: VolunteerRole
    email: str | None
    phone: str | None
    """E.164."""
    school_name: str
    campaign_name: str
    placement: PlacementDetails | None
    """None when withdrawn."""
    previous: PlacementDetails | None
    """The placement they were told of before; None when assigned for the first time."""
    withdrawal: WithdrawalCause | None = None
    """Given when withdrawn; None where it was not kept."""
    answer_url: str
    """Personal link to confirm or say 'cannot go'. Opening it changes nothing; a button does."""
    calendar_uid: str
    """Stable over versions, so a calendar updates instead of doubling."""
    calendar_sequence: Annotated[int, Field(ge=0)]


class NoticePage(Message):
    items: list[PersonNotice]
    total: int
    limit: int
    offset: int


class NoticesPrepared(Message):
    """notifier -> roster-api: every notice of this plan has its message rows; the outbox row is done."""

    plan_id: UUID
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
