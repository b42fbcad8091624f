"""Columns and rows of the levels about heads and use, added to the linear model where the problem has them."""

from collections.abc import Sequence

from matching_worker.model.placement.problem.costs import SHORT, UNEVEN, UNUSED, cost_of_extra
from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.proof.matrix import Matrix, Pair, Terms


def add_levels(problem: Problem, matrix: Matrix, pairs: Sequence[Pair]) -> dict[str, tuple[Terms, int]]:
    """(terms, constant) by level; none where there is no such level. `pairs` are all of the model."""
    heads_at: list[Terms] = [[] for _ in problem.communes]
    for pair in pairs:
        heads_at[pair.commune].append((pair.column, float(len(pair.members))))
    short: Terms = []
    uneven: Terms = []
    for number, commune in enumerate(problem.communes):
        heads = heads_at[number]
        if commune.min_people:
            column = matrix.column(float(commune.min_people))
            matrix.row([*heads, (column, 1.0)], at_least=float(commune.min_people))
            short.append((column, float(commune.priority)))
        most = int(sum(count for _, count in heads)) - commune.min_people
        if problem.use != "need" and most > 0:
            extra = [matrix.column(1.0) for _ in range(most)]
            matrix.row([*heads, *((column, -1.0) for column in extra)], at_most=float(commune.min_people))
            uneven += [(c, float(cost_of_extra(k, commune.priority))) for k, c in enumerate(extra, start=1)]
    used = [(pair.column, -float(len(pair.members))) for pair in pairs]
    if problem.use == "days":
        used = [(z, -1.0) for pair in pairs for member in pair.members for z, _, _ in member.presence]
    terms = {SHORT: (short, 0), UNUSED: (used, problem.offered), UNEVEN: (uneven, 0)}
    return {level: terms[level] for level in problem.levels if level in terms}
