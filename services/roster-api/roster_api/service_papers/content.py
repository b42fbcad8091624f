"""A person's confirmed service in a campaign, as a paper says it."""

from collections import defaultdict
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.models import DutyCount, ServiceDay
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.evaluations.models import Evaluation, Rated, Rater
from roster_api.fields.models import Duty
from roster_api.provinces.models import Province
from roster_api.schools.models import School
from roster_api.service_papers.schemas import CommuneDays, DutyNumber, ServiceContent
from roster_api.volunteers.models import Volunteer


async def read_content(
    session: AsyncSession, campaign: Campaign, person: Volunteer, *, with_marks: bool
) -> ServiceContent:
    """Days on which this person was there, by the word that counts; `communes` is empty where there are none."""
    school = await session.get_one(School, person.school_id)
    province = await session.get_one(Province, campaign.province_code)
    return ServiceContent(
        full_name=person.full_name,
        role=person.role,
        school_name=school.name,
        province_name=province.full_name,
        campaign_name=campaign.name,
        communes=await _list_communes(session, campaign.id, person.id, with_marks=with_marks),
        duties=await _list_duties(session, campaign.id, person.id),
    )


async def _list_communes(
    session: AsyncSession, campaign_id: UUID, person: UUID, *, with_marks: bool
) -> list[CommuneDays]:
    own_word = ServiceDay.commune_outcome.is_not(None)
    query = (
        sa.select(Commune.full_name, ServiceDay.serves_on, own_word)
        .join(Commune, Commune.code == ServiceDay.commune_code)
        .where(
            ServiceDay.campaign_id == campaign_id,
            ServiceDay.served_by_volunteer_id == person,
            ServiceDay.is_disputed.is_(False),
        )
        .order_by(Commune.sort_key, Commune.code, ServiceDay.serves_on)
        .distinct()
        .add_columns(Commune.sort_key, Commune.code)
    )
    days: dict[str, set[date]] = defaultdict(set)
    own: dict[str, set[date]] = defaultdict(set)
    codes: dict[str, str] = {}
    for name, day, is_own, _, code in await session.execute(query):
        days[name].add(day)
        codes[name] = code
        if is_own:
            own[name].add(day)
    marks = await _list_marks(session, campaign_id, person) if with_marks else {}
    return [
        CommuneDays(
            commune_name=name, days=sorted(served), confirmed_days=len(own[name]), marks=marks.get(codes[name], {})
        )
        for name, served in days.items()
    ]


async def _list_marks(session: AsyncSession, campaign_id: UUID, person: UUID) -> dict[str, dict[str, int]]:
    """By commune: its rating of the person, where Home Affairs released it."""
    query = sa.select(Evaluation.commune_code, Evaluation.marks).where(
        Evaluation.campaign_id == campaign_id,
        Evaluation.rated == Rated.PERSON.value,
        Evaluation.volunteer_id == person,
        Evaluation.rater == Rater.COMMUNE.value,
        Evaluation.released_at.is_not(None),
    )
    return dict((await session.execute(query)).all())


async def _list_duties(session: AsyncSession, campaign_id: UUID, person: UUID) -> list[DutyNumber]:
    query = (
        sa.select(Duty.name_vi, sa.func.sum(DutyCount.number))
        .join(Duty, Duty.code == DutyCount.duty_code)
        .where(DutyCount.campaign_id == campaign_id, DutyCount.volunteer_id == person)
        .group_by(Duty.name_vi, Duty.position, Duty.code)
        .order_by(Duty.position, Duty.code)
    )
    return [DutyNumber(name_vi=name, number=number) for name, number in await session.execute(query)]
