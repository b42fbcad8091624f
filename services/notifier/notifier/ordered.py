"""Orders to send again, from roster-api: each message once an order, with its entry in the audit.

Killed half-way, the job comes again: what was put back already is answered as it was, nothing is sent twice.
"""

from uuid import UUID

import structlog
from commune_schemas.resending import ResendDone, ResendOrder, ResendOutcome
from sqlalchemy import insert

from notifier.api.errors import ProblemError
from notifier.api.resending import find_address, resend
from notifier.audit.models import AuditEntry
from notifier.database import Sessions
from notifier.roster_client import RosterAway, RosterClient

log = structlog.get_logger(__name__)
AWAY = "roster.away"


async def carry_out_order(*, order_id: UUID, roster: RosterClient, sessions: Sessions) -> int:
    """How many are sent again. RosterAway while roster-api is away: the job comes again."""
    order = await roster.get_order(order_id)
    outcomes = [
        await _send_again(order, message_id, roster=roster, sessions=sessions) for message_id in order.message_ids
    ]
    await roster.say_ordered(order_id, ResendDone(items=outcomes))
    again = sum(outcome.code is None for outcome in outcomes)
    log.info("messages.sent_again", order_id=str(order_id), messages=again, refused=len(outcomes) - again)
    return again


async def _send_again(
    order: ResendOrder, message_id: UUID, *, roster: RosterClient, sessions: Sessions
) -> ResendOutcome:
    key = f"order/{order.order_id}/{message_id}"
    try:
        address = await find_address(sessions, roster.list_contacts, message_id=message_id, idempotency_key=key)
        async with sessions.begin() as session:
            answer = await resend(
                session, message_id=message_id, reason=order.reason, idempotency_key=key, address=address
            )
            await session.execute(insert(AuditEntry), _entry(order, message_id))
    except ProblemError as refused:
        if refused.code == AWAY:
            raise RosterAway(AWAY) from None
        return ResendOutcome(message_id=message_id, to=None, code=refused.code, vi=refused.vi, en=refused.en)
    return ResendOutcome(message_id=message_id, to=answer.get("to"))


def _entry(order: ResendOrder, message_id: UUID) -> dict[str, object]:
    return {
        "action": "change",
        "method": "JOB",
        "route": "resend_messages",
        "actor_role": "roster-api",
        "subjects": [str(message_id), str(order.order_id)],
        "details": {"reason": {"hidden": True}},
        "request_id": None,
        "address": None,
    }
