"""Routes of secondment decisions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.secondments import concurrent, deciding, life, repository
from roster_api.secondments.presenting import read_secondment
from roster_api.secondments.schemas import (
    ChangeAsked,
    Chosen,
    EarlyEnd,
    EventRead,
    Extension,
    Moved,
    OnDay,
    Review,
    SecondmentCreate,
    SecondmentFilter,
    SecondmentPatch,
    SecondmentRead,
    SecondmentWithEvents,
)
from roster_api.shapes import IdPath

router = domain_router(tag="staff")
DECISION = "/secondments/{secondment_id}"
CHANGES: dict[str, Any] = {"dependencies": [OnceOnly], "responses": problems(409)}


async def _answer(
    session: SessionDep, principal: PrincipalDep, secondment_id: UUID, response: Response
) -> SecondmentWithEvents:
    joined = await repository.find_joined(session, secondment_id, principal=principal)
    if joined is None:
        raise NotFoundError
    set_etag(response, joined[0].row_version)
    events = [EventRead.model_validate(event) for event in await repository.list_events(session, secondment_id)]
    return SecondmentWithEvents(**read_secondment(joined).model_dump(), events=events)


@router.get("/secondments", operation_id="list_secondments", summary="Decisions, by given name")
async def list_secondments(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, filters: Annotated[SecondmentFilter, Query()]
) -> Page[SecondmentRead]:
    """A unit's officer sees who leaves the unit, and who comes."""
    query = repository.select_secondments(principal=principal, filters=filters)
    total = await repository.count_rows(session, query)
    rows = (await session.execute(query.limit(paging.limit).offset(paging.offset))).all()
    items = [read_secondment(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("/secondments", operation_id="create_secondment", summary="A decision without a run", status_code=201,
             **CHANGES)  # fmt: skip
async def create_secondment(
    body: SecondmentCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    row = await deciding.create_secondment(session, principal=principal, body=body)
    response.headers["Location"] = f"/v1/secondments/{row.id}"
    return await _answer(session, principal, row.id, response)


@router.post("/secondments/approve", operation_id="approve_secondments", summary="Approve drafts", **CHANGES)
async def approve_secondments(body: Chosen, session: SessionDep, principal: PrincipalDep) -> Moved:
    """409 names whom that cannot be said of: in another post by then, or no vacancy left."""
    return await deciding.approve(session, principal=principal, body=body)


@router.post("/secondments/publish", operation_id="publish_secondments", summary="Tell those concerned", **CHANGES)
async def publish_secondments(body: Chosen, session: SessionDep, principal: PrincipalDep) -> Moved:
    """The person and both units are told, once. Where four eyes are wanted: not by who approved."""
    return await deciding.publish(session, principal=principal, body=body)


@router.post("/secondments/discard", operation_id="discard_secondments", summary="Give drafts up", **CHANGES)
async def discard_secondments(body: Chosen, session: SessionDep, principal: PrincipalDep) -> Moved:
    return await deciding.discard(session, principal=principal, body=body)


@router.get(DECISION, operation_id="get_secondment", summary="One decision and its life")
async def get_secondment(
    secondment_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    return await _answer(session, principal, secondment_id, response)


@router.patch(DECISION, operation_id="change_secondment", summary="Change a draft", responses=problems(409, 412, 428))
async def change_secondment(
    secondment_id: IdPath, patch: SecondmentPatch, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep,
    response: Response,
) -> SecondmentWithEvents:  # fmt: skip
    await deciding.change_draft(session, secondment_id, principal=principal, if_match=if_match, patch=patch)
    return await _answer(session, principal, secondment_id, response)


@router.post(f"{DECISION}/start", operation_id="start_secondment", summary="The post was taken up", **CHANGES)
async def start_secondment(
    secondment_id: IdPath, body: OnDay, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    await life.start(session, secondment_id, principal=principal, on=body.on)
    return await _answer(session, principal, secondment_id, response)


@router.post(f"{DECISION}/extend", operation_id="extend_secondment", summary="A later last day", **CHANGES)
async def extend_secondment(
    secondment_id: IdPath, body: Extension, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    await life.extend(session, secondment_id, principal=principal, body=body)
    return await _answer(session, principal, secondment_id, response)


@router.post(f"{DECISION}/end", operation_id="end_secondment_early", summary="End it early, with the reason", **CHANGES)
async def end_secondment_early(
    secondment_id: IdPath, body: EarlyEnd, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    await life.end_early(session, secondment_id, principal=principal, body=body)
    return await _answer(session, principal, secondment_id, response)


@router.post(f"{DECISION}/return", operation_id="return_secondment", summary="The time was served", **CHANGES)
async def return_secondment(
    secondment_id: IdPath, body: OnDay, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    await life.return_home(session, secondment_id, principal=principal, on=body.on)
    return await _answer(session, principal, secondment_id, response)


@router.post(f"{DECISION}/review", operation_id="review_secondment", summary="Concurrent duty goes on for a term",
             **CHANGES)  # fmt: skip
async def review_secondment(
    secondment_id: IdPath, body: Review, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    """On the same weekdays or on others; answers what a unit asked for. To stop, end it."""
    await concurrent.review(session, secondment_id, principal=principal, body=body)
    return await _answer(session, principal, secondment_id, response)


@router.post(f"{DECISION}/ask-change", operation_id="ask_change_of_secondment", summary="A unit wants it otherwise",
             **CHANGES)  # fmt: skip
async def ask_change_of_secondment(
    secondment_id: IdPath, body: ChangeAsked, session: SessionDep, principal: PrincipalDep, response: Response
) -> SecondmentWithEvents:
    """The person, both units and Home Affairs hear of it. Home Affairs decides."""
    await concurrent.ask_change(session, secondment_id, principal=principal, body=body)
    return await _answer(session, principal, secondment_id, response)
