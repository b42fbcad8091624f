"""Routes of allowances."""

import asyncio
from typing import Annotated

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.allowances import presentation, rates, repository, service
from roster_api.allowances.models import StatementState
from roster_api.allowances.schemas import (
    AllowanceTotals,
    ComputeRequest,
    Month,
    RateCreate,
    RateEnd,
    RateRead,
    StatementDetail,
    StatementOut,
)
from roster_api.allowances.sheet import SchoolStatement, write_sheet
from roster_api.database import LateSessionDep, SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.plans.repository import fetch_rows
from roster_api.plans.routes import XLSX
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath

router = domain_router(tag="allowances")
MonthQuery = Annotated[Month, Query(description="By its first day", examples=["2026-11-01"])]


@router.get("/allowance-rates", operation_id="list_allowance_rates", summary="Rates of the province")
async def list_allowance_rates(session: SessionDep, principal: PrincipalDep, paging: PagingDep) -> Page[RateRead]:
    rows, total = await fetch_page(session, await rates.select_rates(session, principal), paging=paging)
    items = [RateRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post(
    "/allowance-rates",
    operation_id="set_allowance_rate",
    summary="Set a rate: from when, by which legal basis",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def set_allowance_rate(body: RateCreate, session: SessionDep, principal: PrincipalDep) -> RateRead:
    return RateRead.model_validate(await rates.set_rate(session, principal=principal, body=body))


@router.post(
    "/allowance-rates/{rate_id}/end",
    operation_id="end_allowance_rate",
    summary="The last day on which a rate holds",
    responses=problems(409),
)
async def end_allowance_rate(rate_id: IdPath, body: RateEnd, session: SessionDep, principal: PrincipalDep) -> RateRead:
    rate = await rates.end_rate(session, principal=principal, rate_id=rate_id, valid_until=body.valid_until)
    return RateRead.model_validate(rate)


@router.post(
    "/campaigns/{campaign_id}/allowance-statements",
    operation_id="compute_allowances",
    summary="Compute every school's statement of a month from confirmed days",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def compute_allowances(
    campaign_id: IdPath, body: ComputeRequest, session: SessionDep, principal: PrincipalDep
) -> AllowanceTotals:
    """Statements that are not approved are made anew; what changed since an approval becomes a correction."""
    await service.compute(session, principal=principal, campaign_id=campaign_id, month=body.month)
    return await presentation.sum_up(session, principal, campaign_id, body.month)


@router.get(
    "/campaigns/{campaign_id}/allowance-statements",
    operation_id="list_allowance_statements",
    summary="Statements by month and school",
)
async def list_allowance_statements(
    campaign_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    month: Annotated[Month | None, Query()] = None,
    state: Annotated[StatementState | None, Query()] = None,
) -> Page[StatementOut]:
    await get_visible_campaign(session, principal, campaign_id)
    query = repository.select_statements(principal, campaign_id, month=month, state=state)
    rows, total = await fetch_rows(session, query, limit=paging.limit, offset=paging.offset)
    items = [presentation.show_statement(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/campaigns/{campaign_id}/allowance-totals",
    operation_id="get_allowance_totals",
    summary="What allowances come to, by school and state",
)
async def get_allowance_totals(
    campaign_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    month: Annotated[Month | None, Query()] = None,
) -> AllowanceTotals:
    await get_visible_campaign(session, principal, campaign_id)
    return await presentation.sum_up(session, principal, campaign_id, month)


@router.get(
    "/campaigns/{campaign_id}/allowances.xlsx",
    operation_id="get_allowances_workbook",
    summary="A month's statements for the treasury, with sums",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_allowances_workbook(
    campaign_id: IdPath, month: MonthQuery, late: LateSessionDep, principal: PrincipalDep
) -> Response:
    async with late.reading() as session:
        campaign = await get_visible_campaign(session, principal, campaign_id)
        rows = (await session.execute(repository.select_statements(principal, campaign_id, month=month))).all()
        statements = [
            SchoolStatement(
                presentation.show_statement(row),
                await presentation.list_people(session, [row[0].id]),
                await presentation.list_unpaid_people(session, [row[0]]),
                await presentation.list_school_words(session, [row[0]]),
            )
            for row in rows
        ]
        name = campaign.name
    return Response(
        await asyncio.to_thread(write_sheet, name, month, statements),
        media_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="kinh-phi-{month:%Y-%m}.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


@router.get(
    "/allowance-statements/{statement_id}",
    operation_id="get_allowance_statement",
    summary="A statement, person by person, and who is paid nothing and why",
)
async def get_allowance_statement(
    statement_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> StatementDetail:
    statement = await service.get_statement(session, principal, statement_id)
    set_etag(response, statement.row_version)
    return await presentation.describe_statement(session, principal, statement)


@router.post(
    "/allowance-statements/{statement_id}/check",
    operation_id="check_allowance_statement",
    summary="computed -> checked, by the school",
    responses=problems(409, 412, 428),
)
async def check_allowance_statement(
    statement_id: IdPath, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep, response: Response
) -> StatementDetail:
    statement = await service.move(
        session, principal=principal, statement_id=statement_id, to=StatementState.CHECKED, if_match=if_match
    )
    set_etag(response, statement.row_version)
    return await presentation.describe_statement(session, principal, statement)


@router.post(
    "/allowance-statements/{statement_id}/approve",
    operation_id="approve_allowance_statement",
    summary="checked -> approved, by Finance",
    responses=problems(409, 412, 428),
)
async def approve_allowance_statement(
    statement_id: IdPath, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep, response: Response
) -> StatementDetail:
    """Its lines stay as they are from now on."""
    statement = await service.move(
        session, principal=principal, statement_id=statement_id, to=StatementState.APPROVED, if_match=if_match
    )
    set_etag(response, statement.row_version)
    return await presentation.describe_statement(session, principal, statement)


@router.post(
    "/allowance-statements/{statement_id}/pay",
    operation_id="pay_allowance_statement",
    summary="approved -> paid, by Finance",
    responses=problems(409, 412, 428),
)
async def pay_allowance_statement(
    statement_id: IdPath, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep, response: Response
) -> StatementDetail:
    statement = await service.move(
        session, principal=principal, statement_id=statement_id, to=StatementState.PAID, if_match=if_match
    )
    set_etag(response, statement.row_version)
    return await presentation.describe_statement(session, principal, statement)
