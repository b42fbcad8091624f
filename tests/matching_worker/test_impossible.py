"""A claim that there is no plan: refuted by a plain plan, proved by what the pins or the sums alone say."""

from commune_verify.impossible import clashes_in_pins, find_leads
from matching_worker.campaign.translate import Translation
from roster_api.matching_runs.impossible import is_proved_impossible

from tests.matching_worker.problems import make_infeasible_problem, make_problem


def test_pinned_and_forbidden_at_once_is_proved_and_nothing_else_is() -> None:
    impossible, possible = make_infeasible_problem(), make_problem()
    document = Translation(impossible).instance()
    assert clashes_in_pins(document)
    assert find_leads(document) is None
    assert is_proved_impossible(impossible)
    assert find_leads(Translation(possible).instance()) is not None
    assert not is_proved_impossible(possible)
