"""What a whole number of lecturers implies for the need that a commune can have served: rows the relaxation lacks.

With l supervisors at most S*l others are supervised, so the days in any set T of fields are at most those of the l
supervisors and S*l supervised people who know T and give most, and of all who need no supervisor. Let l* be the fewest
supervisors whose people could serve all of T's D days, and r what l*-1 leave unserved: then
unserved(T) + r * supervisors >= r * l*. The relaxation alone would send 1.2 supervisors where 2 are needed; where they
are scarce this is what makes its bound worth having.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from matching_worker.model.placement.problem.problem import Person, Problem

Kind = Literal["supervises", "supervised", "alone"]


@dataclass(frozen=True)
class LecturerCut:
    """unserved days in `fields` (or, if empty, missing presence) + `rest` * lecturers >= rest * `lecturers`."""

    fields: tuple[str, ...]
    rest: int
    lecturers: int


def list_lecturer_cuts(problem: Problem, commune_number: int, here: Collection[int]) -> Iterator[LecturerCut]:
    """The cuts of one commune; `here` are the people who may go there. Cuts that say what others say are left out."""
    commune = problem.communes[commune_number]
    people = [problem.people[number] for number in here]
    ratio = problem.students_per_lecturer
    wanted = {weekday for weekday, count in enumerate(commune.presence) if count}
    presence = Counter((kind_of(person), min(person.max_days, len(wanted & {*person.days}))) for person in people)
    cut = make_cut((), sum(commune.presence), presence, ratio)
    strongest = [cut] if cut else []
    kinds = Counter((kind_of(person), person.max_days, person.fields.intersection(commune.need)) for person in people)
    for size in range(1, len(commune.need) + 1):
        for fields in itertools.combinations(commune.need, size):
            need = sum(commune.need[field] for field in fields)
            able: Counter[tuple[Kind, int]] = Counter()
            for (kind, days, known), count in kinds.items():
                able[kind, 0 if known.isdisjoint(fields) else days] += count
            cut = make_cut(fields, need, able, ratio)
            if cut is not None and not any(says_more(other, cut) for other in strongest):
                strongest.append(cut)
    yield from strongest


def kind_of(person: Person) -> Kind:
    """Somebody who supervises and is supervised counts as a supervisor: that only weakens a cut."""
    return "supervises" if person.supervises else "supervised" if person.supervised else "alone"


def says_more(cut: LecturerCut, other: LecturerCut) -> bool:
    """Whether `cut` implies `other`: as much for fewer fields (presence apart)."""
    subset = bool(cut.fields) and {*cut.fields} <= {*other.fields}
    return subset and cut.rest >= other.rest and cut.lecturers >= other.lecturers


def make_cut(fields: tuple[str, ...], need: int, offers: Counter[tuple[Kind, int]], ratio: int) -> LecturerCut | None:
    """The cut for one set of fields, given how many (of that kind, giving so many days) could come.

    None when one supervisor's people could do, or when all together could not.
    """
    if need == 0:
        return None
    lecturers = [days for days in range(5, -1, -1) for _ in range(offers["supervises", days])]
    others = [days for days in range(5, -1, -1) for _ in range(offers["supervised", days])]
    served, rest, count = sum(days * offers["alone", days] for days in range(6)), need, 0
    while served < need and count < len(lecturers):
        rest = need - served
        served += lecturers[count] + sum(others[ratio * count : ratio * (count + 1)])
        count += 1
    return LecturerCut(fields, rest, count) if served >= need and count > 1 else None
