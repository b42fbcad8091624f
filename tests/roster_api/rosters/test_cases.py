"""Every file of `cases/` is read as it should be."""

import pytest

from tests.roster_api.rosters import structure_cases, value_cases
from tests.roster_api.rosters.wanted import CASES, Wanted, check

WANTED = structure_cases.STRUCTURE | value_cases.VALUES


@pytest.mark.parametrize(("name", "wanted"), sorted(WANTED.items()), ids=sorted(WANTED))
def test_a_list_of_the_cases_is_read_to_what_it_means(name: str, wanted: Wanted) -> None:
    check((CASES / name).read_bytes(), wanted)


def test_every_file_of_the_cases_has_its_right_reading_written_down() -> None:
    assert {path.name for path in CASES.iterdir()} == set(WANTED)


def test_every_table_speaks_of_files_that_are_there() -> None:
    assert [name for name in WANTED if not (CASES / name).is_file()] == []
