"""Whom a plan leaves without anyone, told with the reason; and who supervises decides whether they are placed."""

import asyncio
from uuid import UUID

import pytest
from commune_schemas.left_out import LeftOut
from commune_schemas.matching import (
    MatchingProblem,
    PreviousPlacement,
    ProblemVolunteer,
    ResponsibilityDecision,
    VolunteerRole,
)
from matching_worker.campaign.left_out import list_left_out
from matching_worker.campaign.planner import JointPlan, Planner
from matching_worker.child.process import ChildTerms
from matching_worker.roster.news import RunNews

from tests.matching_worker.problems import FIELDS, make_problem

pytestmark = pytest.mark.usefixtures("solving_here")

TODAY = {
    "supervisors": [VolunteerRole.LECTURER, VolunteerRole.TEACHER, VolunteerRole.OFFICIAL],
    "supervised": [VolunteerRole.STUDENT],
    "lecturer_bound": "level",
    "max_communes_per_lecturer": 1.5,
}


def make_school(role: VolunteerRole, *, people: int, communes: int = 4, **options: object) -> MatchingProblem:
    """One school whose people are all of one role, and some communes."""
    problem = make_problem(schools=1, communes=communes)
    person = problem.volunteers[0].model_copy(update={"role": role})
    return problem.model_copy(
        update={
            "volunteers": [person.model_copy(update={"id": UUID(int=n + 1)}) for n in range(people)],
            "options": problem.options.model_copy(update={**TODAY, **options}),
        }
    )


async def plan(problem: MatchingProblem) -> JointPlan:
    return await Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms()).plan()


def count_placed(joint: JointPlan) -> int:
    return sum(len(placed.place) for placed in joint.placements.values())


def of_code(left_out: list[LeftOut], code: str) -> list[LeftOut]:
    return [one for one in left_out if one.code == code]


async def test_teachers_alone_are_placed() -> None:
    problem = make_school(VolunteerRole.TEACHER, people=5, communes=5)
    communes = [
        commune.model_copy(update={"need_days": {"software": 1, "digitise": 1}}) for commune in problem.communes
    ]
    problem = problem.model_copy(update={"communes": communes})
    joint = await plan(problem)
    assert count_placed(joint) == 5
    assert list_left_out(problem, joint) == []


async def test_students_without_a_supervisor_stay_and_the_run_says_how_many_and_why() -> None:
    problem = make_school(VolunteerRole.STUDENT, people=105)
    joint = await plan(problem)
    assert count_placed(joint) == 0
    told = list_left_out(problem, joint)
    (school,) = of_code(told, "school.nobody_placed")
    assert (school.rule, school.people, school.school_code) == ("P5", 105, "S0")
    assert "0/105 sinh viên: không có người hướng dẫn" in school.vi
    assert "0 of 105 students: there is no supervisor" in school.en
    communes = of_code(told, "commune.nobody_placed")
    assert [one.commune_code for one in communes] == [commune.code for commune in problem.communes]
    assert {one.rule for one in communes} == {"P5"}


async def test_students_whom_nobody_has_to_supervise_are_placed() -> None:
    problem = make_school(VolunteerRole.STUDENT, people=105, supervision="none")
    joint = await plan(problem)
    assert joint.responsibility.outcome.objective["nolead"] == 0
    assert count_placed(joint) > 0
    assert list_left_out(problem, joint) == []


async def test_supervisors_who_stay_at_school_are_enough_where_supervision_is_by_school() -> None:
    problem = make_school(VolunteerRole.STUDENT, people=5, supervision="school")
    far = problem.volunteers[0].model_copy(
        update={"id": UUID(int=99), "role": VolunteerRole.LECTURER, "max_distance_m": 0, "skills": {"software": 1}}
    )
    problem = problem.model_copy(update={"volunteers": [*problem.volunteers, far]})
    remote = {commune.code for commune in problem.communes if commune.is_remote}
    joint = await plan(problem)
    assert any(commune not in remote for placed in joint.placements.values() for _, commune, _ in placed.place)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"free_weekdays": []}, "P2"), ({"max_distance_m": 1}, "P3"), ({"skills": {}}, "P4")],
)
async def test_teachers_whom_a_rule_keeps_at_home_are_told_by_that_rule(changes: dict[str, object], rule: str) -> None:
    problem = make_school(VolunteerRole.TEACHER, people=2)
    lecturers = [
        ProblemVolunteer(
            id=UUID(int=50 + n),
            school_code="S0",
            role=VolunteerRole.LECTURER,
            skills=dict.fromkeys(FIELDS, 1),
            free_weekdays=[0, 1, 2, 3, 4],
            max_days=5,
            max_distance_m=200_000,
        )
        for n in range(4)
    ]
    teachers = [volunteer.model_copy(update=changes) for volunteer in problem.volunteers]
    communes = [commune.model_copy(update={"is_remote": False, "presence": [0] * 5}) for commune in problem.communes]
    problem = problem.model_copy(update={"volunteers": [*teachers, *lecturers], "communes": communes})
    joint = await plan(problem)
    (told,) = of_code(list_left_out(problem, joint), "role.nobody_placed")
    assert (told.role, told.people, told.rule) == (VolunteerRole.TEACHER, 2, rule)
    assert "0/2 giáo viên" in told.vi


async def test_whom_the_changes_allowed_keep_at_home_are_told_by_that_and_their_school_leads_all_the_same() -> None:
    """The lead of two communes sent nobody before: that it leads is said, and that k is used up."""
    base = make_problem(communes=4, schools=2, people=4)
    leads = {"22000": "S0", "22001": "S0", "22002": "S1", "22003": "S1"}
    first = base.volunteers[0].id
    problem = base.model_copy(
        update={
            "previous": [ResponsibilityDecision(commune_code=c, school_code=s) for c, s in leads.items()],
            "previous_placements": [
                PreviousPlacement(volunteer_id=first, commune_code="22000", weekdays=[0], work_days={"software": 1})
            ],
            "options": base.options.model_copy(update={"max_lead_changes": 0, "max_placement_changes": 0}),
        }
    )
    told = list_left_out(problem, await plan(problem))
    (school,) = of_code(told, "school.nobody_placed")
    assert (school.school_code, school.rule) == ("S1", "P9")
    assert "số thay đổi cho phép đã dùng hết" in school.vi
    assert "neither leads" not in school.en
    communes = {one.commune_code: (one.school_code, one.rule) for one in of_code(told, "commune.nobody_placed")}
    assert communes == {"22001": ("S0", "P9"), "22002": ("S1", "P9"), "22003": ("S1", "P9")}
    (students,) = of_code(told, "role.nobody_placed")
    assert (students.school_code, students.role, students.rule) == ("S0", "student", "P9")
