"""What a school's volunteers can staff: person-days for every set of fields (Hall's condition), rule R6.

A school can serve days[f] in each field exactly when, for every set T of fields, the days asked in T are no more than
the days of its volunteers who know some field of T. Sets that another set makes superfluous are left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
MAX_FIELDS = 12
MAX_FIELDS_SPLIT = 8
"""Up to this many fields, sets that fall into independent parts are found and left out too (3^fields steps)."""


@dataclass(frozen=True)
class Staffing:
    """The sets of fields that can bind for one school, and how many person-days may be asked in each."""

    sets: BoolArray
    """[set, field]: is the field in the set?"""
    limits: IntArray
    """[set]: person-days of the volunteers who know some field of the set."""
    whole: int
    """Person-days over all fields together."""


def make_staffing(days_by_mask: dict[int, int], fields: int) -> Staffing:
    """`days_by_mask`: person-days by bit mask of known fields (bit f = field f)."""
    masks = np.arange(1 << fields)
    rank = np.zeros(1 << fields, dtype=np.int64)
    for known, days in days_by_mask.items():
        rank += days * ((masks & known) > 0)
    unknown = sum(1 << f for f in range(fields) if rank[1 << f] == 0)
    closed = (masks & unknown) == 0
    closed[0] = False
    for field in range(fields):
        if not unknown >> field & 1:
            without = (masks >> field & 1) == 0
            closed[without] &= rank[without] < rank[masks[without] | 1 << field]
    kept = [int(t) for t in masks[closed] if not (fields <= MAX_FIELDS_SPLIT and _splits(rank, int(t)))]
    if unknown:
        kept.append(unknown)
    sets = (np.array(kept, dtype=np.int64)[:, None] >> np.arange(fields) & 1).astype(bool).reshape(len(kept), fields)
    return Staffing(sets=sets, limits=rank[kept], whole=int(rank[-1]))


def _splits(rank: IntArray, mask: int) -> bool:
    """Is the limit of a set the sum of the limits of two parts of it? Then the parts say all the set says."""
    part = (mask - 1) & mask
    while part:
        if rank[part] + rank[mask ^ part] <= rank[mask]:
            return True
        part = (part - 1) & mask
    return False
