"""Shapes of campaigns and their calendars."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from commune_schemas.base import Weekday
from pydantic import Field, PlainSerializer, WithJsonSchema, model_validator

from roster_api.campaigns.models import CampaignStatus
from roster_api.campaigns.policy import CampaignPolicy
from roster_api.shapes import ABSENT, Answer, Body, Day, PatchBody, ProvinceCodeField
from roster_api.text import Name

ClockTime = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Local time", examples=["07:30"])
]
ShownTime = Annotated[
    time,
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    WithJsonSchema({"type": "string", "examples": ["07:30"]}),
]
MAXIMUM_DAYS = 366
SATURDAY = 5


class CampaignCreate(Body):
    province_code: ProvinceCodeField
    name: Name = Field(examples=["Tháng cao điểm chuyển đổi số cấp xã"])
    starts_on: Day = Field(examples=["2025-11-03"])
    ends_on: Day = Field(examples=["2025-11-28"])
    start_time: ClockTime = "07:30"
    end_time: ClockTime = "16:30"
    policy: CampaignPolicy = Field(default_factory=CampaignPolicy, description="How its matching runs decide")
    is_sandbox: bool = Field(
        default=False, description="To try things out: its messages are simulated and reach nobody. Never changes"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_dates(self.starts_on, self.ends_on, self.start_time, self.end_time)
        return self


class CampaignPatch(PatchBody):
    name: Name = ABSENT
    starts_on: Day = ABSENT
    ends_on: Day = ABSENT
    start_time: ClockTime = ABSENT
    end_time: ClockTime = ABSENT
    policy: Annotated[
        CampaignPolicy, Field(description="Only what is named changes; for runs asked for from now on")
    ] = ABSENT


class CampaignRead(Answer):
    id: UUID
    province_code: str
    name: str
    status: CampaignStatus
    starts_on: date
    ends_on: date
    start_time: ShownTime
    end_time: ShownTime
    policy: CampaignPolicy
    is_sandbox: bool
    opened_at: datetime | None
    closed_at: datetime | None
    archived_at: datetime | None
    row_version: int


def check_dates(starts_on: date, ends_on: date, start_time: str, end_time: str) -> None:
    """ValueError unless the days and the hours are in order, and the campaign is no longer than a year."""
    if ends_on < starts_on:
        raise ValueError("Ngày kết thúc phải không trước ngày bắt đầu. | The last day must not be before the first.")
    if (ends_on - starts_on).days >= MAXIMUM_DAYS:
        raise ValueError("Chiến dịch dài quá một năm. | A campaign lasts at most a year.")
    if end_time <= start_time:
        raise ValueError("Giờ kết thúc phải sau giờ bắt đầu. | The day must end after it starts.")


class ExceptionKind(StrEnum):
    CLOSED = "closed"  # nobody serves
    OPEN = "open"  # a holiday that is worked, or a day at a weekend worked in place of a weekday


class CalendarException(Body):
    """A day on which the campaign does not follow the common calendar, by decree."""

    on: Day = Field(examples=["2025-11-20"])
    kind: ExceptionKind
    reason: Name = Field(examples=["Nghỉ tránh bão theo công điện của tỉnh"])
    weekday: Weekday | None = Field(
        None, description="Only for a day at a weekend: the weekday it is worked as, 0 = Monday"
    )

    @model_validator(mode="after")
    def _names_a_weekday_at_weekends_only(self) -> Self:
        is_weekend = self.on.weekday() >= SATURDAY
        if is_weekend and self.kind is ExceptionKind.CLOSED:
            raise ValueError("Cuối tuần vốn đã nghỉ. | Nobody serves at a weekend anyway.")
        if is_weekend != (self.weekday is not None):
            raise ValueError(
                "weekday: bắt buộc với ngày cuối tuần làm bù, và chỉ với ngày đó."
                " | weekday: needed for a day at a weekend that is worked, and only for that."
            )
        return self


class CalendarExceptionsWrite(Body):
    """Every exception of the campaign; replaces what was declared before."""

    items: Annotated[list[CalendarException], Field(max_length=MAXIMUM_DAYS)]

    @model_validator(mode="after")
    def _each_day_once(self) -> Self:
        if len({item.on for item in self.items}) != len(self.items):
            raise ValueError("Mỗi ngày chỉ được ghi một lần. | Each day may be named only once.")
        return self


class DayKind(StrEnum):
    WORKING = "working"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    OPEN = "open"


class CalendarDay(Answer):
    on: date
    kind: DayKind
    weekday: int | None = Field(description="Whose day it is, 0 = Monday; null: nobody serves")
    vi: str = Field(description="Name of the holiday, or the reason; empty on an ordinary day")
    en: str


class CampaignCalendar(Answer):
    """Monday to Friday of every week, and days at weekends that are worked. At most a year, so it has no pages."""

    campaign_id: UUID
    starts_on: date
    ends_on: date
    working_days: int
    days: list[CalendarDay]
    exceptions: list[CalendarException]
    row_version: int
