"""Reads what really arrived, in the mail sink's folder and the SMS gateway's log, and holds it against the plan.

Nothing here asks the notifier: what counts is what a person would find in their inbox.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from commune_schemas.amounts import amount
from dateutil.rrule import rrulestr
from icalendar.cal import Component

WEEKDAY_WORDS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu")
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Expected:
    """What one placed person must be told."""

    volunteer_id: str
    email: str
    phone: str
    commune_name: str
    weekdays: tuple[int, ...]
    dates: tuple[date, ...]


@dataclass
class Arrivals:
    """What the sinks hold. `faults` says, in words, everything that is not as it must be."""

    emails: int = 0
    sms: int = 0
    duplicates: int = 0
    people_with_email: int = 0
    people_with_sms: int = 0
    faults: list[str] = field(default_factory=list)


def read_inbox(folder: Path) -> list[EmailMessage]:
    """Every message file in the folder, in order of arrival."""
    return [_parse(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.eml"))]


@lru_cache(4096)
def _parse(path: Path, changed_ns: int) -> EmailMessage:  # noqa: ARG001 - a file that changed is parsed again
    """Once a file: whoever waits for a mail looks at the folder again and again."""
    with path.open("rb") as file:
        return BytesParser(policy=policy.default).parse(file)


def split_inbox(
    inbox: Sequence[EmailMessage], *, schools: Collection[str]
) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """(to people, to the schools' contacts with these addresses)."""
    to_schools = [message for message in inbox if address_of(message) in schools]
    return [message for message in inbox if address_of(message) not in schools], to_schools


@lru_cache(4096)
def address_of(message: EmailMessage) -> str:
    """Whom it went to. Worked out once a message: every look at the inbox asks it of all that came."""
    return str(message["To"]).rsplit("<", 1)[-1].rstrip(">").strip()


def read_sms(path: Path) -> list[dict[str, str]]:
    """Every text the gateway took: {to, text, reference, ...}; an empty list when none ever came."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def hold_against_plan(
    inbox: Sequence[EmailMessage], texts: Sequence[Mapping[str, str]], plan: Sequence[Expected]
) -> Arrivals:
    """Counts what arrived and checks every message's content against the person's own placement."""
    found = Arrivals(emails=len(inbox), sms=len(texts))
    by_email = {person.email: person for person in plan}
    by_phone = {person.phone: person for person in plan}
    email_counts = Counter(address_of(message) for message in inbox)
    sms_counts = Counter(text["to"] for text in texts)
    found.people_with_email = sum(address in email_counts for address in by_email)
    found.people_with_sms = sum(phone in sms_counts for phone in by_phone)
    found.duplicates = sum(count - 1 for counts in (email_counts, sms_counts) for count in counts.values())
    found.faults += [f"no e-mail arrived for {p.volunteer_id}" for p in plan if p.email not in email_counts]
    found.faults += [f"no SMS arrived for {p.volunteer_id}" for p in plan if p.phone not in sms_counts]
    for message in inbox:
        person = by_email.get(address_of(message))
        if person is None:
            found.faults.append("an e-mail went to an address that no placed person has")
        else:
            found.faults += [f"e-mail of {person.volunteer_id}: {fault}" for fault in list_mail_faults(message, person)]
    for text in texts:
        if text["to"] not in by_phone:
            found.faults.append("an SMS went to a number that no placed person has")
    return found


def expected_of(row: Mapping[str, Any], commune_name: str) -> Expected:
    """From a placement as the API shows it."""
    dates = tuple(date.fromisoformat(day) for day in row["dates"])
    weekdays = tuple(row["weekdays"])
    return Expected(row["volunteer_id"], row["email"], row["phone"], commune_name, weekdays, dates)


def list_mail_faults(message: EmailMessage, person: Expected) -> list[str]:
    """Whatever a mail does not say of the person's placement, in words, web page and calendar file."""
    faults = []
    bodies = {kind: message.get_body(preferencelist=(kind,)) for kind in ("plain", "html")}
    for kind, part in bodies.items():
        if part is None:
            faults.append(f"no {kind} part")
            continue
        content = part.get_content()
        if person.commune_name not in content:
            faults.append(f"{kind} part does not name {person.commune_name}")
        wanted = [WEEKDAY_WORDS[day] for day in person.weekdays]
        faults += [f"{kind} part does not name {day}" for day in wanted if day.lower() not in content.lower()]
        ends = (person.dates[0], person.dates[-1]) if person.dates else ()
        faults += [f"{kind} part does not name {day:%d/%m/%Y}" for day in ends if f"{day:%d/%m/%Y}" not in content]
    calendars = _calendars(message)
    if len(calendars) != 1:
        return [*faults, f"{amount(len(calendars), 'calendar file')} instead of one"]
    served = sorted(_served_days(calendars[0]))
    if served != sorted(person.dates):
        faults.append(f"the calendar has {amount(len(served), 'day')}, the plan {len(person.dates)}")
    return faults


@lru_cache(4096)
def _calendars(message: EmailMessage) -> list[Component]:
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    contents = [part.get_payload(decode=True) for part in parts]
    return [icalendar.Calendar.from_ical(content if isinstance(content, bytes) else b"") for content in contents]


def calendar_events(message: EmailMessage) -> list[Any]:
    """Every event of the mail's calendar files."""
    return [event for calendar in _calendars(message) for event in calendar.walk("VEVENT")]


def calendar_dates(content: bytes) -> set[date]:
    """Local days of every event in a calendar file, recurrences and exceptions worked out."""
    return _served_days(icalendar.Calendar.from_ical(content))


def _served_days(calendar: Component) -> set[date]:
    return {day for event in calendar.walk("VEVENT") for day in _event_days(event)}


def _local_day(moment: date | datetime) -> date:
    return moment.astimezone(VIETNAM).date() if isinstance(moment, datetime) else moment


def _event_days(event: Any) -> set[date]:
    start = event["DTSTART"].dt
    days = {_local_day(start)}
    if "RRULE" in event:
        days = _recurring_days(event, start)
    for name, change in (("RDATE", days.add), ("EXDATE", days.discard)):
        listed = event.get(name, [])
        for entry in listed if isinstance(listed, list) else [listed]:
            for moment in entry.dts:
                change(_local_day(moment.dt))
    return days


def _recurring_days(event: Any, start: date | datetime) -> set[date]:
    rule = event["RRULE"].to_ical().decode()
    return {_local_day(moment) for moment in rrulestr(rule, dtstart=start)}
