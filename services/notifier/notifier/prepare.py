"""From a published plan to message rows: one a (plan, person, channel, kind), and older unsent ones cancelled.

Doing it again changes nothing. An older plan that arrives late finds newer rows and is cancelled on arrival.
"""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from commune_schemas.notices import Channel, NoticeKind, PersonNotice
from sqlalchemy import exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from notifier.database import Sessions
from notifier.models import Message
from notifier.reasons import put_in_words
from notifier.roster_client import RosterClient

log = structlog.get_logger(__name__)

MAXIMUM_AGE = timedelta(hours=48)
"""A message not sent by then is not sent at all: it failed, visibly."""
ONE_AT_A_TIME = 7_305_003
"""Advisory lock: two plans prepared at once must see each other's rows."""


async def prepare_notices(*, outbox_id: UUID, plan_id: UUID, roster: RosterClient, sessions: Sessions) -> int:
    """The number of this plan's messages. Raises RosterAway when roster-api stays away: the job comes again."""
    async for notices in roster.list_notices(plan_id):
        async with sessions.begin() as session:
            await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
            await add_messages(session, notices)
            await cancel_overtaken(session, {notice.calendar_uid for notice in notices})
    async with sessions.begin() as session:
        messages = await session.scalar(select(func.count()).where(Message.plan_id == plan_id)) or 0
    await roster.say_prepared(outbox_id, plan_id=plan_id, messages=messages)
    log.info("notices.prepared", plan_id=str(plan_id), messages=messages)
    return messages


async def add_messages(session: AsyncSession, notices: list[PersonNotice]) -> None:
    """Rows that exist already stay as they are."""
    rows = [make_row(notice, channel) for notice in notices for channel in Channel]
    if rows:
        await session.execute(insert(Message).on_conflict_do_nothing(), rows)


def make_row(notice: PersonNotice, channel: Channel) -> dict[str, object]:
    """The columns of a new message. Without an address it has failed before it began, and says so."""
    key = f"{notice.plan_id}/{notice.volunteer_id}/{channel.value}/{notice.kind.value}"
    identity = uuid5(NAMESPACE_URL, f"urn:commune-roster:message:{key}")
    told = notice.placement or notice.previous
    address = notice.email if channel is Channel.EMAIL else notice.phone
    now = datetime.now(UTC)
    vi, en = put_in_words("recipient.no_address")
    return {
        "id": identity,
        "reference": f"{identity.hex}@notifier.commune-roster",
        "plan_id": notice.plan_id,
        "plan_version": notice.plan_version,
        "volunteer_id": notice.volunteer_id,
        "channel": channel.value,
        "kind": notice.kind.value,
        "calendar_uid": notice.calendar_uid,
        "school_name": notice.school_name,
        "commune_code": told.commune_code if told else None,
        "notice": notice.model_dump(mode="json"),
        "priority": 1 if notice.kind is NoticeKind.PLACEMENT_ASSIGNED else 0,
        "expires_at": now + MAXIMUM_AGE,
        "status": "pending" if address else "failed",
        "failed_at": None if address else now,
        "reason_code": None if address else "recipient.no_address",
        "reason_vi": None if address else vi,
        "reason_en": None if address else en,
    }


async def cancel_overtaken(session: AsyncSession, calendar_uids: set[str]) -> None:
    """Whatever a newer plan made untrue: unsent is cancelled, and all else that did not arrive is never tried again."""
    newer = aliased(Message)
    overtaken = exists().where(
        newer.volunteer_id == Message.volunteer_id,
        newer.calendar_uid == Message.calendar_uid,
        newer.plan_version > Message.plan_version,
    )
    of_these = (Message.calendar_uid.in_(sorted(calendar_uids)), Message.superseded_at.is_(None), overtaken)
    vi, en = put_in_words("plan.superseded")
    words = {"superseded_at": func.now(), "reason_code": "plan.superseded", "reason_vi": vi, "reason_en": en}
    cancelled = {"status": "cancelled", "claim_version": Message.claim_version + 1}
    for statuses, values in (
        (("pending", "claimed"), words | cancelled),
        (("sending",), words),
        (("failed", "unknown", "sent"), {"superseded_at": func.now()}),
    ):
        await session.execute(
            update(Message)
            .where(*of_these, Message.status.in_(statuses))
            .values(values)
            .execution_options(synchronize_session=False)
        )
