"""All SQL of answers: the newest one to exactly what a person was told is the one that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.models import Answer, PersonalLink, PlacementAnswer
from roster_api.answers.schemas import AnswerFilter
from roster_api.campaigns.models import Campaign
from roster_api.plans.models import Placement, Plan
from roster_api.plans.scope import RowScope
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer


@dataclass(frozen=True)
class LinkOwner:
    """Whose link it is, and for which campaign."""

    volunteer: Volunteer
    school: School
    campaign: Campaign


async def get_owner(session: AsyncSession, link: PersonalLink) -> LinkOwner:
    query = (
        sa.select(Volunteer, School, Campaign)
        .join(School, School.id == Volunteer.school_id)
        .join(Campaign, Campaign.id == link.campaign_id)
        .where(Volunteer.id == link.volunteer_id)
    )
    return LinkOwner(*(await session.execute(query)).one())


async def find_placement(session: AsyncSession, *, plan_id: UUID, volunteer_id: UUID) -> Placement | None:
    return await session.get(Placement, (plan_id, volunteer_id))


async def find_last_placement(session: AsyncSession, *, campaign_id: UUID, volunteer_id: UUID) -> Placement | None:
    """Where the newest published version that placed this person placed them."""
    query = (
        sa.select(Placement)
        .join(Plan, Plan.id == Placement.plan_id)
        .where(Plan.campaign_id == campaign_id, Placement.volunteer_id == volunteer_id, Placement.told.is_not(None))
        .where(Plan.version.is_not(None))
        .order_by(Plan.version.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def find_answer(session: AsyncSession, placement: Placement, *, campaign_id: UUID) -> PlacementAnswer | None:
    query = (
        sa.select(PlacementAnswer)
        .where(
            PlacementAnswer.campaign_id == campaign_id,
            PlacementAnswer.volunteer_id == placement.volunteer_id,
            PlacementAnswer.told_sha256 == placement.told_sha256,
        )
        .order_by(PlacementAnswer.answered_at.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def lock_link(session: AsyncSession, link: PersonalLink) -> None:
    """Whoever answers by the same link at the same moment waits."""
    await session.execute(sa.select(PersonalLink.id).where(PersonalLink.id == link.id).with_for_update())


async def list_answer_ages(session: AsyncSession, link: PersonalLink, *, within: timedelta) -> list[float]:
    """In seconds, of this person's answers in the campaign, by the database's clock."""
    age = sa.func.clock_timestamp() - PlacementAnswer.answered_at
    query = sa.select(sa.extract("epoch", age)).where(
        PlacementAnswer.campaign_id == link.campaign_id, PlacementAnswer.volunteer_id == link.volunteer_id, age < within
    )
    return [float(seconds) for seconds in await session.scalars(query)]


def select_answers(plan: Plan, scope: RowScope, filters: RowScope) -> sa.Select[Any]:
    """(Placement, Volunteer, School, answer, reason, answered_at) of everyone placed, by school and name."""
    newest, same_told = _newest_to_each_told(plan.campaign_id)
    return (
        sa.select(Placement, Volunteer, School, newest.c.answer, newest.c.reason, newest.c.answered_at)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(School, School.id == Placement.school_id)
        .outerjoin(newest, same_told)
        .where(Placement.plan_id == plan.id, *scope.conditions(Placement), *filters.conditions(Placement))
        .order_by(School.sort_key, School.id, Volunteer.sort_key, Volunteer.id)
    )


def _newest_to_each_told(campaign_id: UUID) -> tuple[sa.Subquery, sa.ColumnElement[bool]]:
    """The answers that count, and how they join to the placements they were given to."""
    newest = (
        sa.select(PlacementAnswer)
        .where(PlacementAnswer.campaign_id == campaign_id)
        .ext(distinct_on(PlacementAnswer.volunteer_id, PlacementAnswer.told_sha256))
        .order_by(PlacementAnswer.volunteer_id, PlacementAnswer.told_sha256, PlacementAnswer.answered_at.desc())
        .subquery()
    )
    same_told = sa.and_(newest.c.volunteer_id == Placement.volunteer_id, newest.c.told_sha256 == Placement.told_sha256)
    return newest, same_told


def narrow_to_answer(query: sa.Select[Any], wanted: AnswerFilter) -> sa.Select[Any]:
    """Of a select_answers() query those rows alone."""
    answer = query.selected_columns["answer"]
    return query.where(answer.is_(None) if wanted is AnswerFilter.NONE else answer == wanted.value)


async def list_confirmed(session: AsyncSession, plan: Plan) -> set[UUID]:
    """Who said yes to exactly what the plan tells them."""
    newest, same_told = _newest_to_each_told(plan.campaign_id)
    query = (
        sa.select(Placement.volunteer_id)
        .join(newest, same_told)
        .where(Placement.plan_id == plan.id, newest.c.answer == Answer.CONFIRMED.value)
    )
    return set(await session.scalars(query))


async def list_unable(session: AsyncSession, campaign_id: UUID) -> dict[UUID, datetime]:
    """Whose last word in the campaign, to whichever version, is that they cannot go; and when they said it."""
    last = (
        sa.select(PlacementAnswer.volunteer_id, PlacementAnswer.answer, PlacementAnswer.answered_at)
        .where(PlacementAnswer.campaign_id == campaign_id)
        .ext(distinct_on(PlacementAnswer.volunteer_id))
        .order_by(PlacementAnswer.volunteer_id, PlacementAnswer.answered_at.desc())
        .subquery()
    )
    said_no = sa.select(last.c.volunteer_id, last.c.answered_at).where(last.c.answer == Answer.CANNOT_GO.value)
    return {row.volunteer_id: row.answered_at for row in await session.execute(said_no)}


async def count_answers(session: AsyncSession, query: sa.Select[Any]) -> Sequence[tuple[str, str, str | None, int]]:
    """(school_code, commune_code, answer or None, people) of a select_answers() query."""
    answer = query.selected_columns["answer"]
    grouped = (
        query.with_only_columns(School.code, Placement.commune_code, answer, sa.func.count())
        .order_by(None)
        .group_by(School.code, Placement.commune_code, answer)
    )
    return (await session.execute(grouped)).all()
