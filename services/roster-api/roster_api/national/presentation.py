"""National runs and border rounds as the routes show them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from commune_schemas.matching import Certificate, RunStatus, SolveOptions, StageCertificate
from commune_schemas.national import BorderStatus, NationalCertificate, NationalStatus
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.errors import ForbiddenError, NotFoundError
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.presentation import find_stage_a
from roster_api.matching_runs.schemas import FailureOut, ProgressOut
from roster_api.national import repository
from roster_api.national.models import BorderRound, NationalRun
from roster_api.national.schemas import (
    BorderRoundOut,
    BorderSupportOut,
    NationalRunOut,
    NationalRunSummary,
    NationalTotals,
    ProvinceProgress,
)
from roster_api.work.handing_out import LIVE


async def get_national_principal(principal: PrincipalDep) -> Principal:
    """403 for a key bound to a province, whatever it asks for: the whole country is not its business."""
    if principal.province_code is not None:
        raise ForbiddenError(
            "access.national",
            vi="Khóa này chỉ dùng cho một tỉnh; ghép toàn quốc cần khóa cấp quốc gia.",
            en="This key is bound to a province; national runs need one that is not.",
        )
    return principal


NationalPrincipalDep = Annotated[Principal, Depends(get_national_principal)]


async def get_national_run(session: AsyncSession, national_run_id: UUID) -> NationalRun:
    national = await repository.find_national_run(session, national_run_id)
    if national is None:
        raise NotFoundError
    return national


async def describe_national_run(session: AsyncSession, national: NationalRun) -> NationalRunOut:
    rows = await repository.list_provinces(session, national.id)
    plans = await repository.list_plan_ids(session, [run.id for _, run in rows])
    codes = [province.province_code for province, _ in rows]
    names, _, _ = await repository.list_names(session, provinces=codes, communes=(), schools=())
    provinces = [
        _describe_province(run, code=province.province_code, name=names[province.province_code], plans=plans)
        for province, run in rows
    ]
    border = await repository.find_border_round(session, national.id)
    return NationalRunOut(
        **_describe_plain(national),
        note=national.note,
        options=SolveOptions.model_validate(national.options),
        border_distance_m=national.border_distance_m,
        cancel_requested_at=national.cancel_requested_at,
        percent=round(sum(one.percent for one in provinces) / max(1, len(provinces)), 1),
        provinces=provinces,
        totals=NationalTotals(provinces=len(plans), **await repository.sum_plans(session, list(plans.values()))),
        certificate=NationalCertificate.model_validate(national.certificate) if national.certificate else None,
        border_status=BorderStatus(border.status) if border else None,
    )


def summarize_national_run(national: NationalRun) -> NationalRunSummary:
    return NationalRunSummary(**_describe_plain(national))


def _describe_plain(national: NationalRun) -> dict[str, object]:
    plain = ("id", "name", "requested_by", "requested_by_id", "requested_at", "gathered_at")
    return {name: getattr(national, name) for name in plain} | {"status": NationalStatus(national.status)}


def _describe_province(run: MatchingRun, *, code: str, name: str, plans: dict[UUID, UUID]) -> ProvinceProgress:
    progress = ProgressOut.model_validate(run.progress) if run.progress else None
    news = progress if progress and progress.stage == "A" else None
    stage_a = find_stage_a(Certificate.model_validate(run.certificate)) if run.certificate else None
    has_ended = run.status not in LIVE
    failure = None
    if run.failure_kind:
        failure = FailureOut(kind=run.failure_kind, vi=run.failure_vi or "", en=run.failure_en or "")
    return ProvinceProgress(
        province_code=code,
        province_name=name,
        campaign_id=run.campaign_id,
        run_id=run.id,
        status=RunStatus(run.status),
        percent=100.0 if has_ended else progress.percent if progress else 0.0,
        stage=progress.stage if progress and not has_ended else None,
        message_vi=progress.message_vi if progress and not has_ended else None,
        message_en=progress.message_en if progress and not has_ended else None,
        objective=stage_a.objective if stage_a else news and news.objective,
        bound=stage_a.bound if stage_a else news and news.bound,
        gap=max(stage_a.gap.values(), default=0.0) if stage_a else news and news.gap,
        worker=run.worker,
        attempts=run.attempts,
        started_at=run.started_at,
        finished_at=run.finished_at,
        failure=failure,
        plan_id=plans.get(run.id),
    )


async def describe_border_round(session: AsyncSession, national: NationalRun) -> BorderRoundOut:
    """404 while none has been asked for."""
    border = await repository.find_border_round(session, national.id)
    if border is None:
        raise NotFoundError
    certificate = StageCertificate.model_validate(border.certificate) if border.certificate else None
    failure = None
    if border.failure_kind:
        failure = FailureOut(kind=border.failure_kind, vi=border.failure_vi or "", en=border.failure_en or "")
    supports = await _describe_supports(session, border)
    return BorderRoundOut(
        id=border.id,
        national_run_id=national.id,
        status=BorderStatus(border.status),
        max_distance_m=national.border_distance_m or 0,
        requested_at=border.requested_at,
        finished_at=border.finished_at,
        attempts=border.attempts,
        worker=border.worker,
        supports=supports,
        days=sum(support.days for support in supports),
        objective=certificate.objective if certificate else None,
        bound=certificate.bound if certificate else None,
        gap=max(certificate.gap.values(), default=0.0) if certificate else None,
        certificate=certificate,
        failure=failure,
    )


async def _describe_supports(session: AsyncSession, border: BorderRound) -> Sequence[BorderSupportOut]:
    rows = border.supports or []
    provinces, communes, schools = await repository.list_names(
        session,
        provinces=[row[key] for row in rows for key in ("province_code", "helper_province_code")],
        communes=[row["commune_code"] for row in rows],
        schools=[row["school_code"] for row in rows],
    )
    return [
        BorderSupportOut(
            **row,
            province_name=provinces.get(row["province_code"], ""),
            commune_name=communes.get(row["commune_code"], ""),
            helper_province_name=provinces.get(row["helper_province_code"], ""),
            school_name=schools.get(row["school_code"], ""),
        )
        for row in rows
    ]
