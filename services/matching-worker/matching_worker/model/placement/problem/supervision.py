"""Supervision (P5) in its three forms: within each commune, over all the school's people, or none.

A margin is how many more supervised people could come. By commune it belongs to one commune and grows with the
supervisors who come there; over the school there is one margin, which every supervisor of the document feeds, placed
or not.
"""

from collections.abc import Collection, Iterable, Mapping

from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.problem.rules import supervision_margin


class Margins:
    """The margins while a plan is being filled."""

    def __init__(self, problem: Problem, leavers: Collection[int] = ()) -> None:
        """`leavers` are people of the document who are there no more."""
        self._problem = problem
        self._form = problem.document.policy.supervision
        everyone = {*range(len(problem.people))}.difference(leavers) if self._form == "school" else ()
        feeding = sum(problem.people[person].supervises for person in everyone)
        self._left: list[int] = [problem.students_per_lecturer * feeding] * len(problem.communes)

    def after(self, members: Iterable[int], commune: int) -> int:
        """The margin there once these people came too; never negative without a rule of supervision."""
        if self._form == "none":
            return 0
        return self._left[commune] + change_of(self._problem, members)

    def now(self, commune: int) -> int:
        return self.after((), commune)

    def place(self, members: Collection[int], commune: int) -> None:
        change = change_of(self._problem, members)
        for concerned in range(len(self._left)) if self._form == "school" else (commune,):
            self._left[concerned] += change


def change_of(problem: Problem, members: Iterable[int]) -> int:
    """By how much the margin of their commune (or of the school) changes when these people come."""
    people = [problem.people[member] for member in members]
    feeding = sum(person.supervises for person in people) if problem.document.policy.supervision == "commune" else 0
    return supervision_margin(feeding, sum(person.supervised for person in people), problem.students_per_lecturer)


def margin(problem: Problem, members: Collection[int]) -> int:
    """P5 for all the people of one commune, where it is a rule of the commune; 0 where it is not."""
    return change_of(problem, members) if problem.document.policy.supervision == "commune" else 0


def is_supervised(problem: Problem, members: Mapping[int, Collection[int]], leavers: Collection[int] = ()) -> bool:
    """Whether a plan with these people in these communes keeps P5."""
    margins = Margins(problem, leavers)
    for commune, people in members.items():
        margins.place(people, commune)
    return all(margins.now(commune) >= 0 for commune in range(len(problem.communes)))
