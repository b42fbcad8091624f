"""A person's days of service as a calendar: one event with a stable UID, repeated weekly, holidays taken out."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from commune_schemas.notices import PlacementDetails
from icalendar import Calendar, Event, vRecur

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def make_calendar_uid(campaign_id: UUID, volunteer_id: UUID) -> str:
    """One event a person and campaign, over all versions of the plan."""
    return f"{uuid5(campaign_id, str(volunteer_id))}@commune-roster"


def write_calendar(
    details: PlacementDetails, *, uid: str, sequence: int, campaign_name: str, is_withdrawn: bool, stamp: datetime
) -> bytes:
    """An iCalendar file. A higher `sequence` replaces what a calendar knows of `uid`; withdrawn = cancelled."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", f"{details.commune_name}: {campaign_name}")
    event.add("location", ", ".join(part for part in (details.office_address, details.province_name) if part))
    event.add("description", _description(details))
    event.add("status", "CANCELLED" if is_withdrawn else "CONFIRMED")
    first = details.dates[0] if details.dates else details.starts_on
    event.add("dtstart", _at(first, details.start_time))
    event.add("dtend", _at(first, details.end_time))
    _add_repetition(event, details, first)
    calendar = Calendar()
    calendar.add("prodid", "-//commune-roster//placement//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", campaign_name)
    calendar.add("refresh-interval;value=duration", "PT6H")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _add_repetition(event: Event, details: PlacementDetails, first: date) -> None:
    if len(details.dates) < 2:
        return
    last = details.dates[-1]
    weekdays = sorted({day.weekday() for day in details.dates})
    until = _at(last, details.start_time).astimezone(UTC)
    event.add("rrule", vRecur(freq="WEEKLY", byday=[DAY_CODES[day] for day in weekdays], until=until))
    served = set(details.dates)
    span = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    for day in span:
        if day.weekday() in weekdays and day not in served:
            event.add("exdate", _at(day, details.start_time))


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=TIMEZONE)


def _description(details: PlacementDetails) -> str:
    contacts = (("Xã / commune", details.commune_contact), ("Trường / school", details.school_contact))
    lines = [
        "Công việc / duties: " + "; ".join(details.duties),
        *(f"Liên hệ {where}: {contact.name} {contact.phone}" for where, contact in contacts),
    ]
    return "\n".join(lines)
