"""All SQL of national runs and their border rounds."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.national import BorderStatus, NationalStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.matching_runs.models import MatchingRun
from roster_api.national.models import BorderRound, NationalProvince, NationalRun
from roster_api.plans.models import Placement, Plan, Responsibility, Shortfall
from roster_api.provinces.models import Province
from roster_api.schools.models import School
from roster_api.work.handing_out import LIVE

ProvinceRow = sa.Row[NationalProvince, MatchingRun]


def select_national_runs() -> sa.Select[NationalRun]:
    """Newest first."""
    return sa.select(NationalRun).order_by(NationalRun.requested_at.desc(), NationalRun.id)


async def find_national_run(session: AsyncSession, national_run_id: UUID) -> NationalRun | None:
    return await session.get(NationalRun, national_run_id)


async def find_national_run_for_update(session: AsyncSession, national_run_id: UUID) -> NationalRun | None:
    query = sa.select(NationalRun).where(NationalRun.id == national_run_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def list_complete_for_update(session: AsyncSession) -> Sequence[NationalRun]:
    """Running national runs of which every province has ended. Rows someone is changing are left out."""
    still_at_work = (
        sa.select(sa.literal(1))
        .select_from(NationalProvince)
        .join(MatchingRun, MatchingRun.id == NationalProvince.run_id)
        .where(NationalProvince.national_run_id == NationalRun.id, MatchingRun.status.in_(LIVE))
    )
    query = sa.select(NationalRun).where(NationalRun.status == NationalStatus.RUNNING, ~still_at_work.exists())
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def list_campaigns(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Campaign]:
    return {row.id: row for row in await session.scalars(sa.select(Campaign).where(Campaign.id.in_(ids)))}


async def list_provinces(session: AsyncSession, national_run_id: UUID) -> Sequence[ProvinceRow]:
    """Each province with its matching run, by province code."""
    query = (
        sa.select(NationalProvince, MatchingRun)
        .join(MatchingRun, MatchingRun.id == NationalProvince.run_id)
        .where(NationalProvince.national_run_id == national_run_id)
        .order_by(NationalProvince.province_code)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).all()


async def list_plan_ids(session: AsyncSession, run_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By run; only runs that have a plan."""
    return dict(
        (
            await session.execute(
                sa.select(Plan.run_id, Plan.id).where(Plan.run_id.in_(run_ids), Plan.copied_from_id.is_(None))
            )
        ).all()
    )


async def sum_plans(session: AsyncSession, plan_ids: Collection[UUID]) -> dict[str, int]:
    """Communes led, schools, lead travel, people placed, days of service a week, unmet days, over these plans."""
    km = sa.func.floor((Responsibility.distance_m + 500) / 1000)
    responsibilities = sa.select(
        sa.func.count().filter(Responsibility.is_lead),
        sa.func.count(sa.distinct(Responsibility.school_id)),
        sa.func.coalesce(sa.func.sum(km).filter(Responsibility.is_lead), 0),
    ).where(Responsibility.plan_id.in_(plan_ids))
    placements = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(sa.func.cardinality(Placement.weekdays)), 0)
    ).where(Placement.plan_id.in_(plan_ids))
    unmet = sa.select(sa.func.coalesce(sa.func.sum(Shortfall.unmet_days), 0)).where(Shortfall.plan_id.in_(plan_ids))
    led, schools, travel_km = (await session.execute(responsibilities)).one()
    people, person_days = (await session.execute(placements)).one()
    return {
        "communes_led": led,
        "schools": schools,
        "lead_travel_km": int(travel_km),
        "people_placed": people,
        "person_days_per_week": person_days,
        "unmet_days": await session.scalar(unmet) or 0,
    }


async def list_shortfalls(session: AsyncSession, plan_id: UUID) -> Sequence[Shortfall]:
    query = sa.select(Shortfall).where(Shortfall.plan_id == plan_id, Shortfall.unmet_days > 0)
    return (await session.scalars(query.order_by(Shortfall.commune_code, Shortfall.field_code))).all()


async def list_weekdays_used(session: AsyncSession, plan_id: UUID) -> dict[str, list[int]]:
    """Weekdays of every placed person, by volunteer id as text."""
    query = sa.select(Placement.volunteer_id, Placement.weekdays).where(Placement.plan_id == plan_id)
    return {str(volunteer): weekdays for volunteer, weekdays in await session.execute(query)}


async def list_weekdays_set_aside(session: AsyncSession, run_id: UUID) -> dict[str, set[int]]:
    """Free weekdays that did not count, by volunteer id as text."""
    weekdays: dict[str, set[int]] = {}
    for one in (await session.scalars(sa.select(MatchingRun.set_aside).where(MatchingRun.id == run_id))).one():
        weekdays.setdefault(one["volunteer_id"], set()).add(one["weekday"])
    return weekdays


async def find_border_round(session: AsyncSession, national_run_id: UUID) -> BorderRound | None:
    query = sa.select(BorderRound).where(BorderRound.national_run_id == national_run_id)
    return (await session.scalars(query)).one_or_none()


async def find_border_documents(session: AsyncSession, national_run_id: UUID) -> Any:
    """(problem, solution) as solved; None before there is a proposal."""
    query = sa.select(BorderRound.problem, BorderRound.solution).where(
        BorderRound.national_run_id == national_run_id, BorderRound.status == BorderStatus.READY
    )
    return (await session.execute(query)).one_or_none()


async def find_border_round_by_id(
    session: AsyncSession, border_round_id: UUID, *, for_update: bool = False
) -> BorderRound | None:
    query = sa.select(BorderRound).where(BorderRound.id == border_round_id)
    query = query.with_for_update().execution_options(populate_existing=True) if for_update else query
    return (await session.scalars(query)).one_or_none()


async def list_names(
    session: AsyncSession, *, provinces: Iterable[str], communes: Iterable[str], schools: Iterable[str]
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Names by code: of provinces, communes (full), schools."""
    wanted = (
        (Province.code, Province.name, provinces),
        (Commune.code, Commune.full_name, communes),
        (School.code, School.name, schools),
    )
    found = [
        dict((await session.execute(sa.select(code, name).where(code.in_(set(codes))))).all())
        for code, name, codes in wanted
    ]
    return found[0], found[1], found[2]


async def get_frozen_problem(session: AsyncSession, run_id: UUID) -> dict[str, Any]:
    """A run's frozen MatchingProblem as plain data: a province's people are too many to make objects of."""
    problem: dict[str, Any] = (
        await session.scalars(sa.select(MatchingRun.problem).where(MatchingRun.id == run_id))
    ).one()
    return problem
