"""All SQL of plans."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.database import SCHEMA
from roster_api.plans.models import Placement, Plan, PlanStatus, Responsibility, Seat, Shortfall
from roster_api.plans.scope import RowScope
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

TOTAL = "total"
SelectT = TypeVar("SelectT", bound=sa.Select[*tuple[Any, ...]])


async def lock_campaign(session: AsyncSession, campaign_id: UUID) -> Campaign:
    """Whoever numbers drafts or publishes versions of a campaign goes one after the other."""
    query = sa.select(Campaign).where(Campaign.id == campaign_id).with_for_update(key_share=True)
    return (await session.scalars(query)).one()


async def lock_campaign_for_reading(session: AsyncSession, campaign_id: UUID) -> Campaign:
    """No version of this campaign is published while this transaction lasts, nor is it closed."""
    query = sa.select(Campaign).where(Campaign.id == campaign_id).with_for_update(read=True)
    return (await session.scalars(query)).one()


async def get_next_version(session: AsyncSession, campaign_id: UUID) -> int:
    newest = await session.scalar(sa.select(sa.func.max(Plan.version)).where(Plan.campaign_id == campaign_id))
    return (newest or 0) + 1


async def get_next_draft_number(session: AsyncSession, campaign_id: UUID) -> int:
    newest = await session.scalar(sa.select(sa.func.max(Plan.draft_number)).where(Plan.campaign_id == campaign_id))
    return (newest or 0) + 1


def select_plans(campaign_id: UUID) -> sa.Select[Plan]:
    """The newest computed first."""
    return sa.select(Plan).where(Plan.campaign_id == campaign_id).order_by(Plan.draft_number.desc())


def select_versions(campaign_id: UUID) -> sa.Select[Plan]:
    """What was published, the newest version first."""
    query = sa.select(Plan).where(Plan.campaign_id == campaign_id, Plan.version.is_not(None))
    return query.order_by(Plan.version.desc())


async def find_plan(session: AsyncSession, plan_id: UUID) -> Plan | None:
    return await session.get(Plan, plan_id)


async def find_plan_for_update(session: AsyncSession, plan_id: UUID) -> Plan | None:
    query = sa.select(Plan).where(Plan.id == plan_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def find_plan_of_run(session: AsyncSession, run_id: UUID) -> Plan | None:
    """The run's own, not what was copied from it."""
    query = sa.select(Plan).where(Plan.run_id == run_id, Plan.copied_from_id.is_(None))
    return (await session.scalars(query)).one_or_none()


async def find_plan_in_force(session: AsyncSession, campaign_id: UUID) -> Plan | None:
    """The published plan of a campaign."""
    query = sa.select(Plan).where(Plan.campaign_id == campaign_id, Plan.status == PlanStatus.PUBLISHED)
    return (await session.scalars(query)).one_or_none()


async def get_campaign(session: AsyncSession, campaign_id: UUID) -> Campaign:
    return (await session.scalars(sa.select(Campaign).where(Campaign.id == campaign_id))).one()


async def count_rows(session: AsyncSession, plan_id: UUID) -> dict[str, int]:
    """communes led, schools, people placed, days of service a week, unmet days; one question, as every page asks it."""
    responsibilities = (
        sa.select(
            sa.func.count().filter(Responsibility.is_lead).label("communes_led"),
            sa.func.count(sa.distinct(Responsibility.school_id)).label("schools"),
        )
        .where(Responsibility.plan_id == plan_id)
        .subquery()
    )
    days = sa.func.coalesce(sa.func.sum(sa.func.cardinality(Placement.weekdays)), 0)
    placements = (
        sa.select(sa.func.count().label("people_placed"), days.label("person_days_per_week"))
        .where(Placement.plan_id == plan_id)
        .subquery()
    )
    unmet = (
        sa.select(sa.func.coalesce(sa.func.sum(Shortfall.unmet_days), 0).label("unmet_days"))
        .where(Shortfall.plan_id == plan_id)
        .subquery()
    )
    joined = responsibilities.join(placements, sa.true()).join(unmet, sa.true())
    found = await session.execute(sa.select(responsibilities, placements, unmet).select_from(joined))
    return {name: int(value) for name, value in found.mappings().one().items()}


