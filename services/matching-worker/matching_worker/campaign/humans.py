"""One human on several rows: the problem with one row each, so that nobody can be placed twice."""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from commune_schemas.duplicates import Duplicate
from commune_schemas.matching import MatchingProblem, PlacementDecision
from commune_schemas.unkept import UnkeptPin


@dataclass(frozen=True)
class OneRowEach:
    problem: MatchingProblem
    duplicates: tuple[Duplicate, ...] = ()
    unkept: tuple[UnkeptPin, ...] = ()
    """Pins of rows that stayed out."""


def with_one_row_each(problem: MatchingProblem) -> OneRowEach:
    """What is decided or declared of a row that stays out holds for the human: forbids and absences go over.

    The row counted is the one pinned (the earliest pin), else the one placed under the plan in force, else the one that
    offers most days, else that of the school with fewest people.
    """
    if not problem.humans:
        return OneRowEach(problem)
    counted = {human[0]: choose_row(problem, human) for human in map(tuple, problem.humans)}
    stands_for = {row: counted[human[0]] for human in problem.humans for row in human}
    out = {row for row, chosen in stands_for.items() if row != chosen}
    duplicates = [Duplicate(volunteer_ids=human, counted=counted[human[0]]) for human in problem.humans]
    names = {commune.code: commune.name for commune in problem.communes}
    unkept = [
        describe_unkept(pin, stands_for[pin.volunteer_id], names[pin.commune_code])
        for pin in problem.placement_pins
        if pin.volunteer_id in out
    ]
    return OneRowEach(leave_out(problem, out, stands_for), tuple(duplicates), tuple(unkept))


def describe_unkept(pin: PlacementDecision, counted: UUID, commune: str) -> UnkeptPin:
    """The pin of a row that stays out, beside the row that counts."""
    return UnkeptPin(
        commune_code=pin.commune_code,
        volunteer_id=pin.volunteer_id,
        rule="P1",
        vi=f"Không giữ được ghim {pin.volunteer_id} vào {commune}: cùng một người với "
        f"{counted}, đã được ghim ở danh sách khác (P1).",
        en=f"The pin of {pin.volunteer_id} to {commune} is not kept: the same human as "
        f"{counted}, who is pinned on another list (P1).",
    )


def leave_out(problem: MatchingProblem, out: Set[UUID], stands_for: Mapping[UUID, UUID]) -> MatchingProblem:
    """The problem without these rows; their forbids and absences go to the row that stands for each."""
    forbids = {
        (stands_for.get(forbid.volunteer_id, forbid.volunteer_id), forbid.commune_code): forbid
        for forbid in problem.placement_forbids
    }
    pinned = {(pin.volunteer_id, pin.commune_code) for pin in problem.placement_pins}
    return problem.model_copy(
        update={
            "volunteers": [person for person in problem.volunteers if person.id not in out],
            "placement_pins": [pin for pin in problem.placement_pins if pin.volunteer_id not in out],
            "placement_forbids": [
                forbid.model_copy(update={"volunteer_id": volunteer_id})
                for (volunteer_id, commune), forbid in forbids.items()
                if (volunteer_id, commune) not in pinned
            ],
            "previous_placements": [row for row in problem.previous_placements if row.volunteer_id not in out],
            "absences": [
                absence.model_copy(update={"volunteer_id": stands_for.get(absence.volunteer_id, absence.volunteer_id)})
                for absence in problem.absences
            ],
        }
    )


def choose_row(problem: MatchingProblem, human: tuple[UUID, ...]) -> UUID:
    pins = [pin.volunteer_id for pin in problem.placement_pins]
    placed = {placement.volunteer_id for placement in problem.previous_placements}
    people = Counter(person.school_code for person in problem.volunteers)
    rows = {person.id: person for person in problem.volunteers if person.id in human}

    def rank(row: UUID) -> tuple[int, bool, int, int, str]:
        person = rows[row]
        offered = min(person.max_days, len(person.free_weekdays))
        pin = pins.index(row) if row in pins else len(pins)
        return pin, row not in placed, -offered, people[person.school_code], str(row)

    return min(rows, key=rank)
