"""What a solve is given of a run's seconds, when they are over too."""

from commune_schemas.matching import SolveOptions
from matching_worker.campaign.allowance import SHORTEST_IMPROVEMENT_SECONDS, SHORTEST_SOLVE_SECONDS, Allowance


def make_spent() -> Allowance:
    allowance = Allowance(SolveOptions(time_limit_seconds=5, counted_limit=True))
    allowance.spend(60)
    return allowance


def test_a_run_whose_time_is_over_still_finds_a_plan_and_improves_a_known_plan_only_shortly() -> None:
    late = make_spent()
    assert late.left() == 0
    assert late.limits(late.left(), workers=1).time_seconds == SHORTEST_SOLVE_SECONDS
    assert late.limits(late.left(), workers=1, has_plan=True).time_seconds == SHORTEST_IMPROVEMENT_SECONDS
    assert SHORTEST_IMPROVEMENT_SECONDS < SHORTEST_SOLVE_SECONDS


def test_within_its_time_a_solve_has_its_whole_share_with_a_plan_or_without() -> None:
    allowance = Allowance(SolveOptions(time_limit_seconds=60, counted_limit=True))
    assert [allowance.limits(20, workers=1, has_plan=known).time_seconds for known in (False, True)] == [20, 20]
