"""What a matching worker may do with a border round, and what time alone does to one.

Proposals for one round are alike whoever computes them, so there is no token: the first one kept counts, and a second
PUT changes nothing.
"""

from uuid import UUID

import structlog
from commune_schemas.national import BorderFailure, BorderResult, BorderStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.national.models import BorderRound
from roster_api.national.spare import TIME_LIMIT_SECONDS
from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)

HOLD_SECONDS = TIME_LIMIT_SECONDS * 1.25 + 60
"""Time to solve, and to read and write a country's documents, before the round is given to another worker."""
WORDS = work.RefusalWords(
    finished=("border.finished", "Vòng giáp ranh đã kết thúc.", "This border round is finished."),
    held=("border.held", "Tiến trình khác đang giải.", "Another worker is at it."),
)


async def take_border_round(session: AsyncSession, *, border_round_id: UUID, worker: str) -> None:
    """409 'border.finished', or 'border.held' while another worker is at it."""
    border = await work.get_locked(session, BorderRound, border_round_id)
    await work.take(session, border, words=WORDS, seconds=HOLD_SECONDS)
    border.worker = worker
    log.info("border.taken", border_round_id=str(border.id), worker=worker, attempt=border.attempts)


async def keep_proposal(session: AsyncSession, *, border_round_id: UUID, result: BorderResult) -> None:
    """Keep the proposal and end the round. On a round that has one it changes nothing; a failed one is mended by it."""
    border = await work.get_locked(session, BorderRound, border_round_id)
    if border.status == BorderStatus.READY:
        return
    border.supports = [support.model_dump(mode="json") for support in result.supports]
    border.certificate = result.certificate.model_dump(mode="json")
    border.problem, border.solution = result.documents.problem, result.documents.solution
    border.failure_kind = border.failure_vi = border.failure_en = None
    await _end(session, border, status=BorderStatus.READY)


async def keep_failure(session: AsyncSession, *, border_round_id: UUID, failure: BorderFailure) -> None:
    """There will be no proposal, and why. On a round that has ended it changes nothing."""
    border = await work.get_locked(session, BorderRound, border_round_id)
    if border.status in work.LIVE:
        border.failure_kind, border.failure_vi, border.failure_en = failure.kind, failure.detail_vi, failure.detail_en
        await _end(session, border, status=BorderStatus.FAILED)


async def end_overdue_border_rounds(session: AsyncSession) -> int:
    """Rounds past their deadline or out of attempts have failed. Called by the relay once a round of its own."""
    borders = await work.list_overdue_for_update(session, BorderRound)
    for border in borders:
        border.failure_kind = "no_result"
        border.failure_vi = f"Không có kết quả sau {border.attempts} lần thử. Hãy kiểm tra matching-worker và Redis."
        border.failure_en = f"No result after {border.attempts} attempts. See whether matching-worker and Redis are up."
        await _end(session, border, status=BorderStatus.FAILED)
    return len(borders)


async def _end(session: AsyncSession, border: BorderRound, *, status: BorderStatus) -> None:
    await work.end(session, border, status=status)
    log.info("border.finished", border_round_id=str(border.id), status=status, failure=border.failure_kind)
