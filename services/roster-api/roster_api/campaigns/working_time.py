"""Working days of a campaign's office. Pure: who asks says what day it is.

Monday to Friday less holidays, days given in lieu and days closed by decree; and weekends opened by decree.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone

from roster_api.campaigns.calendar import is_holiday, list_exceptions
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.schemas import SATURDAY, CalendarException, ExceptionKind

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has one time zone and no summer time."""


def local_day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


class WorkingDays:
    """Which days are worked. `exceptions`: what an office decreed; it wins over the table of holidays."""

    def __init__(self, exceptions: list[CalendarException]) -> None:
        self._exceptions = {each.on: each.kind is ExceptionKind.OPEN for each in exceptions}

    @classmethod
    def of_campaign(cls, campaign: Campaign) -> "WorkingDays":
        return cls(list_exceptions(campaign))

    def is_worked(self, day: date) -> bool:
        decreed = self._exceptions.get(day)
        if decreed is not None:
            return decreed
        return day.weekday() < SATURDAY and not is_holiday(day)

    def nth_before(self, day: date, number: int) -> date:
        """The `number`-th working day before `day`, which itself is not counted."""
        for _ in range(number):
            day -= timedelta(days=1)
            while not self.is_worked(day):
                day -= timedelta(days=1)
        return day


Span = tuple[time, time]
"""From and to, within a day, in Vietnam."""
LONGEST_SEARCH = timedelta(days=400)
"""No office is closed for longer: a clock that finds no working time within it was given wrong hours."""


class WorkClock:
    """Counts time that is worked: the hours of working days. `spans` in the day's order, none over another."""

    def __init__(self, days: WorkingDays, spans: Sequence[Span]) -> None:
        self._days = days
        self._spans = tuple(spans)

    def add(self, start: datetime, work: timedelta) -> datetime:
        """The moment by which so much was worked since `start`; that moment itself is working time, or its end."""
        left = work
        for opens, closes in self._hours(start, start + LONGEST_SEARCH):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise ValueError("no working time within more than a year")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Of the time from `start` to `end` what is worked; none when `end` is not later."""
        return sum((closes - opens for opens, closes in self._hours(start, end)), timedelta())

    def _hours(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working hours within two moments, in order, cut at both ends."""
        day, last = local_day(start), local_day(end)
        while day <= last:
            for opens, closes in self._spans if self._days.is_worked(day) else ():
                first = max(datetime.combine(day, opens, LOCAL), start)
                until = min(datetime.combine(day, closes, LOCAL), end)
                if first < until:
                    yield first, until
            day += timedelta(days=1)
