"""Of a person's data what stands in training and in oversight groups."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.groups.models import GroupRun, Overseer
from roster_api.training.models import Course, CourseAttendance, CourseResult, CourseSession, Learning, Nomination

Items = list[dict[str, Any]]


async def list_training_of(session: AsyncSession, staff_id: UUID) -> Items:
    """Nominations, sessions attended, results, and what an official learnt alone or was commended for."""
    return [
        *await _rows(
            session,
            sa.select(
                sa.literal("nomination").label("kind"), Course.topic.label("subject"), Nomination.commune_code,
                Nomination.nominated_at.label("created_at"),
            ).join(Course, Course.id == Nomination.course_id).where(Nomination.staff_id == staff_id),
        ),
        *await _rows(
            session,
            sa.select(
                sa.literal("session").label("kind"), Course.topic.label("subject"),
                CourseSession.held_on.label("serves_on"), CourseAttendance.recorded_by,
            ).select_from(CourseAttendance).join(CourseSession, CourseSession.id == CourseAttendance.session_id)
            .join(Course, Course.id == CourseSession.course_id).where(CourseAttendance.staff_id == staff_id),
        ),
        *await _rows(
            session,
            sa.select(
                sa.literal("result").label("kind"), Course.topic.label("subject"),
                CourseResult.result.label("outcome"), CourseResult.certificate_code.label("code"),
                CourseResult.recorded_by,
            ).join(Course, Course.id == CourseResult.course_id).where(CourseResult.staff_id == staff_id),
        ),
        *await _rows(
            session,
            sa.select(Learning.kind, Learning.learnt_on.label("serves_on"), Learning.words, Learning.recorded_by)
            .where(Learning.staff_id == staff_id),
        ),
    ]  # fmt: skip


async def list_sessions_given(session: AsyncSession, volunteer_id: UUID) -> Items:
    """Sessions of courses that somebody of a school gives on days of service."""
    query = sa.select(Course.topic.label("subject"), CourseSession.held_on.label("serves_on"), CourseSession.kind)
    query = query.join(Course, Course.id == CourseSession.course_id).where(CourseSession.volunteer_id == volunteer_id)
    return await _rows(session, query.order_by(CourseSession.held_on))


async def list_groups_followed(session: AsyncSession, account_id: UUID) -> Items:
    """The runs that divide communes among overseers, and name this account as one."""
    query = sa.select(Campaign.name.label("campaign"), Overseer.name.label("display_name"), Overseer.position)
    query = query.join(GroupRun, GroupRun.id == Overseer.run_id).join(Campaign, Campaign.id == GroupRun.campaign_id)
    return await _rows(session, query.where(Overseer.account_id == account_id).order_by(Campaign.name))


async def _rows(session: AsyncSession, query: sa.Select[*tuple[Any, ...]]) -> Items:
    return [dict(row) for row in (await session.execute(query)).mappings()]
