"""Stage E's document as arrays: needs and staff in canonical order, and every way the rules allow one to serve another.

Sorting by id makes the order of the input irrelevant: the same needs and staff give the same proposal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from commune_schemas.documents import BorderDocument
from numpy.typing import NDArray

from matching_worker.model.border.rules import may_help
from matching_worker.model.kilometres import round_km
from matching_worker.model.outcome import ProblemError

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Market:
    """`need` and `staff` are indices into the sorted lists; one entry an allowed (need, staff) pair."""

    need_ids: list[tuple[str, str]]
    """(commune, field)."""
    staff_ids: list[str]
    wanted: Integers
    """Person-days a week, by need."""
    priority: Integers
    spare: Integers
    """Person-days a week, by staff."""
    need: Integers
    staff: Integers
    km: Integers

    @property
    def weight(self) -> int:
        """What one unmet day weighs against travel: more than all the travel there can be."""
        farthest = np.zeros(len(self.need_ids), dtype=np.int64)
        np.maximum.at(farthest, self.need, self.km)
        return 1 + int((farthest * self.wanted).sum())


def read_market(document: BorderDocument) -> Market:
    """Raises ProblemError when communes or staff repeat."""
    check_ids("needs", "commune", [need.commune for need in document.needs])
    check_ids("staff", "id", [staff.id for staff in document.staff])
    needs = [
        (commune, field)
        for commune in sorted(document.needs, key=lambda need: need.commune)
        for field in sorted(field for field, days in commune.need.items() if days > 0)
    ]
    staff = sorted((one for one in document.staff if one.days > 0), key=lambda one: one.id)
    serving: dict[str, list[int]] = {}
    for index, one in enumerate(staff):
        serving.setdefault(one.school, []).append(index)
    arcs = []
    for index, (commune, field) in enumerate(needs):
        for school, metres in sorted(document.dist_m.get(commune.commune, {}).items()):
            for helper in serving.get(school, ()):
                one = staff[helper]
                near = may_help(
                    same_province=one.province == commune.province,
                    metres=metres,
                    max_m=document.policy.max_m,
                    own_max_m=one.max_m,
                )
                if near and field in one.fields:
                    arcs.append((index, helper, round_km(metres)))
    pairs = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    return Market(
        need_ids=[(commune.commune, field) for commune, field in needs],
        staff_ids=[one.id for one in staff],
        wanted=np.array([commune.need[field] for commune, field in needs], dtype=np.int64),
        priority=np.array([commune.priority for commune, _ in needs], dtype=np.int64),
        spare=np.array([one.days for one in staff], dtype=np.int64),
        need=pairs[:, 0],
        staff=pairs[:, 1],
        km=pairs[:, 2],
    )


def check_ids(name: str, key: str, ids: Sequence[str]) -> None:
    first_seen: dict[str, int] = {}
    for index, one in enumerate(ids):
        if first_seen.setdefault(one, index) != index:
            raise ProblemError(
                f"/{name}/{index}/{key}",
                f"mã {one} đã có ở vị trí {first_seen[one]}",
                f"{one} is already at position {first_seen[one]}",
            )
