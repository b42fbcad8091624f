"""Decisions about sending again: whose messages may be ordered by whom, and what the notifier says became of them."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import structlog
from commune_schemas.amounts import amount
from commune_schemas.jobs import RESEND_MESSAGES
from commune_schemas.notices import Channel, MessageStatus
from commune_schemas.resending import MOST_MESSAGES, ResendDone, ResendOrder
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.consents.service import list_withdrawn
from roster_api.contacts import is_mobile, mask_address
from roster_api.deliveries.asking import ARRIVED, TheirMessage
from roster_api.deliveries.models import MessageOrder
from roster_api.deliveries.order_schemas import MessageOrderOut, OrderedMessage
from roster_api.deliveries.reachable import Reachable, is_theirs, list_reachable
from roster_api.errors import ConflictError, NotFoundError
from roster_api.outbox import service as outbox

log = structlog.get_logger(__name__)
RESENDABLE = (MessageStatus.FAILED, MessageStatus.UNKNOWN)
WORDS = {
    "message.not_resendable": (
        (
            "Chỉ gửi lại được tin không đến, tin chưa rõ, và tin đã gửi tới số hoặc địa chỉ cũ. Nếu tin đã đến nhầm số "
            "hoặc nhầm địa chỉ: sửa liên hệ của người nhận trước, rồi gửi lại."
        ),
        (
            "Only a message that failed, is not known, or went to an old number or address can be sent again. If it "
            "went to a wrong one: correct the recipient's contact, then send again."
        ),
    ),
    "message.contact_unchanged": (
        (
            "Tin đã được gửi tới đúng số hoặc địa chỉ hiện nay của người nhận. Nếu số hoặc địa chỉ đó sai: sửa liên hệ "
            "trước, rồi gửi lại."
        ),
        (
            "The message went to the recipient's present number or address already. If that is wrong: correct the "
            "contact first, then send again."
        ),
    ),
    "recipient.withdrew": (
        "Người nhận đã rút lại đồng ý nhận tin. Hãy gọi điện hoặc gặp trực tiếp.",
        "The recipient withdrew the consent to be written to. Telephone, or speak to them.",
    ),
    "recipient.no_address": (
        "Người nhận chưa có địa chỉ cho kênh này. Bổ sung rồi gửi lại.",
        "The recipient has no address for this channel. Add it, then send again.",
    ),
    "recipient.not_mobile": (
        "Số điện thoại không phải số di động Việt Nam.",
        "The phone number is no Vietnamese mobile.",
    ),
}


async def order_messages(
    session: AsyncSession,
    principal: Principal,
    messages: Sequence[TheirMessage],
    *,
    to_old: set[UUID] | None,
    reason: str,
) -> MessageOrderOut:
    """All of them, or none: 404 where one is not the caller's to send, 409 where none can be sent again.

    `to_old`: those that went to an old contact; None: nobody can say. The order and its outbox row are one
    transaction. What cannot be sent is named, and left out.
    """
    keys = [(each.recipient.kind, each.recipient.id) for each in messages]
    people = await list_reachable(session, keys)
    if not messages or any(key not in people or not is_theirs(principal, people[key]) for key in keys):
        raise NotFoundError
    volunteers = [who.volunteer_id for who in people.values() if who.volunteer_id is not None]
    withdrawn = await list_withdrawn(session, volunteers)
    items = [_judge(each, people[key], withdrawn, to_old) for each, key in zip(messages, keys, strict=True)]
    able = [item for item in items if item.to is not None]
    if not able:
        raise ConflictError(
            items[0].code or "message.not_resendable", vi=items[0].vi, en=items[0].en,
            facts={"messages": [item.model_dump(mode="json") for item in items[:50]]},
        )  # fmt: skip
    order = MessageOrder(
        id=uuid4(), message_ids=[str(item.message_id) for item in able], reason=reason, asked_by=principal.label
    )
    session.add(order)
    order.outbox_id = await outbox.append(
        session, topic=RESEND_MESSAGES, args={"order_id": str(order.id)}, id_argument="outbox_id"
    )
    await session.flush()
    await session.refresh(order)
    log.info("messages.ordered", order_id=str(order.id), messages=len(able), left_out=len(items) - len(able))
    return _show(order, items)


def _judge(message: TheirMessage, who: Reachable, withdrawn: set[UUID], to_old: set[UUID] | None) -> OrderedMessage:
    address = who.email if message.channel is Channel.EMAIL else who.phone
    code = _find_closed(message, to_old) or _find_obstacle(message, who, address, withdrawn)
    vi, en = WORDS[code] if code else ("", "")
    to = mask_address(address) if address and code is None else None
    return OrderedMessage(message_id=message.id, to=to, code=code, vi=vi, en=en)


def _find_closed(message: TheirMessage, to_old: set[UUID] | None) -> str | None:
    """Why this message may not be sent again, whatever its recipient's contact."""
    if message.status in RESENDABLE:
        return None
    if message.status not in ARRIVED or to_old is None:
        return "message.not_resendable"
    return None if message.id in to_old else "message.contact_unchanged"


