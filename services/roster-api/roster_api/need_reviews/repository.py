"""SQL of reviews, reminders and totals of needs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.communes.models import Commune
from roster_api.fields.models import Duty, ExpertiseField
from roster_api.need_reviews.models import NeedReminder, RemindedCommune
from roster_api.needs.models import NeedDeclaration, NeedItem, NeedState, NeedVersion
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer, VolunteerStatus

REMINDED_FOR = timedelta(days=1)
"""Who was reminded is left in peace so long."""


def select_silent(campaign_id: UUID, province_code: str) -> sa.Select[Commune, str | None, datetime | None]:
    """Communes in use without a need that is submitted or accepted, with its state and when they were last reminded."""
    last = (
        sa.select(sa.func.max(NeedReminder.reminded_at))
        .join(RemindedCommune, RemindedCommune.reminder_id == NeedReminder.id)
        .where(NeedReminder.campaign_id == campaign_id, RemindedCommune.commune_code == Commune.code)
        .scalar_subquery()
    )
    mine = sa.and_(NeedDeclaration.commune_code == Commune.code, NeedDeclaration.campaign_id == campaign_id)
    return (
        sa.select(Commune, NeedDeclaration.state, last)
        .outerjoin(NeedDeclaration, mine)
        .where(Commune.province_code == province_code, Commune.archived_at.is_(None))
        .where(sa.or_(NeedDeclaration.id.is_(None), NeedDeclaration.state == NeedState.DRAFT.value))
        .order_by(Commune.sort_key, Commune.code)
    )


async def fetch_silent(
    session: AsyncSession, query: sa.Select[*tuple[Any, ...]], *, limit: int | None = None, offset: int = 0
) -> tuple[Sequence[Any], int]:
    total = await session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery()))
    return (await session.execute(query.limit(limit).offset(offset))).all(), total or 0


async def count_states(session: AsyncSession, campaign_id: UUID) -> dict[str, int]:
    query = sa.select(NeedDeclaration.state, sa.func.count()).where(NeedDeclaration.campaign_id == campaign_id)
    return dict((await session.execute(query.group_by(NeedDeclaration.state))).all())


async def sum_asked(session: AsyncSession, campaign_id: UUID) -> dict[str, tuple[int, int, int]]:
    """By field: (communes, people, days a week) of what is submitted or accepted."""
    query = (
        sa.select(
            Duty.field_code,
            sa.func.count(sa.distinct(NeedDeclaration.commune_code)),
            sa.func.sum(NeedItem.people),
            sa.func.sum(NeedItem.people * NeedItem.days_per_week),
        )
        .join(NeedItem, NeedItem.duty_code == Duty.code)
        .join(NeedDeclaration, NeedDeclaration.id == NeedItem.declaration_id)
        .where(NeedDeclaration.campaign_id == campaign_id, NeedDeclaration.state != NeedState.DRAFT.value)
        .group_by(Duty.field_code)
    )
    return {field: (communes, int(people), int(days)) for field, communes, people, days in await session.execute(query)}


async def count_lacking(session: AsyncSession, campaign_id: UUID) -> int:
    query = sa.select(sa.func.count()).where(
        NeedDeclaration.campaign_id == campaign_id,
        NeedDeclaration.lacks_it_staff,
        NeedDeclaration.state != NeedState.DRAFT.value,
    )
    return await session.scalar(query) or 0


async def list_offers(session: AsyncSession, province_code: str) -> Sequence[tuple[dict[str, int], int]]:
    """(fields known, days a week) of every active person of the province's schools in use."""
    query = (
        sa.select(Volunteer.skills, sa.func.least(Volunteer.max_days, sa.func.cardinality(Volunteer.free_weekdays)))
        .join(School, School.id == Volunteer.school_id)
        .where(School.province_code == province_code, School.archived_at.is_(None))
        .where(Volunteer.status == VolunteerStatus.ACTIVE.value)
    )
    return [(skills, days) for skills, days in await session.execute(query)]


async def list_fields(session: AsyncSession) -> Sequence[ExpertiseField]:
    query = sa.select(ExpertiseField).order_by(ExpertiseField.position, ExpertiseField.code)
    return (await session.scalars(query)).all()


def select_versions(campaign_id: UUID, commune_code: str) -> sa.Select[NeedVersion]:
    """The newest first."""
    return (
        sa.select(NeedVersion)
        .where(NeedVersion.campaign_id == campaign_id, NeedVersion.commune_code == commune_code)
        .order_by(NeedVersion.version.desc())
    )


async def list_kept(session: AsyncSession, campaign_id: UUID, versions: dict[str, int]) -> dict[str, NeedVersion]:
    """The versions named, by commune; those of before versions were kept are left out."""
    wanted = sa.tuple_(NeedVersion.commune_code, NeedVersion.version).in_(list(versions.items()))
    query = sa.select(NeedVersion).where(NeedVersion.campaign_id == campaign_id, wanted)
    return {row.commune_code: row for row in await session.scalars(query)} if versions else {}


async def list_names(session: AsyncSession, communes: Collection[str]) -> dict[str, str]:
    """In the alphabetical order of communes."""
    query = sa.select(Commune.code, Commune.full_name).where(Commune.code.in_(communes))
    return dict((await session.execute(query.order_by(Commune.sort_key, Commune.code))).all())
