"""Answering: what a matching worker may do with a question, and what time alone does to one."""

from uuid import UUID

from commune_schemas.advice import AdviceAnswer, AdviceFailure, AdviceTask
from commune_schemas.matching import StageDocuments
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.advice.models import Advice
from roster_api.advice.vacancies import tell_vacancies
from roster_api.errors import NotFoundError
from roster_api.matching_runs.repository import find_document, find_run
from roster_api.work import answering
from roster_api.work import handing_out as work

TIME_LIMIT_SECONDS = {"explain": 30.0, "replacements": 10.0, "curve": 120.0}
STARTING_SECONDS = 10
"""Beyond the time limit, before the question is given to another worker."""
WORDS = work.RefusalWords(
    finished=("advice.finished", "Câu hỏi này đã có kết quả.", "This question is answered."),
    held=("advice.held", "Tiến trình khác đang trả lời.", "Another worker is at it."),
)
QUESTIONS = answering.AnswerKind(
    Advice, "advice", WORDS, missing=("no_answer", "câu trả lời", "answer"), then=tell_vacancies
)


async def take_advice(session: AsyncSession, *, advice_id: UUID, worker: str) -> AdviceTask:
    """The question with its documents. 409 'advice.finished', or 'advice.held' while another worker is at it."""
    row = await work.get_locked(session, Advice, advice_id)
    time_limit = TIME_LIMIT_SECONDS[row.question["kind"]]
    seconds = time_limit * 1.25 + STARTING_SECONDS
    await answering.take(session, QUESTIONS, row, worker=worker, seconds=seconds)
    run = await find_run(session, row.run_id)
    document = await find_document(session, row.run_id, school_code=row.document)
    if run is None or document is None:
        raise NotFoundError
    return AdviceTask.model_validate(
        {
            "advice_id": row.id,
            "question": row.question,
            "documents": StageDocuments(problem=document.problem, solution=document.solution),
            "time_limit_seconds": time_limit,
            "seed": run.options.get("seed", 0),
        }
    )


async def keep_answer(session: AsyncSession, *, advice_id: UUID, answer: AdviceAnswer) -> None:
    """Keep the answer and end the question."""
    row = await answering.lock_for_result(session, QUESTIONS, advice_id)
    if row is not None:
        row.answer = answer.model_dump(mode="json")
        await answering.end(session, QUESTIONS, row)


async def keep_failure(session: AsyncSession, *, advice_id: UUID, failure: AdviceFailure) -> None:
    """There will be no answer, and why."""
    await answering.keep_failure(session, QUESTIONS, advice_id, failure=failure)


async def end_overdue_advice(session: AsyncSession) -> int:
    """What time alone does; the relay calls it."""
    return await answering.end_overdue(session, QUESTIONS)
