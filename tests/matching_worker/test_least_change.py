"""Planning again: what must change is found first, is proved, and does not count against what may change."""

import asyncio
import itertools
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest
from commune_schemas.advice import CurveQuestion
from commune_schemas.documents import InstanceDocument, PlacementDocument, PlacementSolution
from commune_schemas.matching import (
    MatchingProblem,
    PlacementDecision,
    PreviousPlacement,
    ResponsibilityDecision,
    SolveOptions,
    VolunteerRole,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.campaign.plan import JointPlan, Solved
from matching_worker.campaign.planner import Planner
from matching_worker.child.answers import answer_question, solve_with_lead_caps
from matching_worker.child.curve_words import in_words
from matching_worker.child.least import find_least
from matching_worker.child.messages import load_outcome
from matching_worker.child.process import ChildTerms
from matching_worker.model.outcome import SILENT, Limits, Outcome, Progress, Status
from matching_worker.model.responsibility.problem.conflict import count_least_changes
from matching_worker.roster.news import RunNews

from tests.matching_worker.placement import tiny as placement_tiny
from tests.matching_worker.problems import make_problem
from tests.matching_worker.responsibility import tiny as responsibility_tiny

pytestmark = pytest.mark.usefixtures("solving_here")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1 << 30))
def test_the_least_number_of_people_changed_is_that_of_the_best_of_all_plans(seed: int) -> None:
    document: PlacementDocument = placement_tiny.make_tiny(Random(seed))
    found = load_outcome(find_least(document, limits=Limits(), monitor=SILENT), PlacementSolution)
    changed = [points[4] for _, points in placement_tiny.list_points(document)]
    if found.status is Status.INFEASIBLE:
        assert not changed
    elif any(person.previous_commune is not None for person in document.volunteers):
        assert found.bound["changed"] == found.objective["changed"] == min(changed)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 30))
def test_the_least_number_of_leads_changed_is_that_of_the_best_of_all_choices(seed: int) -> None:
    document = responsibility_tiny.make_tiny(seed)
    changes = [count_changes(document, leads) for leads in list_leads(document)]
    if changes:
        assert count_least_changes(document) == min(changes)


def list_leads(document: InstanceDocument) -> list[dict[str, str | None]]:
    """Every choice of leads that keeps R2 to R5 and, as a rule, R9."""
    policy, forbidden = document.policy, set(document.forbid)
    pinned = {pin.commune: pin.school for pin in document.pins}
    choices: list[list[str | None]] = []
    for row, commune in enumerate(document.communes):
        able: list[str | None] = [] if commune.id in pinned else [None]
        for column, school in enumerate(document.schools):
            near = policy.max_lead_m is None or document.dist_m[row][column] <= policy.max_lead_m
            reached = school.remote_capable if commune.mode == "remote" else near
            if reached and (commune.id, school.id) not in forbidden and pinned.get(commune.id, school.id) == school.id:
                able.append(school.id)
        choices.append(able)
    supervisors = Counter(v.school for v in document.volunteers if v.role in (policy.supervisors or ["lecturer"]))
    bound = policy.max_communes_per_lecturer if policy.lecturer_bound == "hard" else None
    found = []
    for leads in itertools.product(*choices):
        led = Counter(lead for lead in leads if lead is not None)
        if bound is None or all(count <= int(bound * supervisors[s] + 1e-9) for s, count in led.items()):
            found.append(dict(zip((c.id for c in document.communes), leads, strict=True)))
    return found


def count_changes(document: InstanceDocument, leads: dict[str, str | None]) -> int:
    return sum(leads.get(commune) != school for commune, school in document.previous)


def revised(**options: Any) -> MatchingProblem:
    """One school led three communes. The lecturer of two students left; a third commune keeps its lecturer."""
    problem = make_problem(communes=4, schools=1, people=6)
    lecturers = [v.id for v in problem.volunteers if v.role is VolunteerRole.LECTURER]
    students = [v.id for v in problem.volunteers if v.role is VolunteerRole.STUDENT]
    places = {students[0]: "22001", students[1]: "22001", lecturers[1]: "22002"}
    previous = [
        PreviousPlacement(volunteer_id=who, commune_code=where, weekdays=[0], work_days={"software": 1})
        for who, where in places.items()
    ]
    leads = [ResponsibilityDecision(commune_code=code, school_code="S0") for code in ("22001", "22002", "22003")]
    return problem.model_copy(
        update={
            "volunteers": [v for v in problem.volunteers if v.id != lecturers[0] and v.id != lecturers[2]],
            "previous": leads,
            "previous_placements": previous,
            "options": problem.options.model_copy(update=options),
        }
    )


