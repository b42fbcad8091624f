"""After several versions of a plan: who heard too much, too little or the wrong thing last is named."""

from datetime import date
from email.message import EmailMessage

import icalendar
import pytest
from commune_demo.last_words import Heard, hold_last_words, list_uneven
from commune_demo.sinks import Expected

ANH = Expected("v1", "an@truong.example", "+84950000001", "Xã Vạn Thắng", (0,), (date(2026, 12, 7),))
BIN = Expected("v2", "binh@truong.example", "+84950000002", "Xã Vạn Hưng", (0,), (date(2026, 12, 7),))


def make_mail(person: Expected, *, sequence: int, commune: str = "", is_off: bool = False) -> EmailMessage:
    event = icalendar.Event()
    event.add("dtstart", person.dates[0])
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    words = f"{commune or person.commune_name}: Thứ Hai, 07/12/2026"
    mail = EmailMessage()
    mail["To"] = person.email
    mail.set_content(words)
    mail.add_alternative(f"<p>{words}</p>", subtype="html")
    mail.add_attachment(calendar.to_ical(), maintype="text", subtype="calendar", filename="lich.ics")
    return mail


def test_one_of_each_to_everyone_concerned_leaves_nothing_to_say() -> None:
    heard = Heard.of([make_mail(ANH, sequence=2)], [{"to": ANH.phone}])
    assert list_uneven(heard, emails=[ANH.email], phones=[ANH.phone]) == []


@pytest.mark.parametrize(
    ("mails", "words"),
    [
        ([], "no e-mail for 1 of 1 person concerned"),
        ([ANH, ANH], "several of e-mail for 1 person"),
        ([ANH, BIN], "e-mail to 1 person who is not concerned"),
    ],
)
def test_too_few_too_many_or_the_wrong_ones_are_named(mails: list[Expected], words: str) -> None:
    heard = Heard.of([make_mail(person, sequence=2) for person in mails], [{"to": ANH.phone}])
    assert list_uneven(heard, emails=[ANH.email], phones=[ANH.phone]) == [words]


def test_the_last_mail_counts_and_not_the_ones_before() -> None:
    mails = [make_mail(ANH, sequence=1, commune="Xã Vạn Hưng"), make_mail(ANH, sequence=2)]
    assert hold_last_words(mails, [ANH]) == []
    told_wrong = hold_last_words(mails[::-1], [ANH])
    assert any("does not name Xã Vạn Thắng" in fault for fault in told_wrong)
    assert "a calendar file has a lower number than the one before" in told_wrong


def test_who_is_not_placed_any_more_must_have_heard_so_last() -> None:
    mails = [make_mail(BIN, sequence=1)]
    assert hold_last_words(mails, []) == ["the last mail of somebody who is not placed does not take the placement off"]
    assert hold_last_words([*mails, make_mail(BIN, sequence=2, is_off=True)], []) == []


def test_who_is_placed_and_never_got_a_mail_is_named() -> None:
    assert hold_last_words([], [ANH]) == ["v1 never got a mail"]
