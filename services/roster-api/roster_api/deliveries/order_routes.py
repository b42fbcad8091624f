"""Routes of sending again: ordered by an officer, carried out by the notifier, which says what became of it."""

from uuid import UUID

from commune_schemas.resending import MOST_MESSAGES, ResendDone, ResendOrder
from fastapi import Request

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep, SessionDep
from roster_api.deliveries import orders, service
from roster_api.deliveries.asking import ask_all_messages, ask_these_messages, ask_to_old_contacts
from roster_api.deliveries.order_schemas import FilteredOrderRequest, MessageOrderOut, OrderRequest
from roster_api.errors import NotFoundError
from roster_api.idempotency import OnceDep
from roster_api.plans.visibility import get_visible_plan
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath

router = domain_router(tag="messages")
internal = domain_router(tag="internal", prefix="/v1/internal")


@router.post(
    "/message-orders",
    operation_id="order_messages",
    summary="Send messages again, to the contacts of this moment",
    status_code=202,
    responses=problems(404, 409, 503),
)
async def order_messages(
    request: Request, late: LateSessionDep, once: OnceDep, principal: PrincipalDep, body: OrderRequest
) -> MessageOrderOut:
    """Failed ones; those nobody knows of, which may have arrived, so ask the person first; and those that went to
    another number or address than their recipients have now. `to` says where each goes, masked; what cannot be sent is
    named with its reason. An order of more than one lists them all."""
    wanted = sorted(set(body.message_ids))
    found = await ask_these_messages(request.app.state.settings, wanted)
    to_old = await ask_to_old_contacts(request.app.state.settings, found, is_needed=True)
    session = await late.open()
    await once.settle(session)
    if len(found) != len(wanted):
        raise NotFoundError
    return await orders.order_messages(session, principal, found, to_old=to_old, reason=body.reason)


@router.post(
    "/plans/{plan_id}/message-orders",
    operation_id="order_messages_of_plan",
    summary="Send every message of a plan in one state, or to an old contact, again",
    status_code=202,
    responses=problems(409, 503),
)
async def order_messages_of_plan(
    plan_id: IdPath, request: Request, late: LateSessionDep, once: OnceDep, principal: PrincipalDep,
    body: FilteredOrderRequest,
) -> MessageOrderOut:  # fmt: skip
    """409 `order.confirm` where the filter finds another number than `confirm`; the answer has today's."""
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
        schools = await service.find_schools(session, principal, school_code=body.school_code)
    found, total = ([], 0) if schools.narrowed == "" else await ask_all_messages(
        request.app.state.settings,
        at_most=MOST_MESSAGES,
        plan_id=plan.id,
        status=body.status.value if body.status else None,
        to_old_contact=body.to_old_contact or None,
        channel=body.channel.value if body.channel else None,
        school_name=schools.narrowed,
        commune_code=body.commune_code,
    )  # fmt: skip
    session = await late.open()
    await once.settle(session)
    orders.refuse_other_number(total, confirm=body.confirm)
    to_old = {message.id for message in found} if body.to_old_contact else set()
    return await orders.order_messages(session, principal, found, to_old=to_old, reason=body.reason)


@router.get(
    "/message-orders/{order_id}",
    operation_id="get_message_order",
    summary="What became of an order to send messages again",
)
async def get_message_order(order_id: UUID, session: SessionDep, principal: PrincipalDep) -> MessageOrderOut:
    """To whoever ordered it. While it is not done `items` is empty."""
    return await orders.get_order(session, principal, order_id)


@internal.get("/message-orders/{order_id}", operation_id="get_resend_order", summary="Which messages to send again")
async def get_resend_order(order_id: UUID, session: SessionDep) -> ResendOrder:
    return await orders.read_task(session, order_id)


@internal.post(
    "/message-orders/{order_id}/done",
    operation_id="finish_resend_order",
    summary="What became of each message",
    status_code=204,
)
async def finish_resend_order(order_id: UUID, body: ResendDone, session: SessionDep) -> None:
    await orders.finish_order(session, order_id, body)
