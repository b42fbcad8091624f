"""Every file of `cases/` is read as it should be, or is known not to be."""

import pytest

from tests.roster_api.rosters import structure_cases, value_cases
from tests.roster_api.rosters.wanted import CASES, Wanted, check

WANTED = structure_cases.STRUCTURE | value_cases.VALUES
LATER = structure_cases.LATER | value_cases.LATER


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param(name, wanted, id=name, marks=[pytest.mark.xfail(strict=True)] if name in LATER else [])
        for name, wanted in sorted(WANTED.items())
    ],
)
def test_a_list_of_the_cases_is_read_to_what_it_means(name: str, wanted: Wanted) -> None:
    check((CASES / name).read_bytes(), wanted)


def test_every_file_of_the_cases_has_its_right_reading_written_down() -> None:
    assert {path.name for path in CASES.iterdir()} == set(WANTED)


def test_every_table_speaks_of_files_that_are_there() -> None:
    assert [name for name in WANTED if not (CASES / name).is_file()] == []
    assert set(WANTED) >= LATER
