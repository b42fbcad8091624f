"""Asking for a run and cancelling one: what an officer may do."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from commune_schemas.jobs import SOLVE_MATCHING_RUN
from commune_schemas.matching import MatchingProblem, RunStatus
from commune_schemas.problem import FieldError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.at_once import Limit, too_many
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.errors import ConflictError, NotFoundError
from roster_api.matching_runs import repository
from roster_api.matching_runs.archived import list_needs_left_out, list_schools_left_out
from roster_api.matching_runs.emptied_schools import list_emptied
from roster_api.matching_runs.freeze import freeze_problem
from roster_api.matching_runs.incomplete_people import list_incomplete
from roster_api.matching_runs.leases import end_run
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.no_effect import list_no_effect
from roster_api.matching_runs.schemas import RunRequest
from roster_api.matching_runs.withdrawn_schools import least_change, leave_out_schools
from roster_api.needs.repository import list_versions
from roster_api.outbox import service as outbox
from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)

WAITING_ALLOWED = timedelta(hours=2)
SOLVES_ALLOWED = 8
"""The overall deadline: time to wait for a worker, and so many times the time limit."""


async def refuse_more_live_runs(session: AsyncSession, *, campaign_id: UUID, allowed: int) -> None:
    """429 while as many runs of the campaign as are allowed wait or run."""
    if await repository.count_live_runs(session, campaign_id) >= allowed:
        raise too_many(
            Limit(
                "run.too_many",
                allowed,
                vi="Đợt huy động này đang có lần ghép chưa xong. Hãy chờ hoặc dừng nó; "
                "nếu cần cả hai cùng lúc, gửi force = true.",
                en="This campaign has a run that is not done. Wait for it or cancel it; "
                "if both are wanted at once, send force = true.",
                retry_after_seconds=10,
            )
        )


async def request_run(session: AsyncSession, *, campaign: Campaign, request: RunRequest, by: str) -> MatchingRun:
    """Freeze the problem and ask for it to be solved: run, first event and outbox row in this transaction."""
    options, scenario = request.options, request.scenario
    if request.without_schools:
        options = options.model_copy(update=least_change(options))
        scenario = scenario or f"Không có {', '.join(request.without_schools)}"
    problem = await freeze_problem(session, campaign=campaign, run_id=uuid4(), options=options)
    problem = leave_out_schools(problem, request.without_schools)
    run = await start_run(session, campaign=campaign, problem=problem, scenario=scenario, note=request.note, by=by)
    run.no_effect = [one.model_dump() for one in list_no_effect(problem, request.options.model_fields_set)]
    run.need_versions = await list_versions(session, campaign.id, [commune.code for commune in problem.communes])
    return run


async def start_run(
    session: AsyncSession,
    *,
    campaign: Campaign,
    problem: MatchingProblem,
    scenario: str | None,
    note: str | None,
    by: str,
) -> MatchingRun:
    """A run of this frozen problem, under the id that the problem has."""
    _refuse_if_unready(campaign, problem)
    run_id = problem.run_id
    now, _ = await work.now_and_later(session)
    run = MatchingRun(
        id=run_id,
        campaign_id=campaign.id,
        outbox_id=await outbox.append(session, topic=SOLVE_MATCHING_RUN, args={"run_id": str(run_id)}),
        scenario=scenario or None,
        note=note or None,
        status=RunStatus.QUEUED,
        options=problem.options.model_dump(mode="json"),
        problem=problem.model_dump(mode="json"),
        requested_by=by,
        requested_at=now,
        deadline_at=now + WAITING_ALLOWED + timedelta(seconds=SOLVES_ALLOWED * problem.options.time_limit_seconds),
        attempts=0,
        last_event=0,
        conflict=[],
        left_out=await _list_left_out(session, campaign.id, problem),
    )
    session.add(run)
    await session.flush()
    await repository.add_event(session, run, kind="status", data={"status": RunStatus.QUEUED})
    log.info("run.requested", run_id=str(run_id), campaign_id=str(campaign.id))
    return run


async def _list_left_out(session: AsyncSession, campaign_id: UUID, problem: MatchingProblem) -> list[dict[str, Any]]:
    schools = [school.code for school in problem.schools]
    left_out = [
        *await list_needs_left_out(session, campaign_id),
        *await list_schools_left_out(session, campaign_id),
        *await list_incomplete(session, schools),
        *await list_emptied(session, problem),
    ]
    return [one.model_dump(mode="json") for one in left_out]


def _refuse_if_unready(campaign: Campaign, problem: MatchingProblem) -> None:
    missing = []
    if campaign.status != CampaignStatus.OPEN:
        missing.append(
            _missing("campaign.not_open", "/status", "Đợt huy động chưa mở hoặc đã đóng.", "The campaign is not open.")
        )
    if not any(commune.need_days or any(commune.presence) or commune.min_people for commune in problem.communes):
        missing.append(
            _missing("campaign.no_needs", "/needs", "Chưa xã nào khai báo nhu cầu.", "No commune has declared a need.")
        )
    if not problem.volunteers:
        missing.append(
            _missing(
                "campaign.no_volunteers",
                "/volunteers",
                "Chưa có người tham gia đang hoạt động, đã khai ngày rảnh, ở các trường của tỉnh.",
                "The province's schools have no active volunteers whose free days are known.",
            )
        )
    if missing:
        raise ConflictError(
            missing[0].code,
            vi=" ".join(error.vi for error in missing),
            en=" ".join(error.en for error in missing),
            errors=missing,
        )


def _missing(code: str, pointer: str, vi: str, en: str) -> FieldError:
    return FieldError(pointer=pointer, code=code, vi=vi, en=en)


async def cancel_run(session: AsyncSession, *, run_id: UUID, by: str) -> MatchingRun:
    """queued -> cancelled at once; running: the worker learns it with its next progress. A finished run stays as it is,
    and cancelling twice changes nothing."""
    run = await work.find_locked(session, MatchingRun, run_id)
    if run is None:
        raise NotFoundError
    if run.status in work.LIVE and run.cancel_requested_at is None:
        (run.cancel_requested_at, _), run.cancelled_by = await work.now_and_later(session), by
        if run.status == RunStatus.QUEUED:
            await end_run(session, run, status=RunStatus.CANCELLED)
        else:
            await repository.add_event(session, run, kind="status", data={"status": run.status, "cancelling": True})
        await session.flush()
    return run
