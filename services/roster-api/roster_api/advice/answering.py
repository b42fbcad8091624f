"""Answering: what a matching worker may do with a question, and what time alone does to one.

Answers of one question are alike whoever computes them, so there is no token: the first one kept counts, and a second
PUT changes nothing.
"""

from uuid import UUID

import structlog
from commune_schemas.advice import AdviceAnswer, AdviceFailure, AdviceStatus, AdviceTask
from commune_schemas.matching import StageDocuments
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.advice.models import Advice
from roster_api.advice.vacancies import tell_vacancies
from roster_api.errors import NotFoundError
from roster_api.matching_runs.repository import find_document, find_run
from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)

TIME_LIMIT_SECONDS = {"explain": 30.0, "replacements": 10.0, "curve": 120.0}
STARTING_SECONDS = 10
"""Beyond the time limit, before the question is given to another worker."""
WORDS = work.RefusalWords(
    finished=("advice.finished", "Câu hỏi này đã có kết quả.", "This question is answered."),
    held=("advice.held", "Tiến trình khác đang trả lời.", "Another worker is at it."),
)


async def take_advice(session: AsyncSession, *, advice_id: UUID, worker: str) -> AdviceTask:
    """The question with its documents. 409 'advice.finished', or 'advice.held' while another worker is at it."""
    row = await work.get_locked(session, Advice, advice_id)
    time_limit = TIME_LIMIT_SECONDS[row.question["kind"]]
    await work.take(session, row, words=WORDS, seconds=time_limit * 1.25 + STARTING_SECONDS)
    run = await find_run(session, row.run_id)
    document = await find_document(session, row.run_id, school_code=row.document)
    if run is None or document is None:
        raise NotFoundError
    log.info("advice.taken", advice_id=str(row.id), worker=worker, attempt=row.attempts)
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
    """Keep the answer and end the question. On an answered one it changes nothing; a failed one is mended by it."""
    row = await work.get_locked(session, Advice, advice_id)
    if row.status == AdviceStatus.READY:
        return
    row.answer = answer.model_dump(mode="json")
    row.failure_kind = row.failure_vi = row.failure_en = None
    await _end(session, row, status=AdviceStatus.READY)


async def keep_failure(session: AsyncSession, *, advice_id: UUID, failure: AdviceFailure) -> None:
    """There will be no answer, and why. On a question that has ended it changes nothing."""
    row = await work.get_locked(session, Advice, advice_id)
    if row.status in work.LIVE:
        row.failure_kind, row.failure_vi, row.failure_en = failure.kind, failure.detail_vi, failure.detail_en
        await _end(session, row, status=AdviceStatus.FAILED)


async def end_overdue_advice(session: AsyncSession) -> int:
    """Questions past their deadline or out of attempts have failed. Called by the relay once a round."""
    rows = await work.list_overdue_for_update(session, Advice)
    for row in rows:
        row.failure_kind = "no_answer"
        row.failure_vi = f"Không có câu trả lời sau {row.attempts} lần thử. Hãy kiểm tra matching-worker và Redis."
        row.failure_en = f"No answer after {row.attempts} attempts. See whether matching-worker and Redis are up."
        await _end(session, row, status=AdviceStatus.FAILED)
    return len(rows)


async def _end(session: AsyncSession, row: Advice, *, status: AdviceStatus) -> None:
    await work.end(session, row, status=status)
    await tell_vacancies(session, row)
    log.info("advice.finished", advice_id=str(row.id), status=status, failure=row.failure_kind)
