"""Days on which nobody, or one person, serves: what roster-api freezes of them, and what the worker makes of them."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from commune_schemas.base import Message, Weekday


class DayOffKind(StrEnum):
    HOLIDAY = "holiday"  # of the country, or given in lieu of one
    CLOSED = "closed"  # by the office's own decree


class AbsenceKind(StrEnum):
    TEACHING = "teaching"
    EXAM = "exam"
    LEAVE = "leave"
    ELSEWHERE = "elsewhere"  # serves under another campaign's plan; never declared


class DayOff(Message):
    """A working day of the week on which nobody serves, and its name or the reason."""

    on: date
    kind: DayOffKind
    vi: str
    en: str


class MovedDay(Message):
    """A day at a weekend that is worked as if it were `weekday`: whoever serves on that weekday serves on it."""

    on: date
    weekday: Weekday


class Absence(Message):
    """One person cannot serve from `starts_on` to `ends_on`, both included."""

    volunteer_id: UUID
    starts_on: date
    ends_on: date
    kind: AbsenceKind


class LostDate(Message):
    """A date of a person's weekly pattern that is not served, and the day that takes its place, if any."""

    on: date
    reason: DayOffKind | AbsenceKind
    vi: str
    en: str
    made_up_on: date | None = None


class WeekdaySetAside(Message):
    """A free weekday that did not count: of its `dates` in the campaign the person could serve only `served`."""

    volunteer_id: UUID
    weekday: Weekday
    dates: int
    served: int
