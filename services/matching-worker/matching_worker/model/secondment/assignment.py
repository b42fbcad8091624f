"""Least-cost assignment of every row to a column of its own, with the proof of its optimality in whole numbers.

The matching is scipy's (a sparse Jonker-Volgenant), whose floating arithmetic is exact for whole numbers below 2^53
but is not trusted: potentials are computed for what it found, in integers, and stand as the certificate. Every arc's
reduced cost is >= 0, 0 on chosen arcs, and a column left free has potential 0; by weak duality nothing is cheaper.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Integers = NDArray[np.int64]

LARGEST_COST = 1 << 50


@dataclass(frozen=True)
class Assignment:
    """`column[row]`: the row's column. `column_potential` <= 0; None when no proof was found."""

    column: Integers
    column_potential: Integers | None


def assign(row: Integers, column: Integers, cost: Integers, *, rows: int, columns: int) -> Assignment:
    """Arcs must be distinct pairs and admit an assignment of every row; |cost| <= LARGEST_COST."""
    # An explicit zero would read as a missing arc, so all costs are shifted; every assignment shifts by the same sum.
    weight = (cost - cost.min() + 1).astype(np.float64)
    matrix = coo_array((weight, (row, column)), shape=(rows, columns)).tocsr()
    matched_row, matched_column = min_weight_full_bipartite_matching(matrix)
    chosen = np.empty(rows, dtype=np.int64)
    chosen[matched_row] = matched_column
    return Assignment(chosen, find_potentials(row, column, cost, chosen=chosen, columns=columns))


def find_potentials(
    row: Integers, column: Integers, cost: Integers, *, chosen: Integers, columns: int
) -> Integers | None:
    """Column potentials proving `chosen` optimal, or None: shortest paths over the exchanges (Bellman-Ford)."""
    is_chosen = column == chosen[row]
    chosen_cost = np.zeros(len(chosen), dtype=np.int64)
    chosen_cost[row[is_chosen]] = cost[is_chosen]
    held = chosen[row]
    detour = cost - chosen_cost[row]
    potential = np.zeros(columns, dtype=np.int64)
    for _ in range(columns + 1):
        improved = potential.copy()
        np.minimum.at(improved, column, potential[held] + detour)
        if np.array_equal(improved, potential):
            is_free = np.ones(columns, dtype=bool)
            is_free[chosen] = False
            return potential if not potential[is_free].any() else None
        potential = improved
    return None


def reduced_costs(row: Integers, column: Integers, cost: Integers, *, optimum: Assignment) -> Integers:
    """Of each arc, under the found potentials; all >= 0. The optimal assignments use arcs of reduced cost 0 only."""
    assert optimum.column_potential is not None  # noqa: S101 - asked only of proved assignments
    is_chosen = column == optimum.column[row]
    row_potential = np.zeros(len(optimum.column), dtype=np.int64)
    row_potential[row[is_chosen]] = cost[is_chosen] - optimum.column_potential[column[is_chosen]]
    return cost - row_potential[row] - optimum.column_potential[column]
