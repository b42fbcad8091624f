"""The running cost of a plan with prices: after any change it is what the plan costs counted anew."""

from collections.abc import Callable
from itertools import count
from math import inf
from random import Random

import numpy as np
import pytest
from matching_worker.model.responsibility.problem.core import Core, find_core
from matching_worker.model.responsibility.problem.costs import COST, objective_of
from matching_worker.model.responsibility.problem.problem import build_problem
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.search.anneal import anneal
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