def _find_obstacle(message: TheirMessage, who: Reachable, address: str | None, withdrawn: set[UUID]) -> str | None:
    if who.volunteer_id in withdrawn:
        return "recipient.withdrew"
    if not address:
        return "recipient.no_address"
    return "recipient.not_mobile" if message.channel is Channel.SMS and not is_mobile(address) else None


def refuse_other_number(number: int, *, confirm: int) -> None:
    """409 where the filter finds another number of messages than was confirmed, or more than an order may have."""
    if number > MOST_MESSAGES:
        raise ConflictError(
            "order.too_many",
            vi=f"Có {number} tin; một lần gửi lại nhiều nhất {MOST_MESSAGES}. Hãy lọc theo trường hoặc kênh.",
            en=f"{amount(number, 'message')}; {MOST_MESSAGES} at most may go at once. Choose a school or channel.",
        )
    if number != confirm:
        raise ConflictError(
            "order.confirm",
            vi=f"Lúc này có {number} tin như vậy, không phải {confirm}. Hãy xem lại rồi gửi confirm với số này.",
            en=f"It is {amount(number, 'such message')} now, not {confirm}. Look again, then confirm with this number.",
            facts={"confirm": number},
        )


async def get_order(session: AsyncSession, principal: Principal, order_id: UUID) -> MessageOrderOut:
    """404 for who did not ask for it."""
    order = await session.get(MessageOrder, order_id)
    if order is None or order.asked_by_id != principal.actor_id:
        raise NotFoundError
    items = [OrderedMessage.model_validate(each) for each in order.outcome or []]
    return _show(order, items)


async def read_task(session: AsyncSession, order_id: UUID) -> ResendOrder:
    """What the notifier is to do; the same as often as it asks, until it said that it is done."""
    order = await session.get(MessageOrder, order_id)
    if order is None:
        raise NotFoundError
    ids = [UUID(each) for each in order.message_ids] if order.done_at is None else []
    return ResendOrder(order_id=order.id, message_ids=ids, reason=order.reason)


async def finish_order(session: AsyncSession, order_id: UUID, done: ResendDone) -> None:
    """The notifier's word on each message. Said again it changes nothing."""
    order = await session.get(MessageOrder, order_id, with_for_update=True)
    if order is None:
        raise NotFoundError
    if order.done_at is None:
        order.outcome = [item.model_dump(mode="json") for item in done.items]
        order.reason = ""
        order.done_at = await ask_now(session)
    if order.outbox_id is not None:
        await outbox.close(session, outbox_id=order.outbox_id)


def _show(order: MessageOrder, items: Sequence[OrderedMessage]) -> MessageOrderOut:
    return MessageOrderOut(
        id=order.id,
        asked_by=order.asked_by,
        asked_at=order.asked_at,
        is_done=order.done_at is not None,
        done_at=order.done_at,
        messages=len(order.message_ids),
        items=list(items),
    )
