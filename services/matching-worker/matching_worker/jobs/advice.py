"""A question's job: take what was asked about a run, answer it in a child process, hand the answer in.

An answer needs no lease: whoever computes it finds the same. However it ends here it ends visibly, or roster-api gives
the question to another worker.
"""

import time
from uuid import UUID

import structlog
from commune_schemas.advice import AdviceAnswer, AdviceFailure, AdviceTask
from commune_schemas.documents import ProblemDocument
from pydantic import TypeAdapter

from matching_worker.child.asking import ask_in_child
from matching_worker.child.failures import describe_reason
from matching_worker.child.process import ChildTerms
from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.model.outcome import Limits
from matching_worker.roster.client import RosterAway, RosterClient, RosterRefused, RunUnavailable
from matching_worker.settings import Settings

log = structlog.get_logger()


async def answer_advice(advice_id: UUID, *, roster: RosterClient, settings: Settings) -> None:
    """Answer one question. Raises only CancelledError (the worker is being stopped)."""
    name = str(advice_id)
    try:
        task = await roster.take_advice(advice_id, worker=settings.matching_name)
        terms = ChildTerms(memory_mb=settings.matching_memory_mb, silence_seconds=settings.matching_silence_seconds)
        answer = await find_answer(task, terms=terms)
        await roster.put_advice(advice_id, answer)
    except (RunUnavailable, RosterAway, RosterRefused) as reason:
        log.info("advice.left", advice_id=name, reason=f"{type(reason).__name__}: {reason}")
        return
    log.info("advice.answered", advice_id=name, kind=task.question.kind, answer=type(answer).__name__)


async def find_answer(task: AdviceTask, *, terms: ChildTerms) -> AdviceAnswer | AdviceFailure:
    """The answer, or why there is none."""
    started = time.monotonic()
    try:
        adapter: TypeAdapter[AnyProblem] = TypeAdapter(ProblemDocument)
        problem = adapter.validate_python(task.documents.problem)
        solution = get_stage(problem).solution_type.model_validate(task.documents.solution)
        limits = Limits(time_seconds=task.time_limit_seconds, seed=task.seed)
        said = await ask_in_child(task.question, problem, solution, limits=limits, terms=terms)
    except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked is told
        kind, vi, en = describe_reason(error)
        log.warning("advice.failed", advice_id=str(task.advice_id), kind=kind)
        return AdviceFailure(kind=kind, detail_vi=vi[:2000], detail_en=en[:2000])
    seconds = round(time.monotonic() - started, 3)
    return AdviceAnswer(data=said["data"], text_vi=said["vi"], text_en=said["en"], seconds=seconds)
