"""Pins of people as a small problem of their own: units, communes they may go to, and what their schools may do there.

`pinned_commune` of a volunteer here is a wish: settle.py finds out which of the wishes can be kept together.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from commune_schemas.documents import InstanceDocument, PlacementPolicy, PlacementVolunteer

from matching_worker.model.placement.problem.rules import days_limit, is_supervised, supervises, supervision_margin
from matching_worker.model.responsibility.problem import rules

Wish = tuple[str, str]
"""volunteer, commune"""


@dataclass(frozen=True)
class Unit:
    """A team, or one person alone, of one school: placed as a whole or not at all (P8)."""

    school: str
    team: str | None
    members: tuple[PlacementVolunteer, ...]


@dataclass(frozen=True)
class PinProblem:
    """`people`: everybody of the schools that have pins; the order of the pinned is the order of precedence."""

    instance: InstanceDocument
    people: tuple[PlacementVolunteer, ...]
    policy: PlacementPolicy

    @cached_property
    def rows(self) -> dict[str, int]:
        return {commune.id: row for row, commune in enumerate(self.instance.communes)}

    @cached_property
    def columns(self) -> dict[str, int]:
        return {school.id: column for column, school in enumerate(self.instance.schools)}

    @cached_property
    def forbidden(self) -> set[tuple[str, str]]:
        return set(self.instance.forbid)

    @cached_property
    def led_by(self) -> dict[str, str]:
        """Commune -> the school that a pin of stage A gives it to."""
        return {pin.commune: pin.school for pin in self.instance.pins}

    @cached_property
    def wishes(self) -> dict[Wish, PlacementVolunteer]:
        return {(p.id, p.pinned_commune): p for p in self.people if p.pinned_commune is not None}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        groups: dict[tuple[str, str, str], list[PlacementVolunteer]] = {}
        for person in self.people:
            key = (person.school, "alone", person.id) if person.team is None else (person.school, "team", person.team)
            groups.setdefault(key, []).append(person)
        return tuple(Unit(members[0].school, members[0].team, tuple(members)) for members in groups.values())

    @cached_property
    def lead_limits(self) -> dict[str, int] | None:
        """R9, school -> most communes it may lead; None where that is no hard rule."""
        policy = self.instance.policy
        if policy.max_communes_per_lecturer is None or policy.lecturer_bound != "hard":
            return None
        supervisors = rules.supervisors_by_school(policy, self.instance.volunteers)
        most = len(self.instance.communes)
        return {school: rules.led_at_most(policy, supervisors[school], most) for school in self.columns}

    def distance_m(self, person: PlacementVolunteer, commune: str) -> int:
        return self.instance.dist_m[self.rows[commune]][self.columns[person.school]]

    def barrier(self, person: PlacementVolunteer, commune: str) -> str | None:
        """The rule that keeps this person from the commune, whatever everybody else does; None when none does."""
        reached = rules.reaching_rule(self.instance, self.rows[commune], self.columns[person.school])
        if days_limit(set(person.days), person.max_days) < 1:
            return "P2"
        if commune in person.forbidden_communes:
            return "P7"
        if self.distance_m(person, commune) > person.max_m:
            return "P3"
        return rules.FORBID if (commune, person.school) in self.forbidden else reached

    def count_supervisors(self, members: Iterable[PlacementVolunteer]) -> int:
        return sum(supervises(member.role, self.policy.supervisors) for member in members)

    def count_supervised(self, members: Iterable[PlacementVolunteer]) -> int:
        policy = self.policy
        return sum(
            is_supervised(m.role, policy.supervised, supervises=supervises(m.role, policy.supervisors)) for m in members
        )

    def room(self, members: Collection[PlacementVolunteer]) -> int:
        """P5: how many more they could supervise; negative = so many want supervision."""
        return supervision_margin(
            self.count_supervisors(members), self.count_supervised(members), self.policy.students_per_lecturer
        )
