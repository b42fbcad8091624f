"""What of attendance each may read: days with every side's view, totals, who may have come instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.attendance import repository
from roster_api.attendance.models import AttendanceTick, Outcome, ServiceDay, Side
from roster_api.attendance.schemas import (
    AttendanceDay,
    AttendanceState,
    AttendanceTotals,
    CommuneCounts,
    DayCounts,
    PossibleStandIn,
    SchoolCounts,
    View,
)
from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.paging import Page, Paging
from roster_api.plans.scope import RowScope, row_scope
from roster_api.text import search_key

COUNTED = tuple(DayCounts.model_fields)


@dataclass(frozen=True)
class DayFilter:
    """None means any."""

    places: RowScope
    first: date | None = None
    last: date | None = None
    state: AttendanceState | None = None

    def narrow(self, query: sa.Select[*tuple[Any, ...]], *, today: date) -> sa.Select[*tuple[Any, ...]]:
        if self.first is not None:
            query = query.where(ServiceDay.serves_on >= self.first)
        if self.last is not None:
            query = query.where(ServiceDay.serves_on <= self.last)
        is_open = ServiceDay.outcome.is_(None)
        match self.state:
            case AttendanceState.PLANNED:
                return query.where(is_open, ServiceDay.serves_on > today)
            case AttendanceState.UNCONFIRMED:
                return query.where(is_open, ServiceDay.serves_on <= today)
            case AttendanceState.CONFIRMED:
                return query.where(~is_open)
            case AttendanceState.DISPUTED:
                return query.where(ServiceDay.is_disputed)
        return query


def today() -> date:
    """In Vietnam."""
    return clock.today()


async def list_days(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, wanted: DayFilter, paging: Paging
) -> Page[AttendanceDay]:
    query = repository.select_days(campaign.id, row_scope(principal), wanted.places)
    query = wanted.narrow(query, today=today())
    counted = query.with_only_columns(sa.func.count()).order_by(None)
    rows = (await session.execute(query.limit(paging.limit).offset(paging.offset))).all()
    items = await describe_days(session, campaign=campaign, rows=rows)
    return Page(items=items, total=await session.scalar(counted) or 0, limit=paging.limit, offset=paging.offset)


async def describe_days(session: AsyncSession, *, campaign: Campaign, rows: Sequence[Any]) -> list[AttendanceDay]:
    """Of rows as `select_days` gives them."""
    keys = [(row[0].volunteer_id, row[0].serves_on) for row in rows]
    views = await repository.list_newest_ticks(session, campaign_id=campaign.id, keys=keys)
    return [
        AttendanceDay(
            volunteer_id=day.volunteer_id,
            full_name=person.full_name,
            serves_on=day.serves_on,
            commune_code=day.commune_code,
            commune_name=commune.full_name,
            school_code=school.code,
            school_name=school.name,
            plan_id=day.plan_id,
            outcome=None if day.outcome is None else Outcome(day.outcome),
            served_by_volunteer_id=day.served_by_volunteer_id,
            replaced_by_name=other_name,
            is_disputed=day.is_disputed,
            is_school_asked=day.question_id is not None,
            views=_views(views.get((day.volunteer_id, day.serves_on), {})),
        )
        for day, person, school, commune, other_name in rows
    ]


def _views(ticks: dict[Side, AttendanceTick]) -> dict[Side, View]:
    return {
        side: View(
            outcome=Outcome(ticks[side].outcome),
            reason=ticks[side].reason,
            replaced_by_volunteer_id=ticks[side].replaced_by_volunteer_id,
            ticked_at=ticks[side].ticked_at,
            ticked_by=ticks[side].ticked_by,
        )
        for side in Side
        if side in ticks
    }


async def describe_totals(session: AsyncSession, *, principal: Principal, campaign: Campaign) -> AttendanceTotals:
    pairs = await repository.count_days(session, campaign_id=campaign.id, scope=row_scope(principal), today=today())
    communes, schools = await repository.name_places(
        session, communes={row.commune_code for row in pairs}, schools={row.school_id for row in pairs}
    )
    return AttendanceTotals(
        total=DayCounts(**_sum(pairs)),
        communes=[
            CommuneCounts(
                commune_code=code, commune_name=name, **_sum(row for row in pairs if row.commune_code == code)
            )
            for code, name in communes.items()
        ],
        schools=[
            SchoolCounts(school_code=code, school_name=name, **_sum(row for row in pairs if row.school_id == school_id))
            for school_id, (code, name) in schools.items()
        ],
    )


def _sum(rows: Iterable[Any]) -> dict[str, int]:
    kept = list(rows)
    return {name: sum(getattr(row, name) for row in kept) for name in COUNTED}


async def list_stand_ins(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune_code: str, day: date, words: str
) -> list[PossibleStandIn]:
    """At most twenty, found by a part of their name: a commune reads no school's whole list."""
    refuse_other_commune(principal, commune_code)
    people = await repository.list_free_people(
        session,
        campaign_id=campaign.id,
        commune_code=commune_code,
        scope=RowScope(school_id=row_scope(principal).school_id),
        day=day,
        words=search_key(words),
    )
    return [
        PossibleStandIn(volunteer_id=person.id, full_name=person.full_name, school_name=school.name)
        for person, school in people
    ]


def refuse_other_commune(principal: Principal, commune_code: str) -> None:
    """404 to an officer of another commune."""
    own: UUID | str | None = row_scope(principal).commune_code
    if own is not None and own != commune_code:
        raise NotFoundError