async def plan(problem: MatchingProblem) -> JointPlan:
    return await Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms()).plan()


async def test_whoever_a_rule_sends_home_does_not_count_against_the_cap() -> None:
    """Two students without their lecturer: the other lecturer comes to them, or both go home."""
    joint = await plan(revised(max_lead_changes=0, max_placement_changes=0))
    assert not joint.infeasible
    assert joint.least_people is not None
    assert (joint.least_people.at_least, joint.least_people.at_most) == (1, 1)
    assert "ít nhất 1 người" in joint.least_people.vi


async def test_a_lead_that_its_school_may_not_keep_does_not_count_against_the_cap() -> None:
    problem = revised(max_lead_changes=0)
    base = make_problem(communes=4, schools=2, people=6)
    others = [v for v in base.volunteers if v.school_code == "S1"]
    barred = [ResponsibilityDecision(commune_code="22003", school_code="S0")]
    joint = await plan(
        problem.model_copy(
            update={"schools": base.schools, "volunteers": [*problem.volunteers, *others], "forbids": barred}
        )
    )
    assert joint.least_leads is not None
    assert joint.lead_plan is not None
    assert (joint.least_leads.at_least, joint.least_leads.at_most) == (1, 1)
    assert "Ít nhất 1 xã" in joint.least_leads.vi
    assert {code: joint.lead_plan.lead[code] for code in ("22001", "22002", "22003")} == {
        "22001": "S0",
        "22002": "S0",
        "22003": "S1",
    }


async def test_no_commune_is_left_without_a_lead_for_want_of_a_lecturer_where_the_bound_is_a_level() -> None:
    problem = make_problem(communes=4, schools=1, people=2)
    for bound, led in (("hard", 1), ("level", 4)):
        options = SolveOptions(time_limit_seconds=20, max_communes_per_lecturer=1.0, lecturer_bound=bound)
        joint = await plan(problem.model_copy(update={"options": options}))
        assert joint.lead_plan is not None
        assert len(joint.lead_plan.lead) == led


async def after_one_left() -> MatchingProblem:
    """Two schools' plan, and the lecturer of a commune gone since."""
    base = make_problem(communes=4, schools=2, people=5)
    before = await plan(base)
    assert before.lead_plan is not None
    leads = [ResponsibilityDecision(commune_code=c, school_code=s) for c, s in before.lead_plan.lead.items() if s]
    gone = next(v.id for v in base.volunteers if v.role is VolunteerRole.LECTURER)
    places = [
        PreviousPlacement(volunteer_id=UUID(person), commune_code=commune, weekdays=list(days), work_days={})
        for placed in before.placements.values()
        for person, commune, days in placed.place
        if UUID(person) != gone
    ]
    left = [v for v in base.volunteers if v.id != gone]
    return base.model_copy(update={"volunteers": left, "previous": leads, "previous_placements": places})


def with_changes(problem: MatchingProblem, beyond: int) -> MatchingProblem:
    caps = {"max_lead_changes": 0, "max_placement_changes": beyond}
    return problem.model_copy(
        update={"options": problem.options.model_copy(update={"time_limit_seconds": 600, **caps})}
    )


async def test_a_plan_that_may_change_more_people_is_never_worse() -> None:
    """Compared where every stage is proved, so that nothing depends on how fast this machine is."""
    problem = await after_one_left()
    undone = []
    for beyond in (0, 1, 3):
        again = await plan(with_changes(problem, beyond))
        assert {solved.outcome.status for solved in again.solved} == {Status.OPTIMAL}
        undone.append(sum_levels(again))
    assert undone == sorted(undone, reverse=True)
    assert undone[0] > undone[-1], "the case is one in which more changes buy something"


