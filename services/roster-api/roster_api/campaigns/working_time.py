"""Working days of a campaign's office. Pure: who asks says what day it is.

Monday to Friday less holidays, days given in lieu and days closed by decree; and weekends opened by decree.
"""

from datetime import date, datetime, timedelta, timezone

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
