"""The linear model of placement: whole numbers only for who goes where; weekdays and work then come out whole alone.

Columns. x[unit, commune]: the unit goes there. z[person, commune, days]: present on a weekday (weekdays on which the
commune wants nobody are one column). w[person, commune, field]: days of work. open[commune]: somebody goes there.
lecturers[commune]: how many supervisors. short/unserved: presence and field days missing. keep[person]: as before.
Given x and keep the rest is a network flow, hence integral: it may stay continuous, and no weekday sets are listed.
`open` and the cuts on `lecturers` make the relaxation tight: else a fifth of a lecturer opens a commune for a student.
See docs/placement-model.md for the formulations this one was measured against.
"""

from collections.abc import Callable

import numpy as np

from matching_worker.model.placement.problem.costs import MISSING_PRESENCE, Weights
from matching_worker.model.placement.problem.problem import Commune, Person, Problem, Unit
from matching_worker.model.placement.problem.rules import work_limit
from matching_worker.model.placement.problem.supervision import Margins, change_of, margin
from matching_worker.model.placement.proof.cuts import list_lecturer_cuts
from matching_worker.model.placement.proof.levels import add_levels
from matching_worker.model.placement.proof.matrix import INFINITE, Floats, Matrix, MemberColumns, Pair, Terms

UNITS_BETWEEN_LOOKS = 50


class CutShortError(Exception):
    """The budget ended before the model was written down."""


def goes_alone(person: Person) -> bool:
    """Whether someone who does not supervise may be the only one there."""
    return not person.supervises and not person.supervised


