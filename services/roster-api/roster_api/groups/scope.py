"""Whose communes are whose: what an overseer bound to a group sees, and who follows a commune.

An overseer bound to a group sees the own group's communes in the groups that are published, and no other: none at all
in a campaign whose groups are not published, or where they have no group. Whoever is bound to none sees the province.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.groups.models import GroupCommune, Grouping, GroupingStatus, GroupSeat, Overseer

Conditions = list[sa.ColumnElement[bool]]
PUBLISHED = GroupingStatus.PUBLISHED.value


def group_scope(principal: Principal, *, campaign_id: Any, commune_code: Any) -> Conditions:
    """Conditions on rows of these columns (or values); none for who is bound to no group."""
    if not principal.is_of_group:
        return []
    return [_select_own(principal, campaign_id).where(GroupCommune.commune_code == commune_code).exists()]


def _select_own(principal: Principal, campaign_id: Any) -> sa.Select[str]:
    """The communes of the principal's group in the published grouping."""
    return (
        sa.select(GroupCommune.commune_code)
        .join(Grouping, Grouping.id == GroupCommune.grouping_id)
        .join(GroupSeat, sa.and_(GroupSeat.grouping_id == Grouping.id, GroupSeat.number == GroupCommune.number))
        .join(Overseer, Overseer.id == GroupSeat.overseer_id)
        .where(
            Grouping.campaign_id == campaign_id,
            Grouping.status == PUBLISHED,
            Overseer.account_id == principal.account_id,
        )
    )


async def sees_commune(session: AsyncSession, principal: Principal, *, campaign_id: UUID, commune_code: str) -> bool:
    bounds = group_scope(principal, campaign_id=campaign_id, commune_code=commune_code)
    return not bounds or bool(await session.scalar(sa.select(sa.and_(*bounds))))


async def list_own_communes(session: AsyncSession, principal: Principal, campaign_id: UUID) -> set[str] | None:
    """None: all of them."""
    if not principal.is_of_group:
        return None
    return set(await session.scalars(_select_own(principal, campaign_id)))


async def find_published(session: AsyncSession, campaign_id: UUID) -> Grouping | None:
    query = sa.select(Grouping).where(Grouping.campaign_id == campaign_id, Grouping.status == PUBLISHED)
    return (await session.scalars(query)).one_or_none()


async def find_overseer(session: AsyncSession, *, campaign_id: UUID, commune_code: str) -> Overseer | None:
    """Of the commune's group in the published grouping; None while there is none, or the commune is in no group."""
    query = (
        sa.select(Overseer)
        .join(GroupSeat, GroupSeat.overseer_id == Overseer.id)
        .join(Grouping, Grouping.id == GroupSeat.grouping_id)
        .join(
            GroupCommune,
            sa.and_(GroupCommune.grouping_id == Grouping.id, GroupCommune.number == GroupSeat.number),
        )
        .where(
            Grouping.campaign_id == campaign_id,
            Grouping.status == PUBLISHED,
            GroupCommune.commune_code == commune_code,
        )
    )
    return (await session.scalars(query)).one_or_none()


async def list_role_holders(session: AsyncSession, *, province_code: str, role: Role) -> Sequence[Account]:
    """Accounts that hold the role in the whole province at this moment; not who is bound to a group."""
    query = (
        sa.select(Account)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .where(
            RoleAssignment.role == role.value,
            RoleAssignment.province_code == province_code,
            RoleAssignment.is_of_group.is_(False),
            RoleAssignment.holds_now(),
        )
        .distinct()
        .order_by(Account.id)
    )
    return (await session.scalars(query)).all()
