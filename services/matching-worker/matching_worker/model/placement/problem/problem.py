"""A stage B document, checked and put in canonical order, so that the order of its lists changes nothing.

Communes are numbered in the order of their ids; people by what they are and can do, and by their ids only among those
who are alike: ids drawn at random decide no more than which of these goes. A unit is a team, or one person alone: the
smallest group that is placed as a whole. A document that is no consistent problem raises ProblemError.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from commune_schemas.documents import PlacementDocument, PlacementVolunteer

from matching_worker.model.kilometres import round_km
from matching_worker.model.outcome import ProblemError
from matching_worker.model.placement.problem.costs import levels
from matching_worker.model.placement.problem.rules import days_limit, is_supervised, may_go, supervises


@dataclass(frozen=True)
class Commune:
    id: str
    need: dict[str, int]
    """Person-days a week by field, positive ones only, in the order of the field codes."""
    presence: tuple[int, ...]
    priority: int
    min_people: int


@dataclass(frozen=True)
class Person:
    id: str
    supervises: bool
    supervised: bool
    fields: frozenset[str]
    days: tuple[int, ...]
    max_days: int
    """The most weekdays present, never more than there are free ones."""
    previous: int | None
    """Number of the commune served before; None when none, or none of this document's."""
    previous_days: tuple[int, ...]
    """Empty = not known, and then not compared."""
    previous_fields: frozenset[str] | None
    """None = not known, and then not compared."""
    had_previous: bool
    change_weight: int
    """What a change counts in the level `changed`."""

    @property
    def can_repeat(self) -> bool:
        """Whether the previous weekdays and work are still possible."""
        fields, most_days = self.previous_fields or frozenset(), len(self.previous_days) or self.max_days
        on_days = set(self.previous_days) <= set(self.days) and most_days <= self.max_days
        return on_days and fields <= self.fields and len(fields) <= most_days


@dataclass(frozen=True)
class Unit:
    members: tuple[int, ...]
    communes: tuple[int, ...]
    """Where all members may go (P2, P3, P6, P7, P8)."""
    required: bool
    """Pinned: has to be placed."""
    team: str | None


@dataclass(frozen=True)
class Problem:
    document: PlacementDocument
    people: tuple[Person, ...]
    communes: tuple[Commune, ...]
    units: tuple[Unit, ...]
    unit_of: tuple[int, ...]
    km: tuple[tuple[int, ...], ...]
    """[person][commune], whole kilometres."""
    students_per_lecturer: int
    max_changes: int | None
    keep_previous: bool
    counts_changes: bool
    """False when nobody has a previous placement: a first plan changes nothing."""

    @property
    def levels(self) -> tuple[str, ...]:
        return levels(
            asks_people=any(commune.min_people for commune in self.communes),
            uses_all=self.use != "need",
            keep_previous=self.keep_previous,
        )

    @property
    def use(self) -> str:
        return self.document.policy.use

    @property
    def offered(self) -> int:
        """What `unused` counts when nobody is placed: people, or days."""
        return sum(person.max_days for person in self.people) if self.use == "days" else len(self.people)

    @property
    def farthest_km(self) -> int:
        return max((self.km[p][c] for u in self.units for c in u.communes for p in u.members), default=0)


def read_problem(document: PlacementDocument) -> Problem:
    """The document in canonical order. Raises ProblemError when it is not consistent."""
    check_ids((volunteer.id for volunteer in document.volunteers), "/volunteers", "người", "volunteer")
    check_ids((commune.id for commune in document.communes), "/communes", "xã", "commune")
    check_needs(document)
    check_people(document)
    communes = tuple(
        Commune(c.id, {f: n for f, n in sorted(c.need.items()) if n > 0}, tuple(c.presence), c.priority, c.min_people)
        for c in sorted(document.communes, key=lambda commune: commune.id)
    )
    number = {commune.id: index for index, commune in enumerate(communes)}
    volunteers = sorted(document.volunteers, key=lambda volunteer: likeness(document, volunteer))
    units = make_units(document, volunteers, communes)
    unit_of = {member: index for index, unit in enumerate(units) for member in unit.members}
    return Problem(
        document=document,
        people=tuple(make_person(document, volunteer, number) for volunteer in volunteers),
        communes=communes,
        units=units,
        unit_of=tuple(unit_of[index] for index in range(len(volunteers))),
        km=tuple(tuple(round_km(document.dist_m[v.id][c.id]) for c in communes) for v in volunteers),
        students_per_lecturer=document.policy.students_per_lecturer,
        max_changes=document.policy.max_changes,
        keep_previous=document.policy.keep_previous,
        counts_changes=any(volunteer.previous_commune for volunteer in volunteers),
    )