def select_responsibilities(plan_id: UUID, scope: RowScope) -> sa.Select[Responsibility, Commune, School]:
    """In the official order: by commune, the lead before its supports."""
    return (
        sa.select(Responsibility, Commune, School)
        .join(Commune, Commune.code == Responsibility.commune_code)
        .join(School, School.id == Responsibility.school_id)
        .where(Responsibility.plan_id == plan_id, *scope.conditions(Responsibility))
        .order_by(Commune.sort_key, Commune.code, Responsibility.is_lead.desc(), School.sort_key, School.id)
    )


def select_placements(
    plan_id: UUID, scope: RowScope, filters: RowScope
) -> sa.Select[Placement, Volunteer, Commune, School]:
    """By school, then commune, then name."""
    query: sa.Select[Placement, Volunteer, Commune, School] = sa.select(Placement, Volunteer, Commune, School)
    return _placed(query, plan_id, scope, filters)


def select_placed_people(plan_id: UUID, scope: RowScope, filters: RowScope) -> sa.Select[*tuple[Any, ...]]:
    """As `select_placements`, the columns that a list shows: objects of four tables a row cost more than all else."""
    columns: sa.Select[*tuple[Any, ...]] = sa.select(
        Placement.volunteer_id.label("id"), Volunteer.full_name, Volunteer.role, Volunteer.email_sealed,
        Volunteer.phone_sealed, Placement.school_id, School.code.label("school_code"), Placement.commune_code,
        Commune.full_name.label("commune_name"), Placement.weekdays, Placement.work_days, Placement.distance_m,
        Placement.dates, Placement.lost, Placement.told["duties"].label("told_duties"),
    )  # fmt: skip
    return _placed(columns, plan_id, scope, filters)


def _placed(columns: SelectT, plan_id: UUID, scope: RowScope, filters: RowScope) -> SelectT:
    return (
        columns.select_from(Placement)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Commune, Commune.code == Placement.commune_code)
        .join(School, School.id == Placement.school_id)
        .where(Placement.plan_id == plan_id, *scope.conditions(Placement), *filters.conditions(Placement))
        .order_by(School.sort_key, School.id, Commune.sort_key, Commune.code, Volunteer.sort_key, Volunteer.id)
    )


def select_shortfalls(plan_id: UUID, scope: RowScope) -> sa.Select[Shortfall, Commune]:
    """By commune and field. Whoever is bound to a school sees all: its work is bounded by the commune's need."""
    bounds = replace(scope, school_id=None)
    return (
        sa.select(Shortfall, Commune)
        .join(Commune, Commune.code == Shortfall.commune_code)
        .where(Shortfall.plan_id == plan_id, *bounds.conditions(Shortfall))
        .order_by(Commune.sort_key, Commune.code, Shortfall.field_code)
    )


async def fetch_rows(
    session: AsyncSession, query: sa.Select[*tuple[Any, ...]], *, limit: int | None = None, offset: int = 0
) -> tuple[Sequence[Any], int]:
    """(rows of the page, total) of a select of several entities."""
    total = await session.scalar(
        sa.select(sa.func.count()).select_from(query.order_by(None).with_only_columns(sa.literal(1)).subquery())
    )
    rows = (await session.execute(query.limit(limit).offset(offset))).all()
    return rows, total or 0


