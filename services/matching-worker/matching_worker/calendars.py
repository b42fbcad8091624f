"""Which days of a campaign a person serves: the weekly pattern, less public holidays and the person's own absences."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache

import holidays


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Days off in Vietnam that year, with the days given in lieu."""
    return frozenset(holidays.country_holidays("VN", years=year))


def service_days(
    weekdays: Iterable[int], *, starts_on: date, ends_on: date, absent: Collection[str] = frozenset()
) -> list[date]:
    """Dates of service, in order. `absent` holds ISO dates."""
    wanted = set(weekdays)
    days = (starts_on + timedelta(days=offset) for offset in range((ends_on - starts_on).days + 1))
    return [
        day
        for day in days
        if day.weekday() in wanted and day not in public_holidays(day.year) and day.isoformat() not in absent
    ]
