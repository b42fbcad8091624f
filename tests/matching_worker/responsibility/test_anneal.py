"""The running cost of a plan with prices: after any change it is what the plan costs counted anew."""

from collections.abc import Callable
from itertools import count
from math import inf
from random import Random

import numpy as np
import pytest
from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import FloatArray
from matching_worker.model.responsibility.problem.core import Core, find_core
from matching_worker.model.responsibility.problem.costs import COST, objective_of
from matching_worker.model.responsibility.problem.problem import build_problem
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.proof.columns import bound_travel
from matching_worker.model.responsibility.proof.relaxed import relax
from matching_worker.model.responsibility.search.anneal import anneal
from matching_worker.model.responsibility.search.descend import descend
from matching_worker.model.responsibility.search.greedy import find_lead
from matching_worker.model.responsibility.search.priced_state import NOBODY, Change, Priced

from tests.matching_worker.responsibility.test_examples import LONG, read

CHANGES = 400


def khanh_hoa() -> Core:
    core = find_core(build_problem(read(LONG)))
    assert core is not None
    return core


def first_lead(core: Core) -> IntArray:
    lead = find_lead(core)
    assert lead is not None
    return lead


def relaxed_prices(core: Core) -> FloatArray:
    relaxed = relax(core, Budget())
    assert relaxed is not None
    return relaxed.prices


def cost_of(core: Core, lead: list[int]) -> int:
    return objective_of(core.problem, core.plan(np.array(lead)))[COST]


def _stops_after(looks: int) -> Callable[[], bool]:
    """A wish to stop that comes after so many looks, whatever the clock says."""
    seen = count(1)
    return lambda: next(seen) > looks


def drawn(random: Random, lead: list[int], schools: int) -> Change:
    """A commune alone, with one in exchange, or with one that goes to a third school."""
    c, s = random.randrange(len(lead)), random.randrange(schools)
    members = [k for k, school in enumerate(lead) if school == s and k != c]
    if not members or random.random() < 0.3:
        return c, s, NOBODY, NOBODY
    return c, s, random.choice(members), random.choice([lead[c], random.randrange(schools)])


@pytest.mark.parametrize("worst", [inf, 30])
def test_the_running_cost_and_rules_are_those_of_the_plan_counted_anew(worst: float) -> None:
    core, random = khanh_hoa(), Random(5)
    state, made = Priced(core, first_lead(core)), 0
    for _ in range(CHANGES):
        before, cost = list(state.lead), state.now
        change = drawn(random, before, core.cost.shape[1])
        rise = state.try_change(change, worst)
        assert state.now == cost + (rise or 0) == cost_of(core, state.lead)
        after = list(before)
        after[change[0]] = change[1]
        if change[2] != NOBODY:
            after[change[2]] = change[3]
        if rise is None:
            assert state.lead == before
            refused = change[1] in (before[change[0]], change[3]) or not core.holds(np.array(after))
            assert refused or cost_of(core, after) - cost > worst
        else:
            assert state.lead == after
            assert core.holds(np.array(after))
            assert rise <= worst
            made += 1
    assert made > 5


def test_annealing_repeats_and_never_makes_a_plan_dearer() -> None:
    core = khanh_hoa()
    lead = first_lead(core)
    plans = [anneal(core, lead, 3, _stops_after(40), range(8)) for _ in range(2)]
    assert (plans[0] == plans[1]).all()
    assert core.holds(plans[0])
    assert cost_of(core, plans[0].tolist()) < cost_of(core, lead.tolist())


def test_no_move_swap_or_ejection_among_neighbours_helps_a_plan_that_was_descended() -> None:
    core = khanh_hoa()
    lead = descend(core, first_lead(core))
    assert core.holds(lead)
    assert cost_of(core, lead.tolist()) < cost_of(core, first_lead(core).tolist())
    state = Priced(core, lead)
    for c, near in enumerate(state.near):
        for s in {state.lead[n] for n in near} - {state.lead[c]}:
            assert state.try_change((c, s, NOBODY, NOBODY), -1) is None
            for d in np.nonzero(lead == s)[0].tolist():
                for t in {state.lead[c], *(state.lead[n] for n in state.near[d])} - {s}:
                    assert state.try_change((c, s, d, t), -1) is None


def test_a_bound_that_begins_with_the_areas_of_another_cap_is_as_good_and_takes_none_that_its_own_forbids() -> None:
    core = khanh_hoa()
    loose, tight = core.capped(100), core.capped(20)
    wide = bound_travel(loose, Budget(), relaxed_prices(loose), None, lambda _: None)
    alone = bound_travel(tight, Budget(), relaxed_prices(tight), None, lambda _: None)
    after = bound_travel(tight, Budget(), wide.prices, None, lambda _: None, wide.generated)
    assert after.value == pytest.approx(alone.value, rel=5e-4)
    assert after.value > wide.value
    for s, area in after.generated:
        assert (tight.weight[area].sum(axis=0) <= tight.limit[s]).all()
