"""What counts of a day. The province's word before the commune's; the school's where the commune has been silent for
three working days. Pure but for the rows it is given."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from roster_api.attendance.models import AttendanceTick, Outcome, ServiceDay, Side
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import WorkingDays

SILENT_DAYS = 3
"""Working days that a commune has for its word."""


def silent_before(campaign: Campaign, today: date) -> date:
    """Days before this one are overdue: three whole working days have passed since."""
    return WorkingDays.of_campaign(campaign).nth_before(today, SILENT_DAYS)


def settle(day: ServiceDay, ticks: Mapping[Side, AttendanceTick], *, silent_before: date, now: datetime) -> None:
    """Writes what each side says and what counts. The same ticks in any order of arrival come to the same."""
    school, commune, province = (ticks.get(side) for side in (Side.SCHOOL, Side.COMMUNE, Side.PROVINCE))
    day.school_outcome = school.outcome if school else None
    day.commune_outcome = commune.outcome if commune else None
    day.province_outcome = province.outcome if province else None
    is_overdue = day.serves_on < silent_before
    counts = province or commune or (school if is_overdue else None)
    served_by = _who_came(day, counts)
    outcome = counts.outcome if counts else None
    if (outcome, served_by) != (day.outcome, day.served_by_volunteer_id):
        day.confirmed_at = now
    day.outcome, day.served_by_volunteer_id = outcome, served_by
    day.is_disputed = (
        province is None
        and school is not None
        and commune is not None
        and (school.outcome, _who_came(day, school)) != (commune.outcome, _who_came(day, commune))
    )


def _who_came(day: ServiceDay, tick: AttendanceTick | None) -> UUID | None:
    if tick is None or tick.outcome == Outcome.ABSENT:
        return None
    return tick.replaced_by_volunteer_id or day.volunteer_id
