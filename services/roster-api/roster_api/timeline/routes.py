"""Routes of the timeline, of starting points, of the next wave, and of a province's first day."""

import asyncio
from typing import Annotated

from fastapi import Depends, Header, Path, Response

from roster_api.access.principal import PrincipalDep
from roster_api.campaigns.models import Campaign
from roster_api.database import LateSessionDep, SessionDep
from roster_api.errors import NotFoundError
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.plans.routes import XLSX
from roster_api.plans.visibility import get_visible_campaign
from roster_api.provinces.repository import find_province
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath, ProvinceCodePath
from roster_api.text import CODE_PATTERN
from roster_api.timeline import repository, starting, steps, waves
from roster_api.timeline.first_day import describe_first_day
from roster_api.timeline.schemas import (
    Agreement,
    FirstDay,
    LaunchWrite,
    NextWave,
    Proposal,
    StartingPointDetails,
    StartingPointOut,
    TimelineOut,
    TimelineWrite,
    WaveChanges,
    WaveCreated,
)
from roster_api.timeline.sheet import write_points

router = domain_router(tag="timeline")
CAMPAIGN = "/campaigns/{campaign_id}"
POINTS = f"{CAMPAIGN}/starting-points"
POINT = POINTS + "/{commune_code}/{school_id}"
CommunePath = Annotated[str, Path(max_length=64, pattern=CODE_PATTERN, examples=["22366"])]


async def get_campaign_of_path(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Campaign:
    return await get_visible_campaign(session, principal, campaign_id)


CampaignDep = Annotated[Campaign, Depends(get_campaign_of_path)]


@router.get(f"{CAMPAIGN}/timeline", operation_id="get_timeline", summary="The steps: due, done, late, who is awaited")
async def get_timeline(
    campaign: CampaignDep, session: SessionDep, principal: PrincipalDep, response: Response
) -> TimelineOut:
    return _tagged(response, await steps.describe_timeline(session, principal=principal, campaign=campaign))


def _tagged(response: Response, timeline: TimelineOut) -> TimelineOut:
    response.headers["ETag"] = f'"{steps.tag_of({each.step: each.due_on for each in timeline.steps})}"'
    return timeline


@router.put(
    f"{CAMPAIGN}/timeline",
    operation_id="declare_timeline",
    summary="Say when each step is due",
    responses=problems(409, 412),
)
async def declare_timeline(
    campaign_id: IdPath,
    body: TimelineWrite,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=200, description="Replace only this version")] = None,
) -> TimelineOut:
    timeline = await steps.declare_steps(
        session, principal=principal, campaign_id=campaign_id, body=body, if_match=if_match
    )
    return _tagged(response, timeline)


@router.post(
    f"{CAMPAIGN}/launch", operation_id="launch_campaign", summary="Say that it began, on a Monday",
    responses=problems(409),
)  # fmt: skip
async def launch_campaign(
    campaign_id: IdPath, body: LaunchWrite, session: SessionDep, principal: PrincipalDep
) -> TimelineOut:
    return await steps.launch(session, principal=principal, campaign_id=campaign_id, body=body)


@router.get(POINTS, operation_id="list_starting_points", summary="What schools and communes agreed to begin with")
async def list_starting_points(
    campaign: CampaignDep, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[StartingPointOut]:
    return await starting.list_points(session, principal=principal, campaign=campaign, paging=paging)


@router.get(
    f"{POINTS}.xlsx", operation_id="get_starting_points_sheet", summary="The same, to print", response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)  # fmt: skip
async def get_starting_points_sheet(campaign_id: IdPath, late: LateSessionDep, principal: PrincipalDep) -> Response:
    async with late.reading() as session:
        campaign = await get_visible_campaign(session, principal, campaign_id)
        rows = await session.execute(repository.select_pairs(campaign.id, principal))
        points = await starting.show_pairs(session, campaign.id, [(row[0], row[1]) for row in rows])
        duties = await repository.name_duties(session)
    return Response(
        await asyncio.to_thread(write_points, points, duties),
        media_type=XLSX,
        headers={
            "Content-Disposition": 'attachment; filename="diem-khoi-dau.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


@router.get(POINT, operation_id="get_starting_point", summary="A starting point with all that was said of it")
async def get_starting_point(
    campaign: CampaignDep, commune_code: CommunePath, school_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> StartingPointDetails:
    return await starting.describe_point(
        session, principal=principal, campaign=campaign, commune_code=commune_code, school_id=school_id
    )


@router.put(
    POINT, operation_id="propose_starting_point", summary="Propose the first visit, the first duties, whom to ask for",
    responses=problems(409),
)  # fmt: skip
async def propose_starting_point(
    campaign: CampaignDep, commune_code: CommunePath, school_id: IdPath, body: Proposal, session: SessionDep,
    principal: PrincipalDep,
) -> StartingPointDetails:  # fmt: skip
    """The other side is told. What was agreed holds no more once it is changed."""
    return await starting.propose(
        session, principal=principal, campaign=campaign, commune_code=commune_code, school_id=school_id, body=body
    )


@router.post(
    f"{POINT}/agree", operation_id="agree_starting_point", summary="Say yes to what was proposed",
    responses=problems(409),
)  # fmt: skip
async def agree_starting_point(
    campaign: CampaignDep, commune_code: CommunePath, school_id: IdPath, body: Agreement, session: SessionDep,
    principal: PrincipalDep,
) -> StartingPointDetails:  # fmt: skip
    return await starting.agree(
        session, principal=principal, campaign=campaign, commune_code=commune_code, school_id=school_id, body=body
    )


@router.post(
    f"{CAMPAIGN}/next-wave", operation_id="create_next_wave", status_code=201, dependencies=[OnceOnly],
    summary="Draft the campaign that follows this one: needs and decisions go along", responses=problems(409),
)  # fmt: skip
async def create_next_wave(
    campaign_id: IdPath, body: NextWave, session: SessionDep, principal: PrincipalDep, response: Response
) -> WaveCreated:
    """Its first run keeps as much of the plan in force of this campaign as it can."""
    made = await waves.create_next_wave(session, principal=principal, campaign_id=campaign_id, body=body)
    response.headers["Location"] = f"/v1/campaigns/{made.campaign_id}"
    return made


@router.get(
    f"{CAMPAIGN}/wave-changes", operation_id="get_wave_changes",
    summary="Who stays, leaves, moves or joins beside the wave before, and what goes on",
)  # fmt: skip
async def get_wave_changes(campaign: CampaignDep, session: SessionDep) -> WaveChanges:
    return await waves.describe_changes(session, campaign=campaign)


@router.get(
    "/provinces/{code}/first-day", operation_id="get_first_day",
    summary="What a province has on its first day, and what is still lacking",
)  # fmt: skip
async def get_first_day(code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep) -> FirstDay:
    if await find_province(session, principal=principal, code=code) is None:
        raise NotFoundError
    return await describe_first_day(session, code)
