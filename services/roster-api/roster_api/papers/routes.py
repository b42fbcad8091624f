"""Routes of a plan's papers."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Header, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep, SessionDep
from roster_api.etags import set_etag
from roster_api.papers import service
from roster_api.papers.schemas import DecisionFacts, DecisionOut
from roster_api.papers.secondment_decision import read_moves
from roster_api.plans.annex import name_in_file
from roster_api.plans.visibility import get_visible_plan
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath

router = domain_router(tag="papers")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get(
    "/plans/{plan_id}/decision",
    operation_id="get_plan_decision",
    summary="Number, signer and words of a published plan's decision",
    responses=problems(409),
)
async def get_plan_decision(
    plan_id: UUID, session: SessionDep, principal: PrincipalDep, response: Response
) -> DecisionOut:
    """Before anybody stated them: what is usual in a province, to begin from."""
    decision, version = await service.describe_decision(session, await get_visible_plan(session, principal, plan_id))
    set_etag(response, version)
    return decision


@router.put(
    "/plans/{plan_id}/decision",
    operation_id="state_plan_decision",
    summary="State number, signer and words of the decision",
    responses=problems(409, 412),
)
async def state_plan_decision(
    plan_id: UUID,
    facts: DecisionFacts,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=200, description="Replace only this version")] = None,
) -> DecisionOut:
    """The first time, names and places are kept as the plan has them that day; the paper does not change with them."""
    decision, version = await service.state_decision(
        session, principal=principal, plan_id=plan_id, facts=facts, if_match=if_match
    )
    set_etag(response, version)
    return decision


@router.get(
    "/plans/{plan_id}/decision.docx",
    operation_id="get_plan_decision_docx",
    summary="The decision with its annexes, in the layout of Decree 30/2020/NĐ-CP",
    response_class=Response,
    responses={**problems(409), 200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_plan_decision_docx(plan_id: UUID, late: LateSessionDep, principal: PrincipalDep) -> Response:
    """Byte for byte the same each time, until its facts are stated anew."""
    async with late.reading() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        write = await service.read_decision(session, plan)
    name = f"quyet-dinh-{name_in_file(plan)}.docx"
    return Response(
        await asyncio.to_thread(write),
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@router.get(
    "/secondments/{secondment_id}/decision.docx",
    operation_id="get_secondment_decision_docx",
    summary="The decision of all who were published together, with its annexes",
    response_class=Response,
    responses={**problems(409), 200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_secondment_decision_docx(
    secondment_id: IdPath, late: LateSessionDep, principal: PrincipalDep
) -> Response:
    """As it was published, whatever became of it since: the same to the byte while no name is corrected."""
    async with late.reading() as session:
        name, write = await read_moves(session, secondment_id, principal=principal)
    return Response(
        await asyncio.to_thread(write),
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
