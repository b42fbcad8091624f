"""What a matching worker may do with a border round, and what time alone does to one.

Proposals for one round are alike whoever computes them, so there is no token: the first one kept counts, and a second
PUT changes nothing.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from commune_schemas.national import BorderFailure, BorderResult, BorderStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import ConflictError, NotFoundError
from roster_api.national import repository
from roster_api.national.models import BorderRound
from roster_api.national.spare import TIME_LIMIT_SECONDS
from roster_api.outbox import service as outbox

log = structlog.get_logger(__name__)

HOLD_SECONDS = TIME_LIMIT_SECONDS * 1.25 + 60
"""Time to solve, and to read and write a country's documents, before the round is given to another worker."""
MAX_ATTEMPTS = 8


async def take_border_round(session: AsyncSession, *, border_round_id: UUID, worker: str) -> None:
    """409 'border.finished', or 'border.held' while another worker is at it."""
    border = await _get_locked(session, border_round_id)
    now, held_until = await repository.now_and_later(session, timedelta(seconds=HOLD_SECONDS))
    if border.status not in repository.LIVE or border.attempts >= MAX_ATTEMPTS:
        raise ConflictError("border.finished", vi="Vòng giáp ranh đã kết thúc.", en="This border round is finished.")
    if border.held_until is not None and border.held_until > now:
        raise ConflictError("border.held", vi="Tiến trình khác đang giải.", en="Another worker is at it.")
    border.status, border.held_until, border.worker = BorderStatus.RUNNING, held_until, worker
    border.attempts += 1
    await outbox.keep_alive(session, outbox_id=border.outbox_id, for_seconds=HOLD_SECONDS)
    log.info("border.taken", border_round_id=str(border.id), worker=worker, attempt=border.attempts)


async def keep_proposal(session: AsyncSession, *, border_round_id: UUID, result: BorderResult) -> None:
    """Keep the proposal and end the round. On a round that has one it changes nothing; a failed one is mended by it."""
    border = await _get_locked(session, border_round_id)
    if border.status == BorderStatus.READY:
        return
    border.supports = [support.model_dump(mode="json") for support in result.supports]
    border.certificate = result.certificate.model_dump(mode="json")
    border.problem, border.solution = result.documents.problem, result.documents.solution
    border.failure_kind = border.failure_vi = border.failure_en = None
    await _end(session, border, status=BorderStatus.READY)


async def keep_failure(session: AsyncSession, *, border_round_id: UUID, failure: BorderFailure) -> None:
    """There will be no proposal, and why. On a round that has ended it changes nothing."""
    border = await _get_locked(session, border_round_id)
    if border.status in repository.LIVE:
        border.failure_kind, border.failure_vi, border.failure_en = failure.kind, failure.detail_vi, failure.detail_en
        await _end(session, border, status=BorderStatus.FAILED)


async def end_overdue_border_rounds(session: AsyncSession) -> int:
    """Rounds past their deadline or out of attempts have failed. Called by the relay once a round of its own."""
    borders = await repository.list_overdue_for_update(session, max_attempts=MAX_ATTEMPTS)
    for border in borders:
        border.failure_kind = "no_result"
        border.failure_vi = f"Không có kết quả sau {border.attempts} lần thử. Hãy kiểm tra matching-worker và Redis."
        border.failure_en = f"No result after {border.attempts} attempts. See whether matching-worker and Redis are up."
        await _end(session, border, status=BorderStatus.FAILED)
    return len(borders)


async def _end(session: AsyncSession, border: BorderRound, *, status: BorderStatus) -> None:
    border.finished_at, _ = await repository.now_and_later(session, timedelta())
    border.status, border.held_until = status, None
    await outbox.close(session, outbox_id=border.outbox_id)
    log.info("border.finished", border_round_id=str(border.id), status=status, failure=border.failure_kind)


async def _get_locked(session: AsyncSession, border_round_id: UUID) -> BorderRound:
    border = await repository.find_border_round_by_id(session, border_round_id, for_update=True)
    if border is None:
        raise NotFoundError
    return border
