"""SQL of runs of oversight groups and of groupings."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.groups.models import (
    GroupCommune,
    GroupEdit,
    Grouping,
    GroupingStatus,
    GroupRun,
    GroupSeat,
    Overseer,
)


def _in_province(principal: Principal) -> list[sa.ColumnElement[bool]]:
    return [Campaign.province_code == principal.province_code] if principal.province_code else []


async def find_run(
    session: AsyncSession, run_id: UUID, *, principal: Principal | None = None, with_documents: bool = False
) -> GroupRun | None:
    """None for a run of another province. `principal`: None for the worker, and for what the service asks itself."""
    query = sa.select(GroupRun).join(Campaign, Campaign.id == GroupRun.campaign_id).where(GroupRun.id == run_id)
    query = query.where(*_in_province(principal)) if principal is not None else query
    if with_documents:
        columns = (GroupRun.document, GroupRun.solution, GroupRun.explanations)
        query = query.options(*(undefer(column) for column in columns)).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


def select_runs(campaign_id: UUID) -> sa.Select[GroupRun]:
    """The newest first."""
    query = sa.select(GroupRun).where(GroupRun.campaign_id == campaign_id).options(undefer(GroupRun.solution))
    return query.order_by(GroupRun.requested_at.desc(), GroupRun.id)


async def list_overseers(session: AsyncSession, run_ids: Collection[UUID]) -> dict[UUID, list[Overseer]]:
    """By run, in the order they were named."""
    query = sa.select(Overseer).where(Overseer.run_id.in_(run_ids)).order_by(Overseer.run_id, Overseer.position)
    found: dict[UUID, list[Overseer]] = {run_id: [] for run_id in run_ids}
    for row in await session.scalars(query):
        found[row.run_id].append(row)
    return found


async def list_drafted(session: AsyncSession, run_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By run the grouping that it made itself."""
    query = sa.select(Grouping.run_id, Grouping.id).where(Grouping.run_id.in_(run_ids), Grouping.from_id.is_(None))
    return dict((await session.execute(query)).all())


async def find_grouping(
    session: AsyncSession, grouping_id: UUID, *, principal: Principal, for_update: bool = False
) -> Grouping | None:
    query = sa.select(Grouping).join(Campaign, Campaign.id == Grouping.campaign_id)
    query = query.where(Grouping.id == grouping_id, *_in_province(principal))
    if for_update:
        query = query.with_for_update(of=Grouping).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


def select_groupings(campaign_id: UUID, *, published_only: bool) -> sa.Select[Grouping]:
    """The newest first."""
    query = sa.select(Grouping).where(Grouping.campaign_id == campaign_id)
    if published_only:
        query = query.where(Grouping.status == GroupingStatus.PUBLISHED.value)
    return query.order_by(Grouping.created_at.desc(), Grouping.id)


async def list_owner(session: AsyncSession, grouping_id: UUID) -> dict[str, int]:
    """Group by commune."""
    query = sa.select(GroupCommune.commune_code, GroupCommune.number).where(GroupCommune.grouping_id == grouping_id)
    return dict((await session.execute(query.order_by(GroupCommune.commune_code))).all())


async def list_seats(session: AsyncSession, grouping_id: UUID) -> dict[int, Overseer]:
    query = (
        sa.select(GroupSeat.number, Overseer)
        .join(Overseer, Overseer.id == GroupSeat.overseer_id)
        .where(GroupSeat.grouping_id == grouping_id)
        .order_by(GroupSeat.number)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def list_edits(session: AsyncSession, grouping_id: UUID) -> Sequence[GroupEdit]:
    query = sa.select(GroupEdit).where(GroupEdit.grouping_id == grouping_id).order_by(GroupEdit.number)
    return (await session.scalars(query)).all()


async def write_groups(
    session: AsyncSession, grouping_id: UUID, *, owner: dict[str, int], seats: dict[int, UUID]
) -> None:
    """In the place of what the grouping had."""
    await session.execute(sa.delete(GroupCommune).where(GroupCommune.grouping_id == grouping_id))
    await session.execute(sa.delete(GroupSeat).where(GroupSeat.grouping_id == grouping_id))
    communes: list[dict[str, Any]] = [
        {"grouping_id": grouping_id, "commune_code": code, "number": number} for code, number in sorted(owner.items())
    ]
    held: list[dict[str, Any]] = [
        {"grouping_id": grouping_id, "number": number, "overseer_id": overseer}
        for number, overseer in sorted(seats.items())
    ]
    await session.execute(sa.insert(GroupCommune), communes)
    await session.execute(sa.insert(GroupSeat), held)


async def list_overseer_roles(
    session: AsyncSession, *, province_code: str, account_ids: Collection[UUID]
) -> Sequence[RoleAssignment]:
    """Roles of an overseer in the province that these accounts hold now, locked."""
    query = sa.select(RoleAssignment).where(
        RoleAssignment.role == Role.OVERSEER.value,
        RoleAssignment.province_code == province_code,
        RoleAssignment.account_id.in_(account_ids),
        RoleAssignment.holds_now(),
    )
    return (await session.scalars(query.order_by(RoleAssignment.id).with_for_update())).all()


async def name_accounts(session: AsyncSession, account_ids: Collection[UUID]) -> dict[UUID, str]:
    query = sa.select(Account.id, Account.display_name).where(Account.id.in_(account_ids))
    return dict((await session.execute(query)).all())


async def get_next_version(session: AsyncSession, campaign_id: UUID) -> int:
    """The caller holds a lock of the campaign."""
    query = sa.select(sa.func.max(Grouping.version)).where(Grouping.campaign_id == campaign_id)
    return (await session.scalar(query) or 0) + 1
