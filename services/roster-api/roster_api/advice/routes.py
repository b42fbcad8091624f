"""Routes of advice: asking and reading for people, taking and answering for the matching worker."""

from typing import Annotated
from uuid import UUID

from commune_schemas.advice import AdviceAnswer, AdviceFailure, AdviceQuestion, AdviceTask
from commune_schemas.leases import ClaimRequest
from fastapi import Body, Depends, Response

from roster_api.access.principal import PrincipalDep
from roster_api.advice import answering, replacing
from roster_api.advice.presentation import describe_advice, get_visible_advice
from roster_api.advice.questions import ask
from roster_api.advice.schemas import AdviceOut, ReplacementRequest
from roster_api.database import LateSessionDep, SessionDep
from roster_api.editing.loading import FactsCache, get_facts_cache
from roster_api.idempotency import OnceDep, OnceOnly
from roster_api.matching_runs.presentation import get_visible_run
from roster_api.notices.refused import AskerDep
from roster_api.plans.schemas import PlanOut
from roster_api.plans.service import describe_plan
from roster_api.plans.visibility import get_visible_plan
from roster_api.routing import DocumentRoute, domain_router, problems

ANSWER_BYTES = 16_000_000

router = domain_router(tag="advice")
internal = domain_router(tag="internal", prefix="/v1/internal/advice", route_class=DocumentRoute)


@router.post(
    "/matching-runs/{run_id}/advice",
    operation_id="ask_advice",
    summary="Who could step in, what k changes would buy",
    status_code=202,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def ask_advice(
    run_id: UUID,
    question: Annotated[AdviceQuestion, Body()],
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
) -> AdviceOut:
    run = await get_visible_run(session, principal, run_id)
    advice = await ask(session, principal, run, question)
    response.headers["Location"] = f"/v1/advice/{advice.id}"
    return await describe_advice(session, advice)


@router.get("/advice/{advice_id}", operation_id="get_advice", summary="A question and its answer")
async def get_advice(advice_id: UUID, session: SessionDep, principal: PrincipalDep) -> AdviceOut:
    return await describe_advice(session, await get_visible_advice(session, principal, advice_id))


@router.post(
    "/plans/{plan_id}/replacements",
    operation_id="fill_vacancy",
    summary="Give a person's place to who could step in, and publish that",
    responses=problems(409),
)
async def fill_vacancy(
    plan_id: UUID,
    body: ReplacementRequest,
    late: LateSessionDep,
    asker: AskerDep,
    once: OnceDep,
    principal: PrincipalDep,
    cache: Annotated[FactsCache, Depends(get_facts_cache)],
) -> PlanOut:
    """The new version, judged by every hard rule. Only those concerned are told; the checks are those of publishing."""
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
    refusals = await asker.ask_about(plan, coming=body.volunteer_ids)
    session = await late.open()
    await once.settle(session)
    plan = await get_visible_plan(session, principal, plan_id)
    repaired = await replacing.fill_vacancy(
        session, cache, plan=plan, request=body, refusals=refusals, by=principal.label
    )
    return await describe_plan(session, repaired)


@internal.post("/{advice_id}/claim", operation_id="take_advice", summary="Take a question", responses=problems(409))
async def take_advice(advice_id: UUID, claim: ClaimRequest, session: SessionDep) -> AdviceTask:
    return await answering.take_advice(session, advice_id=advice_id, worker=claim.worker)


@internal.put(
    "/{advice_id}/answer",
    operation_id="put_advice_answer",
    summary="Answer it",
    status_code=204,
    max_body_size=ANSWER_BYTES,
)
async def put_advice_answer(advice_id: UUID, answer: AdviceAnswer, session: SessionDep) -> None:
    await answering.keep_answer(session, advice_id=advice_id, answer=answer)


@internal.put("/{advice_id}/failure", operation_id="put_advice_failure", summary="Give up", status_code=204)
async def put_advice_failure(advice_id: UUID, failure: AdviceFailure, session: SessionDep) -> None:
    await answering.keep_failure(session, advice_id=advice_id, failure=failure)
