"""A day made up keeps supervision: somebody who supervises serves in the commune on it."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from commune_calendar.service_days import Placed, ServiceDays
from commune_schemas.days import Absence, AbsenceKind
from commune_schemas.matching import MatchingProblem, ProblemVolunteer, VolunteerRole
from roster_api.editing.board import Board, Place
from roster_api.editing.row_changes import make_rows

from tests.matching_worker.problems import make_problem

TUESDAY, THURSDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 27)


def make_days(supervision: str = "commune") -> tuple[ServiceDays, ProblemVolunteer, ProblemVolunteer]:
    """A student who is away on the first Tuesday and free from Tuesday to Friday, and a lecturer."""
    problem = make_problem(schools=1, people=2)
    one = problem.volunteers[0]
    free = {"free_weekdays": [1, 2, 3, 4], "max_days": 2}
    student = one.model_copy(update={"id": UUID(int=1), "role": VolunteerRole.STUDENT, **free})
    lecturer = one.model_copy(update={"id": UUID(int=2), "role": VolunteerRole.LECTURER, **free})
    away = Absence(volunteer_id=student.id, starts_on=TUESDAY, ends_on=TUESDAY, kind=AbsenceKind.EXAM)
    options = problem.options.model_copy(update={"supervision": supervision})
    changes = {"volunteers": [student, lecturer], "absences": [away], "options": options}
    return ServiceDays(MatchingProblem.model_validate(problem.model_copy(update=changes))), student, lecturer


def made_up_on(days: ServiceDays, student: ProblemVolunteer, beside: list[Placed]) -> date | None:
    (lost,) = days.plan(student, [1], beside=[*beside, (student, [1])]).lost
    return lost.made_up_on


def test_a_student_makes_a_day_up_only_where_a_supervisor_of_the_commune_serves() -> None:
    days, student, lecturer = make_days()
    assert made_up_on(days, student, [(lecturer, [1, 3])]) == THURSDAY
    assert made_up_on(days, student, [(lecturer, [1, 4])]) == FRIDAY
    assert made_up_on(days, student, []) is None


def test_a_student_away_together_with_the_supervisor_comes_when_the_supervisor_makes_it_up() -> None:
    days, student, lecturer = make_days()
    too = days.problem.absences[0].model_copy(update={"volunteer_id": lecturer.id})
    both = ServiceDays(days.problem.model_copy(update={"absences": [*days.problem.absences, too]}))
    (instead,) = both.plan(lecturer, [1]).lost
    assert made_up_on(both, student, [(lecturer, [1])]) == instead.made_up_on == date(2026, 11, 25)


@pytest.mark.parametrize("supervision", ["school", "none"])
def test_where_supervision_is_not_by_commune_the_next_free_day_is_taken(supervision: str) -> None:
    days, student, _ = make_days(supervision)
    assert made_up_on(days, student, []) == date(2026, 11, 25)


def test_who_supervises_makes_a_day_up_alone() -> None:
    days, student, _ = make_days()
    lecturer = student.model_copy(update={"role": VolunteerRole.LECTURER})
    assert made_up_on(days, lecturer, []) == date(2026, 11, 25)


def test_a_hand_edit_that_moves_the_supervisor_away_takes_the_made_up_date_of_who_stays() -> None:
    days, student, lecturer = make_days()
    school, stays, moves = student.school_code, str(student.id), str(lecturer.id)
    before = {stays: Place("C1", (1,)), moves: Place("C1", (1, 3))}
    facts: Any = SimpleNamespace(
        people={stays: student, moves: lecturer}, days=days, distance={("C1", school): 1, ("C2", school): 2}
    )
    boards = [Board({}, set(), {}, places) for places in (before, before | {moves: Place("C2", (1, 3))})]
    effect: Any = SimpleNamespace(before=boards[0], after=boards[1])
    rows = make_rows(effect, facts, {school: UUID(int=9)})["placements"]
    assert set(rows) == {stays, moves}
    assert rows[stays]["commune_code"] == "C1"
    assert THURSDAY.isoformat() not in rows[stays]["dates"]
    assert rows[stays]["lost"][0]["made_up_on"] is None
    unmoved: Any = SimpleNamespace(
        before=boards[0], after=Board({}, set(), {}, before | {moves: Place("C1", (1, 3, 4))})
    )
    assert set(make_rows(unmoved, facts, {school: UUID(int=9)})["placements"]) == {moves}, "the same dates: not touched"
