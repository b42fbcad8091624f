"""Why a commune is in its group: the rule that holds it there, the best single move and the best swap with their cost.

As data and in words. Exact: both groups concerned are measured again, each at its best centre; the others stay.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commune_schemas.documents import GroupsDocument, GroupsSolution
from commune_verify.verdict import Objective

from matching_worker.model.groups import words
from matching_worker.model.groups.grouping import Grouping
from matching_worker.model.outcome import ProblemError


@dataclass(frozen=True)
class Change:
    """Communes in other groups: forbidden by a rule, or with what that changes."""

    kind: str
    """'move' | 'swap'"""
    group: dict[str, int]
    rule: str | None
    change: Objective
    """Positive is worse; empty when forbidden."""
    vi: str
    en: str


@dataclass(frozen=True)
class Explanation:
    commune: str
    group: int
    centre: str
    km: int
    members: int
    weight: int
    rule: str
    """What holds it there: D1 to D4, or the level 'cost'."""
    vi: str
    en: str
    move: Change | None
    """The cheapest move of the commune alone; None when every one is forbidden: `why_not` says by which rule."""
    swap: Change | None
    """The cheapest exchange with a commune of another group; None when every one is forbidden."""
    swaps_barred: dict[str, int]
    """How many exchanges each rule forbids."""
    why_not: tuple[Change, ...]
    """Every other group, cheapest first."""
    barred_vi: str
    barred_en: str

    @property
    def text_vi(self) -> str:
        swap = self.swap.vi if self.swap else self.barred_vi
        return "\n".join([self.vi, *(change.vi for change in self.why_not), swap])

    @property
    def text_en(self) -> str:
        swap = self.swap.en if self.swap else self.barred_en
        return "\n".join([self.en, *(change.en for change in self.why_not), swap])


def explain(problem: GroupsDocument, solution: GroupsSolution, *, commune: str) -> Explanation:
    """`solution` must be an accepted one. Raises ProblemError for a commune the problem does not know."""
    return explain_in(Grouping(problem, solution), commune=commune)


def explain_in(grouping: Grouping, *, commune: str) -> Explanation:
    """explain() of a grouping that is opened up already: many communes are asked about."""
    if commune not in grouping.map.ids:
        raise ProblemError("/commune", f"không có xã {commune!r}", f"there is no commune {commune!r}")
    one = grouping.map.ids.index(commune)
    own = grouping.owner[one]
    moves = [try_groups(grouping, "move", {one: number}) for number in range(grouping.map.k) if number != own]
    swaps = [
        try_groups(grouping, "swap", {one: number, other: own})
        for other, number in enumerate(grouping.owner)
        if number != own
    ]
    bars = Counter(swap.rule for swap in swaps if swap.rule is not None)
    rule, vi, en = why(grouping, one, moves)
    barred_vi, barred_en = words.all_swaps_barred(bars)
    centre = grouping.centres[own]
    return Explanation(
        commune=commune,
        group=own,
        centre=grouping.map.ids[centre],
        km=int(grouping.map.km[one, centre]),
        members=len(grouping.groups[own]),
        weight=grouping.weigh(grouping.groups[own]),
        rule=rule,
        vi=vi,
        en=en,
        move=cheapest(moves),
        swap=cheapest(swaps),
        swaps_barred=dict(sorted(bars.items())),
        why_not=tuple(sorted(moves, key=order)),
        barred_vi=barred_vi,
        barred_en=barred_en,
    )


def try_groups(grouping: Grouping, kind: str, changed: Mapping[int, int]) -> Change:
    """These communes in those groups: the first rule against it, or the change of the kilometres."""
    after = grouping.regroup(changed)
    rule = grouping.find_barrier(after)
    cost: Objective = {} if rule else {"cost": grouping.measure_change(after)}
    vi, en = words.changed(grouping, kind, changed, after, rule, cost)
    return Change(kind, {grouping.map.ids[one]: to for one, to in changed.items()}, rule, cost, vi, en)


def why(grouping: Grouping, commune: int, moves: list[Change]) -> tuple[str, str, str]:
    """The nearest centre's group, or what keeps the commune out of that group."""
    own = grouping.owner[commune]
    if not moves:
        return words.only_group(grouping, commune)
    nearest = min(
        range(grouping.map.k), key=lambda n: (int(grouping.map.km[commune, grouping.centres[n]]), n != own, n)
    )
    if nearest == own:
        return words.nearest_centre(grouping, commune)
    move = next(move for move in moves if move.group[grouping.map.ids[commune]] == nearest)
    return words.not_nearest_centre(grouping, commune, nearest, move.rule, move.change)


def cheapest(changes: Iterable[Change]) -> Change | None:
    return min((change for change in changes if change.rule is None), key=order, default=None)


def order(change: Change) -> tuple[bool, int, list[tuple[str, int]]]:
    """Allowed ones first, the cheapest first."""
    return change.rule is not None, change.change.get("cost", 0), sorted(change.group.items())
