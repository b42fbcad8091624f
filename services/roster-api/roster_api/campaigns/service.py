"""Decisions about campaigns: draft -> open -> closed, and what each state allows.

draft: everything may change. open: name and policy may, the dates may not; needs, decisions and exceptions of the
calendar go on. closed: nothing changes any more. Doing again what is done (opening an open campaign) changes nothing.
"""

from datetime import time
from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns import repository
from roster_api.campaigns.calendar import is_holiday, list_days, list_exceptions
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.campaigns.repository import CampaignFilter
from roster_api.campaigns.schemas import (
    SATURDAY,
    CalendarException,
    CampaignCalendar,
    CampaignCreate,
    CampaignPatch,
    CampaignRead,
    ExceptionKind,
    check_dates,
)
from roster_api.errors import ConflictError, InvalidError, NotFoundError, invalid_field, pointer_error
from roster_api.etags import check_version
from roster_api.paging import Page, Paging
from roster_api.provinces.repository import find_province
from roster_api.state_words import refuse_state
from roster_api.text import search_key


async def get_campaign(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, for_update: bool = False
) -> Campaign:
    """404 for a campaign that is missing or of another province."""
    row = await repository.find_campaign(session, principal=principal, campaign_id=campaign_id, for_update=for_update)
    if row is None:
        raise NotFoundError
    return row


async def get_changeable_campaign(session: AsyncSession, *, principal: Principal, campaign_id: UUID) -> Campaign:
    """The campaign, locked: its needs and decisions may change unless it is closed or archived (409)."""
    row = await get_campaign(session, principal=principal, campaign_id=campaign_id, for_update=True)
    if row.status == CampaignStatus.CLOSED.value or row.archived_at is not None:
        raise ConflictError(
            "campaign.closed",
            vi="Chiến dịch đã đóng hoặc đã lưu trữ, không sửa được nữa.",
            en="The campaign is closed or archived and can no longer change.",
        )
    return row


