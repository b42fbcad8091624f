"""Stage D's document in canonical order: communes by id, distances as a matrix, neighbours as lists of indices."""

from dataclasses import dataclass
from math import gcd

import numpy as np
from commune_schemas.documents import GroupsDocument, GroupsSolution
from numpy.typing import NDArray

from matching_worker.model.outcome import ProblemError

MOST_WEIGHT = 1_000_000
"""Of all communes, in their greatest common measure: above it, sums of weights are not counted out."""


@dataclass(frozen=True)
class Map:
    """Everything by index into `ids`, which are sorted: the order of the input is irrelevant."""

    ids: list[str]
    weight: list[int]
    km: NDArray[np.int64]
    """[member][centre], as the document has it from the centre to the member."""
    neighbours: list[list[int]]
    k: int
    lo: int
    hi: int

    @property
    def size(self) -> int:
        return len(self.ids)


Grouping = list[int]
"""Group number by commune index."""


def read_map(document: GroupsDocument) -> Map:
    """Raises ProblemError for repeated or unknown ids, and for missing distances."""
    check_ids(document)
    ids = sorted(commune.id for commune in document.communes)
    index = {one: position for position, one in enumerate(ids)}
    if not ids:
        raise ProblemError("/communes", "không có xã nào", "there are no communes")
    km = np.zeros((len(ids), len(ids)), dtype=np.int64)
    for centre in ids:
        for member in ids:
            distance = document.dist_km.get(centre, {}).get(member)
            if distance is None:
                raise ProblemError(f"/dist_km/{centre}/{member}", "thiếu khoảng cách", "the distance is missing")
            km[index[member], index[centre]] = distance
    neighbours: list[set[int]] = [set() for _ in ids]
    for position, (a, b) in enumerate(document.edges):
        if a not in index or b not in index:
            raise ProblemError(f"/edges/{position}", "không có xã này", "no such commune")
        if a != b:
            neighbours[index[a]].add(index[b])
            neighbours[index[b]].add(index[a])
    weight = {commune.id: commune.weight for commune in document.communes}
    return Map(
        ids=ids,
        weight=[weight[one] for one in ids],
        km=km,
        neighbours=[sorted(near) for near in neighbours],
        k=document.k,
        lo=document.lo,
        hi=document.hi,
    )


def check_ids(document: GroupsDocument) -> None:
    seen: set[str] = set()
    for position, commune in enumerate(document.communes):
        if commune.id in seen:
            raise ProblemError(
                f"/communes/{position}/id", f"xã {commune.id} ghi hai lần", f"{commune.id} is listed twice"
            )
        seen.add(commune.id)


def possible_balance(problem: Map) -> tuple[int, int]:
    """`lo` and `hi` as near as any communes' weights together come to them: (15, 15) of even weights is (16, 14)."""
    unit = gcd(*problem.weight) or 1
    total = sum(problem.weight) // unit
    lowest, highest = max(0, -(-problem.lo // unit)), problem.hi // unit
    if total > MOST_WEIGHT or lowest > total or highest < 0:
        return problem.lo, problem.hi
    sums = 1  # bit n: some communes weigh n units together
    for weight in problem.weight:
        sums |= sums << weight // unit
    from_lowest = sums >> lowest
    least = lowest + (from_lowest & -from_lowest).bit_length() - 1
    most = (sums & ((1 << highest + 1) - 1)).bit_length() - 1
    return least * unit, most * unit


def in_units(problem: Map) -> tuple[list[int], int, int]:
    """Weights, `lo` and `hi` in the weights' greatest common measure."""
    unit = gcd(*problem.weight) or 1
    return [one // unit for one in problem.weight], -(-max(0, problem.lo) // unit), problem.hi // unit


def components(members: set[int], neighbours: list[list[int]]) -> list[set[int]]:
    """The connected parts of a set of communes, by their smallest member."""
    parts = []
    left = set(members)
    while left:
        start = min(left)
        part, border = {start}, [start]
        while border:
            for near in neighbours[border.pop()]:
                if near in left and near not in part:
                    part.add(near)
                    border.append(near)
        left -= part
        parts.append(part)
    return parts


def cost_of(group: set[int], km: NDArray[np.int64]) -> int:
    """Kilometres of all members to the best centre among them."""
    members = sorted(group)
    return int(km[members][:, members].sum(axis=0).min())


def best_centre(group: set[int], km: NDArray[np.int64]) -> int:
    """The member that all are nearest to; the first of equals."""
    members = sorted(group)
    return members[int(km[members][:, members].sum(axis=0).argmin())]


def total_cost(problem: Map, grouping: Grouping) -> int:
    return sum(
        cost_of({commune for commune, number in enumerate(grouping) if number == group}, problem.km)
        for group in range(problem.k)
    )


def make_solution(problem: Map, grouping: Grouping) -> GroupsSolution:
    """Groups numbered by their first commune, so that equal groupings read equal."""
    numbers: dict[int, int] = {}
    for group in grouping:
        numbers.setdefault(group, len(numbers))
    return GroupsSolution(group={problem.ids[commune]: numbers[group] for commune, group in enumerate(grouping)})
