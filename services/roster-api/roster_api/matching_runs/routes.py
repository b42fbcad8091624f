"""Routes of matching runs for people."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from commune_schemas.matching import Certificate, CommuneExplanation, MatchingProblem
from fastapi import Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from roster_api.access.principal import PrincipalDep
from roster_api.access.rates import get_rates
from roster_api.at_once import Limit, get_turns
from roster_api.database import LateSessionDep, SessionDep
from roster_api.errors import ConflictError, NotFoundError
from roster_api.idempotency import OnceOnly
from roster_api.matching_runs import presentation, repository
from roster_api.matching_runs.compare import compare_runs
from roster_api.matching_runs.models import MatchingRun, RunDocument
from roster_api.matching_runs.presentation import describe_run, get_visible_run
from roster_api.matching_runs.requests import cancel_run, refuse_more_live_runs, request_run
from roster_api.matching_runs.schemas import Comparison, RunOut, RunRequest, SetAsideOut
from roster_api.matching_runs.stream import watch_run
from roster_api.need_reviews.schemas import RunNeed
from roster_api.need_reviews.service import list_needs_of_run
from roster_api.notices.publication import publish_plan
from roster_api.notices.refused import AskerDep
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.plans.models import Plan
from roster_api.plans.repository import find_plan_of_run
from roster_api.plans.schemas import ApprovalBody, PlanOut, PublicationBody
from roster_api.plans.service import approve_plan, describe_plan
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.text import Code
from roster_api.volunteers.naming import list_names, name_in_words

router = domain_router(tag="matching runs")


async def get_run(run_id: UUID, session: SessionDep, principal: PrincipalDep) -> MatchingRun:
    return await get_visible_run(session, principal, run_id)


RunDep = Annotated[MatchingRun, Depends(get_run)]


async def hold_stream_turn(request: Request, principal: PrincipalDep) -> AsyncIterator[None]:
    """One of the key's few streams, until this one has ended."""
    limit = Limit(
        "stream.too_many",
        request.app.state.settings.streams_at_once,
        vi="Khóa này đang mở nhiều luồng theo dõi. Hãy đóng bớt một trang rồi mở lại.",
        en="This key has several event streams open. Close one of its pages, then open this one again.",
        retry_after_seconds=10,
    )
    with get_turns(request).hold(limit, *get_rates(request).holders_of(request, principal)):
        yield


