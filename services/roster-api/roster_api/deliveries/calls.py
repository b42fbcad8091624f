"""That somebody was telephoned: a tick on the call list, whose it is to make, and what holds now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.deliveries.asking import TheirMessage, TheirUnreached
from roster_api.deliveries.models import PhoneCall
from roster_api.deliveries.reachable import is_theirs, list_reachable
from roster_api.deliveries.schemas import CallMade, CallOutcome
from roster_api.errors import NotFoundError

log = structlog.get_logger(__name__)
Entry = tuple[str, UUID, str, str, str]
"""An entry of the call list: source, recipient, kind of notice."""


@dataclass
class Calls:
    """Of one entry: how many, and the newest."""

    times: int = 0
    last: CallMade | None = field(default=None)


def entry_of(each: TheirUnreached) -> Entry:
    return (each.source_kind, each.source_id, each.recipient_kind.value, each.recipient_id, each.kind.value)


async def keep_call(
    session: AsyncSession, principal: Principal, message: TheirMessage, outcome: CallOutcome
) -> CallMade:
    """Kept with who called. 404 where the message is for somebody the caller does not answer for."""
    key = (message.recipient.kind, message.recipient.id)
    who = (await list_reachable(session, [key])).get(key)
    if who is None or not is_theirs(principal, who):
        raise NotFoundError
    call = PhoneCall(
        id=uuid4(), source_kind=message.source.kind.value, source_id=message.source.id, recipient_kind=key[0].value,
        recipient_id=key[1], kind=message.kind.value, outcome=outcome.value, called_by=principal.label,
    )  # fmt: skip
    session.add(call)
    await session.flush()
    await session.refresh(call)
    log.info("call.kept", message_id=str(message.id), outcome=outcome.value)
    return CallMade.model_validate(call)


async def list_calls_made(session: AsyncSession, unreached: Iterable[TheirUnreached]) -> dict[Entry, Calls]:
    """By entry; who was never telephoned is left out."""
    entries = {entry_of(each) for each in unreached}
    query = (
        sa.select(PhoneCall)
        .where(PhoneCall.source_id.in_({source_id for _, source_id, *_ in entries}))
        .order_by(PhoneCall.called_at, PhoneCall.id)
    )
    found: dict[Entry, Calls] = {}
    for row in await session.scalars(query):
        key = (row.source_kind, row.source_id, row.recipient_kind, row.recipient_id, row.kind)
        if key in entries:
            calls = found.setdefault(key, Calls())
            calls.times, calls.last = calls.times + 1, CallMade.model_validate(row)
    return found
