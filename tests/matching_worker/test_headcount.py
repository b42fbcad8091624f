"""People by head: communes that ask for somebody get somebody while people suffice, and each lack is told with why."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest
from commune_schemas.documents import InstanceSolution, Prices
from commune_schemas.matching import MatchingProblem, VolunteerRole
from commune_schemas.remarks import Remark
from matching_worker.campaign.explanations import explain_run
from matching_worker.campaign.heads import spread_heads
from matching_worker.campaign.left_out import list_left_out
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.campaign.shortage import list_short, with_shortage
from matching_worker.campaign.translate import Translation
from matching_worker.child.process import ChildTerms
from matching_worker.roster.news import RunNews

from tests.matching_worker.problems import make_problem
from tests.matching_worker.test_left_out import TODAY

pytestmark = pytest.mark.usefixtures("solving_here")

DEFAULT = TODAY | {"min_people": 1, "use": "people", "theta_pct": 130, "prices": Prices(overcap=10, scattered=40)}


def make_case(
    *, lecturers: dict[str, int], students: int = 2, communes: int = 4, asked: int = 1, **options: object
) -> MatchingProblem:
    """Schools with so many lecturers each and some students; road communes that ask for people."""
    problem = make_problem(schools=len(lecturers), communes=communes + 1, people=1)
    one = problem.volunteers[0]
    people = [
        one.model_copy(update={"id": UUID(int=1000 * place + n + 1), "school_code": f"S{place}", "role": role})
        for place, count in enumerate(lecturers.values())
        for n, role in enumerate([VolunteerRole.LECTURER] * count + [VolunteerRole.STUDENT] * students)
    ]
    return problem.model_copy(
        update={
            "communes": [c.model_copy(update={"min_people": asked}) for c in problem.communes if not c.is_remote],
            "volunteers": people,
            "options": problem.options.model_copy(update={**DEFAULT, **options}),
        }
    )


async def plan(problem: MatchingProblem) -> JointPlan:
    return await Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms()).plan()


def count_there(joint: JointPlan) -> Counter[str]:
    return Counter(commune for placed in joint.placements.values() for _, commune, _ in placed.place)


async def test_everybody_is_used_and_no_commune_stays_without_anybody() -> None:
    problem = make_case(lecturers={"S0": 3, "S1": 3}, students=4)
    joint = await plan(problem)
    there = count_there(joint)
    assert there.total() == len(problem.volunteers)
    assert all(there[commune.code] for commune in problem.communes)
    assert (list_left_out(problem, joint), list_short(problem, joint)) == ([], [])


async def test_supervisors_to_spare_come_as_a_support_where_the_lead_has_too_few() -> None:
    problem = make_case(lecturers={"S0": 1, "S1": 3}, students=6)
    pins = [{"commune_code": c.code, "school_code": "S0"} for c in problem.communes]
    problem = MatchingProblem.model_validate(problem.model_dump() | {"pins": pins})
    joint = await plan(problem)
    assert joint.lead_plan is not None
    assert set(joint.lead_plan.lead.values()) == {"S0"}
    assert all(count_there(joint)[commune.code] for commune in problem.communes)
    assert any("R17" in note for note in joint.responsibility.certificate.notes), "the certificate says so"


def test_promises_beyond_a_schools_supervisors_go_to_the_nearest_with_some_to_spare() -> None:
    problem = make_case(lecturers={"S0": 1, "S1": 1, "S2": 3}, communes=3)
    codes = [commune.code for commune in problem.communes]
    promised = InstanceSolution(lead=dict.fromkeys(codes, "S0"), heads=[(code, "S0", 1) for code in codes])
    translation = Translation(problem)
    made = spread_heads(translation, promised)
    assert sorted(code for code, _, _ in made.heads) == codes
    by_school = Counter(school for _, school, _ in made.heads)
    assert by_school["S0"] == 1
    assert by_school["S1"] <= 1
    assert sorted((code, school) for code, school, _ in made.heads if school != "S0") == made.support


@pytest.mark.parametrize("supervision", ["school", "none"])
def test_promises_stay_as_they_are_where_students_may_go_alone(supervision: str) -> None:
    problem = make_case(lecturers={"S0": 1, "S1": 3}, supervision=supervision)
    codes = [commune.code for commune in problem.communes]
    promised = InstanceSolution(lead=dict.fromkeys(codes, "S0"), heads=[(code, "S0", 1) for code in codes])
    assert spread_heads(Translation(problem), promised) is promised


async def test_a_commune_short_of_people_is_told_how_many_and_why_in_both_languages() -> None:
    problem = make_case(lecturers={"S0": 2}, students=1, communes=2, asked=2)
    joint = await plan(problem)
    (told,) = list_short(problem, joint)
    assert (told.code, told.people) == ("commune.short_of_people", 1)
    name = next(commune.name for commune in problem.communes if commune.code == told.commune_code)
    assert told.vi == f"{name} thiếu một người so với hai người xã đề nghị, vì cả 3 người của Trường 0 đều đã có việc."
    assert (
        told.en == f"{name} is one person short of the two it asked for, because all 3 people of Trường 0 are at work."
    )
    explained = await explain_run(joint, stop=asyncio.Event(), terms=ChildTerms())
    spoken = with_shortage(explained.communes, [told])
    assert told.commune_code is not None
    assert spoken[told.commune_code].text_vi.endswith(told.vi)
    assert spoken[told.commune_code].data["short_of_people"]["missing"] == 1


async def test_a_commune_that_nobody_can_reach_first_is_empty_for_want_of_a_supervisor() -> None:
    problem = make_case(lecturers={"S0": 2}, students=6, communes=3)
    joint = await plan(problem)
    (empty,) = list_left_out(problem, joint)
    assert (empty.code, empty.rule) == ("commune.nobody_placed", "P5")
    assert "2 người hướng dẫn của trường đều đang ở xã khác" in empty.vi
    assert "its 2 supervisors are each needed at another commune" in empty.en


async def test_a_far_lead_and_a_school_that_leads_nothing_have_their_reason_first() -> None:
    problem = make_case(lecturers={"S0": 2, "S1": 2}, communes=2, theta_pct=1000)
    near, far = problem.schools
    communes = [c.model_copy(update={"latitude": near.latitude, "longitude": 109.0}) for c in problem.communes]
    schools = [
        near.model_copy(update={"longitude": 109.0}),
        far.model_copy(update={"latitude": near.latitude, "longitude": 109.6}),
    ]
    problem = problem.model_copy(update={"communes": communes, "schools": schools})
    idle = await remarks_of(problem)
    assert [(one.code, one.school_code, one.people) for one in idle] == [("school.leads_nothing", "S1", 4)]
    assert "Trường 1 (4 người) không phụ trách xã nào" in idle[0].vi
    pin = {"commune_code": communes[0].code, "school_code": "S1"}
    pinned = MatchingProblem.model_validate(problem.model_dump() | {"pins": [pin]})
    (distant,) = await remarks_of(pinned)
    assert (distant.code, distant.commune_code, distant.rule) == ("commune.far_lead", communes[0].code, "R5")
    assert distant.km_farther > 60
    assert f"xa hơn trường gần nhất (Trường 0) {distant.km_farther} km" in distant.vi


async def remarks_of(problem: MatchingProblem) -> list[Remark]:
    explained = await explain_run(await plan(problem), stop=asyncio.Event(), terms=ChildTerms())
    return list(explained.remarks)
