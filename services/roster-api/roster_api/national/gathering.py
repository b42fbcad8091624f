"""Gathering: when every province has ended, one certificate over all, and the border round is asked for.

The relay calls gather_national_runs() once a round, so a province may end in any way (result, failure, deadline).
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from commune_schemas.jobs import SOLVE_BORDER_ROUND
from commune_schemas.matching import Certificate, RunStatus
from commune_schemas.national import (
    BorderStatus,
    LevelTotal,
    NationalCertificate,
    NationalStatus,
    ProvinceCertificate,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.national import repository
from roster_api.national.models import BorderRound, NationalRun
from roster_api.national.repository import ProvinceRow
from roster_api.outbox import service as outbox
from roster_api.work.handing_out import now_and_later

log = structlog.get_logger(__name__)

BORDER_WAITING_ALLOWED = timedelta(hours=2)


async def gather_national_runs(session: AsyncSession) -> int:
    """Gather what is complete. Returns how many were."""
    complete = await repository.list_complete_for_update(session)
    for national in complete:
        await _gather(session, national)
    return len(complete)


async def _gather(session: AsyncSession, national: NationalRun) -> None:
    rows = await repository.list_provinces(session, national.id)
    plans = await repository.list_plan_ids(session, [run.id for _, run in rows])
    certificate = make_certificate(rows, with_plan=plans.keys())
    national.certificate = certificate.model_dump(mode="json")
    national.gathered_at, deadline = await now_and_later(session, BORDER_WAITING_ALLOWED)
    national.status = _judge(rows, planned=len(plans), is_cancelled=national.cancel_requested_at is not None)
    if national.border_distance_m is not None and plans and national.status != NationalStatus.CANCELLED:
        await _request_border_round(session, national, deadline=deadline)
    log.info("national.gathered", national_run_id=str(national.id), status=national.status)


def _judge(rows: Sequence[ProvinceRow], *, planned: int, is_cancelled: bool) -> NationalStatus:
    statuses = {run.status for _, run in rows}
    if is_cancelled and RunStatus.CANCELLED in statuses:
        return NationalStatus.CANCELLED
    if statuses == {RunStatus.SUCCEEDED}:
        return NationalStatus.SUCCEEDED
    return NationalStatus.PARTIAL if planned else NationalStatus.FAILED


async def _request_border_round(session: AsyncSession, national: NationalRun, *, deadline: Any) -> None:
    border_id = uuid4()
    outbox_id = await outbox.append(session, topic=SOLVE_BORDER_ROUND, args={"border_round_id": str(border_id)})
    session.add(
        BorderRound(
            id=border_id,
            national_run_id=national.id,
            outbox_id=outbox_id,
            status=BorderStatus.QUEUED,
            requested_at=national.gathered_at,
            deadline_at=deadline,
        )
    )
    await session.flush()


def make_certificate(rows: Sequence[ProvinceRow], *, with_plan: Any) -> NationalCertificate:
    """From the provinces' certificates; sums are over provinces that have a plan."""
    provinces = []
    gathered: list[Certificate] = []
    for province, run in rows:
        certificate = Certificate.model_validate(run.certificate) if run.certificate else None
        if certificate is not None and run.id in with_plan:
            gathered.append(certificate)
        provinces.append(
            ProvinceCertificate(
                province_code=province.province_code,
                campaign_id=run.campaign_id,
                run_id=run.id,
                run_status=RunStatus(run.status),
                certificate_sha256=hash_canonical(run.certificate) if run.certificate else None,
                status=certificate.status if certificate else None,
                unmet_lower_bound=certificate.unmet_lower_bound if certificate else None,
                unmet_upper_bound=certificate.unmet_upper_bound if certificate else None,
                stages=certificate.stages if certificate else [],
            )
        )
    lower = sum(certificate.unmet_lower_bound for certificate in gathered)
    upper = sum(certificate.unmet_upper_bound for certificate in gathered)
    is_whole = len(gathered) == len(rows)
    is_optimal = is_whole and all(certificate.status == "optimal" for certificate in gathered)
    return NationalCertificate(
        status="optimal" if is_optimal else "feasible" if is_whole else "incomplete",
        provinces=provinces,
        levels=sum_levels(gathered),
        unmet_lower_bound=lower,
        unmet_upper_bound=upper,
        unmet_gap=relative_gap(upper, lower),
        sha256=hash_canonical([[one.province_code, one.certificate_sha256] for one in provinces]),
    )


def sum_levels(certificates: Sequence[Certificate]) -> list[LevelTotal]:
    """By stage and level, in the certificates' order."""
    objective: dict[tuple[str, str], int] = {}
    bound: dict[tuple[str, str], int] = {}
    for certificate in certificates:
        for stage in certificate.stages:
            for level, value in stage.objective.items():
                key = (stage.stage, level)
                objective[key] = objective.get(key, 0) + value
                bound[key] = bound.get(key, 0) + stage.bound.get(level, 0)
    return [
        LevelTotal(stage=key[0], level=key[1], objective=value, bound=bound[key], gap=relative_gap(value, bound[key]))
        for key, value in objective.items()
    ]


def relative_gap(objective: int, bound: int) -> float:
    return round((objective - bound) / max(1, objective), 6)


def hash_canonical(content: Any) -> str:
    """SHA-256 of JSON with sorted keys, no blanks, UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
