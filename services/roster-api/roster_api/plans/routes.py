"""Routes of plans. Publishing has its own folder, notices/."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep, SessionDep
from roster_api.etags import set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.plans import service
from roster_api.plans.annex import name_in_file, read_annex
from roster_api.plans.copies import copy_to_draft
from roster_api.plans.responsible import Answerable, find_answerable
from roster_api.plans.schemas import (
    ApprovalBody,
    PlacementOut,
    PlanOut,
    ResponsibilityOut,
    ShortfallOut,
)
from roster_api.plans.scope import RowScope
from roster_api.plans.totals import CampaignTotals, describe_totals
from roster_api.plans.visibility import find_school_id, get_visible_campaign, get_visible_plan
from roster_api.routing import domain_router, problems
from roster_api.text import Code

router = domain_router(tag="plans")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/campaigns/{campaign_id}/plans",
    operation_id="list_plans",
    summary="Plans, the newest computed first; who sees no drafts: versions, the newest first",
)
async def list_plans(
    campaign_id: UUID, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[PlanOut]:
    await get_visible_campaign(session, principal, campaign_id)
    items, total = await service.list_plans(
        session, principal, campaign_id=campaign_id, limit=paging.limit, offset=paging.offset
    )
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/campaigns/{campaign_id}/totals", operation_id="get_campaign_totals", summary="The campaign in numbers alone"
)
async def get_campaign_totals(campaign_id: UUID, session: SessionDep, principal: PrincipalDep) -> CampaignTotals:
    """What was asked for, and what the plan in force gives; no person, no school, no commune is named."""
    return await describe_totals(session, await get_visible_campaign(session, principal, campaign_id))


@router.get("/plans/{plan_id}", operation_id="get_plan", summary="One plan")
async def get_plan(plan_id: UUID, session: SessionDep, principal: PrincipalDep, response: Response) -> PlanOut:
    """Its ETag is what a change by hand is to name in If-Match."""
    plan = await get_visible_plan(session, principal, plan_id)
    set_etag(response, plan.edit_version)
    return await service.describe_plan(session, plan, principal)


@router.get(
    "/plans/{plan_id}/responsibilities", operation_id="list_responsibilities", summary="Which school has which commune"
)
async def list_responsibilities(
    plan_id: UUID, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[ResponsibilityOut]:
    plan = await get_visible_plan(session, principal, plan_id)
    items, total = await service.list_responsibilities(
        session, principal, plan, limit=paging.limit, offset=paging.offset
    )
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/plans/{plan_id}/placements", operation_id="list_placements", summary="Who goes where on which weekdays")
async def list_placements(
    plan_id: UUID,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    school_code: Annotated[Code | None, Query()] = None,
    commune_code: Annotated[Code | None, Query()] = None,
    volunteer_id: UUID | None = None,
) -> Page[PlacementOut]:
    plan = await get_visible_plan(session, principal, plan_id)
    school_id = await find_school_id(session, school_code)
    filters = RowScope(school_id=school_id, commune_code=commune_code, volunteer_id=volunteer_id)
    items, total = await service.list_placements(
        session, principal, plan, filters=filters, limit=paging.limit, offset=paging.offset
    )
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/plans/{plan_id}/shortfalls", operation_id="list_shortfalls", summary="Need that is not met")
async def list_shortfalls(
    plan_id: UUID, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[ShortfallOut]:
    plan = await get_visible_plan(session, principal, plan_id)
    items, total = await service.list_shortfalls(session, principal, plan, limit=paging.limit, offset=paging.offset)
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/plans/{plan_id}/annex.xlsx",
    operation_id="get_plan_annex",
    summary="The decision's annex as a workbook",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_plan_annex(plan_id: UUID, late: LateSessionDep, principal: PrincipalDep) -> Response:
    async with late.reading() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        write = await read_annex(session, principal, plan)
    name = f"phu-luc-{name_in_file(plan)}.xlsx"
    return Response(
        await asyncio.to_thread(write),
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@router.get(
    "/campaigns/{campaign_id}/communes/{commune_code}/answerable",
    operation_id="get_answerable",
    summary="Who answers for a field in a commune, by the plan in force",
)
async def get_answerable(
    campaign_id: UUID,
    commune_code: Code,
    field_code: Annotated[Code, Query()],
    session: SessionDep,
    principal: PrincipalDep,
) -> Answerable:
    """The lead and its contact, supports, who does the work, and the duties of the field with their guidance."""
    await get_visible_campaign(session, principal, campaign_id)
    return await find_answerable(
        session, principal, campaign_id=campaign_id, commune_code=commune_code, field_code=field_code
    )


@router.post(
    "/plans/{plan_id}/approve", operation_id="approve_plan", summary="draft -> approved", responses=problems(409)
)
async def approve_plan(plan_id: UUID, session: SessionDep, principal: PrincipalDep, body: ApprovalBody) -> PlanOut:
    await get_visible_plan(session, principal, plan_id)
    plan = await service.approve_plan(session, plan_id=plan_id, base_plan_id=body.base_plan_id, by=principal.label)
    return await service.describe_plan(session, plan)


@router.post(
    "/plans/{plan_id}/drafts",
    operation_id="copy_plan_to_draft",
    summary="A superseded or discarded plan as a new draft: the way back",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def copy_plan_to_draft(plan_id: UUID, session: SessionDep, principal: PrincipalDep) -> PlanOut:
    await get_visible_plan(session, principal, plan_id)
    return await service.describe_plan(session, await copy_to_draft(session, plan_id=plan_id))


@router.post(
    "/plans/{plan_id}/discard", operation_id="discard_plan", summary="Give a draft up", responses=problems(409)
)
async def discard_plan(plan_id: UUID, session: SessionDep, principal: PrincipalDep) -> PlanOut:
    await get_visible_plan(session, principal, plan_id)
    plan = await service.discard_plan(session, plan_id=plan_id, by=principal.label)
    return await service.describe_plan(session, plan)
