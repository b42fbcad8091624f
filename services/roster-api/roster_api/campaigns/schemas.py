"""Shapes of campaigns."""

from datetime import date, datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema, model_validator

from roster_api.campaigns.models import CampaignStatus
from roster_api.shapes import ABSENT, Absent, Answer, Body, PatchBody, ProvinceCodeField
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


class CampaignCreate(Body):
    province_code: ProvinceCodeField
    name: Name = Field(examples=["Tháng cao điểm chuyển đổi số cấp xã"])
    starts_on: date = Field(examples=["2025-11-03"])
    ends_on: date = Field(examples=["2025-11-28"])
    start_time: ClockTime = "07:30"
    end_time: ClockTime = "16:30"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_dates(self.starts_on, self.ends_on, self.start_time, self.end_time)
        return self


class CampaignPatch(PatchBody):
    name: Name | Absent = ABSENT
    starts_on: date | Absent = ABSENT
    ends_on: date | Absent = ABSENT
    start_time: ClockTime | Absent = ABSENT
    end_time: ClockTime | Absent = ABSENT


class CampaignRead(Answer):
    id: UUID
    province_code: str
    name: str
    status: CampaignStatus
    starts_on: date
    ends_on: date
    start_time: ShownTime
    end_time: ShownTime
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
