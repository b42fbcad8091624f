"""Routes of blockers and of the support log."""

from typing import Annotated

from fastapi import Depends, Query, Request

from roster_api.access.principal import PrincipalDep
from roster_api.blockers import service, support
from roster_api.blockers.models import BlockerState, Level
from roster_api.blockers.schemas import BlockerDetails, BlockerOut, LogSupport, RaiseBlocker, StepWords, SupportOut
from roster_api.campaigns.models import Campaign
from roster_api.database import SessionDep
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.text import Code

router = domain_router(tag="blockers")
BLOCKERS = "/campaigns/{campaign_id}/blockers"
BLOCKER = BLOCKERS + "/{blocker_id}"


async def get_campaign_of_path(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Campaign:
    return await get_visible_campaign(session, principal, campaign_id)


async def get_office(request: Request) -> service.Office:
    settings = request.app.state.settings
    return service.Office(spans=settings.working_hours, working_day=settings.working_day)


CampaignDep = Annotated[Campaign, Depends(get_campaign_of_path)]
OfficeDep = Annotated[service.Office, Depends(get_office)]


@router.post(
    BLOCKERS,
    operation_id="raise_blocker",
    summary="Say what one is stuck with; who follows the commune is told",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def raise_blocker(
    campaign: CampaignDep, body: RaiseBlocker, session: SessionDep, principal: PrincipalDep, office: OfficeDep
) -> BlockerDetails:
    return await service.raise_blocker(session, principal=principal, campaign=campaign, office=office, body=body)


@router.get(BLOCKERS, operation_id="list_blockers", summary="Who has which blocker, and since when")
async def list_blockers(
    campaign: CampaignDep,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    state: BlockerState | None = None,
    level: Level | None = None,
    commune_code: Annotated[Code | None, Query()] = None,
) -> Page[BlockerOut]:
    return await service.list_blockers(
        session,
        principal=principal,
        campaign=campaign,
        state=state,
        level=level,
        commune=commune_code,
        paging=paging,
    )


@router.get(BLOCKER, operation_id="get_blocker", summary="A blocker with all its steps")
async def get_blocker(
    campaign: CampaignDep, blocker_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> BlockerDetails:
    return await service.describe(session, principal=principal, campaign=campaign, blocker_id=blocker_id)


@router.post(f"{BLOCKER}/solve", operation_id="solve_blocker", summary="open -> solved", responses=problems(409))
async def solve_blocker(
    campaign: CampaignDep, blocker_id: IdPath, body: StepWords, session: SessionDep, principal: PrincipalDep
) -> BlockerDetails:
    return await service.solve(session, principal=principal, campaign=campaign, blocker_id=blocker_id, words=body.words)


@router.post(f"{BLOCKER}/confirm", operation_id="confirm_blocker", summary="solved -> closed", responses=problems(409))
async def confirm_blocker(
    campaign: CampaignDep, blocker_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> BlockerDetails:
    return await service.confirm(session, principal=principal, campaign=campaign, blocker_id=blocker_id)


@router.post(
    f"{BLOCKER}/reopen", operation_id="reopen_blocker", summary="solved -> open again", responses=problems(409)
)
async def reopen_blocker(
    campaign: CampaignDep,
    blocker_id: IdPath,
    body: StepWords,
    session: SessionDep,
    principal: PrincipalDep,
    office: OfficeDep,
) -> BlockerDetails:
    return await service.reopen(
        session, principal=principal, campaign=campaign, office=office, blocker_id=blocker_id, words=body.words
    )


@router.post(f"{BLOCKER}/notes", operation_id="note_blocker", summary="Add a word to it", dependencies=[OnceOnly])
async def note_blocker(
    campaign: CampaignDep, blocker_id: IdPath, body: StepWords, session: SessionDep, principal: PrincipalDep
) -> BlockerDetails:
    return await service.note(session, principal=principal, campaign=campaign, blocker_id=blocker_id, words=body.words)


@router.post(
    "/campaigns/{campaign_id}/support",
    operation_id="log_support",
    summary="Support given to a commune, with its hours",
    status_code=201,
    dependencies=[OnceOnly],
)
async def log_support(
    campaign: CampaignDep, body: LogSupport, session: SessionDep, principal: PrincipalDep, office: OfficeDep
) -> SupportOut:
    return await support.log_support(session, principal=principal, campaign=campaign, office=office, body=body)


@router.get("/campaigns/{campaign_id}/support", operation_id="list_support", summary="Support given, the latest first")
async def list_support(
    campaign: CampaignDep,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    commune_code: Annotated[Code | None, Query()] = None,
) -> Page[SupportOut]:
    return await support.list_support(
        session, principal=principal, campaign=campaign, commune=commune_code, paging=paging
    )
