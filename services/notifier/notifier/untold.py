"""Who would be told again what a plan in force says already, as a channel never brought it: asked before publishing."""

from collections.abc import Sequence

from commune_schemas.reaching import ContactToJudge, UntoldChannel
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.history import list_unheard
from notifier.models import Message
from notifier.outbound import list_earlier_in_threads
from notifier.states import NOTIFIED, UNDER_WAY


async def list_untold(session: AsyncSession, contacts: Sequence[ContactToJudge]) -> list[UntoldChannel]:
    """In the order asked. Notices are opened of those alone of whom a channel's newest message did not arrive."""
    threads = await _list_doubtful(session, [contact.thread for contact in contacts if contact.thread])
    earlier = await list_earlier_in_threads(session, threads) if threads else {}
    return [
        UntoldChannel(recipient=contact.recipient, channel=channel)
        for contact in contacts
        for channel in list_unheard(earlier.get(contact.thread, ()))
    ]


async def _list_doubtful(session: AsyncSession, threads: Sequence[str]) -> set[str]:
    newest = (
        select(Message.thread, Message.status)
        .where(Message.thread.in_(threads))
        .ext(distinct_on(Message.thread, Message.channel))
        .order_by(Message.thread, Message.channel, Message.source_version.desc(), Message.created_at.desc())
    )
    came = {status.value for status in (*NOTIFIED, *UNDER_WAY)}
    return {row.thread for row in await session.execute(newest) if row.status not in came}