class Formulation:
    """The model of one problem. Costs are by level, so that one matrix serves every level and their weighted sum."""

    def __init__(self, problem: Problem, is_spent: Callable[[], bool] = lambda: False) -> None:
        """Raises CutShortError when `is_spent` says so on the way: thousands of people take seconds to write down."""
        self.problem = problem
        self.matrix = Matrix()
        self.pairs: list[Pair] = []
        self.keep: dict[int, int] = {}
        self.counts_changes = problem.counts_changes and (problem.keep_previous or problem.max_changes is not None)
        before = [person for person in problem.people if person.had_previous]
        self.weight_of_all = sum(person.change_weight for person in before) if self.counts_changes else 0
        """The level `changed` when nobody keeps their place and nobody is new: the constant of `changed_terms`."""
        self.unmet_terms: Terms = []
        self.changed_terms: Terms = []
        self.moved_terms: Terms = []
        """Changes by heads, as the cap counts them, less everybody who had a place."""
        self.travel_terms: Terms = []
        self.presence_terms: dict[tuple[int, int], Terms] = {}
        self.work_terms: dict[tuple[int, str], Terms] = {}
        self.unit_rows: list[int] = []
        self.add_units(is_spent)
        self.pairs_at: list[list[Pair]] = [[] for _ in problem.communes]
        for pair in self.pairs:
            self.pairs_at[pair.commune].append(pair)
        self.supervision_rows: list[int] = []
        self.lecturer_rows: list[int] = []
        self.count_rows: list[int] = []
        self.open_columns: list[int] = []
        self.lecturer_columns: list[int] = []
        self.presence_rows: dict[tuple[int, int], int] = {}
        self.work_rows: dict[tuple[int, str], int] = {}
        for commune in range(len(problem.communes)):
            self.add_commune(commune)
        if problem.document.policy.supervision == "school":
            self.add_supervision_of_school()
        self.level_terms = add_levels(problem, self.matrix, self.pairs)
        self.level_rows = {level: self.matrix.row(terms) for level, (terms, _) in self.level_terms.items()}
        self.unmet_row = self.matrix.row(self.unmet_terms)
        self.changed_row = self.matrix.row(self.changed_terms)
        cap = problem.max_changes if self.counts_changes and problem.max_changes is not None else INFINITE
        cap -= len(before)
        self.cap_row = self.matrix.row(self.moved_terms, at_most=cap)

    def add_units(self, is_spent: Callable[[], bool]) -> None:
        for number, unit in enumerate(self.problem.units):
            if number % UNITS_BETWEEN_LOOKS == 0 and is_spent():
                raise CutShortError
            self.add_unit(number, unit)

    def add_unit(self, number: int, unit: Unit) -> None:
        chosen: Terms = []
        people = [self.problem.people[member] for member in unit.members]
        newcomers = [person.change_weight for person in people if self.counts_changes and not person.had_previous]
        for commune in unit.communes:
            pair = Pair(number, commune, self.matrix.column(1.0, integer=True))
            pair.members = [self.add_member(pair, member) for member in unit.members]
            chosen.append((pair.column, 1.0))
            if newcomers:
                self.changed_terms.append((pair.column, float(sum(newcomers))))
                self.moved_terms.append((pair.column, float(len(newcomers))))
            self.pairs.append(pair)
        self.unit_rows.append(self.matrix.row(chosen, at_least=1.0 if unit.required else 0.0, at_most=1.0))

    def add_member(self, pair: Pair, member: int) -> MemberColumns:
        """Presence and work of one person at one commune (P2, P4), and whether it is as before."""
        matrix, person = self.matrix, self.problem.people[member]
        commune = self.problem.communes[pair.commune]
        repeats = self.counts_changes and person.previous == pair.commune and person.can_repeat
        wanted = [d for d in person.days if commune.presence[d] or repeats]
        groups = [(d, 1) for d in wanted] + [(-1, n) for n in [len(person.days) - len(wanted)] if n]
        presence = [(matrix.column(float(size)), weekday, size) for weekday, size in groups]
        limits = [(f, work_limit(n, person.max_days, knows=f in person.fields)) for f, n in commune.need.items()]
        work = [(matrix.column(float(most)), name, most) for name, most in limits if most]
        there: Terms = [(column, 1.0) for column, _, _ in presence]
        for column, weekday, size in presence:
            matrix.row([(column, 1.0), (pair.column, -float(size))], at_most=0.0)
            self.travel_terms.append((column, float(self.problem.km[member][pair.commune])))
            if weekday >= 0 and commune.presence[weekday]:
                self.presence_terms.setdefault((pair.commune, weekday), []).append((column, 1.0))
        if person.max_days < len(person.days):
            matrix.row([*there, (pair.column, -float(person.max_days))], at_most=0.0)
        matrix.row([*there, (pair.column, -1.0)], at_least=0.0)
        for column, name, most in work:
            self.work_terms.setdefault((pair.commune, name), []).append((column, 1.0))
            if most < person.max_days:
                matrix.row([(column, 1.0), (pair.column, -float(most))], at_most=0.0)
        beyond = {field: matrix.column(1.0) for field in sorted(person.previous_fields or ()) if repeats}
        if work or beyond:
            busy = [*(column for column, _, _ in work), *beyond.values()]
            matrix.row([*there, *((column, -1.0) for column in busy)], at_least=0.0)
        keep = self.add_keep(pair, member, presence, work, beyond) if repeats else None
        return MemberColumns(member, presence, work, keep)

    def add_keep(
        self,
        pair: Pair,
        member: int,
        presence: list[tuple[int, int, int]],
        work: list[tuple[int, str, int]],
        beyond: dict[str, int],
    ) -> int:
        """keep = 1 makes weekdays and fields of work exactly the previous ones; `beyond`: a day that nobody needs."""
        person = self.problem.people[member]
        keep = self.matrix.column(1.0, integer=True)
        self.keep[member] = keep
        self.changed_terms.append((keep, -float(person.change_weight)))
        self.moved_terms.append((keep, -1.0))
        self.matrix.row([(keep, 1.0), (pair.column, -1.0)], at_most=0.0)
        others = []
        for column, weekday, _ in presence if person.previous_days else []:
            if weekday in person.previous_days:
                self.matrix.row([(column, 1.0), (keep, -1.0)], at_least=0.0)
            else:
                others.append((column, 1))
        needed = {name: column for column, name, _ in work}
        for name, column in beyond.items():
            days = [column, needed[name]] if name in needed else [column]
            self.matrix.row([*((day, 1.0) for day in days), (keep, -1.0)], at_least=0.0)
        if person.previous_fields is not None:
            others += [(column, most) for column, name, most in work if name not in person.previous_fields]
        for column, most in others:
            self.matrix.row([(column, 1.0), (pair.column, -float(most)), (keep, float(most))], at_most=0.0)
        return keep

    def add_commune(self, number: int) -> None:
        """Supervision (P5), and what is missing of the commune's need and presence."""
        matrix, commune = self.matrix, self.problem.communes[number]
        lecturers: Terms = []
        supervised: Terms = []
        opened = matrix.column(1.0, integer=True)
        for pair in self.pairs_at[number]:
            teaching = sum(self.problem.people[m.person].supervises for m in pair.members)
            room = margin(self.problem, [m.person for m in pair.members])
            supervised += [(pair.column, float(room))] if room else []
            lecturers += [(pair.column, float(teaching))] if teaching else []
            pair.open_row = matrix.row([(pair.column, 1.0), (opened, -1.0)], at_most=0.0)
        heads = matrix.column(sum(count for _, count in lecturers), integer=True)
        self.open_columns.append(opened)
        self.lecturer_columns.append(heads)
        self.count_rows.append(matrix.row([*lecturers, (heads, -1.0)], at_least=0.0, at_most=0.0))
        if supervised:
            self.supervision_rows.append(matrix.row(supervised, at_least=0.0))
        here = [member.person for pair in self.pairs_at[number] for member in pair.members]
        by_commune = self.problem.document.policy.supervision == "commune"
        if by_commune and not any(goes_alone(self.problem.people[person]) for person in here):
            self.lecturer_rows.append(matrix.row([(heads, 1.0), (opened, -1.0)], at_least=0.0))
        missing = self.add_missing(number, commune, opened)
        for cut in list_lecturer_cuts(self.problem, number, here) if by_commune else ():
            unserved = [(column, 1.0) for name in cut.fields or ("",) for column in missing[name]]
            matrix.row([*unserved, (heads, float(cut.rest))], at_least=float(cut.rest * cut.lecturers))

    def add_missing(self, number: int, commune: Commune, opened: int) -> dict[str, list[int]]:
        """Columns of what is missing, by field; those of missing presence under ""."""
        matrix = self.matrix
        missing: dict[str, list[int]] = {}
        for name, need in commune.need.items():
            column = matrix.column(float(need))
            missing[name] = [column]
            self.unmet_terms.append((column, float(commune.priority)))
            terms = self.work_terms.get((number, name), [])
            self.work_rows[number, name] = matrix.row([*terms, (column, 1.0)], at_least=need, at_most=need)
            matrix.row([(column, 1.0), (opened, float(need))], at_least=float(need))
        for weekday, wanted in enumerate(commune.presence):
            if wanted:
                column = matrix.column(float(wanted))
                missing.setdefault("", []).append(column)
                self.unmet_terms.append((column, float(MISSING_PRESENCE)))
                terms = self.presence_terms.get((number, weekday), [])
                self.presence_rows[number, weekday] = matrix.row([*terms, (column, 1.0)], at_least=float(wanted))
                matrix.row([(column, 1.0), (opened, float(wanted))], at_least=float(wanted))
        return missing

    def add_supervision_of_school(self) -> None:
        """P5 over all communes: everybody who supervises counts, placed or not."""
        room = float(Margins(self.problem).now(0)) if self.problem.communes else 0.0
        terms = [
            (pair.column, float(change_of(self.problem, self.problem.units[pair.unit].members))) for pair in self.pairs
        ]
        self.supervision_rows.append(self.matrix.row([term for term in terms if term[1]], at_least=-room))

    def dense(self, terms: Terms) -> Floats:
        """One level's cost of every column."""
        cost = np.zeros(len(self.matrix.upper))
        for column, value in terms:
            cost[column] += value
        return cost

    def weighted_cost(self, weights: Weights) -> tuple[Floats, float]:
        """The weighted sum of all levels: (cost of every column, constant)."""
        changed = weights.changed if self.problem.keep_previous and self.counts_changes else 0
        cost = weights.unmet * self.dense(self.unmet_terms) + self.dense(self.travel_terms)
        return cost + changed * self.dense(self.changed_terms), float(changed * self.weight_of_all)