@pytest.mark.parametrize("beyond", [0, 1])
async def test_no_document_is_solved_twice_and_a_proved_least_is_not_shared_out_anew(
    beyond: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All schools' document is taken for unproved here, as it is of a whole province."""
    problem = await after_one_left()
    placed, joint = list[Any](), list[Any]()
    solve, divide = Planner._solve, Planner._divide

    async def watch(self: Planner, document: Any, **options: Any) -> Solved:
        if options["stage"] == "B":
            (joint if options["school"] is None else placed).append(document)
        return await solve(self, document, **options)

    async def leave_open(self: Planner, *documents: Any, **options: Any) -> Solved:
        solved = await divide(self, *documents, **options)
        return replace(solved, outcome=replace(solved.outcome, status=Status.FEASIBLE))

    monkeypatch.setattr(Planner, "_solve", watch)
    monkeypatch.setattr(Planner, "_divide", leave_open)
    again = await plan(with_changes(problem, beyond))
    assert set(again.placed) == {"S0", "S1"}
    assert len(joint) == beyond
    assert len(placed) == 2 + beyond, "of two schools only that with one more change is solved again"
    assert all(one != other for one, other in itertools.combinations(placed, 2))


def sum_levels(joint: JointPlan) -> list[int]:
    """Stage B's levels over all schools, the first level first."""
    objectives = [solved.outcome.objective for solved in joint.placed.values()]
    return [sum(objective[level] for objective in objectives) for level in objectives[0]]


def test_a_curve_counts_beyond_the_least_and_says_what_is_proved() -> None:
    document = next(
        made
        for seed in itertools.count()
        if (made := placement_tiny.make_tiny(Random(seed))).volunteers[0].previous_commune
        and min((points[4] for _, points in placement_tiny.list_points(made)), default=0) > 0
    )
    least = min(points[4] for _, points in placement_tiny.list_points(document))
    question = CurveQuestion(kind="curve", stage="B", school_code="S", ks=[0, 1])
    answer = answer_question(question, document, PlacementSolution(place=[]), limits=Limits(), monitor=SILENT)
    assert answer.data["least"] == {"at_least": least, "at_most": least}
    assert [(point["k"], point["max_changes"], point["proved"]) for point in answer.data["points"]] == [
        (0, least, True),
        (1, least + 1, True),
    ]
    assert f"Ít nhất {least} thay đổi" in answer.vi
    assert answer.vi.count("đã chứng minh") == 2


def test_a_point_that_is_not_proved_is_said_to_be_a_bound() -> None:
    outcome = Outcome(
        Status.FEASIBLE, PlacementSolution(place=[]), {"unmet": 9, "travel_km": 4}, {"unmet": 7}, solver=""
    )
    vi, en = in_words(outcome)
    assert "chưa chứng minh; ít nhất: nhu cầu chưa đáp ứng 7" in vi
    assert "not proved; at least: unmet need 7" in en


def test_every_point_of_a_curve_has_its_own_time() -> None:
    """The time that earlier points took is not taken from the later ones."""

    class Clock:
        now = 0.0

        def report(self, progress: Progress) -> None:
            del progress

        def should_stop(self) -> bool:
            return False

        def seconds(self) -> float:
            self.now += 0.001
            return self.now

    clock = Clock()
    clock.now = 1000.0
    document = responsibility_tiny.make_tiny(3)
    points = list(solve_with_lead_caps(document, [5, 6], limits=Limits(time_seconds=30), monitor=clock))
    assert [outcome.status for _, outcome in points] == [Status.OPTIMAL] * 2


async def test_under_a_cap_where_no_school_has_anybody_left_there_is_a_plan_and_everybody_changes() -> None:
    """All who served are still there, and no lecturer is: no school may lead anything, so nobody has a place."""
    problem = revised(max_placement_changes=0, max_communes_per_lecturer=1.0, lecturer_bound="hard")
    students = [v for v in problem.volunteers if v.role is VolunteerRole.STUDENT]
    serving = [p for p in problem.previous_placements if p.volunteer_id in {v.id for v in students}]
    joint = await plan(problem.model_copy(update={"volunteers": students, "previous_placements": serving}))
    assert (joint.infeasible, joint.placements) == ([], {})
    assert joint.least_people is not None
    assert (joint.least_people.at_least, joint.least_people.at_most) == (2, 2)


@pytest.mark.parametrize("beyond", [0, 2])
async def test_under_a_cap_a_school_new_to_the_plan_is_supervised_from_home(beyond: int) -> None:
    """By school the rule asks for supervisors in the school, placed or not: who stays at home counts."""
    base = make_problem(communes=4, schools=2, people=4)
    lecturer, student = (
        next(v for v in base.volunteers if v.school_code == "S1" and v.role is role)
        for role in (VolunteerRole.LECTURER, VolunteerRole.STUDENT)
    )
    home = lecturer.model_copy(update={"free_weekdays": []})
    first = [v for v in base.volunteers if v.school_code == "S0"]
    asked = base.model_copy(
        update={
            "volunteers": [*first, home, student],
            "previous_placements": [
                PreviousPlacement(
                    volunteer_id=first[0].id, commune_code="22000", weekdays=[0], work_days={"software": 1}
                )
            ],
            "placement_pins": [PlacementDecision(volunteer_id=student.id, commune_code="22003")],
            "options": base.options.model_copy(update={"supervision": "school", "max_placement_changes": beyond}),
        }
    )
    joint = await plan(asked)
    assert not joint.infeasible
    assert [(person, commune) for person, commune, _ in joint.placements["S1"].place] == [(str(student.id), "22003")]
