"""Routes of scenarios."""

from uuid import UUID

from fastapi import Request, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.idempotency import OnceOnly
from roster_api.matching_runs.requests import refuse_more_live_runs
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.scenarios import repository, service
from roster_api.scenarios.schemas import ScenarioSetOut, ScenarioSetSummary, ScenariosRequest

router = domain_router(tag="scenarios")


@router.post(
    "/campaigns/{campaign_id}/scenarios",
    operation_id="request_scenarios",
    summary="Start several runs to be compared",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def request_scenarios(
    campaign_id: UUID,
    body: ScenariosRequest,
    session: SessionDep,
    principal: PrincipalDep,
    request: Request,
    response: Response,
) -> ScenarioSetOut:
    """They wait for one another. 429 while a run of the campaign is waiting or running, unless `force`."""
    campaign = await get_visible_campaign(session, principal, campaign_id)
    if not body.force:
        await refuse_more_live_runs(session, campaign_id=campaign_id, allowed=request.app.state.settings.live_runs)
    asked = await service.request_scenarios(session, campaign=campaign, request=body, by=principal.label)
    response.headers["Location"] = f"/v1/campaigns/{campaign_id}/scenarios/{asked.id}"
    return await service.describe_set(session, asked)


@router.get(
    "/campaigns/{campaign_id}/scenarios", operation_id="list_scenarios", summary="Sets of scenarios, newest first"
)
async def list_scenarios(
    campaign_id: UUID, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[ScenarioSetSummary]:
    await get_visible_campaign(session, principal, campaign_id)
    rows, total = await fetch_page(session, repository.select_sets(campaign_id), paging=paging)
    items = [ScenarioSetSummary.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/campaigns/{campaign_id}/scenarios/{set_id}",
    operation_id="get_scenarios",
    summary="The plans side by side, as far as they are done",
)
async def get_scenarios(
    campaign_id: UUID, set_id: UUID, session: SessionDep, principal: PrincipalDep
) -> ScenarioSetOut:
    await get_visible_campaign(session, principal, campaign_id)
    return await service.describe_set(session, await service.get_set(session, campaign_id=campaign_id, set_id=set_id))


@router.post(
    "/campaigns/{campaign_id}/scenarios/{set_id}/cancel",
    operation_id="cancel_scenarios",
    summary="Stop all runs of the set that have not ended",
)
async def cancel_scenarios(
    campaign_id: UUID, set_id: UUID, session: SessionDep, principal: PrincipalDep
) -> ScenarioSetOut:
    await get_visible_campaign(session, principal, campaign_id)
    asked = await service.get_set(session, campaign_id=campaign_id, set_id=set_id)
    await service.cancel_set(session, asked, by=principal.label)
    return await service.describe_set(session, asked)
