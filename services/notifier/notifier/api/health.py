"""How the notifier is: its database answered, and its senders say what they see of the queue."""

from typing import Literal

from commune_service.queue_health import QueueState
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

HEARD_WITHIN_SECONDS = 30


class Health(BaseModel):
    """`degraded`: what is in hand is sent, and new notices wait in roster-api's outbox until the queue takes jobs."""

    status: Literal["ok", "degraded"] = "ok"
    queue: Literal["ok", "away", "read_only", "full", "refuses", "not known"] = "not known"
    """By the sender that was heard last; `not known` where none was heard for 30 s."""


async def find_queue_state(session: AsyncSession) -> QueueState | None:
    state = await session.scalar(
        text(
            "select queue_state from notifier.workers where seen_at > now() - make_interval(secs => :lately)"
            " order by seen_at desc limit 1"
        ),
        {"lately": HEARD_WITHIN_SECONDS},
    )
    return QueueState(state) if state else None


def describe_health(state: QueueState | None) -> Health:
    if state is None:
        return Health()
    return Health(status="ok" if state is QueueState.OK else "degraded", queue=state.value)
