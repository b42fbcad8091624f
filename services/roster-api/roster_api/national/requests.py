"""Asking for a national run and cancelling one. Each province is an ordinary matching run, asked for with the rest.

So distribution over workers, leases, retries and killed workers are those of matching runs; nothing here repeats them.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from commune_schemas.national import NationalStatus
from commune_schemas.problem import FieldError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.at_once import Limit, too_many
from roster_api.campaigns.models import Campaign
from roster_api.errors import ConflictError, InvalidError, NotFoundError, pointer_error
from roster_api.matching_runs import requests as matching_runs
from roster_api.matching_runs.repository import count_live_runs
from roster_api.matching_runs.schemas import RunRequest
from roster_api.national import repository
from roster_api.national.models import NationalProvince, NationalRun
from roster_api.national.schemas import NationalRequest
from roster_api.work.handing_out import now_and_later

log = structlog.get_logger(__name__)

SOLVES_AHEAD = 2
"""Each other province may keep the only worker busy for so many time limits before a run's deadline draws near."""


async def request_national_run(
    session: AsyncSession, *, request: NationalRequest, by: str, allowed: int
) -> NationalRun:
    """The national run and one frozen matching run with its outbox row a province: all in this transaction, or none.

    422 for a campaign that is unknown or a province named twice; 409 with every campaign that is not ready; 429 with
    those that have as many runs as are `allowed`, unless forced.
    """
    campaigns = await _list_campaigns(session, request.campaign_ids)
    if not request.force:
        await _refuse_busy(session, campaigns, allowed=allowed)
    options = request.options.model_copy(update={"counted_limit": True})  # totals do not hang on the machine's load
    request = request.model_copy(update={"options": options})
    national = NationalRun(
        id=uuid4(),
        name=request.name,
        note=request.note or None,
        status=NationalStatus.RUNNING,
        options=request.options.model_dump(mode="json"),
        border_distance_m=request.border_distance_m if request.border_round else None,
        requested_by=by,
    )
    session.add(national)
    await session.flush()
    await _request_provinces(session, national, campaigns=campaigns, request=request)
    await session.refresh(national)
    log.info("national.requested", national_run_id=str(national.id), provinces=len(campaigns))
    return national


async def _refuse_busy(session: AsyncSession, campaigns: Sequence[Campaign], *, allowed: int) -> None:
    """Locks them in one order, so that two requests at once see one another and neither waits for the other in turn."""
    in_order = sorted(campaigns, key=lambda campaign: campaign.id)
    busy = [one.name for one in in_order if await count_live_runs(session, one.id) >= allowed]
    if busy:
        raise too_many(
            Limit(
                "run.too_many",
                allowed,
                vi=f"Đang có lần ghép chưa xong: {', '.join(busy)}. Hãy chờ hoặc dừng, hoặc gửi force = true.",
                en=f"Runs are not done: {', '.join(busy)}. Wait or cancel; if both are wanted, send force = true.",
                retry_after_seconds=10,
            )
        )


async def _request_provinces(
    session: AsyncSession, national: NationalRun, *, campaigns: Sequence[Campaign], request: NationalRequest
) -> None:
    """A matching run a campaign; 409 naming all that are not ready."""
    ask = RunRequest(options=request.options, scenario=request.name, note=request.note)
    waiting = timedelta(seconds=SOLVES_AHEAD * request.options.time_limit_seconds * (len(campaigns) - 1))
    unready: list[FieldError] = []
    for position, campaign in enumerate(campaigns):
        try:
            run = await matching_runs.request_run(session, campaign=campaign, request=ask, by=national.requested_by)
        except ConflictError as reason:
            pointer = f"/campaign_ids/{position}"
            unready.append(pointer_error(pointer, code=reason.code, vi=reason.vi, en=reason.en))
            continue
        run.deadline_at += waiting
        session.add(NationalProvince(national_run_id=national.id, province_code=campaign.province_code, run_id=run.id))
        await session.flush()
        session.expunge(run)  # a country's frozen problems are not all held in memory
    if unready:
        raise ConflictError(
            "national.not_ready",
            vi=f"{len(unready)} đợt huy động chưa sẵn sàng.",
            en=f"{len(unready)} campaigns are not ready.",
            errors=unready,
        )


async def cancel_national_run(session: AsyncSession, *, national_run_id: UUID, by: str) -> NationalRun:
    """Cancel every province that has not ended. Provinces that have keep their plans; a gathered run stays as it is."""
    national = await repository.find_national_run_for_update(session, national_run_id)
    if national is None:
        raise NotFoundError
    if national.status == NationalStatus.RUNNING and national.cancel_requested_at is None:
        national.cancel_requested_at, _ = await now_and_later(session, timedelta())
        national.cancelled_by = by
        for province, _run in await repository.list_provinces(session, national.id):
            await matching_runs.cancel_run(session, run_id=province.run_id, by=by)
        log.info("national.cancel_requested", national_run_id=str(national.id))
    return national


async def _list_campaigns(session: AsyncSession, ids: Sequence[UUID]) -> list[Campaign]:
    """In the order asked for."""
    known = await repository.list_campaigns(session, ids)
    first_of: dict[str, int] = {}
    faults = []
    for position, campaign_id in enumerate(ids):
        pointer = f"/campaign_ids/{position}"
        campaign = known.get(campaign_id)
        if campaign is None:
            faults.append(
                pointer_error(pointer, code="campaign.unknown", vi="Không có đợt này.", en="No such campaign.")
            )
        elif first_of.setdefault(campaign.province_code, position) != position:
            faults.append(
                pointer_error(
                    pointer,
                    code="province.twice",
                    vi="Tỉnh này đã có một đợt khác trong danh sách.",
                    en="Another campaign of this province is on the list.",
                )
            )
    if faults:
        raise InvalidError(
            "national.campaigns",
            vi="Mỗi tỉnh đúng một đợt huy động.",
            en="Exactly one known campaign a province.",
            errors=faults,
        )
    return [known[campaign_id] for campaign_id in ids]
