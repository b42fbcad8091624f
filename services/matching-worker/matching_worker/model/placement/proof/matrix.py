"""Columns and rows of the linear model as they are written down, and which of them are a unit's at a commune."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

INFINITE = float("inf")
Floats = NDArray[np.float64]
Terms = list[tuple[int, float]]


class Matrix:
    """Columns and rows as they are written down; rows keep their terms in the order of writing."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.starts: list[int] = [0]
        self.indices: list[int] = []
        self.values: list[float] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []

    def column(self, upper: float, *, integer: bool = False) -> int:
        self.lower.append(0.0)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.upper) - 1

    def row(self, terms: Terms, *, at_least: float = -INFINITE, at_most: float = INFINITE) -> int:
        """A new row; its number. No column may appear twice in `terms` (HiGHS would corrupt its memory)."""
        self.indices += [index for index, _ in terms]
        self.values += [value for _, value in terms]
        self.starts.append(len(self.indices))
        self.row_lower.append(at_least)
        self.row_upper.append(at_most)
        return len(self.row_lower) - 1


@dataclass
class Pair:
    """The columns and coupling rows of one unit at one commune."""

    unit: int
    commune: int
    column: int
    members: list["MemberColumns"] = field(default_factory=list)
    open_row: int = -1


@dataclass
class MemberColumns:
    """One person's columns at one commune."""

    person: int
    presence: list[tuple[int, int, int]]
    """(column, weekday or -1 for the weekdays without demand, how many weekdays)."""
    work: list[tuple[int, str, int]]
    """(column, field, most days)."""
    keep: int | None
