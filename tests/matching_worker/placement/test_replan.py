"""When people drop out: the more may change, the better the plan; nothing changes that need not."""

from random import Random

from commune_schemas.documents import PlacementSolution
from commune_verify.placement import verify
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.placement.explain.replan import change_curve, drop_out
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import find_optimum, make_tiny


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(0, 4))
def test_each_point_of_the_curve_is_best_and_more_change_is_never_worse(seed: int, who: int) -> None:
    document = make_tiny(Random(seed), decisions=False)
    plan = solve(document, limits=Limits()).solution
    assert isinstance(plan, PlacementSolution)
    left = drop_out(document, plan, [document.volunteers[who % len(document.volunteers)].id])
    curve = change_curve(left, range(4), limits=Limits())
    found = [tuple(point.objective.values()) for point in curve if point.objective is not None]
    assert found == sorted(found, reverse=True)
    for point in curve:
        policy = left.policy.model_copy(update={"max_changes": point.max_changes})
        capped = left.model_copy(update={"policy": policy})
        best = find_optimum(capped)
        assert (best is None) == (point.outcome.status is Status.INFEASIBLE)
        if isinstance(point.outcome.solution, PlacementSolution):
            assert verify(capped, point.outcome.solution).accepted
            assert tuple(point.outcome.objective.values()) == best


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000))
def test_nobody_changes_when_nobody_left_and_the_plan_was_best(seed: int) -> None:
    document = make_tiny(Random(seed), decisions=False)
    plan = solve(document, limits=Limits()).solution
    assert isinstance(plan, PlacementSolution)
    assume(plan.place)
    same = drop_out(document, plan, [])
    policy = same.policy.model_copy(update={"keep_previous": True})
    again = solve(same.model_copy(update={"policy": policy}), limits=Limits())
    assert again.objective["changed"] == 0
    assert isinstance(again.solution, PlacementSolution)
    assert again.solution.place == plan.place
