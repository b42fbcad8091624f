"""Routes of secondment runs."""

import asyncio
from typing import Annotated

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.provinces.repository import find_province
from roster_api.routing import domain_router, problems
from roster_api.secondments import deciding, repository, requests
from roster_api.secondments.models import SecondmentRun
from roster_api.secondments.presenting import check_finished, list_empty, read_run, read_totals, read_vacancies
from roster_api.secondments.schemas import (
    Considered,
    Decided,
    DecideRun,
    SecondmentRequest,
    SecondmentRunRead,
    SecondmentRunTotals,
    VacancyRead,
)
from roster_api.secondments.selection_sheet import write_selection
from roster_api.secondments.sheet_words import read_names
from roster_api.shapes import IdPath, ProvinceCodePath

router = domain_router(tag="staff")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUN = "/secondment-runs/{secondment_run_id}"


async def _load(session: SessionDep, principal: PrincipalDep, run_id: IdPath) -> SecondmentRun:
    return check_finished(await repository.find_run(session, run_id, principal=principal, with_documents=True))


@router.post(
    "/provinces/{code}/secondment-runs",
    operation_id="request_secondment_run",
    summary="Find people for the empty posts",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def request_secondment_run(
    code: ProvinceCodePath, body: SecondmentRequest, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentRunRead:
    """People of communes before those of provincial agencies, the nearest first. Ask `Location` how far it is."""
    run = await requests.request_run(session, principal=principal, province_code=code, request=body)
    response.headers["Location"] = f"/v1/secondment-runs/{run.id}"
    return read_run(run)


@router.get("/provinces/{code}/secondment-runs", operation_id="list_secondment_runs", summary="The newest first")
async def list_secondment_runs(
    code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[SecondmentRunRead]:
    if await find_province(session, principal=principal, code=code) is None:
        raise NotFoundError
    query = repository.select_runs(principal=principal, province_code=code)
    rows, total = await fetch_page(session, query, paging=paging)
    items = [read_run(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(RUN, operation_id="get_secondment_run", summary="One run: how far, or what it came to")
async def get_secondment_run(
    secondment_run_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> SecondmentRunTotals:
    run = await repository.find_run(session, secondment_run_id, principal=principal, with_documents=True)
    if run is None:
        raise NotFoundError
    return read_totals(run)


@router.post(f"{RUN}/cancel", operation_id="cancel_secondment_run", summary="Stop a run")
async def cancel_secondment_run(
    secondment_run_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> SecondmentRunRead:
    return read_run(await requests.cancel_run(session, principal=principal, run_id=secondment_run_id))


@router.get(f"{RUN}/considered", operation_id="list_considered", summary="Everybody who might have been moved")
async def list_considered(
    secondment_run_id: IdPath, session: SessionDep, principal: PrincipalDep, paging: PagingDep,
    is_candidate: Annotated[bool | None, Query(description="Those who met the criteria, or did not")] = None,
) -> Page[Considered]:  # fmt: skip
    """By code; why not who was left out."""
    run = await repository.find_run(session, secondment_run_id, principal=principal, with_documents=True)
    if run is None:
        raise NotFoundError
    rows = [one for one in run.considered if is_candidate is None or one["is_candidate"] == is_candidate]
    items = [Considered.model_validate(one) for one in rows[paging.offset : paging.offset + paging.limit]]
    return Page(items=items, total=len(rows), limit=paging.limit, offset=paging.offset)


@router.get(f"{RUN}/vacancies", operation_id="list_vacancies", summary="Each vacancy, who fills it, and why")
async def list_vacancies(
    secondment_run_id: IdPath, session: SessionDep, principal: PrincipalDep, paging: PagingDep,
    empty: Annotated[bool, Query(description="Only what stays empty: to recruit for, or fill by contract")] = False,
    vacancy: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[VacancyRead]:  # fmt: skip
    """Why this person, who comes next, and why not each of the others who know the field."""
    run = await _load(session, principal, secondment_run_id)
    names = list_empty(run) if empty else list(run.vacancies)
    names = [name for name in names if vacancy is None or name == vacancy]
    items = await read_vacancies(session, run, names[paging.offset : paging.offset + paging.limit])
    return Page(items=items, total=len(names), limit=paging.limit, offset=paging.offset)


@router.get(
    f"{RUN}/selection.xlsx", operation_id="get_selection_sheet", summary="The selection, to print",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}, "description": "Sheets"}},
)  # fmt: skip
async def get_selection_sheet(secondment_run_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Response:
    """Criteria, who fills what and why, everybody considered and why not, what stays empty."""
    run = await _load(session, principal, secondment_run_id)
    rows = await read_vacancies(session, run, list(run.vacancies))
    names = await read_names(session, run)
    content = await asyncio.to_thread(write_selection, run.criteria, run.considered, rows, names)
    headers = {"Content-Disposition": 'attachment; filename="lua-chon.xlsx"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=XLSX, headers=headers)


@router.post(
    f"{RUN}/decisions", operation_id="decide_secondment_run", summary="Draft a decision for each move",
    status_code=201, dependencies=[OnceOnly], responses=problems(409),
)  # fmt: skip
async def decide_secondment_run(
    secondment_run_id: IdPath, body: DecideRun, session: SessionDep, principal: PrincipalDep
) -> Decided:
    return await deciding.decide_run(session, principal=principal, run_id=secondment_run_id, body=body)
