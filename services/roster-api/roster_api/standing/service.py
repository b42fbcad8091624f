"""Counts the leaders' numbers, and keeps them for some seconds: many look, few things change."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.blockers.models import Level
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import local_day
from roster_api.groups.scope import list_own_communes
from roster_api.plans.repository import find_plan_in_force
from roster_api.standing import repository
from roster_api.standing.schemas import CampaignStanding, CommuneStanding, Standing

KEPT_FOR = timedelta(seconds=10)
LEVELS = tuple(Level)
ORDER = tuple(Standing)
Row = TypeVar("Row")


class Standings:
    """One an application: of each campaign the last count, and a lock, so that many who ask at once count once."""

    def __init__(self) -> None:
        self._kept: dict[UUID, CampaignStanding] = {}
        self._locks: dict[UUID, asyncio.Lock] = {}

    async def get(self, session: AsyncSession, campaign: Campaign, *, principal: Principal) -> CampaignStanding:
        """Who may see the campaign is the caller's to ask. The same for all who may, but for an overseer of a group."""
        own = await list_own_communes(session, principal, campaign.id)
        if own is not None:
            return await count_standing(session, campaign, own=own)
        async with self._locks.setdefault(campaign.id, asyncio.Lock()):
            kept = self._kept.get(campaign.id)
            if kept is None or abs(clock.now() - kept.as_of) > KEPT_FOR:
                kept = self._kept[campaign.id] = await count_standing(session, campaign)
            return kept


async def count_standing(session: AsyncSession, campaign: Campaign, *, own: set[str] | None = None) -> CampaignStanding:
    """Of these communes; None: of all."""
    now = clock.now()
    plan = await find_plan_in_force(session, campaign.id)
    leads = await repository.list_leads(session, plan.id) if plan else {}
    people = await repository.count_people(session, plan.id) if plan else {}
    unmet = await repository.sum_unmet(session, plan.id) if plan else {}
    days = _within(own, await repository.count_days(session, campaign_id=campaign.id, today=local_day(now)))
    blockers = _within(own, await repository.count_blockers(session, campaign.id))
    communes = [
        _commune(
            row,
            lead=leads.get(row.code),
            people=people.get(row.code, 0),
            unmet=unmet.get(row.code, 0),
            days=days.get(row.code, (0, 0, 0)),
            blockers=blockers.get(row.code, (0, 0, 0, 0)),
        )
        for row in await repository.list_communes(session, campaign)
        if own is None or row.code in own
    ]
    communes.sort(key=lambda each: (not each.is_priority, ORDER.index(each.standing)))  # by name within
    counts = Counter(each.standing for each in communes)
    return CampaignStanding(
        campaign_id=campaign.id,
        as_of=now,
        **{each.value: counts[each] for each in Standing},
        days_due=sum(due for due, _, _ in days.values()),
        days_served=sum(served for _, served, _ in days.values()),
        days_unconfirmed=sum(silent for _, _, silent in days.values()),
        blockers_raised=sum(row[0] for row in blockers.values()),
        blockers_closed=sum(row[1] for row in blockers.values()),
        communes=communes,
    )


def _within(own: set[str] | None, by_commune: dict[str, Row]) -> dict[str, Row]:
    return {code: row for code, row in by_commune.items() if own is None or code in own}


def _commune(
    row: repository.CommuneRow,
    *,
    lead: str | None,
    people: int,
    unmet: int,
    days: tuple[int, int, int],
    blockers: tuple[int, int, int, int],
) -> CommuneStanding:
    return CommuneStanding(
        commune_code=row.code,
        commune_name=row.full_name,
        is_priority=row.lacks_it_staff,
        standing=_standing(has_need=row.has_need, has_lead=lead is not None, unmet=unmet, open_blockers=blockers[2]),
        lead_school=lead,
        people=people,
        unmet_days=unmet,
        days_due=days[0],
        days_served=days[1],
        days_unconfirmed=days[2],
        open_blockers=blockers[2],
        highest_level=LEVELS[blockers[3] - 1] if blockers[3] else None,
    )


def _standing(*, has_need: bool, has_lead: bool, unmet: int, open_blockers: int) -> Standing:
    if open_blockers:
        return Standing.STUCK
    if not (has_need or has_lead):
        return Standing.SILENT
    return Standing.COVERED if has_lead and unmet == 0 else Standing.SHORT
