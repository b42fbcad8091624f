"""A published decision's life: started, extended, ended early, returned; and the reminder before its end."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import invalid_field
from roster_api.secondments.deciding import lock_secondment, wrong_status
from roster_api.secondments.models import IN_FORCE, Secondment, SecondmentStatus
from roster_api.secondments.schemas import EarlyEnd, Extension
from roster_api.secondments.taken import refuse_taken
from roster_api.secondments.telling import STARTED, Occasion, keep_event, tell

REMINDED_BEFORE = timedelta(days=14)
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SYSTEM = "roster-api"
"""Who reminds: nobody asked."""


async def start(session: AsyncSession, secondment_id: UUID, *, principal: Principal, on: date) -> Secondment:
    """The person took up the post. Saying so again changes nothing."""
    row = await lock_secondment(session, secondment_id, principal=principal)
    if row.status == SecondmentStatus.STARTED.value:
        return row
    if row.status != SecondmentStatus.PUBLISHED.value:
        raise wrong_status(row, SecondmentStatus.PUBLISHED)
    _refuse_outside(row, on)
    row.status, row.started_on = SecondmentStatus.STARTED.value, on
    keep_event(session, row, STARTED, by=principal.label)
    await session.flush()
    return row


async def extend(session: AsyncSession, secondment_id: UUID, *, principal: Principal, body: Extension) -> Secondment:
    """A later last day. The same again changes nothing; 409 where the person or the post is taken by then."""
    row = await lock_in_force(session, secondment_id, principal=principal)
    if row.until_on == body.until_on:
        return row
    if row.until_on is None or body.until_on < row.until_on:
        vi, en = "Ngày gia hạn phải sau ngày kết thúc hiện tại.", "The new last day must be after the present one."
        raise invalid_field("/until_on", code="secondment.no_extension", vi=vi, en=en)
    row.until_on, row.legal_basis = body.until_on, body.legal_basis
    await refuse_taken(session, [row])
    await tell(session, Occasion.EXTENDED, [row], by=principal.label, reason=body.reason)
    return row


async def end_early(session: AsyncSession, secondment_id: UUID, *, principal: Principal, body: EarlyEnd) -> Secondment:
    """Before its time, for a reason."""
    row = await lock_secondment(session, secondment_id, principal=principal)
    if row.status == SecondmentStatus.ENDED_EARLY.value and row.ended_on == body.on:
        return row
    if row.status not in IN_FORCE:
        raise wrong_status(row, SecondmentStatus.PUBLISHED, SecondmentStatus.STARTED)
    _refuse_outside(row, body.on)
    _end(row, SecondmentStatus.ENDED_EARLY, body.on)
    await tell(session, Occasion.ENDED_EARLY, [row], by=principal.label, reason=body.reason)
    return row


async def return_home(session: AsyncSession, secondment_id: UUID, *, principal: Principal, on: date) -> Secondment:
    """The time was served, and the person is back."""
    row = await lock_secondment(session, secondment_id, principal=principal)
    if row.status == SecondmentStatus.RETURNED.value:
        return row
    if row.status not in IN_FORCE:
        raise wrong_status(row, SecondmentStatus.PUBLISHED, SecondmentStatus.STARTED)
    if row.until_on is None or on < row.until_on:
        vi = "Chưa hết thời hạn điều động; nếu kết thúc sớm, hãy dùng kết thúc sớm và nêu lý do."
        en = "The time is not over; to end it earlier, end it early, with the reason."
        raise invalid_field("/on", code="secondment.not_over", vi=vi, en=en)
    _end(row, SecondmentStatus.RETURNED, on)
    await tell(session, Occasion.RETURNED, [row], by=principal.label)
    return row


def _end(row: Secondment, status: SecondmentStatus, on: date) -> None:
    row.status, row.ended_on, row.change_asked_at = status.value, on, None


async def lock_in_force(session: AsyncSession, secondment_id: UUID, *, principal: Principal) -> Secondment:
    """409 unless it is published and not over."""
    row = await lock_secondment(session, secondment_id, principal=principal)
    if row.status not in IN_FORCE:
        raise wrong_status(row, SecondmentStatus.PUBLISHED, SecondmentStatus.STARTED)
    return row


def _refuse_outside(row: Secondment, on: date) -> None:
    if on < row.from_on or (row.until_on is not None and on > row.until_on):
        vi, en = "Ngày nằm ngoài thời hạn của quyết định.", "The day is outside the decision's time."
        raise invalid_field("/on", code="secondment.outside", vi=vi, en=en)


async def remind_of_endings(session: AsyncSession) -> int:
    """Two weeks before each last day, or day of review, those concerned are told once. The relay calls it."""
    now = await ask_now(session)
    return await remind_of_endings_by(session, today=now.astimezone(LOCAL).date())


async def remind_of_endings_by(session: AsyncSession, *, today: date) -> int:
    """How many decisions were spoken of."""
    due_on = sa.func.coalesce(Secondment.until_on, Secondment.review_on)
    is_due = (
        Secondment.status.in_(IN_FORCE),
        due_on >= today,
        due_on <= today + REMINDED_BEFORE,
        Secondment.reminded_of.is_distinct_from(due_on),
    )
    query = sa.select(Secondment).where(*is_due).order_by(Secondment.id).with_for_update(skip_locked=True)
    rows = list(await session.scalars(query))
    for row in rows:
        row.reminded_of = row.until_on or row.review_on
    for province in sorted({row.province_code for row in rows}):
        mine = [row for row in rows if row.province_code == province]
        await tell(session, Occasion.ENDING, [row for row in mine if row.until_on is not None], by=SYSTEM)
        await tell(session, Occasion.REVIEW_DUE, [row for row in mine if row.until_on is None], by=SYSTEM)
    return len(rows)
