"""Every commune of a run's plan explained, both stages together; runs in the solver's child process.

Stage A tells why the school leads the commune and what no school promised; stage B what a school promised and its
people do not get done. Days lacking by field add up to the run's shortfalls.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from commune_schemas.base import Message, SchoolCode
from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from commune_schemas.matching import StageDocuments

from matching_worker.model.outcome import Limits, Monitor

if TYPE_CHECKING:
    from matching_worker.model.placement.explain.reasons import UnmetReasons
    from matching_worker.model.placement.explain.shortfall import Shortfalls
    from matching_worker.model.responsibility.explain.explain import Explanation

NEAREST_SCHOOLS = 3
"""Of so many other schools it is told why they do not lead the commune; of any other, when somebody asks."""


Promises = Counter[tuple[str, str]]
"""Days a week of one school by (commune, field)."""


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
) -> dict[str, Any]:
    """`communes`: CommuneExplanation as plain data, in the document's order, fewer when time ran out; `remarks`."""
    from matching_worker.model.responsibility.explain.explain import Explainer  # noqa: PLC0415 - loads a solver library
    from matching_worker.model.responsibility.explain.first_page import (  # noqa: PLC0415 - as above
        list_idle_schools,
        remark_far_lead,
    )

    promised = count_promised(solution)
    beyond = count_beyond(question.placements, promised)
    explainer = Explainer(problem, solution, beyond=beyond)
    placed = {school: open_placement(documents, promised[school]) for school, documents in question.placements.items()}
    names = {school.id: school.name or school.id for school in problem.schools}
    told: dict[str, dict[str, Any]] = {}
    remarks = [*list_idle_schools(explainer)]
    for commune in problem.communes:
        late = limits.time_seconds is not None and monitor.seconds() > limits.time_seconds
        if late or monitor.should_stop():
            break
        found = explainer.explain(commune.id, nearest=NEAREST_SCHOOLS)
        far = remark_far_lead(explainer, found)
        remarks += [far] if far else []
        serving = [found.lead, *(school for code, school in solution.support if code == commune.id)]
        undone = [
            Undone(school, names[school], reason)
            for school in serving
            if school is not None and school in placed
            for reason in placed[school].reasons(commune.id)
        ]
        left = {f: days for (code, f), days in beyond.items() if code == commune.id}
        for field, needed in commune.need.items():
            given = sum(days[commune.id, field] for days in promised.values())
            left[field] = max(0, left.get(field, 0) - max(0, needed - given))
        told[commune.id] = describe(found, list(net_of(undone, left)), priority=commune.priority)
    return {"communes": told, "remarks": [remark.model_dump() for remark in remarks]}


def count_promised(solution: InstanceSolution) -> defaultdict[str, Promises]:
    """Days by school, and in it by (commune, field)."""
    promised: defaultdict[str, Promises] = defaultdict(Counter)
    for commune, school, field, days in solution.flow:
        promised[school][commune, field] += days
    return promised


def count_beyond(
    placements: Mapping[SchoolCode, StageDocuments], promised: Mapping[str, Promises]
) -> dict[tuple[str, str], int]:
    """Days by (commune, field) that people work there beyond what their school promised: where need was left, or
    because they stay as before."""
    beyond: Promises = Counter()
    for school, documents in placements.items():
        done: Promises = Counter()
        for _, commune, field, days in documents.solution["work"]:
            done[commune, field] += days
        for where, days in done.items():
            beyond[where] += max(0, days - promised[school][where])
    return {where: days for where, days in beyond.items() if days}


def net_of(undone: list[Undone], left: dict[str, int]) -> Iterator[Undone]:
    """What stays undone where people of another school do some of it, unasked."""
    for one in undone:
        field, missing = one.reason.field, one.reason.missing
        helped = min(missing, left.get(field, 0)) if field is not None else 0
        if field is not None:
            left[field] = left.get(field, 0) - helped
        if helped == 0:
            yield one
        elif helped < missing:
            vi = f"{one.reason.vi} (trường khác làm thay {helped})"
            en = f"{one.reason.en} ({helped} of it done by another school)"
            yield replace(one, reason=replace(one.reason, missing=missing - helped, vi=vi, en=en))


def open_placement(documents: StageDocuments, promised: Promises) -> "Shortfalls":
    """What the school's people leave undone of its promise; of what nobody promised stage A tells."""
    from matching_worker.model.placement.explain.shortfall import Shortfalls  # noqa: PLC0415 - loads numpy

    problem = PlacementDocument.model_validate(documents.problem)
    communes = [
        commune.model_copy(update={"need": {f: days for f in commune.need if (days := promised[commune.id, f])}})
        for commune in problem.communes
    ]
    problem = problem.model_copy(update={"communes": communes})
    return Shortfalls(problem, PlacementSolution.model_validate(documents.solution))


def describe(explanation: "Explanation", undone: list[Undone], *, priority: int) -> dict[str, Any]:
    """One commune: stage A's explanation with stage B's reasons among what is unmet."""
    from matching_worker.model.responsibility.explain.shortfall import fairness_of  # noqa: PLC0415 - loads numpy

    fairness = fairness_of(priority) if explanation.unmet or undone else None
    whole = replace(explanation, fairness=None)
    data = asdict(whole) | {"unmet": list(list_unmet(explanation, undone)), "fairness": fairness and asdict(fairness)}
    del data["resolve"]
    vi = [whole.text_vi, *(f"{one.name}: {one.reason.vi}" for one in undone)]
    en = [whole.text_en, *(f"{one.name}: {one.reason.en}" for one in undone)]
    if fairness is not None:
        vi, en = [*vi, fairness.vi], [*en, fairness.en]
    return {"data": data, "text_vi": "\n".join(vi), "text_en": "\n".join(en)}


def list_unmet(explanation: "Explanation", undone: list[Undone]) -> Iterator[dict[str, Any]]:
    """Of stage A what no school promised, of stage B what `school` promised and leaves undone."""
    for reason in explanation.unmet:
        yield {"stage": "A", "school": None, **asdict(reason)}
    for one in undone:
        yield {"stage": "B", "school": one.school, **asdict(one.reason)}
