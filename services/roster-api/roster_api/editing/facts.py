"""What a plan is judged by: what its run froze, and stage A's document with the distances. Pure; read once a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from commune_calendar.service_days import ServiceDays
from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementPolicy
from commune_schemas.matching import MatchingProblem, PreviousPlacement, ProblemCommune, ProblemVolunteer

Pair = tuple[str, str]
"""(commune code, school code)."""


@dataclass(frozen=True)
class Forbidden:
    """Decisions that hold today: (commune, school) and (person, commune) that may not be."""

    schools: frozenset[Pair] = frozenset()
    people: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Facts:
    """One run's problem. People are named by their id as text, as in the documents."""

    problem: MatchingProblem
    stage_a: InstanceDocument
    promised_heads: Mapping[Pair, int]
    """People promised by stage A's own plan."""
    stored_policy: PlacementPolicy | None
    """Of stage B's documents as solved; None when nothing was to be placed."""
    asked_of: Mapping[Pair, int] = field(default_factory=dict)
    """`min_people` of a commune in a school's document as solved."""

    @cached_property
    def communes(self) -> dict[str, ProblemCommune]:
        return {commune.code: commune for commune in self.problem.communes}

    @cached_property
    def schools(self) -> set[str]:
        return {school.id for school in self.stage_a.schools}

    @cached_property
    def people(self) -> dict[str, ProblemVolunteer]:
        """Who takes part: one row of each human."""
        counted = {volunteer.id for volunteer in self.stage_a.volunteers}
        return {str(person.id): person for person in self.problem.volunteers if str(person.id) in counted}

    @cached_property
    def people_of(self) -> dict[str, list[str]]:
        """By school, in the order of ids."""
        found: dict[str, list[str]] = {school: [] for school in self.schools}
        for name, person in sorted(self.people.items()):
            found[person.school_code].append(name)
        return found

    @cached_property
    def days(self) -> ServiceDays:
        """With what is declared of a row that does not count held against the row that does."""
        stands_for = {
            row: next(other for other in human if str(other) in self.people)
            for human in self.problem.humans
            if any(str(other) in self.people for other in human)
            for row in human
        }
        absences = [
            absence.model_copy(update={"volunteer_id": stands_for.get(absence.volunteer_id, absence.volunteer_id)})
            for absence in self.problem.absences
        ]
        return ServiceDays(self.problem.model_copy(update={"absences": absences}))

    @cached_property
    def free(self) -> dict[str, list[int]]:
        """Weekdays that count as free."""
        return {str(person): days for person, days in self.days.free_weekdays.items()}

    @cached_property
    def distance(self) -> dict[Pair, int]:
        columns = [school.id for school in self.stage_a.schools]
        return {
            (commune.id, school): metres
            for commune, row in zip(self.stage_a.communes, self.stage_a.dist_m, strict=True)
            for school, metres in zip(columns, row, strict=True)
        }

    @cached_property
    def min_people(self) -> dict[str, int]:
        return {commune.id: commune.min_people for commune in self.stage_a.communes}

    @cached_property
    def previous(self) -> dict[str, PreviousPlacement]:
        return {str(placement.volunteer_id): placement for placement in self.problem.previous_placements}

    @cached_property
    def teams(self) -> dict[Pair, list[str]]:
        """By (team, school): a team is of one school."""
        found: dict[Pair, list[str]] = {}
        for name, person in sorted(self.people.items()):
            if person.team is not None:
                found.setdefault((person.team, person.school_code), []).append(name)
        return found

    @property
    def placement_policy(self) -> PlacementPolicy:
        """A cap on changes bound the solver, not whoever decides by hand."""
        if self.stored_policy is not None:
            return self.stored_policy.model_copy(update={"max_changes": None})
        options = self.problem.options
        return PlacementPolicy(
            students_per_lecturer=options.students_per_lecturer,
            supervision=options.supervision,
            supervisors=[role.value for role in options.supervisors],
            supervised=[role.value for role in options.supervised],
            keep_previous=bool(self.problem.previous_placements),
        )

    def may_supervise(self, person: str) -> bool:
        policy = self.placement_policy
        return self.people[person].role.value in (policy.supervisors or ["lecturer"])

    def is_supervised(self, person: str) -> bool:
        policy = self.placement_policy
        role = self.people[person].role.value
        return not self.may_supervise(person) if policy.supervised is None else role in policy.supervised


def read_facts(
    problem: MatchingProblem,
    *,
    stage_a: tuple[InstanceDocument, InstanceSolution],
    stage_b: Mapping[str, PlacementDocument],
) -> Facts:
    """From a run's frozen problem and its documents as solved; `stage_b` by school."""
    return Facts(
        problem=problem,
        stage_a=stage_a[0],
        promised_heads=read_heads(stage_a[1]),
        stored_policy=next((document.policy for document in stage_b.values()), None),
        asked_of={
            (commune.id, school): commune.min_people
            for school, document in stage_b.items()
            for commune in document.communes
        },
    )


def read_heads(solution: InstanceSolution) -> dict[Pair, int]:
    return {(commune, school): people for commune, school, people in solution.heads}
