"""Shapes of the plan routes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from commune_schemas.days import LostDate
from commune_schemas.left_out import LeftOut
from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import Channel
from commune_schemas.problem import FieldError
from commune_schemas.remarks import Remark
from fastapi import Body
from pydantic import BaseModel, ConfigDict, Field

from roster_api.plans.changes import Change
from roster_api.plans.models import PlanStatus


class PlanCounts(BaseModel):
    communes_led: int
    schools: int
    people_placed: int
    person_days_per_week: int
    unmet_days: int


class PlanOut(BaseModel):
    """One plan: what it is, who decided what and when.

    `draft_number` counts what was computed, `version` what was published (None until then). `base_plan_id` is the plan
    in force that the approval named, `previous_plan_id` the one that publishing put out of force.
    """

    id: UUID
    campaign_id: UUID
    run_id: UUID
    draft_number: int
    version: int | None
    status: PlanStatus
    is_verified: bool
    content_sha256: str
    counts: PlanCounts
    created_at: datetime
    approved_at: datetime | None
    approved_by: str | None
    approved_by_id: UUID | None
    base_plan_id: UUID | None
    copied_from_id: UUID | None
    published_at: datetime | None
    published_by: str | None
    published_by_id: UUID | None
    is_notifier_asked: bool | None
    """False: it was published while the notifier could not say whose contacts were refused for good."""
    superseded_at: datetime | None
    discarded_at: datetime | None
    discarded_by: str | None
    discarded_by_id: UUID | None
    previous_plan_id: UUID | None
    repair_reason: str | None
    """Given when a vacancy of `copied_from_id` was filled by hand: why; `approved_by` says who decided."""
    edit_version: int
    """The ETag's number: what a change by hand names in If-Match."""
    hand_changes: int
    """Changes by hand that hold in it; 0: as computed."""
    left_out: list[LeftOut]
    """Schools, people of one role and communes that the plan leaves without anyone, each with its reason."""
    remarks: list[Remark]
    """Schools with people that lead no commune, leads far beyond the nearest school, communes short of people: why."""


class ResponsibilityOut(BaseModel):
    """A school answers for a commune; `promised_days` are person-days a week by field.

    `reason_vi`, `reason_en`: why that school leads, in one sentence; None for supports. `explanation`: where all of it
    is told, with the alternatives; None for whoever may not read it.
    """

    commune_code: str
    commune_name: str
    school_code: str
    school_name: str
    is_lead: bool
    distance_m: int
    promised_days: dict[str, int]
    reason_vi: str | None
    reason_en: str | None
    explanation: str | None


class PlacementOut(BaseModel):
    """A person's place. `email` and `phone` are None for whoever may not see them."""

    volunteer_id: UUID
    full_name: str
    role: VolunteerRole
    email: str | None
    phone: str | None
    school_code: str
    commune_code: str
    commune_name: str
    weekdays: list[int]
    work_days: dict[str, int]
    duties: list[str]
    """Vietnamese names."""
    distance_m: int
    dates: list[date]
    lost: list[LostDate]
    """Dates of the weekly pattern that are not served, why, and the days that take their place."""


class ShortfallOut(BaseModel):
    """Person-days a week."""

    commune_code: str
    commune_name: str
    field_code: str
    needed_days: int
    unmet_days: int


class ChangeCounts(BaseModel):
    new: int
    changed: int
    withdrawn: int
    unchanged: int


class ChangedPerson(BaseModel):
    volunteer_id: UUID
    change: Change
    commune_code: str | None
    weekdays: list[int]
    previous_commune_code: str | None
    previous_weekdays: list[int]


class ApprovalRequest(BaseModel):
    """`base_plan_id`: the plan in force that the decision was made upon (`base_plan_id` of the plan's changes); left
    out or null when none was. 409 `plan.base_moved` when another is in force now."""

    model_config = ConfigDict(extra="forbid")

    base_plan_id: UUID | None = None


SEGMENTS_AT_MOST = 2
"""Of one text: notifier writes no longer one."""


