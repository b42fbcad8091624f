"""A campaign's calendar: the country's holidays, and the exceptions its office decreed. Pure: no clock, no database.

The table of holidays is that of the package `holidays`. Days given in lieu are decreed each year: what the office
declares wins over the table.
"""

from datetime import date, timedelta
from functools import cache

import holidays
from commune_schemas.days import DayOff, DayOffKind, MovedDay

from roster_api.campaigns.models import Campaign
from roster_api.campaigns.schemas import SATURDAY, CalendarDay, CalendarException, DayKind, ExceptionKind


@cache
def list_holidays(year: int) -> dict[date, tuple[str, str]]:
    """Public holidays and days given in lieu of a year: (Vietnamese, English name) by day."""
    vietnamese = holidays.country_holidays("VN", years=year, language="vi")
    english = holidays.country_holidays("VN", years=year, language="en_US")
    return {day: (vietnamese[day], english[day]) for day in sorted(vietnamese)}


def is_holiday(day: date) -> bool:
    return day in list_holidays(day.year)


def list_exceptions(campaign: Campaign) -> list[CalendarException]:
    """As declared, by day."""
    return [CalendarException.model_validate(one) for one in campaign.calendar_exceptions]


def list_days(campaign: Campaign) -> list[CalendarDay]:
    """Monday to Friday of every week of the campaign, and the days at weekends that are worked; in order."""
    exceptions = {one.on: one for one in list_exceptions(campaign)}
    span = (campaign.ends_on - campaign.starts_on).days + 1
    dates = (campaign.starts_on + timedelta(days=offset) for offset in range(span))
    return [_day(day, exceptions.get(day)) for day in dates if day.weekday() < SATURDAY or day in exceptions]


def _day(day: date, exception: CalendarException | None) -> CalendarDay:
    if exception is not None:
        is_open = exception.kind is ExceptionKind.OPEN
        worked_as = day.weekday() if exception.weekday is None else exception.weekday
        return CalendarDay(
            on=day,
            kind=DayKind(exception.kind.value),
            weekday=worked_as if is_open else None,
            vi=exception.reason,
            en=exception.reason,
        )
    if is_holiday(day):
        vi, en = list_holidays(day.year)[day]
        return CalendarDay(on=day, kind=DayKind.HOLIDAY, weekday=None, vi=vi, en=en)
    return CalendarDay(on=day, kind=DayKind.WORKING, weekday=day.weekday(), vi="", en="")


def list_days_off(campaign: Campaign) -> list[DayOff]:
    return [
        DayOff(on=day.on, kind=DayOffKind(day.kind.value), vi=day.vi, en=day.en)
        for day in list_days(campaign)
        if day.weekday is None
    ]


def list_moved_days(campaign: Campaign) -> list[MovedDay]:
    return [
        MovedDay(on=day.on, weekday=day.weekday)
        for day in list_days(campaign)
        if day.weekday is not None and day.on.weekday() >= SATURDAY
    ]
