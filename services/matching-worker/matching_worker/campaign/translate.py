"""From roster-api's matching problem to the solver's documents; results.py goes the way back.

Stage A's document is made from the problem; stage B's, one a school, from stage A's plan: a commune's need there is
what a supporting school promised it, of the lead all the rest, and the people wanted on each weekday are asked of the
leading school alone.
"""

import dataclasses
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from commune_calendar.service_days import ServiceDays
from commune_schemas.documents import (
    InstanceCommune,
    InstanceDocument,
    InstanceSchool,
    InstanceSolution,
    InstanceVolunteer,
    Pin,
    PlacementCommune,
    PlacementDocument,
    PlacementPolicy,
    PlacementVolunteer,
    ResponsibilityPolicy,
)
from commune_schemas.matching import (
    MatchingProblem,
    PlacementDecision,
    PreviousPlacement,
    ProblemCommune,
    ProblemSchool,
    ProblemVolunteer,
)

from matching_worker.campaign.promises import days_asked_of, people_asked_of
from matching_worker.campaign.ways import list_edges, measure_ways
from matching_worker.model.responsibility.problem.rules import is_allowed

NOBODY_WANTED = [0, 0, 0, 0, 0]
WEIGHT_OF_CONFIRMED = 3
"""Changing the place of a person who said yes counts as much as that of three who were only told."""


def _put_school(school: ProblemSchool) -> InstanceSchool:
    return InstanceSchool(
        id=school.code,
        name=school.name,
        lat=school.latitude,
        lon=school.longitude,
        remote_capable=school.is_remote_capable,
    )


def _put_commune(commune: ProblemCommune) -> InstanceCommune:
    return InstanceCommune(
        id=commune.code,
        name=commune.name,
        lat=commune.latitude,
        lon=commune.longitude,
        need=commune.need_days,
        priority=commune.priority,
        min_people=commune.min_people,
        mode="remote" if commune.is_remote else "road",
    )


def _put_volunteer(volunteer: ProblemVolunteer, free_weekdays: list[int]) -> InstanceVolunteer:
    return InstanceVolunteer(
        id=str(volunteer.id),
        school=volunteer.school_code,
        role=volunteer.role.value,
        skills=volunteer.skills,
        days=free_weekdays,
        max_days=volunteer.max_days,
    )


