"""Routes of submitting, reviewing and reminding of needs, and of totals."""

from fastapi import Response

from roster_api.access.principal import PrincipalDep
from roster_api.campaigns.service import get_campaign
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.need_reviews import repository, service
from roster_api.need_reviews.schemas import (
    NeedTotalsOut,
    NeedVersionOut,
    ReminderOut,
    ReminderRequest,
    ReviewRequest,
    SilentCommune,
)
from roster_api.needs.schemas import NeedRead
from roster_api.needs.service import get_need
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.routing import domain_router, problems
from roster_api.shapes import CommuneCodePath, IdPath

router = domain_router(tag="needs")
NEED = "/campaigns/{campaign_id}/needs/{commune_code}"


@router.post(f"{NEED}/submit", operation_id="submit_need", summary="draft -> submitted", responses=problems(409))
async def submit_need(
    campaign_id: IdPath, commune_code: CommuneCodePath, session: SessionDep, principal: PrincipalDep, response: Response
) -> NeedRead:
    need = await service.submit(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)
    set_etag(response, need.row_version)
    return need


@router.post(
    f"{NEED}/review",
    operation_id="review_need",
    summary="Accept a submitted need, or change it with a reason",
    responses=problems(409, 412, 428),
)
async def review_need(
    campaign_id: IdPath,
    commune_code: CommuneCodePath,
    body: ReviewRequest,
    if_match: IfMatchDep,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
) -> NeedRead:
    need = await service.review(
        session,
        principal=principal,
        campaign_id=campaign_id,
        commune_code=commune_code,
        if_match=if_match,
        request=body,
    )
    set_etag(response, need.row_version)
    return need


@router.get(f"{NEED}/versions", operation_id="list_need_versions", summary="What the need was, the newest first")
async def list_need_versions(
    campaign_id: IdPath, commune_code: CommuneCodePath, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[NeedVersionOut]:
    await get_need(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)
    query = repository.select_versions(campaign_id, commune_code)
    rows, total = await fetch_page(session, query, paging=paging)
    items = [NeedVersionOut.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/campaigns/{campaign_id}/silent-communes",
    operation_id="list_silent_communes",
    summary="Communes that have submitted no need",
)
async def list_silent_communes(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[SilentCommune]:
    campaign = await get_campaign(session, principal=principal, campaign_id=campaign_id)
    return await service.list_silent(session, campaign, paging=paging)


@router.post(
    "/campaigns/{campaign_id}/need-reminders",
    operation_id="remind_of_needs",
    summary="Remind communes that have submitted no need",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def remind_of_needs(
    campaign_id: IdPath, body: ReminderRequest, session: SessionDep, principal: PrincipalDep
) -> ReminderOut:
    return await service.remind(session, principal=principal, campaign_id=campaign_id, request=body)


@router.get(
    "/campaigns/{campaign_id}/need-totals",
    operation_id="get_need_totals",
    summary="What communes ask for by field, against what schools offer",
)
async def get_need_totals(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep) -> NeedTotalsOut:
    return await service.describe_totals(
        session, await get_campaign(session, principal=principal, campaign_id=campaign_id)
    )
