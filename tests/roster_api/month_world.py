"""What the tests of the month share: a published plan whose days have come."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import sqlalchemy as sa
from roster_api.attendance.models import ServiceDay
from roster_api.campaigns.models import Campaign

from tests.roster_api.planning_world import World

BACK = 35
"""Whole weeks, and more than the campaign has days: no date meets another on the way."""


async def come_to_pass(world: World, *, before: date | None = None) -> None:
    """Days of service (those before a date) happened five weeks earlier; the campaign began with them."""
    moved = sa.update(ServiceDay).values(serves_on=ServiceDay.serves_on - BACK)
    async with world.session() as session:
        await session.execute(moved if before is None else moved.where(ServiceDay.serves_on < before))
        await session.execute(sa.update(Campaign).values(starts_on=Campaign.starts_on - BACK))
        if before is None:
            await session.execute(sa.update(Campaign).values(ends_on=Campaign.ends_on - BACK))


async def list_days(world: World, **bounds: Any) -> list[ServiceDay]:
    async with world.session() as session:
        query = sa.select(ServiceDay).filter_by(**bounds)
        return list(await session.scalars(query.order_by(ServiceDay.serves_on, ServiceDay.volunteer_id)))


def tick(day: ServiceDay, outcome: str = "present", *, key: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "volunteer_id": str(day.volunteer_id),
        "serves_on": day.serves_on.isoformat(),
        "outcome": outcome,
        "reason": "Ốm" if outcome == "absent" else "",
        "ticked_at": datetime.now(UTC).isoformat(),
    } | more


async def send(world: World, who: str, ticks: Iterable[dict[str, Any]]) -> httpx.Response:
    return await world.as_(who).post(f"/v1/campaigns/{world.campaign_id}/attendance", json={"ticks": list(ticks)})


async def results(world: World, who: str, *ticks: dict[str, Any]) -> list[str]:
    answer = await send(world, who, ticks)
    assert answer.status_code == 200, answer.text
    return [item["code"] or item["result"] for item in answer.json()["items"]]


async def count_rows(world: World, table: Any) -> int:
    async with world.session() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
