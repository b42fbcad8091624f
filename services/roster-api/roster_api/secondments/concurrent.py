"""Concurrent duty: somebody keeps the own post and serves elsewhere on some weekdays, reviewed every term."""

from uuid import UUID

from commune_schemas.notices import Recipient, RecipientKind
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.accounts import list_officers
from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, invalid_field
from roster_api.office_notices.service import Words, tell_office
from roster_api.secondments.life import lock_in_force
from roster_api.secondments.models import Secondment
from roster_api.secondments.schemas import ChangeAsked, Review
from roster_api.secondments.taken import refuse_taken
from roster_api.secondments.telling import Occasion, tell
from roster_api.staff.models import Unit


async def review(session: AsyncSession, secondment_id: UUID, *, principal: Principal, body: Review) -> Secondment:
    """Another term, on these weekdays. The same again changes nothing; 409 where a new weekday is taken."""
    row = await lock_in_force(session, secondment_id, principal=principal)
    if row.review_on is None:
        raise ConflictError(
            "secondment.not_reviewed",
            vi="Chỉ kiêm nhiệm không có ngày kết thúc mới được rà soát; quyết định có thời hạn thì gia hạn.",
            en="Only duty on weekdays without a last day is reviewed; what has a last day is extended.",
        )
    weekdays = body.weekdays or row.weekdays
    if (row.review_on, row.weekdays, row.change_asked_at) == (body.next_review_on, weekdays, None):
        return row
    if body.on < row.from_on:
        vi, en = "Ngày áp dụng phải từ ngày bắt đầu trở đi.", "It cannot apply from before the first day."
        raise invalid_field("/on", code="secondment.outside", vi=vi, en=en)
    row.review_on, row.weekdays, row.change_asked_at = body.next_review_on, weekdays, None
    await refuse_taken(session, [row])
    await tell(session, Occasion.REVIEWED, [row], by=principal.label, reason=body.reason, from_on=body.on)
    return row


async def ask_change(
    session: AsyncSession, secondment_id: UUID, *, principal: Principal, body: ChangeAsked
) -> Secondment:
    """A unit wants it otherwise: the person, both units and Home Affairs hear of it; nothing changes.

    Open until a review or an end. 409 while an earlier wish is open.
    """
    row = await lock_in_force(session, secondment_id, principal=principal)
    if row.change_asked_at is not None:
        raise ConflictError(
            "secondment.change_asked",
            vi="Đã có đề nghị thay đổi đang chờ Sở Nội vụ.",
            en="A change was asked for already, and waits for Home Affairs.",
        )
    row.change_asked_at = await ask_now(session)
    await tell(session, Occasion.CHANGE_ASKED, [row], by=principal.label, reason=body.reason)
    await _tell_home_affairs(session, row)
    return row


async def _tell_home_affairs(session: AsyncSession, row: Secondment) -> None:
    """In the day's mail: which decision, not who."""
    sending, receiving = [await session.get_one(Unit, one) for one in (row.from_unit_id, row.to_unit_id)]
    words = Words(
        about=receiving.name,
        heading="Đề nghị thay đổi một phân công",
        sentences=["Một đơn vị đề nghị thay đổi quyết định điều động, kiêm nhiệm dưới đây. Lý do ở trang quyết định."],
        rows=[f"{sending.name} - {receiving.name}, số {row.number or 'chưa có'}"],
        english="A unit asks for a change of a decision on duty elsewhere; its reason stands beside the decision.",
    )
    for account_id in await list_officers(session, row.province_code):
        recipient = Recipient(kind=RecipientKind.ACCOUNT, id=str(account_id))
        await tell_office(session, key=f"duty/{row.id}/{row.last_event}/{account_id}", recipient=recipient, words=words)
