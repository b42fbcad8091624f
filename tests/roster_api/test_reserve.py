"""Who volunteered and is placed nowhere: told once that they are held in reserve, and never again in the campaign."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.outbox.models import OutboxRow
from roster_api.volunteers.models import Volunteer, VolunteerStatus

from tests.roster_api.planning_world import World, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def told_of(world: World, plan_id: str) -> list[dict[str, Any]]:
    answer = await world.as_("notifier").get(f"/v1/internal/sources/reserve/{plan_id}/notices")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def reserve_of(world: World, plan_id: str) -> list[str]:
    reserve: list[str] = (await world.as_("admin").get(f"/v1/plans/{plan_id}/changes")).json()["reserve"]
    return reserve


async def test_whoever_is_placed_nowhere_is_thanked_once_and_named_before_publishing(world: World) -> None:
    people = [str(one) for one in world.volunteer_ids]
    async with world.session() as session:
        left = sa.update(Volunteer).where(Volunteer.id == world.volunteer_ids[5])
        await session.execute(left.values(status=VolunteerStatus.WITHDRAWN.value))
    first = await world.make_plan([(0, "C1", [0]), (3, "C2", [1])])
    waiting = sorted([people[1], people[2], people[4]])
    assert await reserve_of(world, first) == waiting
    assert (await world.publish(first)).status_code == 200
    told = await told_of(world, first)
    assert [one["recipient"]["id"] for one in told] == waiting
    assert {(one["kind"], one["source"]["kind"], one["source"]["version"]) for one in told} == {
        ("reserve", "reserve", 1)
    }
    assert told[0]["school_name"].startswith("Trường")
    assert {one["recipient"]["id"] for one in await world.notices(first)} == {people[0], people[3]}

    second = await world.make_plan([(0, "C1", [0]), (1, "C2", [1])])
    assert await reserve_of(world, second) == [], "who was placed, or thanked, heard already"
    assert (await world.publish(second)).status_code == 200
    assert await told_of(world, second) == []
    placed_now = {one["recipient"]["id"]: one["kind"] for one in await world.notices(second)}
    assert placed_now == {people[1]: "placement_assigned", people[3]: "placement_withdrawn"}
    assert [one["thread"] for one in told if one["recipient"]["id"] == people[1]] == [
        one["thread"] for one in await world.notices(second) if one["recipient"]["id"] == people[1]
    ], "the assignment overtakes the thanks in one thread"


async def test_a_source_of_thanks_is_asked_for_only_where_somebody_waits(world: World) -> None:
    await world.make_published([(number, ("C1", "C2")[number // 3], [0]) for number in range(6)])
    async with world.session() as session:
        rows = (await session.scalars(sa.select(OutboxRow))).all()
    assert [row for row in rows if row.args.get("source_kind") == "reserve"] == []
