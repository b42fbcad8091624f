"""Routes of changing a draft by hand."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.database import LateSessionDep, SessionDep
from roster_api.editing import repository, service
from roster_api.editing.certificate import ask_for_optimum, describe_certificate
from roster_api.editing.judging import judge
from roster_api.editing.loading import FactsCache, get_facts_cache, load
from roster_api.editing.schemas import Edited, EditOut, EditRequest, PlanCertificate, Preview, PreviewRequest
from roster_api.etags import IfMatchDep, check_version, set_etag
from roster_api.idempotency import Once, OnceDep, OnceOnly
from roster_api.matching_runs.presentation import describe_run
from roster_api.matching_runs.requests import refuse_more_live_runs
from roster_api.matching_runs.schemas import RunOut
from roster_api.notices.refused import AskerDep, RefusalAsker
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.plans.models import Plan
from roster_api.plans.visibility import get_visible_plan
from roster_api.routing import domain_router, problems

router = domain_router(tag="editing")
CacheDep = Annotated[FactsCache, Depends(get_facts_cache)]


@router.post(
    "/plans/{plan_id}/edits/preview",
    operation_id="preview_edits",
    summary="What these changes by hand would do; nothing is changed",
    responses=problems(409),
)
async def preview_edits(
    plan_id: UUID,
    body: PreviewRequest,
    late: LateSessionDep,
    principal: PrincipalDep,
    cache: CacheDep,
    response: Response,
) -> Preview:
    """Every level before and after, rules that would be broken, everybody touched. Of any plan one may see."""
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        loaded = await load(session, cache, plan)
    effect = await service.compute(loaded, body.edits)
    async with late.short() as session:
        preview = await service.describe(session, plan, loaded, effect, body.edits)
    set_etag(response, loaded.edit_version)
    return preview


@router.post(
    "/plans/{plan_id}/edits",
    operation_id="edit_plan",
    summary="Change a draft by hand, all or nothing; of another plan: a draft begun from it",
    status_code=201,
    responses=problems(409, 412, 428),
)
async def edit_plan(
    plan_id: UUID,
    body: EditRequest,
    if_match: IfMatchDep,
    asker: AskerDep,
    once: OnceDep,
    principal: PrincipalDep,
    cache: CacheDep,
    response: Response,
) -> Edited:
    """409 `edit.breaks_rule` with each hard rule by number. The edits are kept as pins for the next runs."""
    async with asker.late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        check_version(plan, if_match)
        loaded = await load(session, cache, plan)
    effect = await service.compute(loaded, body.edits)
    coming = {UUID(person) for person in effect.after.places if person not in effect.before.places}
    refusals = await asker.ask_about(plan, coming=coming)
    session = await asker.late.open()
    await once.settle(session)
    preview = await service.describe(session, plan, loaded, effect, body.edits)
    draft, edit = await service.make_edit(
        session, plan_id=plan_id, if_match=if_match, loaded=loaded, effect=effect, request=body, by=principal.label
    )
    set_etag(response, draft.edit_version)
    response.headers["Location"] = f"/v1/plans/{draft.id}"
    return await service.describe_edited(session, draft, edit, preview, refusals=refusals)


@router.get("/plans/{plan_id}/edits", operation_id="list_edits", summary="Changes by hand, the newest first")
async def list_edits(plan_id: UUID, session: SessionDep, principal: PrincipalDep, paging: PagingDep) -> Page[EditOut]:
    await get_visible_plan(session, principal, plan_id)
    rows, total = await fetch_page(session, repository.select_edits(plan_id), paging=paging)
    items = [EditOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post(
    "/plans/{plan_id}/undo",
    operation_id="undo_edit",
    summary="Undo the newest change by hand",
    responses=problems(409, 412, 428),
)
async def undo_edit(
    plan_id: UUID,
    if_match: IfMatchDep,
    asker: AskerDep,
    once: OnceDep,
    principal: PrincipalDep,
    response: Response,
) -> Edited:
    plan, edited = await _step(service.undo, plan_id, if_match, asker=asker, once=once, principal=principal)
    set_etag(response, plan.edit_version)
    return edited


@router.post(
    "/plans/{plan_id}/redo",
    operation_id="redo_edit",
    summary="Do again what was undone",
    responses=problems(409, 412, 428),
)
async def redo_edit(
    plan_id: UUID,
    if_match: IfMatchDep,
    asker: AskerDep,
    once: OnceDep,
    principal: PrincipalDep,
    response: Response,
) -> Edited:
    plan, edited = await _step(service.redo, plan_id, if_match, asker=asker, once=once, principal=principal)
    set_etag(response, plan.edit_version)
    return edited


async def _step(
    step: service.Step, plan_id: UUID, if_match: str, *, asker: RefusalAsker, once: Once, principal: Principal
) -> tuple[Plan, Edited]:
    """Back or forth by one change; whoever it gives a place counts by their own contact."""
    async with asker.late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        coming = await repository.list_edited_people(session, plan.id)
    refusals = await asker.ask_about(plan, coming=coming)
    session = await asker.late.open()
    await once.settle(session)
    plan, edit = await step(session, plan_id=plan_id, if_match=if_match, by=principal.label)
    return plan, await service.describe_edited(session, plan, edit, None, refusals=refusals)


@router.get(
    "/plans/{plan_id}/certificate",
    operation_id="get_plan_certificate",
    summary="What is known of a plan's worth, changed by hand or not",
    responses=problems(409),
)
async def get_plan_certificate(
    plan_id: UUID, late: LateSessionDep, principal: PrincipalDep, cache: CacheDep
) -> PlanCertificate:
    """Judged anew. The gap to the optimum under the same pins is there once a run for it has ended."""
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        loaded = await load(session, cache, plan)
    judged = await asyncio.to_thread(judge, loaded.board, loaded.facts, loaded.forbidden)
    async with late.short() as session:
        return await describe_certificate(session, plan, loaded, judged)


@router.post(
    "/plans/{plan_id}/optimum",
    operation_id="ask_for_optimum",
    summary="A run for the best plan under the same pins",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def ask_for_plan_optimum(
    plan_id: UUID, request: Request, session: SessionDep, principal: PrincipalDep, cache: CacheDep, response: Response
) -> RunOut:
    """Of the plan's own frozen problem, under the decisions that hold now. It makes a draft, as every run."""
    plan = await get_visible_plan(session, principal, plan_id)
    allowed = request.app.state.settings.live_runs
    await refuse_more_live_runs(session, campaign_id=plan.campaign_id, allowed=allowed)
    run = await ask_for_optimum(session, cache, plan, by=principal.label)
    response.headers["Location"] = f"/v1/matching-runs/{run.id}"
    return await describe_run(session, run)
