"""SQL of secondment runs and decisions."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, undefer

from roster_api.access.principal import Principal, Role
from roster_api.access.scope import Conditions, province_scope
from roster_api.secondments.models import HOLDING, Secondment, SecondmentEvent, SecondmentRun
from roster_api.secondments.schemas import SecondmentFilter
from roster_api.staff.models import Post, StaffMember, Unit
from roster_api.staff.repository import unit_scope
from roster_api.text import search_key

SENDING, RECEIVING = aliased(Unit, name="sending"), aliased(Unit, name="receiving")


async def find_run(
    session: AsyncSession, run_id: UUID, *, principal: Principal, with_documents: bool = False
) -> SecondmentRun | None:
    query = sa.select(SecondmentRun).where(
        SecondmentRun.id == run_id, *province_scope(principal, SecondmentRun.province_code)
    )
    if with_documents:
        run = SecondmentRun
        columns: tuple[Any, ...] = (run.document, run.considered, run.vacancies, run.solution, run.explanations)
        query = query.options(*(undefer(column) for column in columns)).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def load_documents(session: AsyncSession, run_id: UUID) -> SecondmentRun:
    """For the worker, and where its result is judged."""
    query = sa.select(SecondmentRun).where(SecondmentRun.id == run_id)
    query = query.options(undefer(SecondmentRun.document), undefer(SecondmentRun.vacancies))
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


def select_runs(*, principal: Principal, province_code: str) -> sa.Select[Any]:
    """The newest first."""
    query = sa.select(SecondmentRun).where(
        SecondmentRun.province_code == province_code, *province_scope(principal, SecondmentRun.province_code)
    )
    return query.order_by(SecondmentRun.requested_at.desc(), SecondmentRun.id)


def _overlaps(from_on: date, until_on: date | None) -> Conditions:
    conditions: Conditions = [sa.or_(Secondment.until_on.is_(None), Secondment.until_on >= from_on)]
    return conditions + ([Secondment.from_on <= until_on] if until_on is not None else [])


async def list_holding(
    session: AsyncSession, *, staff_ids: Collection[UUID] = (), post_ids: Collection[UUID] = (), from_on: date,
    until_on: date | None, besides: Collection[UUID] = (),
) -> list[Secondment]:  # fmt: skip
    """Decisions that take these people, or these posts, on some day within that time."""
    query = sa.select(Secondment).where(
        sa.or_(Secondment.staff_id.in_(staff_ids), Secondment.post_id.in_(post_ids)),
        Secondment.status.in_(HOLDING), Secondment.id.not_in(besides), *_overlaps(from_on, until_on),
    )  # fmt: skip
    return list(await session.scalars(query.order_by(Secondment.id)))


def secondment_scope(principal: Principal) -> Conditions:
    """A unit's officer sees who leaves and who comes."""
    conditions = province_scope(principal, Secondment.province_code)
    if principal.role is Role.UNIT_OFFICER:
        own = sa.select(Unit.id).where(*unit_scope(principal))
        conditions.append(sa.or_(Secondment.from_unit_id.in_(own), Secondment.to_unit_id.in_(own)))
    return conditions


async def count_rows(session: AsyncSession, query: Any) -> int:
    return await session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0


def select_secondments(*, principal: Principal, filters: SecondmentFilter) -> Any:
    """(decision, person, post, sending, receiving unit), by given name."""
    query = _select_joined().where(*secondment_scope(principal))
    if filters.q:
        query = query.where(StaffMember.search_key.contains(search_key(filters.q), autoescape=True))
    for column, wanted in (
        (Secondment.run_id, filters.run_id),
        (Secondment.staff_id, filters.staff_id),
        (Secondment.status, filters.status and filters.status.value),
    ):
        query = query.where(column == wanted) if wanted is not None else query
    for is_so, asked in (
        (Secondment.weekdays.is_not(None), filters.concurrent),
        (Secondment.change_asked_at.is_not(None), filters.change_asked),
    ):
        query = query.where(is_so if asked else sa.not_(is_so)) if asked is not None else query
    if filters.unit_id is not None:
        is_theirs = sa.or_(Secondment.from_unit_id == filters.unit_id, Secondment.to_unit_id == filters.unit_id)
        query = query.where(is_theirs)
    return query.order_by(StaffMember.sort_key, Secondment.id)


def _select_joined() -> Any:
    return (
        sa.select(Secondment, StaffMember, Post, SENDING, RECEIVING)
        .join(StaffMember, StaffMember.id == Secondment.staff_id)
        .join(Post, Post.id == Secondment.post_id)
        .join(SENDING, SENDING.id == Secondment.from_unit_id)
        .join(RECEIVING, RECEIVING.id == Secondment.to_unit_id)
    )


async def find_joined(session: AsyncSession, secondment_id: UUID, *, principal: Principal) -> Any:
    query = _select_joined().where(Secondment.id == secondment_id, *secondment_scope(principal))
    return (await session.execute(query)).one_or_none()


async def list_joined(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Any]:
    """By person's name, then id: always in the same order."""
    query = _select_joined().where(Secondment.id.in_(ids)).order_by(StaffMember.sort_key, Secondment.id)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def lock_chosen(
    session: AsyncSession, *, principal: Principal, run_id: UUID | None, ids: Collection[UUID]
) -> list[Secondment]:
    """Of a run those not discarded, or those named; locked in the order of their ids."""
    query = sa.select(Secondment).where(*secondment_scope(principal))
    if run_id is not None:
        query = query.where(Secondment.run_id == run_id, Secondment.status != "discarded")
    else:
        query = query.where(Secondment.id.in_(ids))
    return list(await session.scalars(query.order_by(Secondment.id).with_for_update()))


async def list_events(session: AsyncSession, secondment_id: UUID) -> list[SecondmentEvent]:
    query = sa.select(SecondmentEvent).where(SecondmentEvent.secondment_id == secondment_id)
    return list(await session.scalars(query.order_by(SecondmentEvent.number)))
