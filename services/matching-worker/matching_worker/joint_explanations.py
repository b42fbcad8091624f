"""Every commune of a run's plan explained, both stages together; runs in the solver's child process.

Stage A tells why the school leads the commune and what no school promised; stage B what a school promised and its
people do not get done. Days lacking by field add up to the run's shortfalls.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from commune_schemas.base import Message, SchoolCode
from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from commune_schemas.matching import StageDocuments

from matching_worker.model.outcome import Limits, Monitor

if TYPE_CHECKING:
    from matching_worker.model.placement.shortfall import Shortfalls, UnmetReasons
    from matching_worker.model.responsibility.explain import Explanation

NEAREST_SCHOOLS = 3
"""Of so many other schools it is told why they do not lead the commune; of any other, when somebody asks."""


class PlanQuestion(Message):
    """Why is the whole plan as it is? `placements` are stage B's documents, as solved, by school."""

    kind: Literal["plan"] = "plan"
    placements: dict[SchoolCode, StageDocuments]


@dataclass(frozen=True)
class Undone:
    """What a school promised a commune and its people do not get done."""

    school: str
    name: str
    reason: "UnmetReasons"


def explain_communes(
    question: PlanQuestion, problem: InstanceDocument, solution: InstanceSolution, *, limits: Limits, monitor: Monitor
) -> dict[str, dict[str, Any]]:
    """CommuneExplanation as plain data by commune, in the document's order; fewer when time ran out."""
    from matching_worker.model.responsibility.explain import Explainer  # noqa: PLC0415 - loads a solver library

    explainer = Explainer(problem, solution)
    placed = {school: open_placement(documents) for school, documents in question.placements.items()}
    names = {school.id: school.name or school.id for school in problem.schools}
    told: dict[str, dict[str, Any]] = {}
    for commune in problem.communes:
        late = limits.time_seconds is not None and monitor.seconds() > limits.time_seconds
        if late or monitor.should_stop():
            break
        found = explainer.explain(commune.id, nearest=NEAREST_SCHOOLS)
        serving = [found.lead, *(school for code, school in solution.support if code == commune.id)]
        undone = [
            Undone(school, names[school], reason)
            for school in serving
            if school is not None and school in placed
            for reason in placed[school].reasons(commune.id)
        ]
        told[commune.id] = describe(found, undone, priority=commune.priority)
    return told


def open_placement(documents: StageDocuments) -> "Shortfalls":
    from matching_worker.model.placement.shortfall import Shortfalls  # noqa: PLC0415 - loads a solver library

    problem = PlacementDocument.model_validate(documents.problem)
    return Shortfalls(problem, PlacementSolution.model_validate(documents.solution))


def describe(found: "Explanation", undone: list[Undone], *, priority: int) -> dict[str, Any]:
    """One commune: stage A's explanation with stage B's reasons among what is unmet."""
    from matching_worker.model.responsibility.shortfall import fairness_of  # noqa: PLC0415 - loads a solver library

    fairness = fairness_of(priority) if found.unmet or undone else None
    whole = replace(found, fairness=None)
    data = asdict(whole) | {"unmet": list(list_unmet(found, undone)), "fairness": fairness and asdict(fairness)}
    del data["resolve"]
    vi = [whole.text_vi, *(f"{one.name}: {one.reason.vi}" for one in undone)]
    en = [whole.text_en, *(f"{one.name}: {one.reason.en}" for one in undone)]
    if fairness is not None:
        vi, en = [*vi, fairness.vi], [*en, fairness.en]
    return {"data": data, "text_vi": "\n".join(vi), "text_en": "\n".join(en)}


def list_unmet(found: "Explanation", undone: list[Undone]) -> Iterator[dict[str, Any]]:
    """Of stage A what no school promised, of stage B what `school` promised and leaves undone."""
    for reason in found.unmet:
        yield {"stage": "A", "school": None, **asdict(reason)}
    for one in undone:
        yield {"stage": "B", "school": one.school, **asdict(one.reason)}
