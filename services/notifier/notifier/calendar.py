"""The calendar file of a notice: one event for one person, repeating weekly, that later files update or take away."""

from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from commune_schemas.notices import NoticeKind, PersonNotice
from commune_schemas.placement_details import PlacementDetails
from commune_schemas.words import calendar_words, clean_line, weekly_pattern
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PRODUCT = "-//Commune Roster//Notifier//VI"
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def write_calendar(notice: PersonNotice, *, stamped_at: datetime, organizer_email: str) -> bytes:
    """RFC 5545 bytes. METHOD is PUBLISH, or CANCEL when the placement was withdrawn; same UID over all versions.

    `stamped_at` is an aware UTC time. Give it complete notices (wording.find_missing_fields).
    """
    is_cancelled = notice.kind == NoticeKind.PLACEMENT_WITHDRAWN
    placement = notice.previous if is_cancelled else notice.placement
    if placement is None or not placement.dates:
        raise ValueError("a notice without dates has no calendar")
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "CANCEL" if is_cancelled else "PUBLISH")
    event = Event()
    event.add("UID", notice.calendar_uid)
    event.add("SEQUENCE", notice.calendar_sequence)
    event.add("DTSTAMP", stamped_at)
    event.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    _add_times(event, placement)
    words = calendar_words(
        placement, campaign_name=notice.campaign_name, answer_url=None if is_cancelled else notice.answer_url
    )
    event.add("SUMMARY", words.summary)
    event.add("LOCATION", words.location)
    event.add("DESCRIPTION", words.description)
    organizer = vCalAddress(f"mailto:{organizer_email}")
    organizer.params["CN"] = vText(clean_line(notice.school_name).replace('"', "'"))
    event["ORGANIZER"] = organizer
    calendar.add_component(_vietnam())
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@cache
def _vietnam() -> Timezone:
    """The zone's definition. Working it out takes longer than all the rest of an e-mail, and it never changes."""
    return Timezone.from_tzinfo(VIETNAM, first_date=date(2020, 1, 1), last_date=date(2040, 1, 1))


def _add_times(event: Event, placement: PlacementDetails) -> None:
    """The weekly rule over all dates, then days the rule has and the plan has not."""
    pattern = weekly_pattern(placement.dates)
    starts, ends = _time_of(placement.start_time), _time_of(placement.end_time)
    event.add("DTSTART", datetime.combine(pattern.first, starts, VIETNAM))
    event.add("DTEND", datetime.combine(pattern.first, ends, VIETNAM))
    if pattern.first == pattern.last:
        return
    until = datetime.combine(pattern.last, starts, VIETNAM).astimezone(ZoneInfo("UTC"))
    event.add("RRULE", {"FREQ": "WEEKLY", "BYDAY": [DAY_CODES[day] for day in pattern.weekdays], "UNTIL": until})
    for day in pattern.left_out:  # a line each: some calendars read only the first of a list
        event.add("EXDATE", datetime.combine(day, starts, VIETNAM))


def _time_of(text: str) -> time:
    """'07:30' or '7:30'. ValueError otherwise."""
    hours, minutes = text.strip().split(":")
    return time(int(hours), int(minutes))
