"""Routes of needs."""

from typing import Annotated

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.etags import SeenDep, set_etag
from roster_api.needs import service
from roster_api.needs.models import NeedState
from roster_api.needs.repository import NeedFilter
from roster_api.needs.schemas import NeedPage, NeedRead, NeedsAnswer, NeedsWrite, NeedWrite
from roster_api.paging import PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import CommuneCodePath, IdPath, SearchText
from roster_api.text import CODE_PATTERN

router = domain_router(tag="needs")


@router.get("/campaigns/{campaign_id}/needs", operation_id="list_needs", summary="What the communes need")
async def list_needs(
    campaign_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    q: SearchText = None,
    lacks_it_staff: Annotated[bool | None, Query()] = None,
    duty_code: Annotated[str | None, Query(max_length=64, pattern=CODE_PATTERN)] = None,
    state: NeedState | None = None,
) -> NeedPage:
    """With totals over the whole list. A commune officer sees the own commune's."""
    filters = NeedFilter(q=q, lacks_it_staff=lacks_it_staff, duty_code=duty_code, state=state)
    return await service.list_needs(
        session, principal=principal, campaign_id=campaign_id, filters=filters, paging=paging
    )


@router.put(
    "/campaigns/{campaign_id}/needs",
    operation_id="declare_needs",
    summary="Declare many communes' needs at once",
    responses=problems(409),
)
async def declare_needs(
    campaign_id: IdPath, body: NeedsWrite, session: SessionDep, principal: PrincipalDep
) -> NeedsAnswer:
    """All or none; communes that are not named keep theirs. The same again changes nothing."""
    return await service.declare_needs(session, principal=principal, campaign_id=campaign_id, items=body.items)


@router.get("/campaigns/{campaign_id}/needs/{commune_code}", operation_id="get_need", summary="One commune's need")
async def get_need(
    campaign_id: IdPath,
    commune_code: CommuneCodePath,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
) -> NeedRead:
    need = await service.get_need(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)
    set_etag(response, need.row_version)
    return need


@router.put(
    "/campaigns/{campaign_id}/needs/{commune_code}",
    operation_id="declare_need",
    summary="Declare or replace one commune's need",
    responses=problems(409, 412),
)
async def declare_need(
    campaign_id: IdPath,
    commune_code: CommuneCodePath,
    body: NeedWrite,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
    seen: SeenDep,
    draft: Annotated[bool, Query(description="The commune is still at it: to be submitted later")] = False,
) -> NeedRead:
    """By the commune's own officer: submitted, to be reviewed (or a draft). By Home Affairs: accepted, also in place of
    a commune that says nothing. The same again changes nothing. 409 for a draft of what was submitted already."""
    need = await service.declare_need(
        session,
        principal=principal,
        campaign_id=campaign_id,
        commune_code=commune_code,
        seen=seen,
        body=body,
        is_draft=draft,
    )
    set_etag(response, need.row_version)
    return need
