"""The demo's lecturer of two lists: the run names the human, and one of the two rows at most is placed and told."""

from email.message import EmailMessage
from typing import Any

from commune_demo import two_lists

PERSON = two_lists.visiting_lecturer()
NAMED = {
    "vi": "Một người.",
    "en": "One human.",
    "rows": [{"school_code": PERSON.school_code}, {"school_code": two_lists.SECOND_SCHOOL}],
}
RUN: dict[str, Any] = {"duplicates": [NAMED]}
PLACED = [{"phone": PERSON.phone}]


def mail_to(address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["To"] = address
    return mail


def test_placed_once_and_told_once_is_right() -> None:
    chapter = two_lists.hold_against_sinks(RUN, PLACED, [mail_to(PERSON.email)], [{"to": PERSON.phone}])
    assert chapter.faults == []
    assert chapter.lines == [("Một người.", "One human.")]


def test_a_mail_to_each_row_is_a_fault() -> None:
    both = [mail_to(PERSON.email), mail_to(two_lists.SECOND_ADDRESS)]
    chapter = two_lists.hold_against_sinks(RUN, PLACED, both, [{"to": PERSON.phone}])
    assert chapter.faults == ["two_lists: emails is 2 instead of 1"]


def test_a_run_that_took_the_rows_for_two_people_is_a_fault() -> None:
    chapter = two_lists.hold_against_sinks({"duplicates": []}, PLACED * 2, [], [])
    assert chapter.faults[:2] == [
        "two_lists: humans_on_two_lists is 0 instead of 1",
        "two_lists: the human is placed 2 times",
    ]
