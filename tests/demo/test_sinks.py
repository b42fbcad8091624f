"""What arrived is held against the plan: whatever is missing, doubled or wrong is named."""

from datetime import date
from email.message import EmailMessage

import icalendar
from commune_demo.sinks import Expected, calendar_dates, hold_against_plan

PERSON = Expected(
    volunteer_id="v1",
    email="a@truong.example",
    phone="+84950000001",
    commune_name="Xã Tây Khánh Vĩnh",
    weekdays=(0, 2),
    dates=(date(2026, 12, 7), date(2026, 12, 9)),
)
TEXT = {"to": PERSON.phone, "text": "...", "reference": "r1"}


def make_calendar(days: tuple[date, ...]) -> bytes:
    calendar = icalendar.Calendar()
    for day in days:
        event = icalendar.Event()
        event.add("dtstart", day)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def make_mail(
    *, to: str = PERSON.email, commune: str = PERSON.commune_name, days: tuple[date, ...] = PERSON.dates
) -> EmailMessage:
    words = f"{commune}: Thứ Hai, Thứ Tư, từ 07/12/2026 đến 09/12/2026"
    mail = EmailMessage()
    mail["To"] = to
    mail.set_content(words)
    mail.add_alternative(f"<p>{words}</p>", subtype="html")
    mail.add_attachment(make_calendar(days), maintype="text", subtype="calendar", filename="lich.ics")
    return mail


def test_one_right_mail_and_one_text_leave_nothing_to_say() -> None:
    found = hold_against_plan([make_mail()], [TEXT], [PERSON])
    assert (found.emails, found.sms, found.duplicates, found.faults) == (1, 1, 0, [])


def test_a_second_mail_to_one_person_is_counted() -> None:
    assert hold_against_plan([make_mail(), make_mail()], [TEXT, TEXT], [PERSON]).duplicates == 2


def test_a_person_who_got_nothing_is_named() -> None:
    assert hold_against_plan([], [], [PERSON]).faults == ["no e-mail arrived for v1", "no SMS arrived for v1"]


def test_another_commune_or_another_day_is_a_fault() -> None:
    wrong_place = hold_against_plan([make_mail(commune="Xã Khánh Sơn")], [TEXT], [PERSON]).faults
    wrong_days = hold_against_plan([make_mail(days=PERSON.dates[:1])], [TEXT], [PERSON]).faults
    assert any("does not name Xã Tây Khánh Vĩnh" in fault for fault in wrong_place)
    assert wrong_days == ["e-mail of v1: the calendar has 1 day, the plan 2"]


def test_a_mail_to_somebody_not_placed_is_a_fault() -> None:
    found = hold_against_plan([make_mail(), make_mail(to="b@truong.example")], [TEXT], [PERSON])
    assert found.faults == ["an e-mail went to an address that no placed person has"]


def test_repeating_events_count_with_their_exceptions() -> None:
    event = icalendar.Event()
    event.add("dtstart", date(2026, 12, 7))
    event.add("rrule", {"freq": "weekly", "byday": ["MO", "WE"], "until": date(2026, 12, 16)})
    event.add("exdate", [date(2026, 12, 9)])
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    assert calendar_dates(calendar.to_ical()) == {date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 16)}
