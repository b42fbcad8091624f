"""What was archived is named by every run that leaves it out: communes with a need, schools whose people serve."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.communes.models import Commune
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_run_names_the_archived_commune_before_and_after_it_is_solved(world: World) -> None:
    async with world.session() as session:
        await session.execute(sa.update(Commune).where(Commune.code == "C2").values(archived_at=sa.func.now()))
    run_id = await world.request_run()
    waiting = await look_at(world, run_id)
    await world.solve(run_id, ((0, "C1", (0, 1)),))
    solved = await look_at(world, run_id)
    assert (waiting["status"], solved["status"]) == ("queued", "succeeded")
    for run in (waiting, solved):
        assert [(item["code"], item["commune_code"]) for item in run["left_out"]] == [("commune.archived", "C2")]


async def test_a_run_names_the_archived_school_whose_people_serve_by_the_plan_in_force(world: World) -> None:
    await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    async with world.session() as session:
        await session.execute(sa.update(School).where(School.code == "S2").values(archived_at=sa.func.now()))
    run = await look_at(world, await world.request_run())
    assert [(item["code"], item["school_code"], item["people"]) for item in run["left_out"]] == [
        ("school.archived", "S2", 1)
    ]


async def look_at(world: World, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    return run


async def test_a_run_names_the_school_whose_people_all_withdrew_and_none_whose_people_are_awaited(world: World) -> None:
    """The third, whose list never came, promised nobody."""
    await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    leavers = [str(person) for person in world.volunteer_ids[3:]]
    async with world.session() as session:
        await session.execute(sa.update(School).where(School.code == "S1").values(name="Trường Còn người"))
    assert (await world.as_("admin").post("/v1/volunteers/withdraw", json={"volunteer_ids": leavers})).is_success
    run = await look_at(world, await world.request_run())
    [item] = run["left_out"]
    assert (item["code"], item["school_code"], item["people"]) == ("school.nobody_left", "S2", 3)
    assert "3 người đã rút" in item["vi"]
    assert "withdrew" in item["en"]
    async with world.session() as session:
        awaited = sa.update(Volunteer).where(Volunteer.id == world.volunteer_ids[3])
        await session.execute(awaited.values(status="active", free_weekdays=[]))
    again = await look_at(world, await world.request_run(force=True))
    assert [item["code"] for item in again["left_out"]] == ["school.incomplete_people"]
