"""Explanations of a run: every commune's, true to the plan of both stages; what is missing is said, the plan stands."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from commune_schemas.documents import FieldName
from commune_schemas.matching import CommuneExplanation, MatchingProblem
from matching_worker.campaign.explanations import Explained, explain_run
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.campaign.results import list_shortfalls
from matching_worker.campaign.translate import Translation
from matching_worker.child.process import ChildTerms
from matching_worker.roster.news import RunNews

from tests.matching_worker.in_process import solving_in_process
from tests.matching_worker.problems import FIELDS, make_infeasible_problem, make_problem, solver_children
from tests.matching_worker.test_planning import make_overpromised_problem
from tests.support.deadlines import until

ANYTHING = ChildTerms()
PLANS: dict[str, JointPlan] = {}
"""By the problem they solve; made by whichever test comes first."""


async def plan(problem: MatchingProblem) -> JointPlan:
    """Problems that differ in their ids alone share one plan."""
    key = problem.model_dump_json(exclude={"run_id", "campaign_id"})
    if key not in PLANS:
        planner = Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ANYTHING)
        with solving_in_process():
            PLANS[key] = await planner.plan()
    return PLANS[key]


async def explain(joint: JointPlan, *, terms: ChildTerms = ANYTHING, seconds: float = 60) -> Explained:
    return await explain_run(joint, stop=asyncio.Event(), terms=terms, seconds=seconds)


def make_short_problem() -> MatchingProblem:
    """Four communes that want five days of each field, three of them with people there on Mondays, too few people."""
    problem = make_problem(people=3)
    communes = [
        commune.model_copy(update={"need_days": dict.fromkeys(FIELDS, 5), "presence": [2, 0, 0, 0, 0]})
        for commune in problem.communes
    ]
    names = {field: FieldName(vi=f"Tên {field}", en=f"Name of {field}") for field in FIELDS}
    return problem.model_copy(update={"communes": communes, "field_names": names})


def lacking(told: CommuneExplanation) -> Counter[str]:
    days: Counter[str] = Counter()
    for reason in told.data["unmet"]:
        if reason["field"] is not None:
            days[reason["field"]] += reason["missing"]
    return days


@pytest.mark.parametrize("make", [make_problem, make_short_problem, make_overpromised_problem])
async def test_every_commune_is_told_its_lead_and_every_day_it_lacks(make: Callable[[], MatchingProblem]) -> None:
    problem = make()
    joint = await plan(problem)
    explained = await explain(joint)
    assert joint.lead_plan is not None
    assert explained.notes == ()
    assert {code: told.data["lead"] for code, told in explained.communes.items()} == {
        commune.code: joint.lead_plan.lead.get(commune.code) for commune in problem.communes
    }
    shortfalls = list_shortfalls(Translation(problem), joint.placements)
    for commune in problem.communes:
        told = explained.communes[commune.code]
        assert dict(lacking(told)) == {s.field: s.unmet_days for s in shortfalls if s.commune_code == commune.code}
        assert told.text_vi.splitlines()[0] == told.data["vi"]
        assert told.text_en.splitlines()[0] == told.data["en"]
        assert len(told.data["why_not"]) <= 3


async def test_words_name_communes_schools_and_fields_and_data_has_ids() -> None:
    problem = make_short_problem()
    told = (await explain(await plan(problem))).communes["22001"]
    assert "Xã 1" in told.text_vi
    assert "Trường" in told.text_vi
    assert "“Tên software”" in told.text_vi
    assert "“Name of software”" in told.text_en
    assert told.data["lead"] in {"S0", "S1"}
    assert {reason["field"] for reason in told.data["unmet"]} <= {*FIELDS, None}


async def test_what_lacks_says_the_rule_the_mend_and_how_shortage_is_shared_out() -> None:
    problem = make_short_problem()
    explained = (await explain(await plan(problem))).communes
    stages: set[str] = set()
    for commune in problem.communes:
        told = explained[commune.code]
        assert told.data["unmet"], "there are too few people for any commune to have all"
        for reason in told.data["unmet"]:
            stages.add(reason["stage"])
            assert reason["rule"] or "tốt nhất" in reason["vi"]
            assert reason["newcomer"]["mended"] >= 1
        assert told.data["fairness"]["priority"] == commune.priority
        assert told.data["fairness"]["vi"] in told.text_vi
    assert stages == {"A", "B"}


async def test_a_shortfall_of_stage_b_names_the_school_and_why_its_people_do_not_come() -> None:
    problem = make_overpromised_problem()
    alone = [volunteer for volunteer in problem.volunteers if volunteer.school_code == "S0"]
    joint = await plan(problem.model_copy(update={"volunteers": alone}))
    explained = (await explain(joint)).communes
    (reason,) = [reason for told in explained.values() for reason in told.data["unmet"]]
    assert (reason["stage"], reason["school"], reason["rule"]) == ("B", "S0", "P1")
    assert reason["newcomer"]["effect"]["unmet"] == -3


async def test_a_plan_without_explanations_says_so() -> None:
    joint = await plan(make_problem())
    for terms, seconds, why in (
        (ChildTerms(memory_mb=10), 60, "bộ nhớ"),
        (ANYTHING, 0, "hết thời gian"),
    ):
        explained = await explain(joint, terms=terms, seconds=seconds)
        assert explained.communes == {}
        (note,) = explained.notes
        assert note.startswith("Chưa có giải thích cho 4 trên 4 xã")
        assert why in note
        assert "4 of 4 communes have no explanation" in note


async def test_a_killed_child_costs_the_explanations_and_nothing_else() -> None:
    joint = await plan(make_problem())
    explaining = asyncio.create_task(explain(joint))
    await until(solver_children)
    solver_children()[0].kill()
    explained = await explaining
    assert explained.communes == {}
    assert "SIGKILL" in explained.notes[0]


async def test_a_stopped_run_is_not_explained_and_one_without_a_plan_needs_no_note() -> None:
    stopped = asyncio.Event()
    stopped.set()
    explained = await explain_run(await plan(make_problem()), stop=stopped, terms=ANYTHING)
    assert (explained.communes, len(explained.notes)) == ({}, 1)
    infeasible = await plan(make_infeasible_problem())
    assert await explain(infeasible) == Explained()
