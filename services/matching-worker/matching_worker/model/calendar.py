"""From a weekly pattern to dates: the weekdays of every campaign week, less holidays and absences, and what is made up.

Pure: dates come in and go out, nothing here knows what day it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import holidays as holiday_tables

WORKING_WEEKDAYS = range(5)
WEEK = timedelta(days=7)


class Reason(StrEnum):
    """Why a date of the pattern is not served."""

    HOLIDAY = "holiday"
    ABSENCE = "absence"  # teaching, an exam, leave


@dataclass(frozen=True)
class LostDate:
    """A date the pattern has and the person does not serve; `made_up_on` is the day that takes its place, if any."""

    on: date
    reason: Reason
    vi: str
    en: str
    made_up_on: date | None = None


@dataclass(frozen=True)
class ServiceCalendar:
    """All dates of service in order, made-up ones among them, and what became of the others."""

    dates: tuple[date, ...]
    lost: tuple[LostDate, ...]


def vietnamese_holidays(
    starts_on: date, ends_on: date, *, added: Mapping[date, str] | None = None, removed: Collection[date] = ()
) -> dict[date, str]:
    """Public holidays and days given in lieu between two dates (both included), with their English names.

    Days are decreed each year: `added` and `removed` are the office's own corrections and win over the table.
    """
    years = range(starts_on.year, ends_on.year + 1)
    table: dict[date, str] = dict(holiday_tables.country_holidays("VN", years=years))
    table = {day: name for day, name in table.items() if day not in removed} | dict(added or {})
    return {day: table[day] for day in sorted(table) if starts_on <= day <= ends_on}


def service_dates(
    weekdays: Collection[int],
    starts_on: date,
    ends_on: date,
    *,
    holidays: Collection[date],
    absences: Collection[date],
) -> list[date]:
    """Dates of service in order: the weekdays (0 = Monday) of the campaign, less holidays and own absences."""
    return [day for day in pattern_dates(weekdays, starts_on, ends_on) if day not in holidays and day not in absences]


def plan_dates(
    weekdays: Collection[int],
    starts_on: date,
    ends_on: date,
    *,
    holidays: Mapping[date, str],
    absences: Collection[date],
    free_weekdays: Collection[int],
) -> ServiceCalendar:
    """As service_dates(), but says what fell out and why, and makes it up.

    A lost date is made up on the first later day of the campaign, at most seven days on, that is one of the person's
    free weekdays, no holiday, no absence, and not a day of service already. If there is none, it stays lost.
    """
    serving = set(service_dates(weekdays, starts_on, ends_on, holidays=holidays, absences=absences))
    lost = []
    for day in pattern_dates(weekdays, starts_on, ends_on):
        if day in holidays or day in absences:
            instead = next(
                (
                    later
                    for later in pattern_dates(free_weekdays, day + timedelta(days=1), min(ends_on, day + WEEK))
                    if later not in holidays and later not in absences and later not in serving
                ),
                None,
            )
            serving |= {instead} if instead else set()
            lost.append(describe_lost(day, holidays, instead))
    return ServiceCalendar(tuple(sorted(serving)), tuple(lost))


def pattern_dates(weekdays: Collection[int], starts_on: date, ends_on: date) -> list[date]:
    """Every date between the two (both included) that falls on one of the weekdays and on a working day."""
    days = (starts_on + timedelta(days=offset) for offset in range((ends_on - starts_on).days + 1))
    return [day for day in days if day.weekday() in weekdays and day.weekday() in WORKING_WEEKDAYS]


def describe_lost(day: date, holidays: Mapping[date, str], instead: date | None) -> LostDate:
    then_vi = f"làm bù ngày {instead:%d/%m/%Y}" if instead else "không có ngày làm bù"
    then_en = f"made up on {instead:%d/%m/%Y}" if instead else "not made up"
    if day in holidays:
        vi, en = f"{day:%d/%m/%Y} là ngày nghỉ ({holidays[day]})", f"{day:%d/%m/%Y} is a day off ({holidays[day]})"
        return LostDate(day, Reason.HOLIDAY, f"{vi}, {then_vi}", f"{en}, {then_en}", instead)
    vi, en = f"{day:%d/%m/%Y} bận việc riêng (dạy, thi, nghỉ)", f"{day:%d/%m/%Y} is taken (teaching, exam, leave)"
    return LostDate(day, Reason.ABSENCE, f"{vi}, {then_vi}", f"{en}, {then_en}", instead)
