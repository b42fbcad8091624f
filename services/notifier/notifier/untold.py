"""What people know less of than the versions of a plan say, as a channel never brought it: asked before publishing."""

from collections.abc import Mapping, Sequence

from commune_schemas.reaching import ContactToJudge, KnownPlacement, UntoldChannel
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.history import Earlier, describe_known, list_unheard
from notifier.models import Message
from notifier.outbound import list_earlier_in_threads
from notifier.states import NOTIFIED

History = Mapping[str, Sequence[Earlier]]
"""By thread."""


async def read_doubtful(session: AsyncSession, contacts: Sequence[ContactToJudge]) -> History:
    """Notices are opened of those alone whom a channel's newest message did not reach, or not yet: all others know what
    the plan in force says. What still waits is taken back when the next version comes."""
    threads = await _list_doubtful(session, [contact.thread for contact in contacts if contact.thread])
    return await list_earlier_in_threads(session, threads) if threads else {}


def list_untold(history: History, contacts: Sequence[ContactToJudge]) -> list[UntoldChannel]:
    """In the order asked. Who would be told again what stays as it was."""
    return [
        UntoldChannel(recipient=contact.recipient, channel=channel)
        for contact in contacts
        for channel in list_unheard(history.get(contact.thread, ()))
    ]


def list_known(history: History, contacts: Sequence[ContactToJudge]) -> list[KnownPlacement]:
    """In the order asked. A change or a withdrawal is sent by it, and not by what the plan in force says."""
    described = (describe_known(contact.recipient, history.get(contact.thread, ())) for contact in contacts)
    return [known for known in described if known is not None]


async def _list_doubtful(session: AsyncSession, threads: Sequence[str]) -> set[str]:
    newest = (
        select(Message.thread, Message.status)
        .where(Message.thread.in_(threads))
        .ext(distinct_on(Message.thread, Message.channel))
        .order_by(Message.thread, Message.channel, Message.source_version.desc(), Message.created_at.desc())
    )
    came = {status.value for status in NOTIFIED}
    return {row.thread for row in await session.execute(newest) if row.status not in came}
