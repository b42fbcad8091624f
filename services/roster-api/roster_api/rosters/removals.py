"""What taking the missing off the roster would do to plans in force: which communes it leaves short, who was told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.amounts import amount
from commune_service.database_clock import TODAY
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import ConflictError, pointer_error
from roster_api.fields.models import Duty
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.plans.models import Placement, Plan, PlanStatus
from roster_api.rosters.models import RosterUpload, RosterUploadRow, RowStatus
from roster_api.volunteers.models import Volunteer, VolunteerStatus

MASS_REMOVAL_SHARE = 0.20
NAMED = 20


@dataclass(frozen=True)
class Consequence:
    """Names: of communes that would get less than they asked for, and of placed people, who were told."""

    short_communes: list[str]
    notified: list[str]


async def refuse_unless_confirmed(session: AsyncSession, upload: RosterUpload, *, is_confirmed: bool) -> None:
    """409 that says what the removal would do, when it is of many or of people of a published plan."""
    missing = (upload.counts or {})[RowStatus.MISSING.value]
    if is_confirmed or not missing:
        return
    active = await session.scalar(
        sa.select(sa.func.count()).where(
            Volunteer.school_id == upload.school_id, Volunteer.status == VolunteerStatus.ACTIVE.value
        )
    )
    consequence = await find_consequence(session, upload)
    if missing <= MASS_REMOVAL_SHARE * (active or 0) and not consequence.notified:
        return
    vi, en = _words(consequence)
    raise ConflictError(
        "roster.mass_removal",
        vi=f"Việc này sẽ đưa {missing} trong {active} người ra khỏi danh sách.{vi} Nếu đúng ý, hãy đánh dấu vào ô "
        "xác nhận rồi gửi lại (confirm_mass_removal).",
        en=f"This would take {missing} of {amount(active or 0, 'person')} off the roster.{en} If that is meant, "
        "send confirm_mass_removal = true.",
        errors=[
            pointer_error("/remove_missing", code="plan.told", vi=f"{name} đã được báo phân công.",
                          en=f"{name} was told of a placement.")
            for name in consequence.notified[:NAMED]
        ] + [
            pointer_error("/remove_missing", code="plan.commune_short", vi=f"{name} sẽ không còn đủ người.",
                          en=f"{name} would fall below its minimum.")
            for name in consequence.short_communes[:NAMED]
        ],
        facts={
            "missing": missing, "active": active, "communes_below_minimum": len(consequence.short_communes),
            "people_told": len(consequence.notified),
        },
    )  # fmt: skip


def _words(consequence: Consequence) -> tuple[str, str]:
    if not consequence.notified:
        return "", ""
    short, told = consequence.short_communes, consequence.notified
    names = f" ({', '.join(short[:NAMED])})" if short else ""
    people = ", ".join(told[:NAMED])
    vi = f"{len(short)} xã sẽ dưới mức tối thiểu{names}; {len(told)} người đã được báo ({people})."
    falling = amount(len(short), "commune falls below its", "communes fall below their")
    en = f"{falling} minimum{names}; {amount(len(told), 'person was', 'people were')} told ({people})."
    return f" Phương án đã ban hành: {vi}", f" Of a published plan {en}"


async def find_consequence(session: AsyncSession, upload: RosterUpload) -> Consequence:
    """For the plans in force of campaigns that are not over."""
    leaving = sa.select(RosterUploadRow.volunteer_id).where(
        RosterUploadRow.upload_id == upload.id, RosterUploadRow.status == RowStatus.MISSING.value
    )
    query = (
        sa.select(Placement, Volunteer.full_name, Commune.full_name, Plan.campaign_id)
        .join(Plan, Plan.id == Placement.plan_id)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Commune, Commune.code == Placement.commune_code)
        .where(
            Plan.status == PlanStatus.PUBLISHED, Campaign.ends_on >= TODAY,
            Placement.volunteer_id.in_(leaving),
        )
        .order_by(Commune.sort_key, Volunteer.sort_key)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    by_place: dict[tuple[UUID, UUID, str], list[Placement]] = defaultdict(list)
    names: dict[str, str] = {}
    told: dict[str, None] = {}
    for placement, person, commune, campaign_id in rows:
        by_place[placement.plan_id, campaign_id, placement.commune_code].append(placement)
        names[placement.commune_code] = commune
        told[person] = None
    short = [
        names[commune_code] for (plan_id, campaign_id, commune_code), gone in by_place.items()
        if await _falls_short(session, plan_id, campaign_id, commune_code, gone)
    ]  # fmt: skip
    return Consequence(list(dict.fromkeys(short)), list(told))


async def _falls_short(
    session: AsyncSession, plan_id: UUID, campaign_id: UUID, commune_code: str, gone: Sequence[Placement]
) -> bool:
    """Whether those who stay work fewer days in a field, or are present in smaller number, than was asked for."""
    of_place = Placement.plan_id == plan_id, Placement.commune_code == commune_code
    leaving = {one.volunteer_id for one in gone}
    staying = [one for one in await session.scalars(sa.select(Placement).where(*of_place))
               if one.volunteer_id not in leaving]  # fmt: skip
    needs, presence = await _asked_for(session, campaign_id, commune_code)
    days: dict[str, int] = defaultdict(int)
    for one in staying:
        for code, count in one.work_days.items():
            days[code] += count
    lost_fields = {code for one in gone for code in one.work_days}
    lost_days = {day for one in gone for day in one.weekdays}
    return any(days[code] < needs.get(code, 0) for code in lost_fields) or any(
        sum(day in one.weekdays for one in staying) < presence[day] for day in lost_days
    )


async def _asked_for(session: AsyncSession, campaign_id: UUID, commune_code: str) -> tuple[dict[str, int], list[int]]:
    """({field: days a week}, people wanted by weekday)."""
    query = (
        sa.select(NeedDeclaration.presence, Duty.field_code, sa.func.sum(NeedItem.people * NeedItem.days_per_week))
        .join(NeedItem, NeedItem.declaration_id == NeedDeclaration.id)
        .join(Duty, Duty.code == NeedItem.duty_code)
        .where(NeedDeclaration.campaign_id == campaign_id, NeedDeclaration.commune_code == commune_code)
        .group_by(NeedDeclaration.presence, Duty.field_code)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    presence = rows[0][0] if rows else [0] * 5
    return {code: int(days) for _, code, days in rows}, presence
