"""Readings of cells that a list repeats in every row: each text is read once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.findings import Reading

ValueT = TypeVar("ValueT")
TEXTS_KEPT = 4096
PLAIN = {str, int, float, bool, type(None)}


def remembered(read: Callable[[Cell], Reading[ValueT]]) -> Callable[[Cell], Reading[ValueT]]:
    """The same answer for the same plain cell; cells that carry more than their text (a repair) are read anew.

    For days, fields and roles, not for names and numbers: nothing of one person is kept.
    """
    kept = lru_cache(maxsize=TEXTS_KEPT, typed=True)(read)

    @wraps(read)
    def read_once(cell: Cell) -> Reading[ValueT]:
        return kept(cell) if type(cell) in PLAIN else read(cell)

    return read_once
