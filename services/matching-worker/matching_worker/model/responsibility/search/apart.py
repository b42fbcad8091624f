"""How many communes of an area lie apart from its main part, in microseconds: areas are bit masks of communes."""

from collections.abc import Iterable

from matching_worker.model.responsibility.problem.contiguity import neighbours
from matching_worker.model.responsibility.problem.core import Core

MOST_REMEMBERED = 50_000
"""Areas whose scattered communes are remembered."""


class Apart:
    """Over the communes of a core, by their place in it."""

    def __init__(self, core: Core) -> None:
        place = {int(c): k for k, c in enumerate(core.communes)}
        graph = neighbours(core.problem)
        self.near = [sorted(place[n] for n in graph.get(int(c), ()) if n in place) for c in core.communes]
        self._beside = [sum(1 << n for n in near) for near in self.near]
        self._mapped = sum(1 << place[c] for c in graph if c in place)
        self._remembered: dict[int, int] = {}

    def count(self, area: int) -> int:
        """Communes of an area outside its largest connected part; islands without neighbours do not count."""
        known = self._remembered.get(area)
        if known is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[area] = self._split(area & self._mapped)
        return known

    def count_of(self, communes: Iterable[int]) -> int:
        """The same of communes listed."""
        return self.count(sum(1 << c for c in communes))

    def _split(self, waiting: int) -> int:
        beside = self._beside
        total, largest = waiting.bit_count(), 0
        while largest < waiting.bit_count():
            part = fresh = waiting & -waiting
            while fresh:
                low = fresh & -fresh
                more = beside[low.bit_length() - 1] & waiting & ~part
                part |= more
                fresh = (fresh ^ low) | more
            waiting ^= part
            largest = max(largest, part.bit_count())
        return total - largest
