"""Chapter: a lecturer stands on two schools' lists. The run plans with one row, says so, and the human is told once."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from commune_schemas.amounts import amount

from commune_demo import case
from commune_demo.api import Api
from commune_demo.chapters import Chapter
from commune_demo.sinks import address_of

SECOND_SCHOOL = "CDNNT"
SECOND_ADDRESS = "thinh.giang@cdnnt.example"
"""Of the visiting lecturer at the second school: nobody else's, and no proof of who it is."""


def visiting_lecturer() -> case.Person:
    """The first lecturer of another school."""
    return next(p for p in case.people() if p.role == "lecturer" and p.school_code != SECOND_SCHOOL)


def list_again(second_school: Api, school_ids: Mapping[str, str]) -> str:
    """The second school enters its visiting lecturer too: with a title, the same phone, its own code. The row's id."""
    person = visiting_lecturer()
    facts = {
        "school_id": school_ids[SECOND_SCHOOL],
        "external_ref": "TG-01",
        "full_name": f"ThS. {person.full_name}",
        "role": person.role,
        "email": SECOND_ADDRESS,
        "phone": person.phone,
        "skills": dict.fromkeys(person.fields, 2),
        "free_weekdays": list(person.free_weekdays),
        "max_days": person.max_days,
    }
    return str(second_school.post("/v1/volunteers", facts)["id"])


def hold_against_sinks(
    run: Mapping[str, Any],
    placements: Sequence[Mapping[str, Any]],
    inbox: Sequence[EmailMessage],
    texts: Sequence[Mapping[str, str]],
) -> Chapter:
    """The run names both rows; at most one of them is placed, and what arrived is for that one."""
    chapter = Chapter("two_lists", "Một người trong danh sách của hai trường", "One human on two lists")
    person = visiting_lecturer()
    both = {person.email, SECOND_ADDRESS}
    of_human = [one for one in run["duplicates"] if person.school_code in {row["school_code"] for row in one["rows"]}]
    placed = sum(row["phone"] == person.phone for row in placements)
    chapter.expect("humans_on_two_lists", wanted=1, came=len(of_human))
    if placed > 1:
        chapter.faults.append(f"two_lists: the human is placed {amount(placed, 'time')}")
    chapter.facts["placed"] = placed
    chapter.expect("emails", wanted=placed, came=sum(address_of(mail) in both for mail in inbox))
    chapter.expect("sms", wanted=placed, came=sum(text["to"] == person.phone for text in texts))
    for one in of_human:
        chapter.tell(one["vi"], one["en"])
    return chapter
