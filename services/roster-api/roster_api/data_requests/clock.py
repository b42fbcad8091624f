"""By when a request is to be answered: working days of Vietnam. Pure: no database."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from roster_api.campaigns.calendar import is_holiday

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday, but for public holidays and days given in lieu."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def find_due(filed_at: datetime, *, working_days: int) -> datetime:
    """The end of the last of so many working days after the day it came in, in Vietnam."""
    day = filed_at.astimezone(LOCAL).date()
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LOCAL)
