"""A grouping opened up, so that single changes can be tried on it and spoken of."""

from collections.abc import Iterable, Mapping

from commune_schemas.documents import GroupsDocument, GroupsSolution

from matching_worker.model.groups.problem import Map, components, cost_of, read_map


class Grouping:
    """Communes and groups by their numbers. A tried change is the groups it touches, as they would be."""

    def __init__(self, document: GroupsDocument, solution: GroupsSolution) -> None:
        self.map: Map = read_map(document)
        self.names = {one.id: one.name or one.id for one in document.communes}
        self.owner = [solution.group[one] for one in self.map.ids]
        self.groups: list[set[int]] = [set() for _ in range(self.map.k)]
        for one, number in enumerate(self.owner):
            self.groups[number].add(one)
        self.centres = [min(group, key=lambda one: (self._reach(one, group), one)) for group in self.groups]

    def name(self, commune: int) -> str:
        return self.names[self.map.ids[commune]]

    def weigh(self, group: Iterable[int]) -> int:
        return sum(self.map.weight[one] for one in group)

    def regroup(self, changed: Mapping[int, int]) -> dict[int, set[int]]:
        """The groups that these communes leave or come to, with the communes in them then."""
        after = {number: set(self.groups[number]) for one, to in changed.items() for number in (self.owner[one], to)}
        for one, to in changed.items():
            after[self.owner[one]].discard(one)
            after[to].add(one)
        return after

    def find_barrier(self, groups: Mapping[int, set[int]]) -> str | None:
        """The first rule that these groups would break."""
        if not all(groups.values()):
            return "D1"
        if any(len(components(group, self.map.neighbours)) > 1 for group in groups.values()):
            return "D2"
        if any(self.weigh(group) < self.map.lo for group in groups.values()):
            return "D3"
        if any(self.weigh(group) > self.map.hi for group in groups.values()):
            return "D4"
        return None

    def measure_change(self, groups: Mapping[int, set[int]]) -> int:
        """Kilometres more, or fewer, each group at its best centre."""
        before = sum(cost_of(self.groups[number], self.map.km) for number in groups)
        return sum(cost_of(group, self.map.km) for group in groups.values()) - before

    def _reach(self, centre: int, group: set[int]) -> int:
        return int(self.map.km[sorted(group), centre].sum())
