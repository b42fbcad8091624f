"""A calendar that reads each mail as it comes has exactly the plan's days: after an update, a cancel, in any order.

Read by two parsers that share no code (icalendar, ics); their rules are unrolled by dateutil.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import permutations
from typing import Any

import ics
import pytest
from commune_schemas.notices import NoticeKind, PersonNotice
from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

from tests.notifier.people import days_of, make_notice, make_placement
from tests.notifier.test_words import calendar_of, written

SATURDAY = date(2025, 12, 27)
"""Worked, for a day that was a holiday."""
FIRST = [day for day in days_of([0, 2]) if day != date(2025, 12, 10)]
SECOND = [*days_of([1, 4], weeks=3), SATURDAY]
UID = "u1@commune-roster"


@dataclass(frozen=True)
class Read:
    """One event, as a parser gave it: texts of the file, nothing reckoned."""

    uid: str
    sequence: int
    is_cancelled: bool
    start: datetime
    rule: str | None
    left_out: Sequence[datetime]

    def days(self) -> list[date]:
        if self.rule is None:
            return [self.start.date()]
        every = rruleset()
        every.rrule(rrulestr(self.rule, dtstart=self.start))  # type: ignore[arg-type]
        for moment in self.left_out:
            every.exdate(moment)
        return [moment.date() for moment in every]


def by_icalendar(content: bytes) -> Read:
    calendar = Calendar.from_ical(content)
    event: Any
    (event,) = calendar.walk("VEVENT")
    exceptions: Any = event.get("EXDATE", [])
    lines = exceptions if isinstance(exceptions, list) else [exceptions]
    return Read(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        is_cancelled=(str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED"),
        start=event["DTSTART"].dt,
        rule=event["RRULE"].to_ical().decode() if "RRULE" in event else None,
        left_out=[each.dt for line in lines for each in line.dts],
    )


def by_ics(content: bytes) -> Read:
    calendar = ics.Calendar(content.decode())
    (event,) = calendar.events
    texts: dict[str, list[str]] = {}
    for line in event.extra:
        texts.setdefault(line.name, []).append(line.value)
    start = event.begin.datetime
    (sequence,) = texts["SEQUENCE"]
    return Read(
        uid=str(event.uid),
        sequence=int(sequence),
        is_cancelled=(calendar.method, event.status) == ("CANCEL", "CANCELLED"),
        start=start,
        rule=texts["RRULE"][0] if "RRULE" in texts else None,
        left_out=[
            datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=start.tzinfo) for text in texts.get("EXDATE", [])
        ],
    )


@dataclass
class PersonsCalendar:
    """As RFC 5546 says: of a UID the highest SEQUENCE holds, and a cancelled event is not shown."""

    read: Callable[[bytes], Read]
    events: dict[str, Read] = field(default_factory=dict)

    def take(self, notice: PersonNotice) -> None:
        event = self.read(calendar_of(written(notice)))
        before = self.events.get(event.uid)
        if before is None or event.sequence > before.sequence:
            self.events[event.uid] = event

    def days(self) -> list[date]:
        return sorted(day for event in self.events.values() if not event.is_cancelled for day in event.days())


def story() -> list[tuple[PersonNotice, list[date]]]:
    """Assigned, moved to other days, taken back: each with the days that the plan has then."""
    first = make_placement([0, 2], dates=FIRST)
    second = make_placement([1, 4], dates=SECOND, commune_name="Xã Khánh Sơn", commune_code="22700")
    same: dict[str, Any] = {"calendar_uid": UID}
    changed, withdrawn = NoticeKind.PLACEMENT_CHANGED, NoticeKind.PLACEMENT_WITHDRAWN
    return [
        (make_notice(placement=first, calendar_sequence=1, **same), FIRST),
        (make_notice(kind=changed, placement=second, previous=first, calendar_sequence=2, **same), SECOND),
        (make_notice(kind=withdrawn, placement=None, previous=second, calendar_sequence=3, **same), []),
    ]


@pytest.mark.parametrize("read", [by_icalendar, by_ics])
def test_each_mail_leaves_exactly_the_plans_days_and_one_that_comes_late_changes_nothing(
    read: Callable[[bytes], Read],
) -> None:
    calendar = PersonsCalendar(read)
    for notice, days in story():
        calendar.take(notice)
        assert calendar.days() == days
    assert set(calendar.events) == {UID}, "one event, not three"
    for order in permutations(story()[:2]):
        late = PersonsCalendar(read)
        for notice, _ in order:
            late.take(notice)
        assert late.days() == SECOND
