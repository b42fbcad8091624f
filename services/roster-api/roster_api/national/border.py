"""What a matching worker may do with a border round, and what time alone does to one."""

from uuid import UUID

from commune_schemas.national import BorderFailure, BorderResult
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.national.models import BorderRound
from roster_api.national.spare import TIME_LIMIT_SECONDS
from roster_api.work import answering
from roster_api.work import handing_out as work

HOLD_SECONDS = TIME_LIMIT_SECONDS * 1.25 + 60
"""Time to solve, and to read and write a country's documents, before the round is given to another worker."""
WORDS = work.RefusalWords(
    finished=("border.finished", "Vòng giáp ranh đã kết thúc.", "This border round is finished."),
    held=("border.held", "Tiến trình khác đang giải.", "Another worker is at it."),
)
ROUNDS = answering.AnswerKind(BorderRound, "border", WORDS, missing=("no_result", "kết quả", "result"))


async def take_border_round(session: AsyncSession, *, border_round_id: UUID, worker: str) -> None:
    """409 'border.finished', or 'border.held' while another worker is at it."""
    border = await work.get_locked(session, BorderRound, border_round_id)
    await answering.take(session, ROUNDS, border, worker=worker, seconds=HOLD_SECONDS)
    border.worker = worker


async def keep_proposal(session: AsyncSession, *, border_round_id: UUID, result: BorderResult) -> None:
    """Keep the proposal and end the round."""
    border = await answering.lock_for_result(session, ROUNDS, border_round_id)
    if border is None:
        return
    border.supports = [support.model_dump(mode="json") for support in result.supports]
    border.certificate = result.certificate.model_dump(mode="json")
    border.problem, border.solution = result.documents.problem, result.documents.solution
    await answering.end(session, ROUNDS, border)


async def keep_failure(session: AsyncSession, *, border_round_id: UUID, failure: BorderFailure) -> None:
    """There will be no proposal, and why."""
    await answering.keep_failure(session, ROUNDS, border_round_id, failure=failure)


async def end_overdue_border_rounds(session: AsyncSession) -> int:
    """What time alone does; the relay calls it."""
    return await answering.end_overdue(session, ROUNDS)