@router.post(
    "/campaigns/{campaign_id}/matching-runs",
    operation_id="request_matching_run",
    summary="Ask for a matching",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def request_matching_run(
    campaign_id: UUID,
    body: RunRequest,
    session: SessionDep,
    principal: PrincipalDep,
    request: Request,
    response: Response,
) -> RunOut:
    """429 while another run of the campaign is waiting or running, unless `force` says that both are wanted."""
    campaign = await get_visible_campaign(session, principal, campaign_id)
    if not body.force:
        await refuse_more_live_runs(session, campaign_id=campaign_id, allowed=request.app.state.settings.live_runs)
    run = await request_run(session, campaign=campaign, request=body, by=principal.label)
    response.headers["Location"] = f"/v1/matching-runs/{run.id}"
    return await describe_run(session, run)


@router.get("/campaigns/{campaign_id}/matching-runs", operation_id="list_matching_runs", summary="Runs, newest first")
async def list_matching_runs(
    campaign_id: UUID, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[RunOut]:
    await get_visible_campaign(session, principal, campaign_id)
    runs, total = await fetch_page(session, repository.select_runs(campaign_id), paging=paging)
    items = [await describe_run(session, run) for run in runs]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/matching-runs/{run_id}", operation_id="get_matching_run", summary="Status, progress, proof")
async def get_matching_run(run: RunDep, session: SessionDep) -> RunOut:
    return await describe_run(session, run)


@router.get(
    "/matching-runs/{run_id}/events",
    operation_id="watch_matching_run",
    summary="Progress as server-sent events, until the end",
    response_class=EventSourceResponse,
    dependencies=[Depends(hold_stream_turn)],
    responses=problems(429),
)
async def watch_matching_run(
    run: RunDep,
    request: Request,
    principal: PrincipalDep,
    last_event_id: Annotated[int, Header(ge=0, le=2**31 - 1, description="Go on after this event")] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Ends with the run, or with the key, role or sign-in. 429 beyond so many streams at once of a key."""
    state = request.app.state
    async for event in watch_run(
        state.run_watches, state.grant_watch, run.id, grant=principal.grant, after=last_event_id
    ):
        yield event


@router.get("/matching-runs/{run_id}/problem", operation_id="get_run_problem", summary="Stage A's problem document")
async def get_run_problem(run: RunDep, session: SessionDep) -> dict[str, Any]:
    return (await _get_document(session, run)).problem


@router.get("/matching-runs/{run_id}/solution", operation_id="get_run_solution", summary="Stage A's solution document")
async def get_run_solution(run: RunDep, session: SessionDep) -> dict[str, Any]:
    return (await _get_document(session, run)).solution


@router.get(
    "/matching-runs/{run_id}/frozen", operation_id="get_frozen_problem", summary="What was frozen when it was asked for"
)
async def get_frozen_problem(run: RunDep, session: SessionDep) -> MatchingProblem:
    return MatchingProblem.model_validate(await repository.get_problem(session, run.id))


@router.get(
    "/matching-runs/{run_id}/placements/{school_code}/problem",
    operation_id="get_placement_problem",
    summary="Stage B's problem document of a school",
)
async def get_placement_problem(run: RunDep, school_code: Code, session: SessionDep) -> dict[str, Any]:
    return (await _get_document(session, run, school_code)).problem


@router.get(
    "/matching-runs/{run_id}/placements/{school_code}/solution",
    operation_id="get_placement_solution",
    summary="Stage B's solution document of a school",
)
async def get_placement_solution(run: RunDep, school_code: Code, session: SessionDep) -> dict[str, Any]:
    return (await _get_document(session, run, school_code)).solution


@router.get(
    "/matching-runs/{run_id}/set-aside",
    operation_id="list_set_aside",
    summary="Free weekdays that did not count, for most of their dates fall out",
)
async def list_set_aside(run: RunDep, session: SessionDep, paging: PagingDep) -> Page[SetAsideOut]:
    items, total = await presentation.list_set_aside(session, run.id, limit=paging.limit, offset=paging.offset)
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/matching-runs/{run_id}/needs",
    operation_id="list_run_needs",
    summary="Which version of each commune's need the run used",
)
async def list_run_needs(run: RunDep, session: SessionDep, paging: PagingDep) -> Page[RunNeed]:
    return await list_needs_of_run(session, campaign_id=run.campaign_id, versions=run.need_versions, paging=paging)


@router.get(
    "/matching-runs/{run_id}/explanations",
    operation_id="get_explanations",
    summary="By commune: why this school, why not another, what is lacking and what would mend it",
)
async def get_explanations(
    run: RunDep, session: SessionDep, commune: Annotated[Code | None, Query(description="One commune alone")] = None
) -> dict[str, CommuneExplanation]:
    told = await repository.list_explanations(session, run.id, commune_code=commune)
    if commune is not None and not told:
        raise NotFoundError
    names = await list_names(session, told)
    return {code: CommuneExplanation.model_validate(one) for code, one in name_in_words(told, names).items()}


@router.get("/matching-runs/{run_id}/certificate", operation_id="get_certificate", summary="What was proved")
async def get_certificate(run: RunDep) -> Certificate:
    if run.certificate is None:
        raise NotFoundError
    return Certificate.model_validate(run.certificate)


@router.get(
    "/matching-runs/{run_id}/compare/{other_id}",
    operation_id="compare_matching_runs",
    summary="Two scenarios side by side",
    responses=problems(409),
)
async def compare_matching_runs(
    run: RunDep, other_id: UUID, session: SessionDep, principal: PrincipalDep
) -> Comparison:
    return await compare_runs(session, run, await get_visible_run(session, principal, other_id))


@router.post("/matching-runs/{run_id}/cancel", operation_id="cancel_matching_run", summary="Stop it")
async def cancel_matching_run(run: RunDep, session: SessionDep, principal: PrincipalDep) -> RunOut:
    return await describe_run(session, await cancel_run(session, run_id=run.id, by=principal.label))


@router.post(
    "/matching-runs/{run_id}/approve",
    operation_id="approve_plan_of_run",
    summary="Approve the run's plan",
    responses=problems(409),
)
async def approve_plan_of_run(run: RunDep, session: SessionDep, principal: PrincipalDep, body: ApprovalBody) -> PlanOut:
    plan = await _get_plan(session, run)
    plan = await approve_plan(session, plan_id=plan.id, base_plan_id=body.base_plan_id, by=principal.label)
    return await describe_plan(session, plan)


@router.post(
    "/matching-runs/{run_id}/publish",
    operation_id="publish_plan_of_run",
    summary="Publish the run's plan",
    responses=problems(409),
)
async def publish_plan_of_run(
    run_id: UUID, late: LateSessionDep, asker: AskerDep, principal: PrincipalDep, body: PublicationBody
) -> PlanOut:
    async with late.short() as session:
        plan = await _get_plan(session, await get_visible_run(session, principal, run_id))
    refusals = await asker.ask_before_publishing(plan)
    session = await late.open()
    plan = await publish_plan(
        session, plan_id=plan.id, base_plan_id=body.base_plan_id, confirm=body.confirm, refusals=refusals,
        by=principal.label,
    )  # fmt: skip
    return await describe_plan(session, plan)


async def _get_document(session: SessionDep, run: MatchingRun, school_code: str = "") -> RunDocument:
    document = await repository.find_document(session, run.id, school_code=school_code)
    if document is None:
        raise NotFoundError
    return document


async def _get_plan(session: SessionDep, run: MatchingRun) -> Plan:
    plan = await find_plan_of_run(session, run.id)
    if plan is None:
        raise ConflictError("run.no_plan", vi="Lần ghép này không có phương án.", en="This run has no plan.")
    return plan
