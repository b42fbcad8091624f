"""Routes of pins, forbids and existing relations."""

from typing import Annotated

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.decisions import service
from roster_api.decisions.schemas import DecisionCreate, DecisionFilter, DecisionRead, RelationCreate, RelationRead
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import CommuneCodePath, IdPath, SearchText

router = domain_router(tag="decisions")


@router.get("/campaigns/{campaign_id}/decisions", operation_id="list_decisions", summary="Pins and forbids")
async def list_decisions(
    campaign_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    filters: Annotated[DecisionFilter, Query()],
) -> Page[DecisionRead]:
    """Newest first, with who decided and why."""
    return await service.list_decisions(
        session, principal=principal, campaign_id=campaign_id, filters=filters, paging=paging
    )


@router.post(
    "/campaigns/{campaign_id}/decisions",
    operation_id="create_decision",
    summary="Pin or forbid a school or a person for a commune",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_decision(
    campaign_id: IdPath, body: DecisionCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> DecisionRead:
    """The solver keeps it; the reason and who decided are kept with it."""
    row = await service.create_decision(session, principal=principal, campaign_id=campaign_id, body=body)
    response.headers["Location"] = f"/v1/campaigns/{campaign_id}/decisions/{row.id}"
    [read] = await service.read_decisions(session, [row])
    return read


@router.get("/campaigns/{campaign_id}/decisions/{decision_id}", operation_id="get_decision", summary="One decision")
async def get_decision(
    campaign_id: IdPath, decision_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> DecisionRead:
    row = await service.get_decision(session, principal=principal, campaign_id=campaign_id, decision_id=decision_id)
    [read] = await service.read_decisions(session, [row])
    return read


@router.post(
    "/campaigns/{campaign_id}/decisions/{decision_id}/withdraw",
    operation_id="withdraw_decision",
    summary="Withdraw a pin or forbid",
    responses=problems(409),
)
async def withdraw_decision(
    campaign_id: IdPath, decision_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> DecisionRead:
    row = await service.withdraw_decision(
        session, principal=principal, campaign_id=campaign_id, decision_id=decision_id
    )
    [read] = await service.read_decisions(session, [row])
    return read


@router.get(
    "/campaigns/{campaign_id}/existing-relations",
    operation_id="list_relations",
    summary="Schools that already serve a commune",
)
async def list_relations(
    campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, paging: PagingDep, q: SearchText = None
) -> Page[RelationRead]:
    """Ties worth keeping: losing one costs the plan."""
    return await service.list_relations(session, principal=principal, campaign_id=campaign_id, q=q, paging=paging)


@router.post(
    "/campaigns/{campaign_id}/existing-relations",
    operation_id="create_relation",
    summary="Record that a school already serves a commune",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_relation(
    campaign_id: IdPath, body: RelationCreate, session: SessionDep, principal: PrincipalDep
) -> RelationRead:
    row = await service.create_relation(session, principal=principal, campaign_id=campaign_id, body=body)
    return RelationRead.model_validate(row)


@router.delete(
    "/campaigns/{campaign_id}/existing-relations/{commune_code}/{school_id}",
    operation_id="delete_relation",
    summary="Strike an existing relation",
    status_code=204,
    response_class=Response,
    responses=problems(409),
)
async def delete_relation(
    campaign_id: IdPath,
    commune_code: CommuneCodePath,
    school_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
) -> None:
    await service.delete_relation(
        session, principal=principal, campaign_id=campaign_id, commune_code=commune_code, school_id=school_id
    )
