"""SQL of needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from roster_api.access.principal import Principal, Role
from roster_api.access.scope import Conditions
from roster_api.communes.models import Commune
from roster_api.fields.models import Duty
from roster_api.groups.scope import group_scope
from roster_api.needs.models import IS_SENT, NeedDeclaration, NeedItem, NeedState
from roster_api.needs.schemas import NeedTotals
from roster_api.paging import Paging
from roster_api.text import search_key

NeedRow = Row[NeedDeclaration, str]
"""A declaration with its items, and its commune's full name."""


def need_scope(principal: Principal) -> Conditions:
    """A commune officer sees the own commune's, an overseer of a group the group's. (The campaign is in scope.)"""
    table = NeedDeclaration
    if principal.role is Role.COMMUNE_OFFICER:
        return [table.commune_code == principal.commune_code]
    return group_scope(principal, campaign_id=table.campaign_id, commune_code=table.commune_code)


@dataclass(frozen=True)
class NeedFilter:
    q: str | None = None
    lacks_it_staff: bool | None = None
    duty_code: str | None = None
    state: NeedState | None = None


def _select_needs(principal: Principal, campaign_id: UUID) -> Select[NeedDeclaration, str]:
    return (
        select(NeedDeclaration, Commune.full_name)
        .join(Commune, Commune.code == NeedDeclaration.commune_code)
        .where(NeedDeclaration.campaign_id == campaign_id, *need_scope(principal))
    )


def _filtered(query: Select[NeedDeclaration, str], filters: NeedFilter) -> Select[NeedDeclaration, str]:
    if filters.q:
        query = query.where(Commune.search_key.contains(search_key(filters.q), autoescape=True))
    if filters.lacks_it_staff is not None:
        query = query.where(NeedDeclaration.lacks_it_staff == filters.lacks_it_staff)
    if filters.state:
        query = query.where(NeedDeclaration.state == filters.state.value)
    if filters.duty_code:
        query = query.where(
            exists().where(NeedItem.declaration_id == NeedDeclaration.id, NeedItem.duty_code == filters.duty_code)
        )
    return query


async def list_needs(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, filters: NeedFilter, paging: Paging
) -> tuple[Sequence[NeedRow], NeedTotals]:
    """In the alphabetical order of communes, with totals over what was sent of the whole list."""
    query = _filtered(_select_needs(principal, campaign_id), filters)
    page = query.options(selectinload(NeedDeclaration.items)).order_by(Commune.sort_key, Commune.code)
    rows = (await session.execute(page.limit(paging.limit).offset(paging.offset))).all()
    return rows, await _sum_needs(session, query)


async def _sum_needs(session: AsyncSession, query: Select[NeedDeclaration, str]) -> NeedTotals:
    found = query.where(IS_SENT).with_only_columns(NeedDeclaration.id, NeedDeclaration.lacks_it_staff).subquery()
    communes, lacking = (
        await session.execute(select(func.count(), func.count().filter(found.c.lacks_it_staff)).select_from(found))
    ).one()
    by_field = await session.execute(
        select(Duty.field_code, func.sum(NeedItem.people), func.sum(NeedItem.people * NeedItem.days_per_week))
        .select_from(NeedItem)
        .join(Duty, Duty.code == NeedItem.duty_code)
        .join(found, found.c.id == NeedItem.declaration_id)
        .group_by(Duty.field_code)
        .order_by(Duty.field_code)
    )
    sums = [(field, int(people), int(days)) for field, people, days in by_field.all()]
    return NeedTotals(
        communes=communes,
        communes_lacking_it_staff=lacking,
        people=sum(people for _field, people, _days in sums),
        person_days=sum(days for _field, _people, days in sums),
        person_days_by_field={field: days for field, _people, days in sums},
    )


async def find_need(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, commune_code: str
) -> NeedRow | None:
    query = _select_needs(principal, campaign_id).where(NeedDeclaration.commune_code == commune_code)
    query = query.options(selectinload(NeedDeclaration.items)).execution_options(populate_existing=True)
    return (await session.execute(query)).one_or_none()


async def lock_needs(
    session: AsyncSession, *, campaign_id: UUID, commune_codes: Collection[str]
) -> dict[str, NeedDeclaration]:
    """By commune; locked in one order, so that two writers never wait for each other."""
    query = (
        select(NeedDeclaration)
        .where(NeedDeclaration.campaign_id == campaign_id, NeedDeclaration.commune_code.in_(commune_codes))
        .options(selectinload(NeedDeclaration.items))
        .order_by(NeedDeclaration.commune_code)
        .with_for_update(of=NeedDeclaration)
    )
    return {row.commune_code: row for row in (await session.scalars(query)).all()}


async def list_versions(session: AsyncSession, campaign_id: UUID, communes: Collection[str]) -> dict[str, int]:
    """The version of each need as it is now."""
    query = select(NeedDeclaration.commune_code, NeedDeclaration.row_version).where(
        NeedDeclaration.campaign_id == campaign_id, NeedDeclaration.commune_code.in_(communes)
    )
    return dict((await session.execute(query)).all())
