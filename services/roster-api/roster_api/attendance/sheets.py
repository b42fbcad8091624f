"""An attendance sheet that came back: each line to a tick; what the sender said before is not said again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from commune_schemas.amounts import amount
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.attendance import repository, service
from roster_api.attendance.models import AttendanceTick, Side
from roster_api.attendance.recording import SIDES, record_ticks
from roster_api.attendance.schemas import AttendanceDay, Tick, TickAnswers, TickResult
from roster_api.attendance.service import DayFilter, refuse_other_commune
from roster_api.attendance.sheet import OTHER, SheetLine, cell_error, key_of, not_understood, write_sheet
from roster_api.campaigns.models import Campaign
from roster_api.errors import InvalidError, invalid_field
from roster_api.paging import Paging
from roster_api.plans.scope import RowScope
from roster_api.text import search_key

MOST_LINES = 500
LONGEST = timedelta(days=31)


async def list_lines(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, first: date, last: date
) -> list[AttendanceDay]:
    """404 for another's commune; 422 for more than a month, or more than a sheet may have lines."""
    refuse_other_commune(principal, commune_code)
    wanted = DayFilter(RowScope(commune_code=commune_code), first, last)
    page = await service.list_days(
        session, principal=principal, campaign=campaign, wanted=wanted, paging=Paging(limit=MOST_LINES, offset=0)
    )
    if not timedelta() <= last - first <= LONGEST or page.total > MOST_LINES:
        raise invalid_field(
            "/last_on",
            code="attendance_sheet.too_long",
            vi=f"Một phiếu tối đa {LONGEST.days} ngày và {MOST_LINES} dòng; hãy chọn khoảng ngắn hơn.",
            en=f"A sheet has {amount(LONGEST.days, 'day')} and {MOST_LINES} lines at most; choose a shorter span.",
        )
    return page.items


async def make_sheet(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, first: date, last: date
) -> bytes:
    days = await list_lines(
        session, principal=principal, campaign=campaign, commune_code=commune_code, first=first, last=last
    )
    side = SIDES[principal.role]
    title = f"PHIẾU ĐIỂM DANH - {days[0].commune_name if days else commune_code} - {campaign.name}"
    return write_sheet(days, title=title, own_view=lambda day: day.views.get(side))


async def take_sheet(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign: Campaign,
    commune_code: str,
    lines: Sequence[SheetLine],
    content: bytes,
) -> TickAnswers:
    """All of it or nothing: 422 names each line that cannot be recorded."""
    refuse_other_commune(principal, commune_code)
    others = await _find_others(session, principal, campaign, commune_code, lines)
    side = SIDES[principal.role]
    newest = await repository.list_newest_ticks(
        session, campaign_id=campaign.id, keys={(line.volunteer_id, line.serves_on) for line in lines}
    )
    now = clock.now()
    ticks = [_tick(line, others, content=content, now=now) for line in lines]
    ticks = [tick for tick in ticks if not _is_said(tick, newest.get((tick.volunteer_id, tick.serves_on), {}), side)]
    if not ticks:
        return TickAnswers(items=[], recorded=0, already=0, refused=0)
    answers = await record_ticks(session, principal=principal, campaign=campaign, ticks=ticks)
    refused = [answer for answer in answers.items if answer.result is TickResult.REFUSED]
    if refused:
        raise InvalidError(
            "attendance_sheet.refused",
            vi=f"{len(refused)} dòng không ghi được; chưa ghi gì.",
            en=f"{amount(len(refused), 'line')} cannot be recorded; nothing was.",
            errors=[
                cell_error("Điểm danh", OTHER, int(answer.key.rpartition("-")[2]), answer.vi or "", answer.en or "")
                for answer in refused
            ],
        )
    return answers


async def _find_others(
    session: AsyncSession, principal: Principal, campaign: Campaign, commune_code: str, lines: Sequence[SheetLine]
) -> dict[int, UUID]:
    """By row, who came instead: exactly one person of that name among those who may have."""
    found, errors = {}, []
    for line in lines:
        if not line.replaced_by:
            continue
        people = await service.list_stand_ins(
            session,
            principal=principal,
            campaign=campaign,
            commune_code=commune_code,
            day=line.serves_on,
            words=line.replaced_by,
        )
        same = [each for each in people if search_key(each.full_name) == search_key(line.replaced_by)]
        if len(same) == 1:
            found[line.row] = same[0].volunteer_id
            continue
        vi = "Không tìm thấy người này" if not same else "Có nhiều người cùng tên; hãy điểm danh trên hệ thống"
        errors.append(cell_error("Điểm danh", OTHER, line.row, f"{vi}.", "Nobody, or several people, of that name."))
    if errors:
        raise not_understood(errors)
    return found


def _tick(line: SheetLine, others: dict[int, UUID], *, content: bytes, now: datetime) -> Tick:
    return Tick(
        key=key_of(content, line.row),
        volunteer_id=line.volunteer_id,
        serves_on=line.serves_on,
        outcome=line.outcome,
        reason=line.reason,
        replaced_by_volunteer_id=others.get(line.row),
        ticked_at=now,
    )


def _is_said(tick: Tick, before: dict[Side, AttendanceTick], side: Side) -> bool:
    own = before.get(side)
    return own is not None and (own.outcome, own.reason or "", own.replaced_by_volunteer_id) == (
        tick.outcome.value,
        tick.reason,
        tick.replaced_by_volunteer_id,
    )
