"""The calendar file of a notice: one event for one person, repeating weekly, that later files update or take away."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from commune_schemas.notices import NoticeKind, PersonNotice, PlacementDetails
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from notifier.wording import clean_line, local_phone, weekdays_vi

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
    event.add("SUMMARY", f"Hỗ trợ {clean_line(placement.commune_name)}")
    event.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    _add_times(event, placement)
    _add_description(event, notice, placement)
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
    """The weekly rule over all dates, then days the rule has and the plan has not, and the other way round."""
    dates = sorted(set(placement.dates))
    starts, ends = _time_of(placement.start_time), _time_of(placement.end_time)
    event.add("DTSTART", datetime.combine(dates[0], starts, VIETNAM))
    event.add("DTEND", datetime.combine(dates[0], ends, VIETNAM))
    if len(dates) == 1:
        return
    weekdays = sorted({day.weekday() for day in dates})
    until = datetime.combine(dates[-1], starts, VIETNAM).astimezone(ZoneInfo("UTC"))
    event.add("RRULE", {"FREQ": "WEEKLY", "BYDAY": [DAY_CODES[day] for day in weekdays], "UNTIL": until})
    left_out = [day for day in _days_between(dates[0], dates[-1]) if day.weekday() in weekdays and day not in dates]
    if left_out:
        event.add("EXDATE", [datetime.combine(day, starts, VIETNAM) for day in left_out])


def _add_description(event: Event, notice: PersonNotice, placement: PlacementDetails) -> None:
    commune, school = placement.commune_contact, placement.school_contact
    place = "Hỗ trợ từ xa" if placement.is_remote else clean_line(placement.office_address)
    lines = [
        f"{clean_line(notice.campaign_name)} - {weekdays_vi(placement.weekdays)}",
        f"Nhiệm vụ: {', '.join(clean_line(duty) for duty in placement.duties)}",
        f"Liên hệ xã: {clean_line(commune.name)}, {local_phone(clean_line(commune.phone))}",
        f"Liên hệ trường: {clean_line(school.name)}, {local_phone(clean_line(school.phone))}",
    ]
    if notice.kind != NoticeKind.PLACEMENT_WITHDRAWN:
        lines.append(f"Xác nhận: {clean_line(notice.answer_url)}")
    event.add("LOCATION", place)
    event.add("DESCRIPTION", "\n".join(lines))
    event.add("CONTACT", f"{clean_line(commune.name)}, {local_phone(clean_line(commune.phone))}")


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _time_of(text: str) -> time:
    """'07:30' or '7:30'. ValueError otherwise."""
    hours, minutes = text.strip().split(":")
    return time(int(hours), int(minutes))
