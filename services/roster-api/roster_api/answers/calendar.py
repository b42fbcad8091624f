"""A person's days of service as a calendar: one event with a stable UID, repeated weekly, holidays taken out."""

from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from commune_schemas.placement_details import PlacementDetails
from commune_schemas.words import calendar_words, weekly_pattern
from icalendar import Calendar, Event, vRecur, vText

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def make_calendar_uid(campaign_id: UUID, volunteer_id: UUID) -> str:
    """One event a person and campaign, over all versions of the plan."""
    return f"{uuid5(campaign_id, str(volunteer_id))}@commune-roster"


def write_calendar(
    details: PlacementDetails,
    *,
    uid: str,
    sequence: int,
    campaign_name: str,
    answer_url: str,
    is_withdrawn: bool,
    stamp: datetime,
) -> bytes:
    """An iCalendar file. A higher `sequence` replaces what a calendar knows of `uid`; withdrawn = cancelled.

    The event says what the mail's file says of it: both are one event to a calendar.
    """
    words = calendar_words(details, campaign_name=campaign_name, answer_url=None if is_withdrawn else answer_url)
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", words.summary)
    event.add("location", words.location)
    event.add("description", words.description)
    event.add("status", "CANCELLED" if is_withdrawn else "CONFIRMED")
    _add_times(event, details)
    calendar = Calendar()
    calendar.add("prodid", "-//commune-roster//placement//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(campaign_name))  # as text: ";" and "," are written so that they end nothing
    calendar.add("refresh-interval;value=duration", "PT6H")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _add_times(event: Event, details: PlacementDetails) -> None:
    pattern = weekly_pattern(details.dates or [details.starts_on])
    event.add("dtstart", _at(pattern.first, details.start_time))
    event.add("dtend", _at(pattern.first, details.end_time))
    if pattern.first == pattern.last:
        return
    until = _at(pattern.last, details.start_time).astimezone(UTC)
    event.add("rrule", vRecur(freq="WEEKLY", byday=[DAY_CODES[day] for day in pattern.weekdays], until=until))
    for day in pattern.left_out:  # a line each: some calendars read only the first of a list
        event.add("exdate", _at(day, details.start_time))


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=TIMEZONE)
