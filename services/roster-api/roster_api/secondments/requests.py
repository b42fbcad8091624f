"""Asking for a secondment run and cancelling one."""

from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from commune_schemas.amounts import amount
from commune_schemas.jobs import SOLVE_SECONDMENT_RUN
from commune_schemas.matching import RunStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, NotFoundError
from roster_api.outbox import service as outbox
from roster_api.provinces.repository import find_province
from roster_api.secondments import repository
from roster_api.secondments.freezing import freeze
from roster_api.secondments.leases import RUNS
from roster_api.secondments.models import SecondmentRun
from roster_api.secondments.schemas import SecondmentRequest
from roster_api.work import handing_out as work
from roster_api.work import solving

log = structlog.get_logger(__name__)
WAITING_ALLOWED = timedelta(hours=2)
SOLVES_ALLOWED = 8


async def request_run(
    session: AsyncSession, *, principal: Principal, province_code: str, request: SecondmentRequest
) -> SecondmentRun:
    """Freezes the problem and asks for it to be solved, in this transaction. 409 where there is nothing to do, 429
    while several of the province are not done."""
    found = await find_province(session, principal=principal, code=province_code)
    if found is None:
        raise NotFoundError
    await solving.refuse_more_live_runs(session, SecondmentRun.province_code, province_code)
    run_id = uuid4()
    frozen = await freeze(session, province=found[0], run_id=run_id, request=request)
    if not frozen.document.posts:
        raise ConflictError("secondment.no_vacancy", vi="Không có vị trí trống nào.", en="No post has a vacancy.")
    if not frozen.document.people:
        raise ConflictError(
            "secondment.no_candidate",
            vi=f"Không ai đạt tiêu chí trong {len(frozen.considered)} người có thể điều động.",
            en=f"Of {amount(len(frozen.considered), 'person')} who may be moved nobody meets the criteria.",
        )
    now, _ = await work.now_and_later(session)
    run = SecondmentRun(
        id=run_id,
        province_code=province_code,
        outbox_id=await outbox.append(session, topic=SOLVE_SECONDMENT_RUN, args={"run_id": str(run_id)}),
        status=RunStatus.QUEUED,
        criteria=request.model_dump(mode="json"),
        document=frozen.document.model_dump(mode="json", by_alias=True),
        considered=frozen.considered,
        vacancies=frozen.vacancies,
        requested_by=principal.label,
        requested_at=now,
        deadline_at=now + WAITING_ALLOWED + timedelta(seconds=SOLVES_ALLOWED * request.time_limit_seconds),
        attempts=0,
    )
    session.add(run)
    await session.flush()
    log.info("secondment.requested", run_id=str(run_id), posts=len(frozen.vacancies), people=len(frozen.considered))
    return run


async def cancel_run(session: AsyncSession, *, principal: Principal, run_id: UUID) -> SecondmentRun:
    """queued -> cancelled at once; running: the worker learns it with its next progress. Twice changes nothing."""
    if await repository.find_run(session, run_id, principal=principal) is None:
        raise NotFoundError
    return await solving.cancel_run(session, RUNS, run_id=run_id, by=principal.label)
