"""Duties done in a week, as a commune counts them: declared whole, for who was planned there or came instead."""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from commune_schemas.problem import FieldError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.attendance import repository
from roster_api.attendance.models import DutyCount
from roster_api.attendance.schemas import CountItem, CountOut, CountsBody, CountsOut
from roster_api.attendance.service import refuse_other_commune, today
from roster_api.campaigns.models import Campaign
from roster_api.errors import InvalidError, NotFoundError, invalid_field, pointer_error
from roster_api.etags import Seen, check_seen, tag_rows
from roster_api.fields.models import Duty
from roster_api.groups.scope import sees_commune

WEEK = timedelta(days=6)


async def read_counts(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, week_on: date
) -> CountsOut:
    refuse_other_commune(principal, commune_code)
    if not await sees_commune(session, principal, campaign_id=campaign.id, commune_code=commune_code):
        raise NotFoundError
    _refuse_other_day(week_on)
    people = await repository.list_people_of_week(
        session, campaign_id=campaign.id, commune_code=commune_code, first=week_on, last=week_on + WEEK
    )
    rows = await repository.list_counts(session, campaign_id=campaign.id, commune_code=commune_code, week_on=week_on)
    items = [
        CountOut(
            volunteer_id=row.volunteer_id,
            full_name=people.get(row.volunteer_id, ""),
            duty_code=row.duty_code,
            number=row.number,
        )
        for row in rows
    ]
    return CountsOut(commune_code=commune_code, week_on=week_on, items=items, people=people)


def tag_of(items: Iterable[CountItem | CountOut]) -> str:
    return tag_rows((item.volunteer_id, item.duty_code, item.number) for item in items)


async def put_counts(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign: Campaign,
    commune_code: str,
    week_on: date,
    body: CountsBody,
    seen: Seen,
) -> CountsOut:
    """The same again changes nothing; 412 where somebody counted otherwise meanwhile. 422 for a week to
    come, a day that is no Monday, a duty nobody knows, a person who was not there that week."""
    await repository.lock_week(session, campaign_id=campaign.id, commune_code=commune_code, week_on=week_on)
    before = await read_counts(
        session, principal=principal, campaign=campaign, commune_code=commune_code, week_on=week_on
    )
    if week_on > today():
        raise invalid_field("/week_on", code="duty_counts.too_early", vi="Tuần chưa đến.", en="Not come yet.")
    duties = set(await session.scalars(sa.select(Duty.code)))
    errors = _find_errors(body.items, duties=duties, people=set(before.people))
    if errors:
        raise InvalidError(
            "duty_counts.unknown",
            vi="Có người hoặc nhiệm vụ không đúng; xem danh sách lỗi.",
            en="Some people or duties are not right; see errors.",
            errors=errors,
        )
    if tag_of(body.items) == tag_of(before.items):
        return before
    check_seen(seen, tag_of(before.items) if before.items or seen.if_match else None)
    await _replace(session, body.items, campaign, commune_code, week_on, by=principal.label)
    return await read_counts(
        session, principal=principal, campaign=campaign, commune_code=commune_code, week_on=week_on
    )


async def _replace(
    session: AsyncSession, items: list[CountItem], campaign: Campaign, commune_code: str, week_on: date, *, by: str
) -> None:
    rows = await repository.list_counts(session, campaign_id=campaign.id, commune_code=commune_code, week_on=week_on)
    kept = {(row.volunteer_id, row.duty_code): row for row in rows}
    for item in items:
        row = kept.pop((item.volunteer_id, item.duty_code), None)
        if row is None:
            session.add(_make(item, campaign, commune_code, week_on, by=by))
        elif row.number != item.number:
            row.number, row.counted_by = item.number, by
    for row in kept.values():
        await session.delete(row)
    await session.flush()


def _make(item: CountItem, campaign: Campaign, commune_code: str, week_on: date, *, by: str) -> DutyCount:
    return DutyCount(
        campaign_id=campaign.id,
        volunteer_id=item.volunteer_id,
        week_on=week_on,
        duty_code=item.duty_code,
        commune_code=commune_code,
        number=item.number,
        counted_by=by,
    )


def _find_errors(items: list[CountItem], *, duties: set[str], people: set[object]) -> list[FieldError]:
    errors = []
    for number, item in enumerate(items):
        if item.duty_code not in duties:
            errors.append(
                pointer_error(
                    f"/items/{number}/duty_code",
                    code="duty.unknown",
                    vi="Không có nhiệm vụ này.",
                    en="No such duty.",
                )
            )
        if item.volunteer_id not in people:
            errors.append(
                pointer_error(
                    f"/items/{number}/volunteer_id",
                    code="duty_counts.not_there",
                    vi="Người này không phục vụ ở xã trong tuần đó.",
                    en="This person did not serve the commune in that week.",
                )
            )
    return errors


def _refuse_other_day(week_on: date) -> None:
    if week_on.weekday() != 0:
        raise invalid_field(
            "/week_on",
            code="duty_counts.no_monday",
            vi="Tuần ghi theo ngày thứ Hai đầu tuần.",
            en="A week is named by its Monday.",
        )
