"""The bases of this API's shapes: bodies refuse unknown fields; a patch changes what it names, and nothing else."""

from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from commune_schemas.base import PlainNumbers
from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from roster_api.text import Line

FIRST_YEAR, LAST_YEAR = 2000, 2100
DayT = TypeVar("DayT", bound=date)


def _is_of_our_time(day: DayT) -> DayT:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}. | The year must be from {FIRST_YEAR} to {LAST_YEAR}."
        )
    return day


Day = Annotated[date, AfterValidator(_is_of_our_time)]
"""A day that somebody means: calendars, and whatever is reckoned from it, have room on both sides."""
Moment = Annotated[AwareDatetime, AfterValidator(_is_of_our_time)]
"""With its offset from UTC."""
ABSENT: Any = Field(default_factory=lambda: None)
"""`name: Name = ABSENT` in a patch: may be left out, may not be null; read it by `changes()`, never by its name."""


class Body(PlainNumbers):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class PatchBody(Body):
    """Fields that were sent, as a dict: `changes()`."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.NULLABLE:
            raise ValueError("Không được để trống (null). | May not be null.")
        return value

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class Answer(BaseModel):
    """What a client gets, read off a row."""

    model_config = ConfigDict(from_attributes=True)


SearchKeyText = Annotated[Line | None, Field(max_length=100, description="Search, accents and case ignored")]
SearchText = Annotated[Line | None, Query(max_length=100, description="Search, accents and case ignored")]
ArchivedFilter = Annotated[bool, Query(description="true: the archived ones instead")]
CommuneCodePath = Annotated[str, Path(pattern=r"^[0-9]{5}$", description="Official code, 5 digits", examples=["22366"])]
ProvinceCodePath = Annotated[str, Path(pattern=r"^[0-9]{2}$", description="Official code, 2 digits", examples=["56"])]
CommuneCodeField = Annotated[
    str, Field(pattern=r"^[0-9]{5}$", description="Official code, 5 digits", examples=["22366"])
]
ProvinceCodeField = Annotated[str, Field(pattern=r"^[0-9]{2}$", description="Official code, 2 digits", examples=["56"])]
CommuneCodeQuery = Annotated[str | None, Query(pattern=r"^[0-9]{5}$")]
ProvinceCodeQuery = Annotated[str | None, Query(pattern=r"^[0-9]{2}$")]
IdPath = Annotated[UUID, Path(examples=["0193a1b2-0000-7000-8000-000000000001"])]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