class Confirmation(BaseModel):
    """What publishing does, in numbers: people told something new (or again, for nothing reached them), messages to
    them, people without any channel."""

    model_config = ConfigDict(extra="forbid", strict=True)

    people: Annotated[int, Field(ge=0)]
    messages: Annotated[int, Field(ge=0)]
    unreachable: Annotated[int, Field(ge=0)]
    sms: Annotated[int, Field(ge=0)] | None = None
    """People who get a text message."""
    segments: Annotated[int, Field(ge=0)] | None = None
    """What those texts are at most: no text is longer than SEGMENTS_AT_MOST."""
    cost_vnd: Annotated[int, Field(ge=0)] | None = None
    """At most, by the province's price of a segment; null: the price is not known."""
    unable: Annotated[int, Field(ge=0)] = 0
    """People told to go although they said that they cannot, and nobody pinned them since; to be named unless none."""

    def agrees_with(self, now: "Confirmation") -> bool:
        """What is named is what holds now; of the texts nothing need be named."""
        return all(value == getattr(now, name) for name, value in self.model_dump(exclude_none=True).items())


class PublicationRequest(ApprovalRequest):
    """As for the approval, at this moment: a plan may have been published since.

    `confirm`: the numbers of the plan's changes as they were read. 409 `plan.confirm` with today's when it is missing
    or they differ.
    """

    confirm: Confirmation | None = None


class ChannelFault(StrEnum):
    """Why a channel does not reach somebody: there is no address; they take no messages any more; or, as the notifier
    says, mail came back for good, its reader complained, or the provider refused it for good when it was written to
    last."""

    MISSING = "missing"
    WITHDREW = "withdrew"
    DEAD_ADDRESS = "dead_address"
    COMPLAINT = "complaint"
    REFUSED = "refused"


class ChannelWithout(BaseModel):
    """`since`: of what the notifier says."""

    channel: Channel
    reason: ChannelFault
    since: datetime | None


class UnreachedPerson(BaseModel):
    """Somebody concerned whom a channel would not reach: no text message, an e-mail address that was refused for good,
    or nothing at all (`without` names every channel). `why`: the reason of each of these."""

    volunteer_id: UUID
    full_name: str
    school_code: str
    without: list[Channel]
    why: list[ChannelWithout]
    vi: str
    en: str


class UnablePerson(BaseModel):
    """Somebody whom the plan places although their last word is that they cannot go.

    `change`: what publishing would tell them; `unchanged`: they stand in the plan in force just so, and hear nothing.
    """

    volunteer_id: UUID
    full_name: str
    school_code: str
    commune_code: str
    change: Change
    answered_at: datetime


class ToldAgain(BaseModel):
    """Somebody whose placement stays, and whom no message of it reached by these channels: publishing says it again."""

    volunteer_id: UUID
    full_name: str
    school_code: str
    channels: list[Channel]


class Reach(BaseModel):
    """Whom telling the changes would reach, by the roster as it is now."""

    confirm: Confirmation
    unreached: list[UnreachedPerson]
    again: list[ToldAgain]
    unable: list[UnablePerson]
    is_notifier_asked: bool


ApprovalBody = Annotated[ApprovalRequest, Body(default_factory=ApprovalRequest)]
PublicationBody = Annotated[PublicationRequest, Body(default_factory=PublicationRequest)]
"""No body is one without fields."""


class PlanChanges(BaseModel):
    """Who is told something by this plan; `people` leaves out the unchanged. `missing` keeps it from publishing.

    `base_plan_id`, `base_version`: what it is compared with. Of a published plan the one it put out of force; of any
    other the plan in force now, whichever that was when the plan was made. None: there is nothing to compare with.
    `warnings` keep nothing from being published: decisions that the plan does not carry out, each with its rule; people
    by their ids. `confirm` are the numbers to send with the publication, `unreached` whom it would reach by no channel,
    or not by text message, `again` whom nothing reached of a placement that stays; all are of this moment, and None or
    empty once the plan is published or discarded.
    """

    base_plan_id: UUID | None
    base_version: int | None
    counts: ChangeCounts
    people: list[ChangedPerson]
    missing: list[FieldError]
    warnings: list[FieldError]
    confirm: Confirmation | None
    unreached: list[UnreachedPerson]
    again: list[ToldAgain]
    is_notifier_asked: bool | None
    unable: list[UnablePerson]
    """Who answered since the plan was computed, for most: an older draft does not know it."""
    reserve: list[UUID]
    """Volunteers placed nowhere and told nothing yet: publishing tells each, once, that they are held in reserve."""
