"""Requests that are due: shown, logged and written to Home Affairs once a day before, once when the time is over."""

from datetime import timedelta

import structlog
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.data_requests import repository
from roster_api.data_requests.models import NewsKind
from roster_api.data_requests.telling import tell

log = structlog.get_logger(__name__)
LAST_CALL = timedelta(days=1)


async def remind_of_requests(session: AsyncSession) -> int:
    """How many were reminded of, now. Called by the relay once a round."""
    now = clock.now()
    reminded = 0
    for request in await repository.list_open_for_update(session, due_before=now + LAST_CALL):
        is_late = request.due_at <= now
        if is_late and request.late_at is None:
            request.late_at = now
        elif not is_late and request.reminded_at is None:
            request.reminded_at = now
        else:
            continue
        reminded += 1
        await session.flush()
        await tell(session, request, NewsKind.LATE if is_late else NewsKind.DUE)
        log.warning(
            "data_request.late" if is_late else "data_request.due",
            request_id=str(request.id), kind=request.kind, due_at=request.due_at.isoformat(),
        )  # fmt: skip
    await session.flush()
    return reminded