async def fetch_placed_people(
    session: AsyncSession, query: sa.Select[*tuple[Any, ...]], *, limit: int | None, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """(the page of `select_placed_people`, total), in one question but for a page beyond the end."""
    counted = query.add_columns(sa.func.count().over().label(TOTAL)).limit(limit).offset(offset)
    rows = [dict(row) for row in (await session.execute(counted)).mappings()]
    if not rows:
        return [], (await fetch_rows(session, query, limit=0))[1] if offset else 0
    totals = [row.pop(TOTAL) for row in rows]
    return rows, totals[0]


async def list_all_placements(session: AsyncSession, plan_id: UUID) -> Sequence[Placement]:
    query = sa.select(Placement).where(Placement.plan_id == plan_id).order_by(Placement.volunteer_id)
    return (await session.scalars(query)).all()


async def keep_told(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """rows: {b_plan, b_person, told, told_sha256, two contact ids}. Only before the plan is published."""
    if not rows:
        return
    kept = ("told", "told_sha256", "commune_contact_id", "school_contact_id")
    table = Placement.metadata.tables[f"{SCHEMA}.{Placement.__tablename__}"]
    statement = (
        sa.update(table)
        .where(table.c.plan_id == sa.bindparam("b_plan"), table.c.volunteer_id == sa.bindparam("b_person"))
        .values({name: sa.bindparam(name) for name in kept})
    )
    connection = await session.connection()
    await connection.execute(statement, rows)


async def list_seat_clashes(session: AsyncSession, plan: Plan) -> Sequence[UUID]:
    """Volunteers of this plan who already have a seat on one of its days under another campaign's plan."""
    mine = (
        sa.select(Placement.volunteer_id, sa.func.unnest(Placement.dates).label("serves_on"))
        .where(Placement.plan_id == plan.id)
        .subquery()
    )
    query = (
        sa.select(mine.c.volunteer_id)
        .join(Seat, sa.and_(Seat.volunteer_id == mine.c.volunteer_id, Seat.serves_on == mine.c.serves_on))
        .join(Plan, Plan.id == Seat.plan_id)
        .where(Plan.campaign_id != plan.campaign_id)
        .distinct()
        .order_by(mine.c.volunteer_id)
    )
    return (await session.scalars(query)).all()


async def lock_seats(session: AsyncSession) -> None:
    """One plan at a time takes seats, over all campaigns: a human's other row is looked up, and no key guards it."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended("seats", 0))))


async def list_seats_of(session: AsyncSession, plan: Plan, people: Collection[UUID]) -> dict[UUID, set[date]]:
    """The days these people serve under other campaigns' plans."""
    if not people:
        return {}
    query = (
        sa.select(Seat.volunteer_id, Seat.serves_on)
        .join(Plan, Plan.id == Seat.plan_id)
        .where(Seat.volunteer_id.in_(people), Plan.campaign_id != plan.campaign_id)
    )
    found: dict[UUID, set[date]] = {}
    for volunteer_id, day in await session.execute(query):
        found.setdefault(volunteer_id, set()).add(day)
    return found


async def move_seats(session: AsyncSession, *, plan: Plan, previous: Plan | None) -> None:
    """Give the days of the previous version back and take this one's. A clash breaks pk_seats."""
    if previous is not None:
        await session.execute(sa.delete(Seat).where(Seat.plan_id == previous.id))
    rows = sa.select(
        Placement.volunteer_id, sa.func.unnest(Placement.dates), Placement.plan_id, Placement.commune_code
    ).where(Placement.plan_id == plan.id)
    await session.execute(sa.insert(Seat).from_select(["volunteer_id", "serves_on", "plan_id", "commune_code"], rows))


async def list_archived(session: AsyncSession, plan: Plan) -> tuple[Sequence[Commune], Sequence[School]]:
    """Communes and schools of this plan that were archived since, each by code."""
    rows = [
        sa.select(table.commune_code, table.school_id).where(table.plan_id == plan.id)
        for table in (Responsibility, Placement)
    ]
    used = sa.union(*rows).subquery()
    communes = sa.select(Commune).where(Commune.archived_at.is_not(None), Commune.code.in_(sa.select(used.c[0])))
    schools = sa.select(School).where(School.archived_at.is_not(None), School.id.in_(sa.select(used.c[1])))
    return (
        (await session.scalars(communes.order_by(Commune.code))).all(),
        (await session.scalars(schools.order_by(School.code))).all(),
    )


async def list_schools_without_email(session: AsyncSession, plan: Plan) -> Sequence[School]:
    """Schools with people in this plan whose contact no letter reaches."""
    placed = sa.select(Placement.school_id).where(Placement.plan_id == plan.id)
    schools = await session.scalars(sa.select(School).where(School.id.in_(placed)).order_by(School.code))
    return [school for school in schools if not school.contact_email]
