"""Routes of national runs: asking, watching and cancelling for people; the border round for the matching worker."""

from typing import Any
from uuid import UUID

from commune_schemas.leases import ClaimRequest
from commune_schemas.national import BorderFailure, BorderProblem, BorderResult
from fastapi import Depends, Request, Response

from roster_api.database import SessionDep
from roster_api.errors import NotFoundError
from roster_api.idempotency import OnceOnly
from roster_api.matching_runs.internal_routes import refuse_nul
from roster_api.national import border, repository
from roster_api.national.presentation import (
    NationalPrincipalDep,
    describe_border_round,
    describe_national_run,
    get_national_principal,
    get_national_run,
    summarize_national_run,
)
from roster_api.national.requests import cancel_national_run, request_national_run
from roster_api.national.schemas import BorderRoundOut, NationalRequest, NationalRunOut, NationalRunSummary
from roster_api.national.spare import make_border_problem
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.routing import DocumentRoute, domain_router, problems

PROPOSAL_BYTES = 64_000_000

router = domain_router(tag="national runs", prefix="/v1/national-runs")
router.dependencies.append(Depends(get_national_principal))
internal = domain_router(tag="internal", prefix="/v1/internal/border-rounds", route_class=DocumentRoute)
internal.dependencies.append(Depends(refuse_nul))


@router.post(
    "",
    operation_id="request_national_run",
    summary="Ask for a matching of many provinces",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def post_national_run(
    body: NationalRequest, session: SessionDep, principal: NationalPrincipalDep, request: Request, response: Response
) -> NationalRunOut:
    """429 while a run of one of the campaigns is waiting or running, unless `force`."""
    allowed = request.app.state.settings.live_runs
    national = await request_national_run(session, request=body, by=principal.label, allowed=allowed)
    response.headers["Location"] = f"/v1/national-runs/{national.id}"
    return await describe_national_run(session, national)


@router.get("", operation_id="list_national_runs", summary="National runs, newest first")
async def list_national_runs(session: SessionDep, paging: PagingDep) -> Page[NationalRunSummary]:
    rows, total = await fetch_page(session, repository.select_national_runs(), paging=paging)
    items = [summarize_national_run(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/{national_run_id}", operation_id="get_national_run", summary="Progress by province, totals, certificate")
async def read_national_run(national_run_id: UUID, session: SessionDep) -> NationalRunOut:
    return await describe_national_run(session, await get_national_run(session, national_run_id))


@router.post("/{national_run_id}/cancel", operation_id="cancel_national_run", summary="Stop the unfinished provinces")
async def post_cancel(national_run_id: UUID, session: SessionDep, principal: NationalPrincipalDep) -> NationalRunOut:
    national = await cancel_national_run(session, national_run_id=national_run_id, by=principal.label)
    return await describe_national_run(session, national)


@router.get(
    "/{national_run_id}/border", operation_id="get_border_round", summary="Help proposed across provincial borders"
)
async def read_border_round(national_run_id: UUID, session: SessionDep) -> BorderRoundOut:
    return await describe_border_round(session, await get_national_run(session, national_run_id))


@router.get(
    "/{national_run_id}/border/problem", operation_id="get_border_document", summary="The border round as solved"
)
async def read_border_document(national_run_id: UUID, session: SessionDep) -> dict[str, Any]:
    return await _get_document(session, national_run_id, position=0)


@router.get(
    "/{national_run_id}/border/solution", operation_id="get_border_solution", summary="Its solution, with the prices"
)
async def read_border_solution(national_run_id: UUID, session: SessionDep) -> dict[str, Any]:
    return await _get_document(session, national_run_id, position=1)


@internal.post(
    "/{border_round_id}/claim",
    operation_id="take_border_round",
    summary="Take a border round",
    status_code=204,
    responses=problems(409),
)
async def take_border_round(border_round_id: UUID, claim: ClaimRequest, session: SessionDep) -> None:
    await border.take_border_round(session, border_round_id=border_round_id, worker=claim.worker)


@internal.get("/{border_round_id}/problem", operation_id="get_border_problem", summary="What to solve")
async def get_border_problem(border_round_id: UUID, session: SessionDep) -> BorderProblem:
    row = await repository.find_border_round_by_id(session, border_round_id)
    if row is None:
        raise NotFoundError
    return await make_border_problem(session, row)


@internal.put(
    "/{border_round_id}/result",
    operation_id="put_border_result",
    summary="Hand in the proposal",
    status_code=204,
    max_body_size=PROPOSAL_BYTES,
)
async def put_border_result(border_round_id: UUID, result: BorderResult, session: SessionDep) -> None:
    await border.keep_proposal(session, border_round_id=border_round_id, result=result)


@internal.put("/{border_round_id}/failure", operation_id="put_border_failure", summary="Give up", status_code=204)
async def put_border_failure(border_round_id: UUID, failure: BorderFailure, session: SessionDep) -> None:
    await border.keep_failure(session, border_round_id=border_round_id, failure=failure)


async def _get_document(session: SessionDep, national_run_id: UUID, *, position: int) -> dict[str, Any]:
    documents = await repository.find_border_documents(session, national_run_id)
    if documents is None:
        raise NotFoundError
    document: dict[str, Any] = documents[position]
    return document
