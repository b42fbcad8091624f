"""The best weekdays and work for people already sent to one commune: an exact min-cost flow, integral by itself.

weekday -> person (once a weekday, costs the kilometres; saves more where days are to be used) -> field (saves the
commune's priority a day) or just being there; a weekday first fills the presence wanted (saves 3). Every person is
present at least one day. Lexicographic: saving a point of unmet need is worth more than any travel.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from matching_worker.model.placement.problem.costs import MISSING_PRESENCE
from matching_worker.model.placement.problem.problem import Problem

INFINITE = 1 << 60


@dataclass(frozen=True)
class TeamWeek:
    """One commune's week: who is present when, who works in what, and what that leaves and costs."""

    unmet: int
    travel_km: int
    days: Mapping[int, tuple[int, ...]]
    work: Mapping[int, Mapping[str, int]]


class Network:
    """A circulation of least cost: successive shortest paths over a small graph with negative costs."""

    def __init__(self, nodes: int) -> None:
        self.out: list[list[int]] = [[] for _ in range(nodes)]
        self.to: list[int] = []
        self.room: list[int] = []
        self.cost: list[int] = []

    def copy(self) -> "Network":
        twin = Network(0)
        twin.out = [arcs.copy() for arcs in self.out]
        twin.to, twin.room, twin.cost = self.to.copy(), self.room.copy(), self.cost.copy()
        return twin

    def node(self) -> int:
        self.out.append([])
        return len(self.out) - 1

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

    def saturate(self, start: int, end: int, closing: int) -> None:
        """Sends flow round cheapest cycles through the arc `closing` (end -> start) while they cost less than nothing.

        Where every cycle of negative cost passes `closing`, the flow is then of least cost.
        """
        while self.room[closing] and (path := self.cheapest_path(start, end, -self.cost[closing])) is not None:
            path.append(closing)
            units = min(self.room[arc] for arc in path)
            for arc in path:
                self.room[arc] -= units
                self.room[arc ^ 1] += units

    def cheapest_path(self, start: int, end: int, below: int) -> list[int] | None:
        """Arcs of a cheapest path, or None when none costs less than `below`."""
        best = [INFINITE] * len(self.out)
        via = [-1] * len(self.out)
        waiting = [False] * len(self.out)
        best[start] = 0
        queue = deque([start])
        out, to, room, cost = self.out, self.to, self.room, self.cost
        while queue:
            node = queue.popleft()
            waiting[node] = False
            if node == end:
                continue
            here = best[node]
            for arc in out[node]:
                head = to[arc]
                if room[arc] and here + cost[arc] < best[head]:
                    best[head] = here + cost[arc]
                    via[head] = arc
                    if not waiting[head]:
                        waiting[head] = True
                        queue.append(head)
        if best[end] >= below:
            return None
        path = []
        node = end
        while node != start:
            path.append(via[node])
            node = to[via[node] ^ 1]
        return path


SOURCE, SINK, FIRST_DAY, FIRST_FIELD = 0, 1, 2, 7


class Team:
    """The people of one commune with their best week; more people can be added one by one."""

    def __init__(self, problem: Problem, commune_number: int) -> None:
        self.problem = problem
        self.commune_number = commune_number
        self.commune = commune = problem.communes[commune_number]
        farthest = max((row[commune_number] for row in problem.km), default=0)
        self.day = farthest + 1 if problem.use == "days" else 0
        """What each day present saves where days are to be used: more than it ever costs."""
        self.point = 1 + 5 * (farthest + 2 * self.day) * len(problem.people)
        points = commune.priority * sum(commune.need.values()) + MISSING_PRESENCE * sum(commune.presence)
        self.forced = 10 * self.point * (1 + points)
        self.net = net = Network(FIRST_FIELD + len(commune.need))
        self.days: dict[int, list[tuple[int, int]]] = {}
        self.work: dict[int, list[tuple[str, int]]] = {}
        for weekday, wanted in enumerate(commune.presence):
            if wanted:
                net.add(SOURCE, FIRST_DAY + weekday, wanted, -MISSING_PRESENCE * self.point)
            net.add(SOURCE, FIRST_DAY + weekday, INFINITE, 0)
        for index, need in enumerate(commune.need.values()):
            net.add(FIRST_FIELD + index, SINK, need, -commune.priority * self.point)
        net.add(SINK, SOURCE, INFINITE, 0)

    def copy(self) -> "Team":
        twin = copy(self)
        twin.net, twin.days, twin.work = self.net.copy(), dict(self.days), dict(self.work)
        return twin

    def add(self, number: int, *, as_before: bool = False) -> None:
        """One more person, at their best together with those already there.

        `as_before`: on their previous weekdays, with at least a day of each previous field (even where none is needed
        any more) and none of any other.
        """
        person, net = self.problem.people[number], self.net
        km = self.problem.km[number][self.commune_number] - self.day
        fixed_days = person.previous_days if as_before else ()
        fixed_fields = person.previous_fields if as_before else None
        pull, weekdays = (self.forced, fixed_days) if fixed_days else (0, person.days)
        most = len(fixed_days) or person.max_days
        entry, at_work = net.node(), net.node()
        self.days[number] = [(d, net.add(FIRST_DAY + d, entry, 1, km - pull)) for d in weekdays]
        self.work[number] = [
            (field, net.add(at_work, FIRST_FIELD + position, INFINITE, 0))
            for position, field in enumerate(self.commune.need)
            if field in (person.fields if fixed_fields is None else fixed_fields)
        ]
        for field in sorted(fixed_fields or ()):
            self.work[number].append((field, self.add_day_of_before(at_work, field)))
        net.add(at_work, SINK, INFINITE, 0)
        net.saturate(at_work, entry, net.add(entry, at_work, 1, -self.forced))
        net.saturate(at_work, entry, net.add(entry, at_work, most - 1, 0))

    def add_day_of_before(self, at_work: int, field: str) -> int:
        """The arc of a day of this field that has to be, for the commune's need or beyond it."""
        day = self.net.node()
        arc = self.net.add(at_work, day, 1, -self.forced)
        if field in self.commune.need:
            self.net.add(day, FIRST_FIELD + list(self.commune.need).index(field), 1, 0)
        self.net.add(day, SINK, 1, 0)
        return arc

    def week(self) -> TeamWeek:
        flow = self.net.flow_of
        days = {number: tuple(d for d, arc in arcs if flow(arc)) for number, arcs in self.days.items()}
        work = {number: sum_days((f, flow(arc)) for f, arc in arcs) for number, arcs in self.work.items()}
        return TeamWeek(
            unmet=unmet_points(self.problem, self.commune_number, days, work),
            travel_km=sum(len(d) * self.problem.km[number][self.commune_number] for number, d in days.items()),
            days=days,
            work=work,
        )


def plan_week(
    problem: Problem,
    commune_number: int,
    members: Iterable[int],
    *,
    as_before: Collection[int] = (),
) -> TeamWeek:
    """The best week of `members` at the commune; those of `as_before` come as they came before."""
    team = Team(problem, commune_number)
    for number in sorted(members):
        team.add(number, as_before=number in as_before)
    return team.week()


def sum_days(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Days by field, fields without any left out."""
    days: dict[str, int] = {}
    for field, count in parts:
        if count:
            days[field] = days.get(field, 0) + count
    return days


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
