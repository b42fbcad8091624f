"""Questions about a solved document, answered in a child process; what cannot be answered says why."""

from uuid import UUID, uuid4

import pytest
from commune_schemas.advice import (
    AdviceAnswer,
    AdviceFailure,
    AdviceTask,
    CurveQuestion,
    ExplainQuestion,
    ReplacementsQuestion,
)
from commune_schemas.documents import (
    InstanceCommune,
    InstanceDocument,
    InstanceSchool,
    InstanceSolution,
    InstanceVolunteer,
    PlacementCommune,
    PlacementDocument,
    PlacementVolunteer,
)
from commune_schemas.matching import StageDocuments
from commune_verify.placement import list_changed, verify
from matching_worker.campaign.joint import join_documents, part_of, with_share
from matching_worker.child.messages import dump_document
from matching_worker.child.process import ChildTerms
from matching_worker.jobs.advice import find_answer
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.placement.solve import solve

pytestmark = pytest.mark.usefixtures("solving_here")

LEAVER, SPARE, LECTURER, STRANGER = (UUID(int=number) for number in (1, 2, 3, 9))


def document(school: str = "S1", *, first: int = 0) -> PlacementDocument:
    """Two communes ten and twenty kilometres off; a lecturer, and two students of whom one stayed at home before."""
    before = {LECTURER: "C1", LEAVER: "C1"}
    people = [
        PlacementVolunteer(
            id=str(UUID(int=person.int + first)),
            school=school,
            role="lecturer" if person == LECTURER else "student",
            skills={"digitise": 2},
            days=[0, 1],
            max_days=2,
            previous_commune=before.get(person),
            previous_days=[0, 1] if person in before else [],
        )
        for person in (LEAVER, SPARE, LECTURER)
    ]
    return PlacementDocument(
        schema_="mw-placement/1",
        id=f"run:{school}",
        fields=["digitise"],
        communes=[PlacementCommune(id="C1", need={"digitise": 4}), PlacementCommune(id="C2", need={"digitise": 2})],
        volunteers=people,
        dist_m={person.id: {"C1": 10_000, "C2": 20_000} for person in people},
    )


def task(question: ReplacementsQuestion | CurveQuestion) -> AdviceTask:
    outcome = solve(document(), limits=Limits())
    assert outcome.solution is not None
    documents = StageDocuments(problem=dump_document(document()), solution=dump_document(outcome.solution))
    return AdviceTask(advice_id=uuid4(), question=question, documents=documents, time_limit_seconds=10, seed=0)


async def test_replacements_name_who_could_step_in_and_what_it_changes() -> None:
    placed = {UUID(person) for person, _, _ in solve(document(), limits=Limits()).solution.place}  # type: ignore[union-attr]
    leaver = min(placed - {LECTURER})
    answer = await find_answer(task(ReplacementsQuestion(kind="replacements", volunteer_id=leaver)), terms=ChildTerms())
    assert isinstance(answer, AdviceAnswer)
    assert answer.data["vacancy"] == str(leaver)
    found = answer.data["replacements"]
    assert found
    assert [one["effect"]["unmet"] for one in found] == sorted(one["effect"]["unmet"] for one in found)
    assert str(leaver) in answer.text_vi
    assert answer.text_en.count("\n") == len(found)


async def test_a_lead_is_explained_with_what_another_school_would_cost() -> None:
    problem = InstanceDocument(
        schema_="mw-instance/1",
        id="run",
        fields=["digitise"],
        schools=[InstanceSchool(id="S1"), InstanceSchool(id="S2")],
        communes=[InstanceCommune(id="C1", need={"digitise": 1})],
        volunteers=[InstanceVolunteer(id=s, school=s, skills={"digitise": 1}, days=[0]) for s in ("S1", "S2")],
        dist_m=[[5_000, 9_000]],
    )
    solution = InstanceSolution(lead={"C1": "S1"}, flow=[("C1", "S1", "digitise", 1)])
    documents = StageDocuments(problem=dump_document(problem), solution=dump_document(solution))
    question = ExplainQuestion(kind="explain", commune_code="C1", school_code="S2")
    asked = AdviceTask(advice_id=uuid4(), question=question, documents=documents, time_limit_seconds=10, seed=0)
    answer = await find_answer(asked, terms=ChildTerms())
    assert isinstance(answer, AdviceAnswer)
    assert answer.data["lead"] == "S1"
    assert [(reason["school"], reason["change"]["travel_km"]) for reason in answer.data["why_not"]] == [("S2", 8)]


async def test_a_curve_has_a_point_for_each_cap_and_never_worsens() -> None:
    question = CurveQuestion(kind="curve", stage="B", school_code="S1", ks=[2, 0, 1, 2])
    answer = await find_answer(task(question), terms=ChildTerms())
    assert isinstance(answer, AdviceAnswer)
    points = answer.data["points"]
    assert [(point["k"], point["status"]) for point in points] == [(0, "optimal"), (1, "optimal"), (2, "optimal")]
    unmet = [point["objective"]["unmet"] for point in points]
    assert unmet == sorted(unmet, reverse=True)
    assert "k = 1: nhu cầu chưa đáp ứng" in answer.text_vi


async def test_a_person_who_is_not_in_the_plan_is_answered_with_the_reason() -> None:
    question = ReplacementsQuestion(kind="replacements", volunteer_id=STRANGER)
    answer = await find_answer(task(question), terms=ChildTerms())
    assert isinstance(answer, AdviceFailure)
    assert (answer.kind, str(STRANGER) in answer.detail_vi) == ("bad_problem", True)


def test_a_cap_shared_by_schools_goes_where_it_serves_best_and_each_part_keeps_to_its_share() -> None:
    documents = {"S1": document(), "S2": document("S2", first=100)}
    richer = documents["S2"].communes[1].model_copy(update={"priority": 3})
    documents["S2"] = documents["S2"].model_copy(update={"communes": [documents["S2"].communes[0], richer]})
    outcome = solve(with_cap(join_documents(documents, strays=[]), 1), limits=Limits())
    assert outcome.status is Status.OPTIMAL
    shares = {}
    for school, whole in documents.items():
        part = part_of(outcome.solution, school)  # type: ignore[arg-type]
        share = with_share(whole, part)
        assert verify(share, part).accepted
        shares[school] = len(list_changed(whole, part))
        alone = solve(share, limits=Limits())
        assert alone.objective == verify(share, part).objective
    assert sum(shares.values()) <= 1


def test_someone_whose_school_serves_nothing_now_counts_against_the_cap() -> None:
    stray = document("S2", first=100).volunteers[0]
    joined = join_documents({"S1": document()}, strays=[stray])
    assert solve(with_cap(joined, 0), limits=Limits()).status is Status.INFEASIBLE
    assert solve(with_cap(joined, 1), limits=Limits()).status is Status.OPTIMAL


def with_cap(joined: PlacementDocument, cap: int) -> PlacementDocument:
    return joined.model_copy(update={"policy": joined.policy.model_copy(update={"max_changes": cap})})
