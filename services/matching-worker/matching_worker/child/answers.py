"""Answers to questions about a solved document, as data and in words; runs in the solver's child process.

Each kind of question has one function here that asks the stage's own model and puts what it found into plain data.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace

from commune_schemas.advice import (
    AdviceQuestion,
    CurveQuestion,
    ExplainQuestion,
    ReplacementsQuestion,
)
from commune_schemas.documents import (
    GroupsDocument,
    GroupsSolution,
    InstanceDocument,
    InstanceSolution,
    PlacementDocument,
    PlacementSolution,
    SecondmentDocument,
    SecondmentSolution,
)
from pydantic import BaseModel

from matching_worker.child.curve_words import Answer, curve_answer
from matching_worker.child.group_explanations import GroupsQuestion, explain_groups
from matching_worker.child.least import LeastQuestion, find_least
from matching_worker.child.messages import load_outcome
from matching_worker.child.plan_explanations import PlanQuestion, explain_communes
from matching_worker.child.post_explanations import PostsQuestion, explain_posts
from matching_worker.child.settling import PinsQuestion, settle
from matching_worker.model.outcome import Lap, Limits, Monitor, Outcome
from matching_worker.model.placement.problem.costs import CHANGED
from matching_worker.model.responsibility.problem.conflict import count_least_changes

SHORTEST_POINT_SECONDS = 1.0

ChildQuestion = AdviceQuestion | PlanQuestion | PinsQuestion | LeastQuestion | PostsQuestion | GroupsQuestion
"""All that a child can be asked: what people ask, and what the worker asks of its own plans."""


def answer_question(
    question: ChildQuestion, problem: BaseModel, solution: BaseModel, *, limits: Limits, monitor: Monitor
) -> Answer:
    """The answer from one document and its plan. Raises ProblemError when the question names what is not in them."""
    match question:
        case ExplainQuestion():
            return explain_lead(question, problem, solution, limits=limits)
        case ReplacementsQuestion():
            return list_replacements(question, problem, solution)
        case CurveQuestion():
            return draw_curve(question, problem, limits=limits, monitor=monitor)
        case PlanQuestion() | PostsQuestion() | GroupsQuestion():
            return explain_plan(question, problem, solution, limits=limits, monitor=monitor)
        case LeastQuestion():
            return Answer(data=find_least(problem, limits=limits, monitor=monitor), vi="", en="")
        case PinsQuestion():
            return Answer(data=settle(question, problem), vi="", en="")


def explain_lead(question: ExplainQuestion, problem: BaseModel, solution: BaseModel, *, limits: Limits) -> Answer:
    """Why this school leads the commune: the rule that binds, the best alternatives and their costs by level."""
    from matching_worker.model.responsibility.explain.explain import explain  # noqa: PLC0415 - loads a solver library

    assert isinstance(problem, InstanceDocument)  # noqa: S101 - roster-api chose the document by the question
    assert isinstance(solution, InstanceSolution)  # noqa: S101
    found = explain(
        problem,
        solution,
        commune=question.commune_code,
        school=question.school_code,
        resolve=question.resolve,
        limits=limits,
    )
    return Answer(data=asdict(found), vi=found.text_vi, en=found.text_en)


def explain_plan(
    question: PlanQuestion | PostsQuestion | GroupsQuestion,
    problem: BaseModel,
    solution: BaseModel,
    *,
    limits: Limits,
    monitor: Monitor,
) -> Answer:
    """Every commune's, or every post's, explanation in `data`, words and all."""
    if isinstance(question, GroupsQuestion):
        assert isinstance(problem, GroupsDocument)  # noqa: S101 - the worker asks it of stage D
        assert isinstance(solution, GroupsSolution)  # noqa: S101
        return Answer(data=explain_groups(problem, solution, limits=limits, monitor=monitor), vi="", en="")
    if isinstance(question, PostsQuestion):
        assert isinstance(problem, SecondmentDocument)  # noqa: S101 - the worker asks it of stage C
        assert isinstance(solution, SecondmentSolution)  # noqa: S101
        return Answer(data=explain_posts(problem, solution, limits=limits, monitor=monitor), vi="", en="")
    assert isinstance(problem, InstanceDocument)  # noqa: S101 - the worker asks it of stage A
    assert isinstance(solution, InstanceSolution)  # noqa: S101
    return Answer(data=explain_communes(question, problem, solution, limits=limits, monitor=monitor), vi="", en="")


def list_replacements(question: ReplacementsQuestion, problem: BaseModel, solution: BaseModel) -> Answer:
    """Everyone who could step in, best first, with what each would change."""
    from matching_worker.model.placement.explain.replace import replacements  # noqa: PLC0415 - loads numpy

    assert isinstance(problem, PlacementDocument)  # noqa: S101 - roster-api chose the document by the question
    assert isinstance(solution, PlacementSolution)  # noqa: S101
    vacancy = str(question.volunteer_id)
    found = replacements(problem, solution, vacancy=vacancy)
    head_vi = f"Nếu {vacancy} không đi được, có {len(found)} phương án, tốt nhất trước:"
    head_en = f"If {vacancy} cannot go, there are {len(found)} ways on, best first:"
    if not found:
        head_vi = f"Không ai thay được {vacancy} mà vẫn đủ giảng viên hướng dẫn ở xã đó; cần ghép lại."
        head_en = f"Nobody can step in for {vacancy} and keep enough lecturers there; a new run is needed."
    return Answer(
        data={"vacancy": vacancy, "replacements": [asdict(one) for one in found]},
        vi="\n".join([head_vi, *(f"{place}. {one.vi}" for place, one in enumerate(found, 1))]),
        en="\n".join([head_en, *(f"{place}. {one.en}" for place, one in enumerate(found, 1))]),
    )


def draw_curve(question: CurveQuestion, problem: BaseModel, *, limits: Limits, monitor: Monitor) -> Answer:
    """Quality against change: the best plan for each cap on changes, with its proof or gap."""
    caps = sorted(set(question.ks))
    if limits.time_seconds is not None:
        limits = replace(limits, time_seconds=max(SHORTEST_POINT_SECONDS, limits.time_seconds / len(caps)))
    if isinstance(problem, PlacementDocument):
        from matching_worker.model.placement.explain.replan import change_curve  # noqa: PLC0415 - loads a solver library

        least = load_outcome(find_least(problem, limits=limits, monitor=Lap(monitor)), PlacementSolution)
        low, high = least.bound.get(CHANGED, 0), least.objective.get(CHANGED, 0)
        curve = change_curve(problem, [high + cap for cap in caps], limits=limits, monitor=monitor)
        points = [(point.max_changes - high, point.outcome) for point in curve]
    else:
        assert isinstance(problem, InstanceDocument)  # noqa: S101 - roster-api chose the document by the question
        low = high = count_least_changes(problem)
        raised = list(solve_with_lead_caps(problem, [high + cap for cap in caps], limits=limits, monitor=monitor))
        points = [(cap - high, outcome) for cap, outcome in raised]
    return curve_answer(question, points, at_least=low, at_most=high)


def solve_with_lead_caps(
    problem: InstanceDocument, caps: list[int], *, limits: Limits, monitor: Monitor
) -> Iterator[tuple[int, Outcome]]:
    """Stage A for each cap on changed leads, smallest first; each plan is where the next search begins."""
    from matching_worker.model.responsibility.solve import solve  # noqa: PLC0415 - loads a solver library

    last: InstanceSolution | None = None
    for cap in caps:
        policy = problem.policy.model_copy(update={"max_changes": cap})
        capped = problem.model_copy(update={"policy": policy})
        outcome = solve(capped, limits=limits, warm_start=last, monitor=Lap(monitor))
        yield cap, outcome
        last = outcome.solution if isinstance(outcome.solution, InstanceSolution) else last
