"""How much each (unit, commune) pair would cost at least, by the duals of the relaxation: which pairs can be left out.

With the coupling rows priced by their duals every pair is a small problem of its own: the cheapest weekdays and the
best paid work, k days of each. If the relaxation's bound plus a pair's price is above the best plan known, no better
plan uses the pair. HiGHS's own reduced cost of x says less: the days that x opens have prices of their own.
"""

import numpy as np

from matching_worker.model.placement.proof.formulation import Formulation
from matching_worker.model.placement.proof.matrix import Floats, MemberColumns, Pair


def price_pairs(formulation: Formulation, cost: Floats, row_dual: Floats) -> Floats:
    """[pair] -> what the relaxation's value rises by at least when the pair is used."""
    lifted = cost.copy()
    matrix = formulation.matrix
    coupling = np.zeros(len(row_dual), dtype=bool)
    coupling[formulation.unit_rows + formulation.supervision_rows + formulation.count_rows] = True
    coupling[list(formulation.presence_rows.values()) + list(formulation.work_rows.values())] = True
    coupling[[pair.open_row for pair in formulation.pairs]] = True
    coupling[[formulation.unmet_row, formulation.changed_row, formulation.cap_row]] = True
    starts = np.asarray(matrix.starts)
    dual_of_term = np.repeat(np.where(coupling, row_dual, 0.0), np.diff(starts))
    np.subtract.at(lifted, np.asarray(matrix.indices), dual_of_term * np.asarray(matrix.values))
    prices = lifted.tolist()
    return np.array([price_pair(pair, formulation, prices) for pair in formulation.pairs])


def price_pair(pair: Pair, formulation: Formulation, prices: list[float]) -> float:
    total = prices[pair.column]
    for member in pair.members:
        total += price_member(member, formulation, prices)
    return total


def price_member(member: MemberColumns, formulation: Formulation, prices: list[float]) -> float:
    """The cheapest week of one person at one commune: k weekdays and the k best paid days of work, k = 1 ... max."""
    person = formulation.problem.people[member.person]
    days = sorted(price for column, _, size in member.presence for price in [prices[column]] * size)
    pay = sorted(price for column, _, most in member.work for price in [prices[column]] * most)
    best, total = float("inf"), 0.0
    for count in range(min(person.max_days, len(days))):
        total += days[count]
        if count < len(pay) and pay[count] < 0:
            total += pay[count]
        best = min(best, total)
    if member.keep is not None:
        # As before may be better; its days cost no less than the cheapest ones, so this stays a lower bound.
        best += min(0.0, prices[member.keep])
    return best
