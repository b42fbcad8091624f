"""What a whole number of lecturers implies for the need that a commune can have served: rows the relaxation lacks.

With l lecturers at most S*l others are supervised, so the days in any set T of fields are at most those of the l
lecturers and S*l others who know T and give most. Let l* be the fewest lecturers whose people could serve all of T's
D days, and r what l*-1 leave unserved: then unserved(T) + r * lecturers >= r * l*. The relaxation alone would send 1.2
lecturers where 2 are needed; where lecturers are scarce this is what makes its bound worth having.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from matching_worker.model.placement.problem.problem import Problem


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
    presence = Counter((person.supervises, min(person.max_days, len(wanted & {*person.days}))) for person in people)
    cut = make_cut((), sum(commune.presence), presence, ratio)
    strongest = [cut] if cut else []
    kinds = Counter((person.supervises, person.max_days, person.fields.intersection(commune.need)) for person in people)
    for size in range(1, len(commune.need) + 1):
        for fields in itertools.combinations(commune.need, size):
            need = sum(commune.need[field] for field in fields)
            able: Counter[tuple[bool, int]] = Counter()
            for (supervises, days, known), count in kinds.items():
                able[supervises, 0 if known.isdisjoint(fields) else days] += count
            cut = make_cut(fields, need, able, ratio)
            if cut is not None and not any(says_more(other, cut) for other in strongest):
                strongest.append(cut)
    yield from strongest


def says_more(one: LecturerCut, other: LecturerCut) -> bool:
    """Whether `one` implies `other`: as much for fewer fields (presence apart)."""
    subset = bool(one.fields) and {*one.fields} <= {*other.fields}
    return subset and one.rest >= other.rest and one.lecturers >= other.lecturers


def make_cut(fields: tuple[str, ...], need: int, offers: Counter[tuple[bool, int]], ratio: int) -> LecturerCut | None:
    """The cut for one set of fields, given how many (are lecturers, give so many days) could come.

    None when one lecturer's people could do, or when all together could not.
    """
    if need == 0:
        return None
    lecturers = [days for days in range(5, -1, -1) for _ in range(offers[True, days])]
    others = [days for days in range(5, -1, -1) for _ in range(offers[False, days])]
    served, rest, count = 0, need, 0
    while served < need and count < len(lecturers):
        rest = need - served
        served += lecturers[count] + sum(others[ratio * count : ratio * (count + 1)])
        count += 1
    return LecturerCut(fields, rest, count) if served >= need and count > 1 else None
