"""Who is one human on several rows, and who only shares a phone."""

from uuid import UUID

import pytest
from roster_api.volunteers.humans import Listed, group_humans

PHONE, MAIL = "+84950007777", "hoa@truong.example"


def rows(*people: tuple[str, str | None, str | None]) -> list[Listed]:
    return [Listed(UUID(int=k), name, phone, email) for k, (name, phone, email) in enumerate(people)]


SAME = {
    "same name and phone": [("Lê Thị Hoa", PHONE, None), ("Lê Thị Hoa", PHONE, None)],
    "typed without accents": [("Lê Thị Hoa", PHONE, None), ("LE THI HOA", PHONE, None)],
    "composed and decomposed letters": [("Lê Thị Hoa", PHONE, None), ("Le\u0302 Thi\u0323 Hoa", PHONE, None)],
    "titles": [("PGS.TS. Lê Thị Hoa", PHONE, None), ("ThS Lê Thị Hoa", PHONE, None)],
    "a title in full": [("Thạc sĩ Lê Thị Hoa", PHONE, None), ("Lê Thị Hoa", PHONE, None)],
    "letters of full width": [("Lê Thị Hoa", PHONE, None), ("Ｌê Ｔｈị Ｈｏａ", PHONE, None)],
    "an initial for the middle name": [("Lê Thị Hoa", PHONE, None), ("Lê T. Hoa", PHONE, None)],
    "an initial for one of two": [("Lê T.Hoa", PHONE, None), ("Lê Thị Bích Hoa", PHONE, None)],
    "a middle name left out": [("Lê Thị Hoa", PHONE, None), ("Lê Hoa", PHONE, None)],
    "the same e-mail, another phone": [("Lê Thị Hoa", PHONE, MAIL), ("Lê Thị Hoa", None, MAIL.upper())],
}
OTHERS = {
    "a phone of the family": [("Lê Thị Hoa", PHONE, None), ("Lê Văn Hùng", PHONE, None)],
    "a mother and a daughter": [("Nguyễn Thị An", PHONE, None), ("Nguyễn Thị Bình An", PHONE[:-1], None)],
    "another initial": [("Lê Thị Hoa", PHONE, None), ("Lê V. Hoa", PHONE, None)],
    "an initial for the given name": [("Lê Thị Hoa", PHONE, None), ("Lê Thị H.", PHONE, None)],
    "two middle names": [("Lê Thị Hoa", PHONE, None), ("Lê Tú Hoa", PHONE, None)],
    "a department's e-mail": [("Lê Thị Hoa", None, MAIL), ("Lê Thị Hoa", None, MAIL), ("Trần Văn Ba", None, MAIL)],
    "the same name alone": [("Lê Thị Hoa", PHONE, None), ("Lê Thị Hoa", "+84950007778", None)],
    "nothing to tell them by": [("Lê Thị Hoa", None, None), ("Lê Thị Hoa", None, None)],
    "a given name alone": [("Hoa", PHONE, None), ("Lê Thị Hoa", PHONE, None)],
    "syllables that look like titles": [("Tô Sơn", PHONE, None), ("Thạch Sơn", PHONE, None)],
}


@pytest.mark.parametrize("people", SAME.values(), ids=SAME)
def test_rows_that_are_one_human(people: list[tuple[str, str | None, str | None]]) -> None:
    assert group_humans(rows(*people)) == [[UUID(int=0), UUID(int=1)]]
    assert group_humans(reversed(rows(*people))) == [[UUID(int=0), UUID(int=1)]], "in whatever order they are listed"


@pytest.mark.parametrize("people", OTHERS.values(), ids=OTHERS)
def test_rows_of_different_people(people: list[tuple[str, str | None, str | None]]) -> None:
    assert group_humans(rows(*people)) == []


def test_a_phone_of_a_family_joins_only_those_who_are_one() -> None:
    people = [("Lê Thị Hoa", PHONE, None), ("Lê Văn Hùng", PHONE, None), ("LÊ THỊ HOA", PHONE, None)]
    assert group_humans(rows(*people)) == [[UUID(int=0), UUID(int=2)]]