def likeness(document: PlacementDocument, person: PlacementVolunteer) -> tuple[Any, ...]:
    """All that the plan can depend on, the id last."""
    distances = document.dist_m[person.id]
    return (
        person.role,
        sorted(person.skills),
        sorted(set(person.days)),
        person.max_days,
        person.max_m,
        person.team or "",
        person.pinned_commune or "",
        sorted(person.forbidden_communes),
        person.previous_commune or "",
        sorted(person.previous_days),
        sorted(person.previous_fields or ()),
        person.change_weight,
        [distances[commune.id] for commune in sorted(document.communes, key=lambda commune: commune.id)],
        person.id,
    )


def make_person(document: PlacementDocument, volunteer: PlacementVolunteer, number: dict[str, int]) -> Person:
    leads = supervises(volunteer.role, document.policy.supervisors)
    return Person(
        id=volunteer.id,
        supervises=leads,
        supervised=is_supervised(volunteer.role, document.policy.supervised, supervises=leads),
        fields=frozenset(volunteer.skills),
        days=tuple(sorted(set(volunteer.days))),
        max_days=days_limit(set(volunteer.days), volunteer.max_days),
        previous=number.get(volunteer.previous_commune or ""),
        previous_days=tuple(sorted(set(volunteer.previous_days))),
        previous_fields=None if volunteer.previous_fields is None else frozenset(volunteer.previous_fields),
        change_weight=volunteer.change_weight,
        had_previous=volunteer.previous_commune is not None,
    )


def make_units(
    document: PlacementDocument, volunteers: list[PlacementVolunteer], communes: tuple[Commune, ...]
) -> tuple[Unit, ...]:
    """Teams and single people, in the order of their first member."""
    groups: dict[Hashable, list[int]] = {}
    for index, volunteer in enumerate(volunteers):
        groups.setdefault(("alone", index) if volunteer.team is None else ("team", volunteer.team), []).append(index)
    units = []
    for members in groups.values():
        people = [volunteers[index] for index in members]
        units.append(
            Unit(
                members=tuple(members),
                communes=tuple(
                    index
                    for index, commune in enumerate(communes)
                    if all(can_serve(document, person, commune.id) for person in people)
                ),
                required=any(person.pinned_commune is not None for person in people),
                team=people[0].team,
            )
        )
    return tuple(units)


def can_serve(document: PlacementDocument, person: PlacementVolunteer, commune: str) -> bool:
    """P2, P3, P6 and P7 for one person and one commune."""
    return days_limit(set(person.days), person.max_days) > 0 and may_go(
        distance_m=document.dist_m[person.id][commune],
        max_m=person.max_m,
        commune=commune,
        forbidden=person.forbidden_communes,
        pinned=person.pinned_commune,
    )


def check_ids(ids: Iterable[str], pointer: str, vi: str, en: str) -> None:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            raise ProblemError(f"{pointer}/{index}/id", f"Trùng mã {vi} {name}", f"{en} {name} is listed twice")
        seen.add(name)


def check_needs(document: PlacementDocument) -> None:
    known = set(document.fields)
    for index, commune in enumerate(document.communes):
        for field in commune.need:
            if field not in known:
                raise ProblemError(
                    f"/communes/{index}/need/{field}",
                    f"Lĩnh vực {field} không có trong danh mục",
                    f"field {field} is not among `fields`",
                )


def check_people(document: PlacementDocument) -> None:
    known = {commune.id for commune in document.communes}
    for index, person in enumerate(document.volunteers):
        if person.pinned_commune is not None and person.pinned_commune not in known:
            raise ProblemError(
                f"/volunteers/{index}/pinned_commune",
                f"Xã được ghim {person.pinned_commune} không có trong danh sách",
                f"pinned commune {person.pinned_commune} is not among `communes`",
            )
        missing = known - document.dist_m.get(person.id, {}).keys()
        if missing:
            raise ProblemError(
                f"/dist_m/{person.id}",
                f"Thiếu khoảng cách từ {person.id} đến xã {min(missing)}",
                f"no distance from {person.id} to commune {min(missing)}",
            )
