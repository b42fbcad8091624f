"""From a weekly pattern to dates: the weekdays of every campaign week, less days off and absences, and what is made up.

Pure: dates come in and go out, nothing here knows what day it is, or which days are holidays.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from commune_schemas.days import AbsenceKind, DayOff, DayOffKind, LostDate, MovedDay

WORKING_WEEKDAYS = range(5)
MAKE_UP_WITHIN = timedelta(days=7)
DAY_OFF_WORDS = {
    DayOffKind.HOLIDAY: ("nghỉ lễ", "public holiday"),
    DayOffKind.CLOSED: ("nghỉ theo quyết định", "closed by decision"),
}
ABSENCE_WORDS = {
    AbsenceKind.TEACHING: ("bận dạy", "teaching"),
    AbsenceKind.EXAM: ("bận thi", "exams"),
    AbsenceKind.LEAVE: ("bận việc riêng", "on leave"),
    AbsenceKind.ELSEWHERE: ("phục vụ ở đợt khác", "serving in another campaign"),
}
Absences = Mapping[date, AbsenceKind]
"""One person's."""


@dataclass(frozen=True)
class ServiceCalendar:
    """All dates of service in order, made-up ones among them, and what became of the others."""

    dates: tuple[date, ...]
    lost: tuple[LostDate, ...]


@dataclass(frozen=True)
class CampaignDays:
    """The days of a campaign, both ends included: which weekday each counts as, and which are off for everybody."""

    starts_on: date
    ends_on: date
    off: tuple[DayOff, ...] = ()
    moved: tuple[MovedDay, ...] = ()

    @cached_property
    def days_off(self) -> Mapping[date, DayOff]:
        return {day.on: day for day in self.off}

    @cached_property
    def weekday_of(self) -> Mapping[date, int]:
        """Every working day of every week and every moved day, in order, days off among them."""
        moved = {day.on: day.weekday for day in self.moved}
        span = (self.starts_on + timedelta(days=offset) for offset in range((self.ends_on - self.starts_on).days + 1))
        weekdays = {day: moved.get(day, day.weekday()) for day in span}
        return {day: weekday for day, weekday in weekdays.items() if weekday in WORKING_WEEKDAYS}

    def dates_of(self, weekdays: Collection[int]) -> list[date]:
        """The pattern: every date of these weekdays (0 = Monday), days off among them."""
        return [day for day, weekday in self.weekday_of.items() if weekday in weekdays]

    def can_serve(self, day: date, absences: Absences) -> bool:
        return day in self.weekday_of and day not in self.days_off and day not in absences


def count_dates(days: CampaignDays, absences: Absences) -> dict[int, tuple[int, int]]:
    """By weekday: its dates in the campaign, and those that the person could serve."""
    dates = Counter(days.weekday_of.values())
    served = Counter(weekday for day, weekday in days.weekday_of.items() if days.can_serve(day, absences))
    return {weekday: (dates[weekday], served[weekday]) for weekday in WORKING_WEEKDAYS}


def counts_as_free(dates: int, served: int) -> bool:
    """A weekday is promised to a commune only if at least half of its dates will be served."""
    return served > 0 and 2 * served >= dates


def plan_dates(
    weekdays: Collection[int],
    days: CampaignDays,
    *,
    absences: Absences,
    free_weekdays: Collection[int],
    max_days: int,
    only_on: Collection[date] | None = None,
) -> ServiceCalendar:
    """The dates of a weekly pattern less days off and absences; what fell out is named, and made up if it is one's own.

    A day off is off for everybody and stays lost. A date lost by an absence is made up on the first later day, at most
    seven days on, that is one of the person's free weekdays, can be served, is no day of service already, and lies in
    a week (Monday to Sunday) with fewer than `max_days` days of service. If there is none, it stays lost. `only_on`:
    days on which a date may be made up; None: any.
    """
    pattern = days.dates_of(weekdays)
    serving = {day for day in pattern if days.can_serve(day, absences)}
    in_week = Counter(_week(day) for day in serving)
    rooms = [day for day in days.dates_of(free_weekdays) if only_on is None or day in only_on]
    lost = []
    for day in pattern:
        if day in days.days_off:
            lost.append(_lost_to_all(days.days_off[day]))
        elif day in absences:
            instead = next(
                (
                    room
                    for room in _later(day, rooms)
                    if days.can_serve(room, absences) and room not in serving and in_week[_week(room)] < max_days
                ),
                None,
            )
            if instead is not None:
                serving.add(instead)
                in_week[_week(instead)] += 1
            lost.append(_lost_to_one(day, absences[day], instead))
    return ServiceCalendar(tuple(sorted(serving)), tuple(lost))


def _later(day: date, dates: list[date]) -> Iterator[date]:
    return (other for other in dates if day < other <= day + MAKE_UP_WITHIN)


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _lost_to_all(day: DayOff) -> LostDate:
    vi, en = DAY_OFF_WORDS[day.kind]
    return LostDate(
        on=day.on, reason=day.kind, vi=f"{day.on:%d/%m/%Y} {vi} ({day.vi})", en=f"{day.on:%d/%m/%Y} {en} ({day.en})"
    )


def _lost_to_one(day: date, kind: AbsenceKind, instead: date | None) -> LostDate:
    vi, en = ABSENCE_WORDS[kind]
    then_vi = f"làm bù ngày {instead:%d/%m/%Y}" if instead else "không có ngày làm bù"
    then_en = f"made up on {instead:%d/%m/%Y}" if instead else "not made up"
    return LostDate(
        on=day,
        reason=kind,
        vi=f"{day:%d/%m/%Y} {vi}, {then_vi}",
        en=f"{day:%d/%m/%Y} {en}, {then_en}",
        made_up_on=instead,
    )
