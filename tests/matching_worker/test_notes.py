"""What a certificate notes about an unfinished proof is read by officers: Vietnamese first, then English."""

from pathlib import Path

import pytest
from matching_worker.child.stages import get_stage
from matching_worker.cli.files import read_problem
from matching_worker.model.outcome import Limits, SilentMonitor, Status

EXAMPLES = Path(__file__).parent / "documents/examples"


class Impatient(SilentMonitor):
    """Wants the best plan so far, from the start."""

    def should_stop(self) -> bool:
        return True


@pytest.mark.parametrize("name", ["A02_dienbien", "B01_one_school", "C02_posts_exceed_people"])
def test_a_stopped_solve_says_in_both_languages_what_is_not_proved(name: str) -> None:
    problem, _ = read_problem(EXAMPLES / f"{name}.json")
    outcome = get_stage(problem).solve(problem, limits=Limits(work=0), monitor=Impatient())
    assert outcome.status is Status.FEASIBLE
    assert outcome.notes
    for note in outcome.notes:
        vietnamese, english = note.split(" / ")
        assert not vietnamese.isascii()
        assert english.isascii()
