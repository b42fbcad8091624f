"""Routes of oversight groups: runs, drafts changed by hand, publishing."""

from typing import Annotated

from fastapi import Depends, Response

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.campaigns.models import Campaign
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError
from roster_api.etags import IfMatchDep, set_etag
from roster_api.group_runs import editing, publishing, repository, requests
from roster_api.group_runs.leases import RUNS
from roster_api.group_runs.presenting import read_grouping, read_runs, summarise
from roster_api.group_runs.schemas import (
    ChangeBody,
    ChangePreview,
    EditBody,
    GroupingPublished,
    GroupingRead,
    GroupingSummary,
    GroupRunRead,
    GroupRunRequest,
)
from roster_api.groups.models import Grouping
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.work import solving

router = domain_router(tag="groups")
RUN = "/group-runs/{group_run_id}"
GROUPING = "/groupings/{grouping_id}"


async def get_campaign_of_path(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Campaign:
    return await get_visible_campaign(session, principal, campaign_id)


CampaignDep = Annotated[Campaign, Depends(get_campaign_of_path)]


async def _answer(session: SessionDep, row: Grouping, response: Response, *, principal: Principal) -> GroupingRead:
    set_etag(response, row.row_version)
    return await read_grouping(session, row, principal=principal)


@router.post(
    "/campaigns/{campaign_id}/group-runs",
    operation_id="request_group_run",
    summary="Divide the communes among overseers",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def request_group_run(
    campaign: CampaignDep, body: GroupRunRequest, session: SessionDep, principal: PrincipalDep, response: Response
) -> GroupRunRead:
    """Connected groups of about the same weight, as short of way as can be; ask `Location` how far it is. A finished
    run leaves a draft: `grouping_id`."""
    run = await requests.request_run(session, principal=principal, campaign=campaign, request=body)
    response.headers["Location"] = f"/v1/group-runs/{run.id}"
    return (await read_runs(session, [run]))[0]


@router.get("/campaigns/{campaign_id}/group-runs", operation_id="list_group_runs", summary="The newest first")
async def list_group_runs(campaign: CampaignDep, session: SessionDep, paging: PagingDep) -> Page[GroupRunRead]:
    rows, total = await fetch_page(session, repository.select_runs(campaign.id), paging=paging)
    return Page(items=await read_runs(session, rows), total=total, limit=paging.limit, offset=paging.offset)


@router.get(RUN, operation_id="get_group_run", summary="One run: how far, or what it came to")
async def get_group_run(group_run_id: IdPath, session: SessionDep, principal: PrincipalDep) -> GroupRunRead:
    run = await repository.find_run(session, group_run_id, principal=principal, with_documents=True)
    if run is None:
        raise NotFoundError
    return (await read_runs(session, [run]))[0]


@router.post(f"{RUN}/cancel", operation_id="cancel_group_run", summary="Stop a run")
async def cancel_group_run(group_run_id: IdPath, session: SessionDep, principal: PrincipalDep) -> GroupRunRead:
    if await repository.find_run(session, group_run_id, principal=principal) is None:
        raise NotFoundError
    await solving.cancel_run(session, RUNS, run_id=group_run_id, by=principal.label)
    return await get_group_run(group_run_id, session, principal)


@router.get(
    "/campaigns/{campaign_id}/groupings", operation_id="list_groupings", summary="Drafts and versions, newest first"
)
async def list_groupings(
    campaign: CampaignDep, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[GroupingSummary]:
    query = repository.select_groupings(campaign.id, published_only=principal.is_of_group)
    rows, total = await fetch_page(session, query, paging=paging)
    return Page(items=[summarise(row) for row in rows], total=total, limit=paging.limit, offset=paging.offset)


@router.get(GROUPING, operation_id="get_grouping", summary="Who follows which communes, and why")
async def get_grouping(
    grouping_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> GroupingRead:
    row = await editing.get_grouping(session, grouping_id, principal=principal)
    return await _answer(session, row, response, principal=principal)


@router.post(f"{GROUPING}/edits/preview", operation_id="preview_group_edit", summary="What a change would cost")
async def preview_group_edit(
    grouping_id: IdPath, body: ChangeBody, session: SessionDep, principal: PrincipalDep
) -> ChangePreview:
    """Balance, kilometres, shape; which rules it would break. Nothing is changed."""
    return await editing.preview(session, grouping_id, principal=principal, body=body)


@router.post(
    f"{GROUPING}/edits", operation_id="edit_groups", summary="Move communes, or exchange overseers",
    dependencies=[OnceOnly], responses=problems(409, 412, 428),
)  # fmt: skip
async def edit_groups(
    grouping_id: IdPath, body: EditBody, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep,
    response: Response,
) -> GroupingRead:  # fmt: skip
    """Of a published grouping: a new draft, which is the answer."""
    row = await editing.edit(session, grouping_id, principal=principal, if_match=if_match, body=body)
    return await _answer(session, row, response, principal=principal)


@router.post(
    f"{GROUPING}/publish", operation_id="publish_grouping", summary="Put the groups in force",
    dependencies=[OnceOnly], responses=problems(409, 412, 428),
)  # fmt: skip
async def publish_grouping(
    grouping_id: IdPath, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep, response: Response
) -> GroupingPublished:
    """Every overseer is told of the communes that are theirs; from the next request on each sees the own group."""
    row, narrowed = await publishing.publish(session, grouping_id, principal=principal, if_match=if_match)
    answer = await _answer(session, row, response, principal=principal)
    return GroupingPublished(**answer.model_dump(), narrowed=narrowed)


@router.post(f"{GROUPING}/discard", operation_id="discard_grouping", summary="Give a draft up", responses=problems(409))
async def discard_grouping(grouping_id: IdPath, session: SessionDep, principal: PrincipalDep) -> GroupingSummary:
    return summarise(await editing.discard(session, grouping_id, principal=principal))
