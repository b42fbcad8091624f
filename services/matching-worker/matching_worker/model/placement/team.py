"""The best weekdays and work for people already sent to one commune: an exact min-cost flow, integral by itself.

weekday -> person (once a weekday, costs the kilometres) -> field (saves the commune's priority a day) or just being
there; a weekday first fills the presence wanted (saves 3). Every person is present at least one day. Lexicographic:
saving a point of unmet need is worth more than any travel.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching_worker.model.placement.costs import MISSING_PRESENCE
from matching_worker.model.placement.problem import Problem

INFINITE = 1 << 60


@dataclass(frozen=True)
class TeamWeek:
    """One commune's week: who is present when, who works in what, and what that leaves and costs."""

    unmet: int
    travel_km: int
    days: Mapping[int, tuple[int, ...]]
    work: Mapping[int, Mapping[str, int]]


class Network:
    """Successive shortest paths over a small graph with negative costs."""

    def __init__(self, nodes: int) -> None:
        self.out: list[list[int]] = [[] for _ in range(nodes)]
        self.to: list[int] = []
        self.room: list[int] = []
        self.cost: list[int] = []

    def add(self, tail: int, head: int, room: int, cost: int) -> int:
        """A new arc; its number. The arc back is the next number."""
        arc = len(self.to)
        self.to += [head, tail]
        self.room += [room, 0]
        self.cost += [cost, -cost]
        self.out[tail].append(arc)
        self.out[head].append(arc + 1)
        return arc

    def flow_of(self, arc: int) -> int:
        return self.room[arc + 1]

    def saturate(self, source: int, sink: int) -> None:
        """Sends flow along cheapest paths while they cost less than nothing: then the flow is of least cost."""
        while (path := self.cheapest_path(source, sink)) is not None:
            units = min(self.room[arc] for arc in path)
            for arc in path:
                self.room[arc] -= units
                self.room[arc ^ 1] += units

    def cheapest_path(self, source: int, sink: int) -> list[int] | None:
        """Arcs of a cheapest path from source to sink, or None when none has a negative cost."""
        best = [INFINITE] * len(self.out)
        via = [-1] * len(self.out)
        waiting = [False] * len(self.out)
        best[source] = 0
        queue = deque([source])
        to, room, cost = self.to, self.room, self.cost
        while queue:
            node = queue.popleft()
            waiting[node] = False
            here = best[node]
            for arc in self.out[node]:
                head = to[arc]
                if room[arc] and here + cost[arc] < best[head]:
                    best[head] = here + cost[arc]
                    via[head] = arc
                    if not waiting[head]:
                        waiting[head] = True
                        queue.append(head)
        if best[sink] >= 0:
            return None
        path = []
        node = sink
        while node != source:
            path.append(via[node])
            node = to[via[node] ^ 1]
        return path


def plan_week(
    problem: Problem,
    commune_number: int,
    members: Sequence[int],
    *,
    fixed_days: Mapping[int, tuple[int, ...]] | None = None,
) -> TeamWeek:
    """The best week of `members` at the commune. `fixed_days`: people who come on exactly these days."""
    commune = problem.communes[commune_number]
    fixed = fixed_days or {}
    members = sorted(members)
    km = {person: problem.km[person][commune_number] for person in members}
    point = 1 + sum(km[person] * problem.people[person].max_days for person in members)
    forced = 10 * point * (1 + sum(commune.need.values()) * max(1, commune.priority) + 3 * sum(commune.presence))
    source, sink, first_field = 0, 1, 7
    first_person = first_field + len(commune.need)
    net = Network(first_person + 2 * len(members))
    for weekday, wanted in enumerate(commune.presence):
        if wanted:
            net.add(source, 2 + weekday, wanted, -MISSING_PRESENCE * point)
        net.add(source, 2 + weekday, INFINITE, 0)
    for index, need in enumerate(commune.need.values()):
        net.add(first_field + index, sink, need, -commune.priority * point)
    day_arcs: dict[int, list[tuple[int, int]]] = {}
    work_arcs: dict[int, list[tuple[str, int]]] = {}
    for index, number in enumerate(members):
        person = problem.people[number]
        entry = first_person + 2 * index
        pull = forced if number in fixed else 0
        weekdays = fixed.get(number, person.days)
        day_arcs[number] = [(d, net.add(2 + d, entry, 1, km[number] - pull)) for d in weekdays]
        net.add(entry, entry + 1, 1, -forced)
        net.add(entry, entry + 1, len(fixed.get(number, (0,) * person.max_days)) - 1, 0)
        work_arcs[number] = [
            (field, net.add(entry + 1, first_field + position, INFINITE, 0))
            for position, field in enumerate(commune.need)
            if field in person.fields
        ]
        net.add(entry + 1, sink, INFINITE, 0)
    net.saturate(source, sink)
    days = {number: tuple(d for d, arc in arcs if net.flow_of(arc)) for number, arcs in day_arcs.items()}
    work = {number: {f: net.flow_of(arc) for f, arc in arcs if net.flow_of(arc)} for number, arcs in work_arcs.items()}
    return TeamWeek(
        unmet=unmet_points(problem, commune_number, days, work),
        travel_km=sum(len(chosen) * km[number] for number, chosen in days.items()),
        days=days,
        work=work,
    )


def unmet_points(
    problem: Problem, commune_number: int, days: Mapping[int, Sequence[int]], work: Mapping[int, Mapping[str, int]]
) -> int:
    """What this week leaves undone at the commune, in points."""
    commune = problem.communes[commune_number]
    served: dict[str, int] = {}
    for fields in work.values():
        for field, count in fields.items():
            served[field] = served.get(field, 0) + count
    present = [0] * 5
    for chosen in days.values():
        for weekday in chosen:
            present[weekday] += 1
    undone = sum(max(0, need - served.get(field, 0)) for field, need in commune.need.items())
    missing = sum(max(0, wanted - there) for wanted, there in zip(commune.presence, present, strict=True))
    return commune.priority * undone + MISSING_PRESENCE * missing
