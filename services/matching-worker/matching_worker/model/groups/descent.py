"""The best move, or swap of two border communes, again and again until none helps; every change is tried at once.

The measure is (weight outside [lo, hi], kilometres), lexicographically.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching_worker.model.groups.problem import Map

Ints = NDArray[np.int64]
Changes = tuple[Ints, Ints, Ints, Ints]
"""[change] source, target, mover, and the commune that changes places with it or NOBODY."""
NOBODY = -1


class Descent:
    """The map's neighbours and kilometres, laid out for many changes at a time."""

    def __init__(self, problem: Map) -> None:
        self._problem = problem
        self._weight = np.array(problem.weight, dtype=np.int64)
        self._near = [sum(1 << other for other in row) for row in problem.neighbours]
        self._from = np.repeat(np.arange(problem.size), [len(row) for row in problem.neighbours])
        self._to = np.array([other for row in problem.neighbours for other in row], dtype=np.int64)
        self._nobody_last = np.vstack([problem.km, np.zeros((1, problem.size), dtype=np.int64)])
        self._far = int(problem.km.sum()) + 1

    def improve(self, groups: list[set[int]]) -> None:
        """Change these connected groups until no change makes them better."""
        owner = np.zeros(self._problem.size, dtype=np.int64)
        for number, group in enumerate(groups):
            owner[list(group)] = number
        while (change := self._best_change(owner, len(groups))) is not None:
            source, target, mover, other = change
            owner[mover] = target
            groups[source].discard(mover)
            groups[target].add(mover)
            if other != NOBODY:
                owner[other] = source
                groups[target].discard(other)
                groups[source].add(other)

    def _best_change(self, owner: Ints, k: int) -> tuple[int, int, int, int] | None:
        """The first of the best among those that keep both groups connected."""
        changes = self._list_changes(owner, k)
        weight = np.bincount(owner, weights=self._weight, minlength=k).astype(np.int64)
        lighter = self._balance_gain(weight, changes)
        # Kilometres decide among equally balanced changes alone.
        changes = tuple(part[lighter >= 0] for part in changes)  # type: ignore[assignment]
        lighter = lighter[lighter >= 0]
        nearer = self._distance_gain(owner, k, changes)
        helps = np.flatnonzero((lighter > 0) | (nearer > 0))
        masks = [sum(1 << one for one in np.flatnonzero(owner == number).tolist()) for number in range(k)]
        for place in helps[np.lexsort((-nearer[helps], -lighter[helps]))]:
            source, target, mover, other = (int(part[place]) for part in changes)
            out, back = 1 << mover, 0 if other == NOBODY else 1 << other
            if self._is_linked(masks[source] & ~out | back) and self._is_linked(masks[target] & ~back | out):
                return source, target, mover, other
        return None

    def _list_changes(self, owner: Ints, k: int) -> Changes:
        """Every move over a border, then every swap over one."""
        size = self._problem.size
        source, target = owner[self._from], owner[self._to]
        crosses = source != target
        coded = np.unique(((source * k + target) * size + self._from)[crosses])
        movers, pair = coded % size, coded // size
        alone = np.bincount(owner, minlength=k)[pair // k] == 1
        parts = [(pair[~alone], movers[~alone], np.full((~alone).sum(), NOBODY)), *self._list_swaps(pair, movers, k)]
        pairs, movers, others = (np.concatenate(part) for part in zip(*parts, strict=True))
        return pairs // k, pairs % k, movers, others

    def _list_swaps(self, pair: Ints, movers: Ints, k: int) -> Iterator[tuple[Ints, Ints, Ints]]:
        for both in np.unique(pair).tolist():
            source, target = divmod(both, k)
            if source < target:
                there, back = movers[pair == both], movers[pair == target * k + source]
                count = len(there) * len(back)
                yield np.full(count, both), np.repeat(there, len(back)), np.tile(back, len(there))

    def _balance_gain(self, weight: Ints, changes: Changes) -> Ints:
        source, target, mover, other = changes
        heavier = self._weight[mover] - np.where(other == NOBODY, 0, self._weight[other])
        before = self._beyond(weight[source]) + self._beyond(weight[target])
        return before - self._beyond(weight[source] - heavier) - self._beyond(weight[target] + heavier)

    def _beyond(self, weight: Ints) -> Ints:
        gain: Ints = np.maximum(0, np.maximum(self._problem.lo - weight, weight - self._problem.hi))
        return gain

    def _distance_gain(self, owner: Ints, k: int, changes: Changes) -> Ints:
        """[change] kilometres fewer, each group at its best centre."""
        source, target, mover, other = changes
        inside = owner[None, :] == np.arange(k)[:, None]
        sums = inside.astype(np.int64) @ self._problem.km
        before = np.where(inside, sums, self._far).min(axis=1)
        shift = self._nobody_last[mover] - self._nobody_last[other]
        after = np.zeros(len(mover), dtype=np.int64)
        every = np.arange(len(mover))
        for group, sign, out, back in ((source, -1, mover, other), (target, 1, other, mover)):
            held = np.hstack([inside[group], np.zeros((len(mover), 1), dtype=bool)])
            held[every, out] = False
            held[every, back] = True
            after += np.where(held[:, :-1], sums[group] + sign * shift, self._far).min(axis=1, initial=self._far)
        gain: Ints = before[source] + before[target] - after
        return gain

    def _is_linked(self, members: int) -> bool:
        reached = border = members & -members
        while border:
            near = self._near[(border & -border).bit_length() - 1] & members & ~reached
            reached |= near
            border = border & border - 1 | near
        return reached == members
