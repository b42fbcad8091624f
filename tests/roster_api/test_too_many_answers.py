"""One link changes its answer ten times an hour at most; the last answer stands, and the person is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from roster_api.answers.models import PlacementAnswer
from roster_api.answers.service import ANSWERS_AN_HOUR

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import PLACES, press, token_of
from tests.support.owners import owning


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def count(world: World) -> int:
    async with world.session() as session:
        return int(await session.scalar(sa.select(sa.func.count()).select_from(PlacementAnswer)) or 0)


async def test_the_eleventh_change_within_the_hour_is_refused_in_words_and_the_last_answer_stands(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    for number in range(ANSWERS_AN_HOUR):
        assert (await press(world, token, ("confirmed", "cannot_go")[number % 2])).status_code == 303
    refused = await press(world, token, "confirmed")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "Hãy thử lại sau" in refused.text
    assert (await press(world, token, "cannot_go")).status_code == 303, "the same answer again is no change"
    assert await count(world) == ANSWERS_AN_HOUR
    other = await token_of(world, plan_id, 1)
    assert (await press(world, other, "confirmed")).status_code == 303
    async with owning(world.app.state.settings.database_url) as connection, connection.begin():
        await connection.exec_driver_sql(
            "update roster.placement_answers set answered_at = answered_at - interval '1 hour'"
        )
    assert (await press(world, token, "confirmed")).status_code == 303


async def test_many_at_once_are_counted_too(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    answers = await asyncio.gather(
        *(press(world, token, "cannot_go", reason=f"lần {number}") for number in range(2 * ANSWERS_AN_HOUR))
    )
    assert sorted(answer.status_code for answer in answers) == [303] * ANSWERS_AN_HOUR + [429] * ANSWERS_AN_HOUR
    assert await count(world) == ANSWERS_AN_HOUR
