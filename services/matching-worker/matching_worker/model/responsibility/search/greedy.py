"""A first plan for the core: regret insertion, then descent by moves, swaps and ejections. No solver, no clock."""

import numpy as np

from matching_worker.model.engine.highs import FloatArray
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray

FAR = 1 << 40
CLOSED = 1 << 59
MAX_ROUNDS = 60
CLEAR = 0.6


def find_lead(core: Core) -> IntArray | None:
    """[c] the best of a few greedy orders, improved; None when none of them places every commune."""
    best: IntArray | None = None
    for order in ("regret", "size"):
        search = Search(core)
        if not search.insert(order):
            continue
        search.descend()
        if not core.keeps_enough(search.lead):
            continue
        if best is None or core.travel(search.lead) < core.travel(best):
            best = search.lead.copy()
    return best


def find_greedy(core: Core) -> IntArray | None:
    """[c] regret insertion alone: what a careful person with a spreadsheet reaches."""
    search = Search(core)
    return search.lead if search.insert("regret") else None


def improve(core: Core, lead: IntArray) -> IntArray:
    """[c] a plan of the core made no worse by moves, swaps and ejections."""
    search = Search(core)
    for c, s in enumerate(lead):
        search.place(c, int(s))
    search.descend()
    return search.lead if core.keeps_enough(search.lead) else lead


def round_shares(core: Core, shares: FloatArray) -> IntArray | None:
    """[c] the shares' clear choices kept where they fit, the rest by regret; None when some commune finds no room."""
    search = Search(core)
    for c in np.argsort(-shares.max(axis=1), kind="stable"):
        s = int(shares[c].argmax())
        if shares[c, s] > CLEAR and search.fits[c, s]:
            search.place(int(c), s)
    if not search.insert("regret"):
        return None
    search.descend()
    return search.lead if core.keeps_enough(search.lead) else None


def improve_ties(core: Core, ties: IntArray, lead: IntArray) -> IntArray:
    """[c] an assignment of no more travel and a smaller sum of `ties` [c, s], as far as moves and swaps go."""
    search = Search(core)
    scale = int(ties.max(axis=1, initial=0).sum()) + 1
    if int(core.cost.max(initial=0)) * scale >= CLOSED // 8:
        return lead  # the sum of both levels would not fit into whole numbers of 64 bits
    search.cost = np.where(core.open, core.cost * scale + ties, CLOSED)
    for c, s in enumerate(lead):
        search.place(c, int(s))
    search.descend()
    return search.lead if core.keeps_enough(search.lead) else lead


class Search:
    """An assignment in the making: who leads, and what each school has left of each resource."""

    def __init__(self, core: Core) -> None:
        self.cost = np.where(core.open, core.cost, FAR)
        self.weight = core.weight
        self.left = core.limit.copy()
        self.lead = np.full(len(core.cost), -1, dtype=np.int64)
        self.fits: BoolArray = np.asarray((self.weight[:, None, :] <= self.left[None, :, :]).all(axis=2))
        self.every = np.arange(len(core.cost))

    def place(self, c: int, s: int) -> None:
        """Give the commune to the school, taking it from whoever led it."""
        old = int(self.lead[c])
        if old >= 0:
            self.left[old] += self.weight[c]
        self.left[s] -= self.weight[c]
        self.lead[c] = s
        for school in {old, s} - {-1}:
            self.fits[:, school] = (self.weight <= self.left[school]).all(axis=1)

    def insert(self, order: str) -> bool:
        """Place the commune that would regret waiting most (or the largest), at its cheapest school that fits."""
        waiting = self.lead < 0
        while waiting.any():
            costs = np.where(self.fits, self.cost, FAR)
            two = np.partition(costs, 1, axis=1) if costs.shape[1] > 1 else np.hstack([costs, costs + FAR])
            urgency = two[:, 1] - two[:, 0] if order == "regret" else self.weight[:, -2] * 1000 - two[:, 0]
            c = int(np.where(waiting, urgency, -2 * FAR).argmax())
            s = int(costs[c].argmin())
            if costs[c, s] >= FAR:
                return False
            self.place(c, s)
            waiting[c] = False
        return True

    def descend(self) -> None:
        for _ in range(MAX_ROUNDS):
            if not (self._moves() | self._swaps() | self._ejections()):
                return

    def _moves(self) -> bool:
        moved = False
        while True:
            gain = self.cost - self.cost[self.every, self.lead][:, None]
            c, s = divmod(int(np.where(self.fits, gain, 0).argmin()), self.cost.shape[1])
            if gain[c, s] >= 0 or not self.fits[c, s]:
                break
            self.place(c, s)
            moved = True
        return moved

    def _swaps(self) -> bool:
        now = self.cost[self.every, self.lead]
        change = self.cost[:, self.lead] - now[:, None]
        gain = change + change.T
        first, second = np.nonzero(np.triu(gain < 0))
        swapped = False
        for k in np.argsort(gain[first, second], kind="stable"):
            a, b = int(first[k]), int(second[k])
            s, t = int(self.lead[a]), int(self.lead[b])
            better = self.cost[a, t] + self.cost[b, s] < self.cost[a, s] + self.cost[b, t]
            more = self.weight[b] - self.weight[a]
            if s != t and better and (more <= self.left[s]).all() and (-more <= self.left[t]).all():
                self.place(a, t)
                self.place(b, s)
                swapped = True
        return swapped

    def _ejections(self) -> bool:
        """Commune a goes to school s, whose commune b goes to the cheapest school that has room."""
        now = self.cost[self.every, self.lead]
        refuge = np.where(self.fits, self.cost, CLOSED)
        refuge[self.every, self.lead] = CLOSED
        shelter = refuge.argmin(axis=1)
        price = refuge[self.every, shelter] - now
        total = self.cost[:, self.lead] - now[:, None] + price[None, :]
        first, second = np.nonzero((total < 0) & (self.lead[:, None] != self.lead[None, :]))
        ejected = False
        for k in np.argsort(total[first, second], kind="stable"):
            a, b = int(first[k]), int(second[k])
            s, t, old = int(self.lead[b]), int(shelter[b]), int(self.lead[a])
            if old == s or t in (s, old) or not self.fits[b, t]:
                continue
            gain = self.cost[a, s] + self.cost[b, t] - self.cost[a, old] - self.cost[b, s]
            if gain < 0 and (self.weight[a] - self.weight[b] <= self.left[s]).all():
                self.place(b, t)
                self.place(a, s)
                ejected = True
        return ejected