@dataclass(frozen=True)
class Translation:
    """One problem, and its words in the solver's documents."""

    problem: MatchingProblem
    kept_pins: Mapping[UUID, str] = dataclasses.field(default_factory=dict)
    """Volunteer -> commune: the pins that can be kept together. Stage B demands them (P6)."""

    @cached_property
    def days(self) -> ServiceDays:
        return ServiceDays(self.problem)

    @cached_property
    def distances(self) -> dict[tuple[str, str], int]:
        """Metres by (commune, school); 0 to a remote commune, which is served from afar."""
        return measure_ways(self.problem)

    @cached_property
    def edges(self) -> list[tuple[str, str]]:
        """Neighbouring communes: for areas as a level or at a price, and for the share of each that hangs together."""
        return list_edges(self.problem)

    def instance(self) -> InstanceDocument:
        """Stage A's document."""
        problem, options = self.problem, self.problem.options
        return InstanceDocument(
            schema_="mw-instance/1",
            id=str(problem.run_id),
            fields=problem.fields,
            field_names=problem.field_names,
            schools=[_put_school(school) for school in problem.schools],
            communes=[_put_commune(commune) for commune in problem.communes],
            volunteers=[_put_volunteer(person, self.free_weekdays[person.id]) for person in problem.volunteers],
            dist_m=[
                [self.distances[commune.code, school.code] for school in problem.schools]
                for commune in problem.communes
            ],
            pins=[Pin(commune=pin.commune_code, school=pin.school_code, reason=pin.reason) for pin in problem.pins],
            forbid=[*((pair.commune_code, pair.school_code) for pair in problem.forbids), *self._left_no_room],
            existing=[(pair.commune_code, pair.school_code) for pair in problem.existing],
            previous=[(pair.commune_code, pair.school_code) for pair in problem.previous],
            edges=self.edges,
            policy=ResponsibilityPolicy(
                max_support=options.max_support,
                max_lead_m=options.max_lead_m,
                theta_pct=options.theta_pct,
                max_communes_per_lecturer=options.max_communes_per_lecturer,
                lecturer_bound=options.lecturer_bound,
                supervisors=[role.value for role in options.supervisors],
                contiguity=options.contiguity,
                prices=options.prices,
            ),
        )

    @cached_property
    def free_weekdays(self) -> dict[UUID, list[int]]:
        """Those that count; of a person whose kept pin names weekdays, no others than these."""
        named = {pin.volunteer_id: pin.weekdays for pin in self.problem.placement_pins if pin.weekdays}
        return {
            person: [day for day in days if day in (named.get(person) or days)] if person in self.kept_pins else days
            for person, days in self.days.free_weekdays.items()
        }

    @cached_property
    def pinned_schools(self) -> dict[str, list[str]]:
        """Commune -> the schools whose people a kept pin brings there; each has to lead or support it."""
        schools = {volunteer.id: volunteer.school_code for volunteer in self.problem.volunteers}
        brought: dict[str, set[str]] = {}
        for volunteer_id, commune in self.kept_pins.items():
            brought.setdefault(commune, set()).add(schools[volunteer_id])
        return {commune: sorted(there) for commune, there in sorted(brought.items())}

    @cached_property
    def serving_now(self) -> dict[str, set[str]]:
        """Commune -> schools with people who serve there under the plan in force, and may go on."""
        schools = {volunteer.id: volunteer.school_code for volunteer in self.problem.volunteers}
        instance = self.instance()
        row = {commune.id: place for place, commune in enumerate(instance.communes)}
        column = {school.id: place for place, school in enumerate(instance.schools)}
        barred = set(instance.forbid)
        serving: dict[str, set[str]] = {}
        for placement in self.problem.previous_placements:
            commune, school = placement.commune_code, schools[placement.volunteer_id]
            if (commune, school) not in barred and is_allowed(instance, row[commune], column[school]):
                serving.setdefault(commune, set()).add(school)
        return serving

    @cached_property
    def _left_no_room(self) -> list[tuple[str, str]]:
        """Pairs that may not be: pinned people's schools are as many there as may lead and support."""
        most = self.problem.options.max_support + 1
        return [
            (commune, school.code)
            for commune, brought in self.pinned_schools.items()
            if len(brought) >= most
            for school in self.problem.schools
            if school.code not in brought
        ]

    def placements(self, plan: InstanceSolution) -> dict[str, PlacementDocument]:
        """Stage B's documents by school, for every school that has something to do and someone to send."""
        related = {*plan.lead.items(), *plan.support}
        documents: dict[str, PlacementDocument] = {}
        for school in self.problem.schools:
            communes = [
                PlacementCommune(
                    id=commune.code,
                    name=commune.name,
                    need=days_asked_of(plan, commune, school.code),
                    presence=commune.presence if plan.lead.get(commune.code) == school.code else NOBODY_WANTED,
                    priority=commune.priority,
                    min_people=people_asked_of(plan, commune, school.code),
                )
                for commune in self.problem.communes
                if (commune.code, school.code) in related
            ]
            volunteers = self._volunteers(school.code, {commune.id for commune in communes})
            if communes and volunteers:
                documents[school.code] = self._placement(school.code, communes, volunteers)
        return documents

    def _volunteers(self, school_code: str, communes: set[str]) -> list[PlacementVolunteer]:
        forbidden: dict[UUID, set[str]] = {}
        for forbid in self.problem.placement_forbids:
            forbidden.setdefault(forbid.volunteer_id, set()).add(forbid.commune_code)
        previous = {placement.volunteer_id: placement for placement in self.problem.previous_placements}
        return [
            PlacementVolunteer(
                id=str(volunteer.id),
                school=school_code,
                role=volunteer.role.value,
                skills=volunteer.skills,
                days=self.free_weekdays[volunteer.id],
                max_days=volunteer.max_days,
                max_m=volunteer.max_distance_m,
                team=volunteer.team,
                pinned_commune=commune if (commune := self.kept_pins.get(volunteer.id)) in communes else None,
                forbidden_communes=sorted(forbidden.get(volunteer.id, set()) & communes),
                **_before(previous.get(volunteer.id)),
            )
            for volunteer in self.problem.volunteers
            if volunteer.school_code == school_code
        ]

    @cached_property
    def pins_without_day(self) -> list[PlacementDecision]:
        """Pins of people to weekdays on which they are not free: a plan that had to keep one would have nowhere to."""
        free = self.days.free_weekdays
        return [p for p in self.problem.placement_pins if p.weekdays and not {*p.weekdays} & {*free[p.volunteer_id]}]

    def wishes(self) -> list[PlacementVolunteer]:
        """Everybody of the schools that have pinned people, each pin as a wish, in the order of the pins."""
        never = {pin.volunteer_id for pin in self.pins_without_day}
        pinned = {p.volunteer_id: p.commune_code for p in self.problem.placement_pins if p.volunteer_id not in never}
        order = {str(volunteer): place for place, volunteer in enumerate(pinned)}
        concerned = {v.school_code for v in self.problem.volunteers if v.id in pinned}
        everywhere = {commune.code for commune in self.problem.communes}
        people = [
            person.model_copy(update={"pinned_commune": pinned.get(UUID(person.id))})
            for school in self.problem.schools
            if school.code in concerned
            for person in self._volunteers(school.code, everywhere)
        ]
        return sorted(people, key=lambda person: order.get(person.id, len(order)))

    def strays(self, at_work: Set[str]) -> list[PlacementVolunteer]:
        """People with a previous placement who are in none of stage B's documents: `at_work` are those who are."""
        had_place = {str(placement.volunteer_id) for placement in self.problem.previous_placements}
        return [
            person
            for school in self.problem.schools
            for person in self._volunteers(school.code, set())
            if person.id in had_place - at_work
        ]

    def _placement(
        self, school_code: str, communes: list[PlacementCommune], volunteers: list[PlacementVolunteer]
    ) -> PlacementDocument:
        distances = {commune.id: self.distances[commune.id, school_code] for commune in communes}
        return PlacementDocument(
            schema_="mw-placement/1",
            id=f"{self.problem.run_id}:{school_code}",
            fields=self.problem.fields,
            field_names=self.problem.field_names,
            communes=communes,
            volunteers=volunteers,
            dist_m={volunteer.id: distances for volunteer in volunteers},
            policy=self.placement_policy,
        )

    @property
    def placement_policy(self) -> PlacementPolicy:
        options = self.problem.options
        return PlacementPolicy(
            students_per_lecturer=options.students_per_lecturer,
            supervision=options.supervision,
            supervisors=[role.value for role in options.supervisors],
            supervised=[role.value for role in options.supervised],
            use=options.use,
            keep_previous=bool(self.problem.previous_placements),
        )


def _before(placement: PreviousPlacement | None) -> dict[str, Any]:
    """What stage B is told of a person's place in the plan in force."""
    if placement is None:
        return {}
    return {
        "previous_commune": placement.commune_code,
        "previous_days": placement.weekdays,
        "previous_fields": sorted(field for field, days in placement.work_days.items() if days),
        "change_weight": WEIGHT_OF_CONFIRMED if placement.is_confirmed else 1,
    }
