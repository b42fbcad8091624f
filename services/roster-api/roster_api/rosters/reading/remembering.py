"""Readings of cells that a list repeats in every row: each text is read once."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")
TEXTS_KEPT = 4096
PLAIN = {str, int, float, bool, type(None)}


def remembered(read: Callable[P, Result]) -> Callable[P, Result]:
    """The same answer for the same plain cell; cells that carry more than their text (a repair) are read anew.

    For days, fields and roles, not for names and numbers: nothing of one person is kept.
    """
    kept: Callable[..., Result] = lru_cache(maxsize=TEXTS_KEPT, typed=True)(read)

    @wraps(read)
    def read_once(*args: P.args, **kwargs: P.kwargs) -> Result:
        cells: tuple[Any, ...] = (*args, *kwargs.values())
        return kept(*args, **kwargs) if all(type(cell) in PLAIN for cell in cells) else read(*args, **kwargs)

    return read_once