async def list_campaigns(
    session: AsyncSession, *, principal: Principal, filters: CampaignFilter, paging: Paging
) -> Page[CampaignRead]:
    rows, total = await repository.list_campaigns(session, principal=principal, filters=filters, paging=paging)
    items = [CampaignRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def create_campaign(session: AsyncSession, *, principal: Principal, body: CampaignCreate) -> Campaign:
    if await find_province(session, principal=principal, code=body.province_code) is None:
        raise invalid_field("/province_code", code="province.unknown", vi="Không có tỉnh này.", en="No such province.")
    row = Campaign(
        province_code=body.province_code,
        name=body.name,
        search_key=search_key(body.name),
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        start_time=time.fromisoformat(body.start_time),
        end_time=time.fromisoformat(body.end_time),
        policy=body.policy.model_dump(mode="json"),
        is_sandbox=body.is_sandbox,
    )
    session.add(row)
    await session.flush()
    return row


def _check_patched_dates(row: Campaign) -> None:
    try:
        check_dates(row.starts_on, row.ends_on, f"{row.start_time:%H:%M}", f"{row.end_time:%H:%M}")
    except ValueError as error:
        vi, _, en = str(error).partition(" | ")
        raise invalid_field("/ends_on", code="campaign.dates", vi=vi, en=en) from None


def _refuse_days_left_outside(row: Campaign) -> None:
    """Days that the office opened or closed are not dropped without a word when the campaign moves."""
    outside = [one.on for one in list_exceptions(row) if not row.starts_on <= one.on <= row.ends_on]
    if outside:
        days = ", ".join(f"{day:%d/%m/%Y}" for day in outside)
        raise invalid_field(
            "/starts_on",
            code="calendar.outside",
            vi=f"Lịch của chiến dịch còn ngày nằm ngoài thời gian mới: {days}. Hãy bỏ những ngày đó khỏi lịch trước.",
            en=f"Days of the calendar lie outside the new time: {days}. Take them out of the calendar first.",
        )


async def change_campaign(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, if_match: str, patch: CampaignPatch
) -> Campaign:
    row = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    check_version(row, if_match)
    changes = patch.changes()
    if changes.keys() - {"name", "policy"} and row.status != CampaignStatus.DRAFT.value:
        raise ConflictError(
            "campaign.not_draft",
            vi="Chỉ sửa được ngày giờ khi chiến dịch còn là bản nháp.",
            en="Days and hours can change only while the campaign is a draft.",
        )
    if "policy" in changes:
        named = patch.policy.model_dump(mode="json", exclude_unset=True)
        changes["policy"] = row.policy | named
    for name, value in changes.items():
        setattr(row, name, time.fromisoformat(value) if name in {"start_time", "end_time"} else value)
    row.search_key = search_key(row.name)
    with session.no_autoflush:
        _check_patched_dates(row)
        _refuse_days_left_outside(row)
    await session.flush()
    return row


async def move_campaign(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, to: CampaignStatus
) -> Campaign:
    """Opens a draft or closes an open campaign; being there already is fine; any other move is 409."""
    row = await get_campaign(session, principal=principal, campaign_id=campaign_id, for_update=True)
    if row.status == to.value:
        return row
    before = {CampaignStatus.OPEN: CampaignStatus.DRAFT, CampaignStatus.CLOSED: CampaignStatus.OPEN}[to]
    if row.status != before.value or row.archived_at is not None:
        state = row.status if row.archived_at is None else "archived"
        thing = ("Chiến dịch", "The campaign")
        raise refuse_state("campaign.transition", thing=thing, state=state, wanted=(before,))
    row.status = to.value
    if to is CampaignStatus.OPEN:
        _refuse_without_working_day(row)
        row.opened_at = clock.now()
    else:
        row.closed_at = clock.now()
    await session.flush()
    return row


def _refuse_without_working_day(row: Campaign) -> None:
    if not read_calendar(row).working_days:
        raise ConflictError(
            "campaign.no_working_day",
            vi=f"Từ {row.starts_on:%d/%m/%Y} đến {row.ends_on:%d/%m/%Y} không có ngày làm việc nào: không ai đi được."
            " Hãy đổi ngày, hoặc mở ngày làm bù trong lịch, rồi mở chiến dịch.",
            en=f"From {row.starts_on} to {row.ends_on} no day is worked, so nobody could serve."
            " Change the days, or open some in the calendar, then open the campaign.",
        )


async def set_archived(session: AsyncSession, *, principal: Principal, campaign_id: UUID, archived: bool) -> Campaign:
    """A draft or closed campaign; an open one must be closed first (409)."""
    row = await get_campaign(session, principal=principal, campaign_id=campaign_id, for_update=True)
    if archived == (row.archived_at is not None):
        return row
    if archived and row.status == CampaignStatus.OPEN.value:
        raise ConflictError(
            "campaign.open",
            vi="Chiến dịch đang mở: hãy đóng trước khi lưu trữ.",
            en="The campaign is open: close it before archiving it.",
        )
    row.archived_at = clock.now() if archived else None
    await session.flush()
    return row


def read_calendar(row: Campaign) -> CampaignCalendar:
    days = list_days(row)
    return CampaignCalendar(
        campaign_id=row.id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        working_days=sum(day.weekday is not None for day in days),
        days=days,
        exceptions=list_exceptions(row),
        row_version=row.row_version,
    )


async def declare_exceptions(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign_id: UUID,
    if_match: str | None,
    exceptions: list[CalendarException],
) -> Campaign:
    """Replaces the campaign's exceptions, all or none; the same again changes nothing. Plans already made stay."""
    row = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    if if_match is not None:
        check_version(row, if_match)
    _refuse_pointless_exceptions(row, exceptions)
    declared = [one.model_dump(mode="json") for one in sorted(exceptions, key=lambda one: one.on)]
    if declared != row.calendar_exceptions:
        row.calendar_exceptions = declared
        await session.flush()
    return row


def _refuse_pointless_exceptions(row: Campaign, exceptions: list[CalendarException]) -> None:
    errors = []
    for index, one in enumerate(exceptions):
        if not row.starts_on <= one.on <= row.ends_on:
            errors.append(
                pointer_error(
                    f"/items/{index}/on",
                    code="calendar.outside",
                    vi=f"{one.on:%d/%m/%Y} nằm ngoài thời gian của đợt.",
                    en=f"{one.on:%d/%m/%Y} is outside the campaign.",
                )
            )
        elif one.kind is ExceptionKind.OPEN and one.on.weekday() < SATURDAY and not is_holiday(one.on):
            errors.append(
                pointer_error(
                    f"/items/{index}/on",
                    code="calendar.not_a_holiday",
                    vi=f"{one.on:%d/%m/%Y} không phải ngày nghỉ, vốn đã làm việc.",
                    en=f"{one.on:%d/%m/%Y} is no holiday: it is worked anyway.",
                )
            )
    if errors:
        raise InvalidError(
            errors[0].code, vi="Có ngày không hợp lý.", en="Some of the days make no sense.", errors=errors
        )


async def is_sandbox(session: AsyncSession, *, campaign_id: UUID | None) -> bool:
    """Whether its messages reach nobody; what is of no campaign is real."""
    return campaign_id is not None and bool(await repository.list_sandboxes(session, campaign_ids=[campaign_id]))
