"""Both stages together: what B cannot keep of A's promise goes back to A, and the joint bounds stay honest."""

import asyncio
from uuid import UUID

import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementSolution
from commune_schemas.matching import (
    MatchingProblem,
    PlacementDecision,
    PreviousPlacement,
    ProblemCommune,
    ProblemSchool,
    ProblemVolunteer,
    SolveOptions,
)
from matching_worker.campaign.planner import JointPlan, Planner
from matching_worker.campaign.results import list_shortfalls
from matching_worker.campaign.translate import Translation
from matching_worker.child.process import ChildTerms
from matching_worker.jobs.run import make_certificate
from matching_worker.model.outcome import Limits
from matching_worker.model.placement.solve import solve
from matching_worker.roster.news import RunNews

from tests.matching_worker.problems import make_problem

pytestmark = pytest.mark.usefixtures("solving_here")

NEAR, FAR = "22001", "22002"


def make_overpromised_problem() -> MatchingProblem:
    """One lecturer of the near school could give two days, one to each commune - but a person goes to one commune."""
    base = make_problem(communes=3, schools=2, people=1)
    communes = [
        ProblemCommune(
            code=code,
            name=code,
            latitude=latitude,
            longitude=109.0,
            is_remote=False,
            lacks_it_staff=True,
            priority=3,
            need_days={"software": 1},
            presence=[0, 0, 0, 0, 0],
        )
        for code, latitude in ((NEAR, 12.0), (FAR, 12.1))
    ]
    schools = [
        ProblemSchool(code=code, name=code, latitude=latitude, longitude=109.0, is_remote_capable=False)
        for code, latitude in (("S0", 12.05), ("S1", 13.0))
    ]
    options = SolveOptions(time_limit_seconds=20, theta_pct=1000, max_communes_per_lecturer=None)
    return base.model_copy(update={"communes": communes, "schools": schools, "options": options})


async def plan(problem: MatchingProblem) -> JointPlan:
    planner = Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms())
    return await planner.plan()


async def test_a_promise_that_weekdays_and_people_cannot_keep_goes_to_another_school() -> None:
    joint = await plan(make_overpromised_problem())
    assert joint.lead_plan is not None
    assert {school for _, school, _, _ in joint.lead_plan.flow} == {"S0", "S1"}
    assert (joint.unmet_lower_bound, joint.unmet_upper_bound) == (0, 0)
    certificate = make_certificate(joint, worker="test")
    assert certificate.status == "optimal"
    assert any("giai đoạn B" in note for note in certificate.stages[0].notes), "the cut is stated"


async def test_a_shortfall_that_no_school_can_mend_is_reported_with_both_bounds() -> None:
    problem = make_overpromised_problem()
    alone = [volunteer for volunteer in problem.volunteers if volunteer.school_code == "S0"]
    joint = await plan(problem.model_copy(update={"volunteers": alone}))
    assert joint.unmet_lower_bound == 0
    assert joint.unmet_upper_bound == 3
    shortfalls = list_shortfalls(Translation(problem), joint.placements)
    assert [(one.field, one.needed_days, one.unmet_days) for one in shortfalls] == [("software", 1, 1)]


def test_only_the_leading_school_answers_for_presence() -> None:
    problem = make_problem(communes=2, schools=2)
    plan = InstanceSolution(
        lead={"22000": "S0", "22001": "S0"},
        support=[("22001", "S1")],
        flow=[("22001", "S0", "software", 1), ("22001", "S1", "digitise", 1)],
    )
    documents = Translation(problem).placements(plan)
    assert {commune.id: commune.presence for commune in documents["S0"].communes}["22001"] == [1, 0, 0, 0, 0]
    assert documents["S1"].communes[0].presence == [0, 0, 0, 0, 0]
    assert documents["S1"].communes[0].need == {"digitise": 1}


def test_a_kept_pin_is_demanded_and_a_forbidden_person_goes_elsewhere() -> None:
    problem = make_problem(communes=3, schools=1)
    pinned, barred, former = (volunteer.id for volunteer in problem.volunteers[:3])
    problem = problem.model_copy(
        update={
            "placement_pins": [PlacementDecision(volunteer_id=pinned, commune_code="22001")],
            "placement_forbids": [PlacementDecision(volunteer_id=barred, commune_code="22002")],
            "previous_placements": [PreviousPlacement(volunteer_id=former, commune_code="22000", weekdays=[1])],
        }
    )
    plan = InstanceSolution(lead={commune.code: "S0" for commune in problem.communes})
    document = Translation(problem, kept_pins={pinned: "22001"}).placements(plan)["S0"]
    people = {UUID(person.id): person for person in document.volunteers}
    assert (people[pinned].pinned_commune, people[pinned].forbidden_communes) == ("22001", [])
    assert people[barred].forbidden_communes == ["22002"]
    assert (people[former].previous_commune, people[former].previous_days) == ("22000", [1])
    assert document.policy.keep_previous
    assert (people[former].previous_fields, people[former].change_weight) == ([], 1)


def test_a_confirmed_place_is_the_last_to_be_given_up() -> None:
    """One lecturer must move to the second commune; the one who did not confirm goes, though travel says the other."""
    problem = make_problem(communes=3, schools=1, people=2)
    communes = [commune.model_copy(update={"need_days": {"software": 1}}) for commune in problem.communes]
    problem = problem.model_copy(update={"communes": communes})
    first, second = (volunteer.id for volunteer in problem.volunteers)
    previous = [
        PreviousPlacement(
            volunteer_id=person, commune_code="22001", weekdays=[0], work_days={"software": 1}, is_confirmed=confirmed
        )
        for person, confirmed in ((first, True), (second, False))
    ]
    plan = InstanceSolution(
        lead={"22001": "S0", "22002": "S0"}, flow=[("22001", "S0", "software", 1), ("22002", "S0", "software", 1)]
    )
    for order in (previous, previous[::-1]):
        asked = problem.model_copy(update={"previous_placements": order})
        document = Translation(asked).placements(plan)["S0"]
        people = [person.model_copy(update={"role": "lecturer"}) for person in document.volunteers]
        outcome = solve(document.model_copy(update={"volunteers": people}), limits=Limits())
        assert isinstance(outcome.solution, PlacementSolution)
        assert outcome.objective["changed"] == 1
        assert {person: commune for person, commune, _ in outcome.solution.place} == {
            str(first): "22001",
            str(second): "22002",
        }


def test_remote_communes_are_at_no_distance_and_nobodys_neighbours() -> None:
    instance = Translation(make_problem(communes=6)).instance()
    assert isinstance(instance, InstanceDocument)
    assert instance.dist_m[0] == [0, 0]
    touched = {commune for edge in instance.edges for commune in edge}
    assert touched == {f"{22001 + index}" for index in range(5)}, "the islands are nobody's neighbours"


def test_no_name_or_contact_can_reach_the_solver() -> None:
    assert set(ProblemVolunteer.model_fields) == {
        "id",
        "school_code",
        "role",
        "skills",
        "free_weekdays",
        "max_days",
        "max_distance_m",
        "team",
    }
