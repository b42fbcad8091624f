"""A run as the routes show it."""

from datetime import datetime
from uuid import UUID

from commune_schemas.days import WeekdaySetAside
from commune_schemas.duplicates import Duplicate
from commune_schemas.matching import Certificate, MatchingProblem, RunStatus, SolveOptions, StageCertificate
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import NotFoundError
from roster_api.matching_runs import repository
from roster_api.matching_runs.impossible import is_proved_impossible
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.schemas import (
    DuplicateOut,
    DuplicateRow,
    FailureOut,
    ProgressOut,
    RunOut,
    RunTimings,
    SetAsideOut,
    UnkeptPinOut,
)
from roster_api.plans.repository import find_plan_of_run
from roster_api.plans.visibility import NO_CAMPAIGN, get_visible_campaign
from roster_api.volunteers.naming import list_names, name_in_words

PLAIN = [
    "id",
    "campaign_id",
    "scenario",
    "note",
    "requested_by",
    "requested_by_id",
    "requested_at",
    "deadline_at",
    "started_at",
    "finished_at",
    "attempts",
    "worker",
    "cancel_requested_at",
    "conflict",
    "left_out",
    "no_effect",
    "remarks",
]


async def get_visible_run(session: AsyncSession, principal: Principal, run_id: UUID) -> MatchingRun:
    """The run, if its campaign is in the principal's province; else 404, after the same questions to the database."""
    run = await repository.find_run(session, run_id)
    await get_visible_campaign(session, principal, run.campaign_id if run else NO_CAMPAIGN)
    if run is None:
        raise NotFoundError
    return run


async def describe_run(session: AsyncSession, run: MatchingRun) -> RunOut:
    certificate = Certificate.model_validate(run.certificate) if run.certificate else None
    progress = ProgressOut.model_validate(run.progress) if run.progress else None
    stage_a = find_stage_a(certificate)
    plan = await find_plan_of_run(session, run.id)
    failure = None
    if run.failure_kind:
        failure = FailureOut(kind=run.failure_kind, vi=run.failure_vi or "", en=run.failure_en or "")
    news = progress if progress and progress.stage == "A" else None
    return RunOut(
        **{name: getattr(run, name) for name in PLAIN},
        status=RunStatus(run.status),
        options=SolveOptions.model_validate(run.options),
        timings=RunTimings(
            queued_seconds=_seconds(run.requested_at, run.started_at),
            solving_seconds=_seconds(run.started_at, run.finished_at),
        ),
        progress=progress,
        objective=stage_a.objective if stage_a else news and news.objective,
        bound=stage_a.bound if stage_a else news and news.bound,
        gap=max(stage_a.gap.values(), default=0.0) if stage_a else news and news.gap,
        certificate=certificate,
        is_conflict_proved=await _is_conflict_proved(session, run),
        least_changes=certificate.least_changes if certificate else None,
        duplicates=await _list_duplicates(session, run),
        unkept_pins=await _list_unkept(session, run),
        failure=failure,
        plan_id=plan.id if plan else None,
    )


async def _is_conflict_proved(session: AsyncSession, run: MatchingRun) -> bool | None:
    if run.status != RunStatus.INFEASIBLE:
        return None
    return is_proved_impossible(MatchingProblem.model_validate(await repository.get_problem(session, run.id)))


async def _list_duplicates(session: AsyncSession, run: MatchingRun) -> list[DuplicateOut]:
    found = [Duplicate.model_validate(one) for one in run.duplicates]
    people = await repository.list_names(session, {row for one in found for row in one.volunteer_ids}) if found else {}
    told = []
    for one in found:
        rows = [
            DuplicateRow(
                volunteer_id=row,
                full_name=people.get(row, (None, None))[0],
                school_code=people.get(row, (None, None))[1],
                is_counted=row == one.counted,
            )
            for row in one.volunteer_ids
        ]
        lists = ", ".join(sorted({row.school_code for row in rows if row.school_code}))
        name, school = people.get(one.counted, ("", ""))
        vi = f"{name} có trên nhiều danh sách ({lists}); lần ghép này chỉ tính một lần, ở {school}."
        en = f"{name} is on several lists ({lists}); this run counts one of them, {school}."
        told.append(DuplicateOut(rows=rows, vi=vi, en=en))
    return told


async def _list_unkept(session: AsyncSession, run: MatchingRun) -> list[UnkeptPinOut]:
    if not run.unkept_pins:
        return []
    names = await list_names(session, run.unkept_pins)
    return [UnkeptPinOut.model_validate(pin) for pin in name_in_words(run.unkept_pins, names)]


async def list_set_aside(
    session: AsyncSession, run_id: UUID, *, limit: int, offset: int
) -> tuple[list[SetAsideOut], int]:
    """In the order the worker gave: by person, then weekday."""
    rows = await repository.get_set_aside(session, run_id)
    page = [WeekdaySetAside.model_validate(row) for row in rows[offset : offset + limit]]
    people = await repository.list_names(session, {one.volunteer_id for one in page})
    nobody = (None, None)
    items = []
    for one in page:
        full_name, school_code = people.get(one.volunteer_id, nobody)
        items.append(SetAsideOut(**one.model_dump(), full_name=full_name, school_code=school_code))
    return items, len(rows)


def find_stage_a(certificate: Certificate | None) -> StageCertificate | None:
    stages = certificate.stages if certificate else []
    return next((stage for stage in stages if stage.stage == "A"), None)


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds(), 3) if start and end else None
