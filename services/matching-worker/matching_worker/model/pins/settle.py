"""The most pins of people that any plan keeps together, found and proved by a small programme; and why not the others.

A plan of stages A and B keeps a set of pins exactly when this programme does: the pinned people's units go there, each
with supervisors enough (P5, P8), and their schools lead or support the commune (R2 to R5, R8, R9). Everybody else may
stay at home, so nothing else can stand against a pin. Caps on changes do not: they count beyond what pins demand.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from commune_schemas.documents import InstanceDocument, PlacementPolicy, PlacementVolunteer

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer
from matching_worker.model.engine.model import Model
from matching_worker.model.outcome import Limits
from matching_worker.model.pins.problem import PinProblem, Unit, Wish
from matching_worker.model.pins.words import describe_unkept
from matching_worker.model.responsibility.problem import rules

TEAM, SUPERVISION, ALREADY_THERE = "P8", "P5", "P1"
RELAXED = (TEAM, SUPERVISION, rules.SUPPORT, rules.LECTURER_BOUND)
"""Rules that bind several pins together, in the order in which one is looked for that is to blame."""


@dataclass(frozen=True)
class Settled:
    kept: tuple[Wish, ...]
    unkept: tuple[dict[str, str], ...]
    """volunteer, commune, rule, vi, en"""


def settle_pins(instance: InstanceDocument, people: Collection[PlacementVolunteer], policy: PlacementPolicy) -> Settled:
    """Which of the people's `pinned_commune` can be kept: as many as possible, the earlier ones where that is a tie.

    Whoever is pinned to where they serve already goes before the others.
    """
    problem = PinProblem(instance, tuple(people), policy)
    barred = {wish: rule for wish, person in problem.wishes.items() if (rule := problem.barrier(person, wish[1]))}
    open_wishes = [wish for wish in problem.wishes if wish not in barred]
    kept = choose_kept(problem, open_wishes) if open_wishes else []
    reasons = {
        wish: barred.get(wish) or find_reason(problem, kept, wish) for wish in problem.wishes if wish not in set(kept)
    }
    return Settled(
        kept=tuple(kept),
        unkept=tuple(describe_unkept(problem, wish, rule) for wish, rule in reasons.items()),
    )


def choose_kept(problem: PinProblem, wishes: list[Wish]) -> list[Wish]:
    """The most wishes, then the most that change nothing, then the earliest."""
    programme = Programme(problem, wishes)
    most = programme.maximise([1.0] * len(wishes))
    if len(most) == len(wishes):
        return most
    programme.keep_at_least(len(most))
    stays = [problem.wishes[wish].previous_commune == wish[1] for wish in wishes]
    return programme.maximise([2.0 * len(wishes) * stay + len(wishes) - k for k, stay in enumerate(stays)])


def find_reason(problem: PinProblem, kept: list[Wish], wish: Wish) -> str:
    """The rule without which this pin could be kept beside the kept ones; P6 when it takes more than one.

    That another's team stays together is no reason that the person could understand.
    """
    is_in_team = problem.wishes[wish].team is not None
    for rule in RELAXED if is_in_team else RELAXED[1:]:
        programme = Programme(problem, [*kept, wish], without=rule)
        if len(programme.maximise([1.0] * (len(kept) + 1))) > len(kept):
            return rule
    return "P6"


@dataclass
class Programme:
    """Columns by what they say: a unit goes to a commune; a school leads or supports it; a wish is kept."""

    problem: PinProblem
    wishes: list[Wish]
    without: str | None = None
    """A rule left out, to see whether it is to blame."""
    model: Model = field(default_factory=lambda: Model(Budget(Limits())))
    going: dict[tuple[int, str], int] = field(default_factory=dict)
    leading: dict[tuple[str, str], int] = field(default_factory=dict)
    supporting: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units = self.split_last_team() if self.without == TEAM else self.problem.units
        self.communes = list(dict.fromkeys(commune for _, commune in self.wishes))
        self.kept = [self.column() for _ in self.wishes]
        self.add_units()
        self.add_supervision()
        self.add_relations()

    def split_last_team(self) -> tuple[Unit, ...]:
        """The team of the last wish's person may part; all others stay together."""
        last = self.problem.wishes[self.wishes[-1]]
        units: list[Unit] = []
        for unit in self.problem.units:
            is_theirs = (unit.school, unit.team) == (last.school, last.team)
            units += [Unit(unit.school, None, (member,)) for member in unit.members] if is_theirs else [unit]
        return tuple(units)

    def column(self) -> int:
        return int(self.model.add_columns([0.0], integer=True)[0])

    def add_units(self) -> None:
        """P1, P8: one commune a unit; a wish is kept when its person's unit goes there."""
        wished: dict[str, set[str]] = {}
        for person, commune in self.wishes:
            wished.setdefault(person, set()).add(commune)
        for number, unit in enumerate(self.units):
            can_supervise = self.problem.room(unit.members) > 0
            for commune in self.communes:
                asked = any(commune in wished.get(member.id, ()) for member in unit.members)
                able = all(self.problem.barrier(member, commune) is None for member in unit.members)
                if able and (asked or can_supervise):
                    self.going[number, commune] = self.column()
            mine = [column for (k, _), column in self.going.items() if k == number]
            if len(mine) > 1:
                self.model.add_row(-INFINITY, 1.0, mine)
        unit_of = {member.id: number for number, unit in enumerate(self.units) for member in unit.members}
        for kept, (person, commune) in zip(self.kept, self.wishes, strict=True):
            there = self.going.get((unit_of[person], commune))
            if there is None:
                self.model.add_row(-INFINITY, 0.0, [kept])
            else:
                self.model.add_row(-INFINITY, 0.0, [kept, there], [1.0, -1.0])

    def add_supervision(self) -> None:
        """P5: in each commune for each school's own people, or over all of a school; or nowhere."""
        supervision = self.problem.policy.supervision
        if self.without == SUPERVISION or supervision == "none":
            return
        if supervision == "school":
            self.add_supervision_by_school()
            return
        terms: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for (number, commune), column in self.going.items():
            unit = self.units[number]
            terms.setdefault((unit.school, commune), []).append((column, float(self.problem.room(unit.members))))
        for row in terms.values():
            self.model.add_row(0.0, INFINITY, [column for column, _ in row], [room for _, room in row])

    def add_supervision_by_school(self) -> None:
        """Everyone supervised who goes anywhere, against all the supervisors the school has, placed or not."""
        terms: dict[str, list[tuple[int, float]]] = {}
        for (number, _), column in self.going.items():
            unit = self.units[number]
            terms.setdefault(unit.school, []).append((column, float(self.problem.count_supervised(unit.members))))
        for school, row in terms.items():
            supervisors = self.problem.count_supervisors(p for p in self.problem.people if p.school == school)
            most = float(self.problem.policy.students_per_lecturer * supervisors)
            self.model.add_row(-INFINITY, most, [column for column, _ in row], [count for _, count in row])

    def add_relations(self) -> None:
        """R5, R8, R9: whoever sends people leads the commune or supports it."""
        for (number, commune), column in self.going.items():
            pair = (commune, self.units[number].school)
            if pair not in self.supporting:
                self.supporting[pair] = self.column()
                if self.problem.led_by.get(commune, pair[1]) == pair[1]:
                    self.leading[pair] = self.column()
            related = [self.supporting[pair], *([self.leading[pair]] if pair in self.leading else [])]
            self.model.add_row(-INFINITY, 0.0, [column, *related], [1.0] + [-1.0] * len(related))
        for commune in self.communes:
            leads = [column for (there, _), column in self.leading.items() if there == commune]
            supports = [column for (there, _), column in self.supporting.items() if there == commune]
            if len(leads) > 1:
                self.model.add_row(-INFINITY, 1.0, leads)
            if self.without != rules.SUPPORT and supports:
                self.model.add_row(-INFINITY, float(self.problem.instance.policy.max_support), supports)
        self.add_lead_limits()

    def add_lead_limits(self) -> None:
        limits = self.problem.lead_limits
        if limits is None or self.without == rules.LECTURER_BOUND:
            return
        fixed = [s for c, s in self.problem.led_by.items() if (c, s) not in self.leading]
        for school, limit in limits.items():
            leads = [column for (_, leader), column in self.leading.items() if leader == school]
            if leads:
                self.model.add_row(-INFINITY, float(max(0, limit - fixed.count(school))), leads)

    def maximise(self, worth: list[float]) -> list[Wish]:
        """The wishes kept in a best solution."""
        cost = np.zeros(self.model.columns)
        cost[self.kept] = [-value for value in worth]
        self.model.set_costs(cost)
        result = self.model.minimise()
        if result.answer is not Answer.OPTIMAL or result.values is None:
            raise ArithmeticError("keeping no pin is always possible")
        return [wish for wish, column in zip(self.wishes, self.kept, strict=True) if result.values[column] > 0.5]

    def keep_at_least(self, count: int) -> None:
        self.model.add_row(float(count), INFINITY, self.kept)
