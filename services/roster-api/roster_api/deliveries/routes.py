"""The routes of the delivery board and of the call list."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus
from fastapi import Depends, Query, Request

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep
from roster_api.deliveries import service
from roster_api.deliveries.asking import (
    TheirPage,
    ask_messages,
    ask_these_messages,
    ask_to_old_contacts,
    ask_unreached,
)
from roster_api.deliveries.call_list import MOST, describe_calls
from roster_api.deliveries.calls import keep_call
from roster_api.deliveries.schemas import CallMade, CallPage, CallRequest, DeliveryPage
from roster_api.errors import NotFoundError
from roster_api.idempotency import OnceDep
from roster_api.paging import PagingDep
from roster_api.plans.visibility import get_visible_plan
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.text import Code

router = domain_router(tag="messages")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed by."""

    school_code: str | None
    commune_code: str | None
    channel: Channel | None
    status: MessageStatus | None
    to_old_contact: bool


async def read_wanted(
    school_code: Annotated[Code | None, Query()] = None,
    commune_code: Annotated[Code | None, Query()] = None,
    channel: Channel | None = None,
    status: MessageStatus | None = None,
    to_old_contact: Annotated[bool, Query()] = False,
) -> Wanted:
    """`to_old_contact`: only what went to another number or address than its person has now."""
    return Wanted(school_code, commune_code, channel, status, to_old_contact)


@router.get(
    "/plans/{plan_id}/messages",
    operation_id="list_plan_messages",
    summary="Who was told, who was not reached and why",
    responses=problems(503),
)
async def list_plan_messages(
    plan_id: UUID,
    request: Request,
    late: LateSessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    wanted: Annotated[Wanted, Depends(read_wanted)],
) -> DeliveryPage:
    """Messages of this very version: who stayed as they were is told nothing by it. 503 while the notifier is away."""
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        schools = await service.find_schools(session, principal, school_code=wanted.school_code)
    page, board = await ask_messages(
        request.app.state.settings,
        plan_id=plan.id,
        school_name=schools.narrowed or None,
        commune_code=wanted.commune_code,
        channel=wanted.channel,
        status=wanted.status,
        to_old_contact=wanted.to_old_contact or None,
        limit=paging.limit,
        offset=paging.offset,
    )
    to_old = await ask_to_old_contacts(request.app.state.settings, page.items, is_needed=False)
    if schools.narrowed == "":
        page = TheirPage(items=[], total=0)
    session = await late.open()
    return await service.describe(
        session, principal, page=page, board=board, to_old=to_old, schools=schools,
        limit=paging.limit, offset=paging.offset,
    )  # fmt: skip


@router.get(
    "/call-list",
    operation_id="list_calls",
    summary="Whom no channel reached, why, and which number to telephone",
    responses=problems(503),
)
async def list_calls(
    request: Request,
    late: LateSessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    school_code: Annotated[Code | None, Query()] = None,
    commune_code: Annotated[Code | None, Query()] = None,
    is_reached: bool | None = None,
) -> CallPage:
    """Volunteers, schools, communes, units, staff and accounts, of every kind of notice: a placement, an invitation, a
    "cannot go". Whoever a newer word reached, or is on its way to, is not listed. `is_reached`: false for whom no
    telephone reached yet either, true for whom one did. 503 while the notifier is away."""
    unreached = await ask_unreached(request.app.state.settings, at_most=MOST)
    session = await late.open()
    return await describe_calls(
        session, principal, unreached, school_code=school_code, commune_code=commune_code, is_reached=is_reached,
        paging=paging,
    )  # fmt: skip


@router.post(
    "/call-list/{message_id}/calls",
    operation_id="keep_call",
    summary="Somebody of the call list was telephoned: reached, or not",
    status_code=201,
    responses=problems(503),
)
async def keep_call_made(
    message_id: IdPath, request: Request, late: LateSessionDep, once: OnceDep, principal: PrincipalDep,
    body: CallRequest,
) -> CallMade:  # fmt: skip
    """`message_id`: any of the entry's `why`. The newest call holds; a tick that was wrong is followed by another. It
    changes no message: whoever is reached by newer word leaves the list as ever. 503 while the notifier is away."""
    found = await ask_these_messages(request.app.state.settings, [message_id])
    session = await late.open()
    await once.settle(session)
    if not found:
        raise NotFoundError
    return await keep_call(session, principal, found[0], body.outcome)
