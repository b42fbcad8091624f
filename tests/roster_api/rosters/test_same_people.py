"""Two lists of one school, one after the other: who is the same person, who is new, and what is asked first."""

from uuid import uuid4

import pytest
from roster_api.rosters.differences import COLUMNS, Comparison, compare
from roster_api.rosters.identity import Known, compare_codes, loose_code

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.wanted import CASES, read


def known_after(name: str) -> list[Known]:
    """The roster once the list is committed."""
    people = [row.person.as_dict() for row in read((CASES / name).read_bytes()).rows if row.person]
    return [Known(uuid4(), 1, "active", {column: person[column] for column in COLUMNS}) for person in people]


def compared(first: str, second: str) -> Comparison:
    reading = read((CASES / second).read_bytes())
    return compare(reading.rows, known_after(first), spoken_of=reading.spoken_of, is_whole=reading.is_whole)


def counts_of(comparison: Comparison) -> dict[str, int]:
    return {name: number for name, number in comparison.counts().items() if number and name != "rows"}


def codes_of(comparison: Comparison) -> list[tuple[str, str]]:
    return [
        (item.cell, item.finding.code)
        for row in comparison.rows for item in row.row.findings if item.finding.code.startswith("identity.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("case01a_1.xlsx", "case01a_2.xlsx"), ("case01b_1.xlsx", "case01b_2.csv"), ("case01c_1.xlsx", "case01c_2.xlsx"),
        ("case01d_1.xlsx", "case01d_2.xlsx"),
    ],
)  # fmt: skip
def test_the_same_people_with_codes_spelt_otherwise_are_the_same(first: str, second: str) -> None:
    counts = counts_of(compared(first, second))
    assert set(counts) <= {"same", "with_warnings"}


def test_a_code_that_lost_its_zeros_is_shown_and_the_old_one_is_kept() -> None:
    comparison = compared("case01a_1.xlsx", "case01a_2.xlsx")
    assert codes_of(comparison) == [(f"B{row}", "identity.code_respelt") for row in range(2, 12)]
    assert [(row.values() or {})["external_ref"] for row in comparison.rows][:2] == ["00101", "00102"]


def test_a_new_phone_under_the_same_name_is_the_same_person_with_a_warning() -> None:
    comparison = compared("p3_swap1.xlsx", "p3_newphone.xlsx")
    assert "identity.contact_changed" in dict(codes_of(comparison)).values()
    assert counts_of(comparison).get("new", 0) == 0


def test_phones_that_changed_places_are_shown() -> None:
    assert {code for _, code in codes_of(compared("p3_swap1.xlsx", "p3_swap2.xlsx"))} == {"identity.contact_changed"}


def test_codes_that_stand_for_other_people_now_follow_the_people() -> None:
    comparison = compared("own_codes_1.xlsx", "own_codes_2.xlsx")
    assert [row.status.value for row in comparison.rows] == ["new", "changed", "error"]
    assert [known.values["full_name"] for known in comparison.missing] == ["Nguyễn Thị Cúc"]
    assert ("B2", "identity.code_moved") in codes_of(comparison)
    assert ("B3", "identity.code_changed") in codes_of(comparison)
    assert ("B4", "identity.code_taken") in codes_of(comparison), "of somebody who is not in this list"


def test_people_of_a_sheet_that_lost_its_header_are_not_missing() -> None:
    assert counts_of(compared("own_sheet_lost_1.xlsx", "own_sheet_lost_2.xlsx")) == {"same": 12}


def test_names_that_slipped_a_row_are_shown() -> None:
    assert {code for _, code in codes_of(compared("p3_cs1.xlsx", "p3_shift.xlsx"))} == {"identity.name_changed"}


def test_codes_that_changed_places_are_shown() -> None:
    comparison = compared("p3_cs1.xlsx", "p3_codeswap.xlsx")
    assert {code for _, code in codes_of(comparison)} >= {"identity.code_changed"}
    assert counts_of(comparison)["changed"] == 2


def test_a_title_before_the_name_makes_nobody_new() -> None:
    assert set(counts_of(compared("case18_1.xlsx", "case18_2.xlsx"))) <= {"same", "with_warnings"}


def test_capitals_make_nobody_new_and_change_nothing() -> None:
    assert set(counts_of(compared("case15_caps.xlsx", "case15_mixed.xlsx"))) <= {"same", "with_warnings"}


def test_a_code_that_is_somebody_elses_is_asked_about() -> None:
    known = known_after("p3_cs1.xlsx")
    reading = read((CASES / "own_codes_2.xlsx").read_bytes())
    stranger = next(row for row in reading.rows if row.row == 2)
    assert stranger.person is not None
    known[0].values["external_ref"] = stranger.person.external_ref
    comparison = compare([stranger], known)
    assert codes_of(comparison) == [("B2", "identity.code_taken")]
    assert comparison.rows[0].status.value == "error"


def test_a_phone_that_is_somebody_elses_is_asked_about() -> None:
    known = known_after("p3_cs1.xlsx")
    reading = read((CASES / "own_codes_2.xlsx").read_bytes())
    stranger = next(row for row in reading.rows if row.row == 2)
    assert stranger.person is not None
    known[0].values["phone"] = stranger.person.phone
    assert codes_of(compare([stranger], known)) == [("E2", "identity.phone_taken")]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("00101", "101", True), ("20210001", "20210001.0", True), ("SV 001", "sv001", True), ("SV1", "SV001", True),
     ("SV10", "SV1", False), ("100", "1", False), ("GV1", "SV1", False)],
)  # fmt: skip
def test_codes_are_alike_but_for_what_spreadsheets_change(one: str, other: str, alike: bool) -> None:
    assert (loose_code(one) == loose_code(other)) is alike
    assert (compare_codes(one, other) > 0) is alike


async def test_two_people_may_change_codes_with_each_other_and_back(desk: SchoolDesk) -> None:
    await desk.take_in((CASES / "p3_cs1.xlsx").read_bytes())
    swapped = await desk.take_in((CASES / "p3_codeswap.xlsx").read_bytes())
    codes = {person["full_name"]: person["external_ref"] for person in await desk.volunteers()}
    assert codes == {"Lê Thị Hoa": "GV002", "Trần Văn Bình": "GV001"}
    assert (await desk.undo(swapped)).status_code == 200
    codes = {person["full_name"]: person["external_ref"] for person in await desk.volunteers()}
    assert codes == {"Lê Thị Hoa": "GV001", "Trần Văn Bình": "GV002"}
