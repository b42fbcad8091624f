"""Rates: set, ended, listed; two of one kind never hold on one day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import province_scope
from roster_api.allowances.computing import Component, Rate
from roster_api.allowances.models import AllowanceRate
from roster_api.allowances.schemas import RateCreate
from roster_api.errors import ConflictError, NotFoundError
from roster_api.provinces.models import Province
from roster_api.schools.models import School


async def set_rate(session: AsyncSession, *, principal: Principal, body: RateCreate) -> AllowanceRate:
    """404 of another's province; 409 where a rate of the same component, role and distance holds on one of the days."""
    query = sa.select(Province.code).where(
        Province.code == body.province_code, *province_scope(principal, Province.code)
    )
    if await session.scalar(query.with_for_update(key_share=True)) is None:
        raise NotFoundError
    others = await session.scalars(
        sa.select(AllowanceRate).where(
            AllowanceRate.province_code == body.province_code,
            AllowanceRate.component == body.component,
            AllowanceRate.role.is_not_distinct_from(body.role),
        )
    )
    clash = next((rate for rate in others if _overlaps(rate, body)), None)
    if clash is not None:
        raise ConflictError(
            "allowance.rate_overlaps",
            vi=f"Đã có mức {clash.amount_vnd} đ từ ngày {clash.valid_from:%d/%m/%Y} cho cùng nội dung. "
            "Hãy ghi ngày hết hiệu lực của mức đó trước.",
            en=f"A rate of {clash.amount_vnd} VND holds from {clash.valid_from} for the same. End that one first.",
            facts={"rate_id": str(clash.id)},
        )
    rate = AllowanceRate(**body.model_dump(), set_by=principal.label)
    session.add(rate)
    await session.flush()
    return rate


def _overlaps(rate: AllowanceRate, body: RateCreate) -> bool:
    days = (body.valid_until is None or rate.valid_from <= body.valid_until) and (
        rate.valid_until is None or body.valid_from <= rate.valid_until
    )
    band = (body.to_m is None or rate.from_m < body.to_m) and (rate.to_m is None or body.from_m < rate.to_m)
    return days and band


async def end_rate(session: AsyncSession, *, principal: Principal, rate_id: UUID, valid_until: date) -> AllowanceRate:
    """The rate holds no longer than that day; days already paid by it after that day become corrections."""
    query = sa.select(AllowanceRate).where(
        AllowanceRate.id == rate_id, *province_scope(principal, AllowanceRate.province_code)
    )
    rate = await session.scalar(query.with_for_update())
    if rate is None:
        raise NotFoundError
    if rate.valid_until is not None and valid_until > rate.valid_until:
        raise ConflictError(
            "allowance.rate_ended",
            vi=f"Mức này đã hết hiệu lực ngày {rate.valid_until:%d/%m/%Y}; muốn dùng tiếp hãy lập mức mới.",
            en=f"This rate ended on {rate.valid_until}; to go on, set a new one.",
        )
    if rate.valid_until != valid_until:
        rate.valid_until, rate.ended_by = valid_until, principal.label
        await session.flush()
    return rate


async def select_rates(session: AsyncSession, principal: Principal) -> sa.Select[AllowanceRate]:
    """Those of the principal's province, or its school's."""
    query = sa.select(AllowanceRate).where(*province_scope(principal, AllowanceRate.province_code))
    if principal.school_id is not None:
        province = await session.scalar(sa.select(School.province_code).where(School.id == principal.school_id))
        query = query.where(AllowanceRate.province_code == province)
    return query.order_by(
        AllowanceRate.component,
        AllowanceRate.role.nulls_last(),
        AllowanceRate.valid_from,
        AllowanceRate.from_m,
        AllowanceRate.id,
    )


async def list_rates(session: AsyncSession, province_code: str) -> Sequence[Rate]:
    """As computing wants them."""
    rows = await session.scalars(sa.select(AllowanceRate).where(AllowanceRate.province_code == province_code))
    return [
        Rate(
            id=row.id,
            component=Component(row.component),
            role=row.role,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            amount_vnd=row.amount_vnd,
            from_m=row.from_m,
            to_m=row.to_m,
            min_days=row.min_days,
        )
        for row in rows
    ]
