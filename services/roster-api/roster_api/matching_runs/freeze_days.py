"""Freezes the days: what the campaign's calendar leaves out, and when each person cannot come.

The holidays go along as they are known now: a problem solved again after the table of holidays was renewed gives the
same dates.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.days import Absence, AbsenceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.calendar import list_days_off, list_moved_days
from roster_api.campaigns.models import Campaign
from roster_api.plans.models import Plan, Seat
from roster_api.volunteers.models import Volunteer


async def list_frozen_days(
    session: AsyncSession, campaign: Campaign, *, schools: Collection[UUID], volunteers: set[UUID]
) -> dict[str, list[Any]]:
    """Fields of MatchingProblem. `volunteers` are those who take part, all of these schools."""
    absences = [
        *await _list_declared(session, campaign, schools),
        *await _list_days_elsewhere(session, campaign, schools),
    ]
    return {
        "days_off": list_days_off(campaign),
        "moved_days": list_moved_days(campaign),
        "absences": sorted(
            (one for one in absences if one.volunteer_id in volunteers),
            key=lambda one: (one.volunteer_id, one.starts_on, one.kind),
        ),
    }


async def _list_declared(session: AsyncSession, campaign: Campaign, schools: Collection[UUID]) -> list[Absence]:
    """Without the notes: they are for the school and Home Affairs alone."""
    query = sa.select(Volunteer.id, Volunteer.absences).where(
        Volunteer.school_id.in_(schools), sa.func.jsonb_array_length(Volunteer.absences) > 0
    )
    declared = [
        Absence.model_validate(
            {"volunteer_id": person} | {name: one[name] for name in ("starts_on", "ends_on", "kind")}
        )
        for person, absences in await session.execute(query)
        for one in absences
    ]
    return [one for one in declared if one.starts_on <= campaign.ends_on and one.ends_on >= campaign.starts_on]


async def _list_days_elsewhere(session: AsyncSession, campaign: Campaign, schools: Collection[UUID]) -> list[Absence]:
    """Days on which people serve under the plan in force of another campaign: nobody is in two places."""
    query = (
        sa.select(Seat.volunteer_id, Seat.serves_on)
        .join(Plan, Plan.id == Seat.plan_id)
        .join(Volunteer, Volunteer.id == Seat.volunteer_id)
        .where(
            Plan.campaign_id != campaign.id,
            Volunteer.school_id.in_(schools),
            Seat.serves_on.between(campaign.starts_on, campaign.ends_on),
        )
    )
    return [
        Absence(volunteer_id=person, starts_on=day, ends_on=day, kind=AbsenceKind.ELSEWHERE)
        for person, day in await session.execute(query)
    ]
