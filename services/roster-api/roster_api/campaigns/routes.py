"""Routes of campaigns."""

from typing import Annotated

from fastapi import Header, Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.campaigns import service
from roster_api.campaigns.models import CampaignStatus
from roster_api.campaigns.repository import CampaignFilter
from roster_api.campaigns.schemas import (
    CalendarExceptionsWrite,
    CampaignCalendar,
    CampaignCreate,
    CampaignPatch,
    CampaignRead,
)
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import ArchivedFilter, IdPath, ProvinceCodeQuery, SearchText

router = domain_router(tag="campaigns")


@router.get("/campaigns", operation_id="list_campaigns", summary="Campaigns, newest first")
async def list_campaigns(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    q: SearchText = None,
    province_code: ProvinceCodeQuery = None,
    status: Annotated[CampaignStatus | None, Query()] = None,
    archived: ArchivedFilter = False,
) -> Page[CampaignRead]:
    filters = CampaignFilter(q=q, province_code=province_code, status=status, archived=archived)
    return await service.list_campaigns(session, principal=principal, filters=filters, paging=paging)


@router.post(
    "/campaigns",
    operation_id="create_campaign",
    summary="Draft a campaign",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_campaign(
    body: CampaignCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignRead:
    row = await service.create_campaign(session, principal=principal, body=body)
    response.headers["Location"] = f"/v1/campaigns/{row.id}"
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.get("/campaigns/{campaign_id}", operation_id="get_campaign", summary="One campaign")
async def get_campaign(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignRead:
    row = await service.get_campaign(session, principal=principal, campaign_id=campaign_id)
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.patch(
    "/campaigns/{campaign_id}",
    operation_id="change_campaign",
    summary="Change a campaign's name, days, hours or policy",
    responses=problems(409, 412, 428),
)
async def change_campaign(
    campaign_id: IdPath,
    patch: CampaignPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> CampaignRead:
    """Days and hours only while it is a draft."""
    row = await service.change_campaign(
        session, principal=principal, campaign_id=campaign_id, if_match=if_match, patch=patch
    )
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.post(
    "/campaigns/{campaign_id}/open", operation_id="open_campaign", summary="Open a draft", responses=problems(409)
)
async def open_campaign(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignRead:
    row = await service.move_campaign(session, principal=principal, campaign_id=campaign_id, to=CampaignStatus.OPEN)
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.post(
    "/campaigns/{campaign_id}/close",
    operation_id="close_campaign",
    summary="Close an open campaign",
    responses=problems(409),
)
async def close_campaign(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignRead:
    """Its needs and decisions can no longer change."""
    row = await service.move_campaign(session, principal=principal, campaign_id=campaign_id, to=CampaignStatus.CLOSED)
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.post(
    "/campaigns/{campaign_id}/archive",
    operation_id="archive_campaign",
    summary="Put a draft or closed campaign away",
    responses=problems(409),
)
async def archive_campaign(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignRead:
    row = await service.set_archived(session, principal=principal, campaign_id=campaign_id, archived=True)
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.post(
    "/campaigns/{campaign_id}/restore", operation_id="restore_campaign", summary="Bring an archived campaign back"
)
async def restore_campaign(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignRead:
    row = await service.set_archived(session, principal=principal, campaign_id=campaign_id, archived=False)
    set_etag(response, row.row_version)
    return CampaignRead.model_validate(row)


@router.get("/campaigns/{campaign_id}/calendar", operation_id="get_campaign_calendar", summary="Which days are worked")
async def get_campaign_calendar(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CampaignCalendar:
    """Each working day, holiday (Vietnam's, by name) and exception of the campaign."""
    row = await service.get_campaign(session, principal=principal, campaign_id=campaign_id)
    set_etag(response, row.row_version)
    return service.read_calendar(row)


@router.put(
    "/campaigns/{campaign_id}/calendar-exceptions",
    operation_id="declare_calendar_exceptions",
    summary="Declare closed days, worked holidays and worked weekends",
    responses=problems(409, 412),
)
async def declare_calendar_exceptions(
    campaign_id: IdPath,
    body: CalendarExceptionsWrite,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=200, description="Replace only this version")] = None,
) -> CampaignCalendar:
    """All of them, all or none. A plan already made stays as it is; the next run keeps to them."""
    row = await service.declare_exceptions(
        session, principal=principal, campaign_id=campaign_id, if_match=if_match, exceptions=body.items
    )
    set_etag(response, row.row_version)
    return service.read_calendar(row)
