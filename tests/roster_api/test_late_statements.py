"""A statement that takes too long is answered with "come again": it is no fault of the service."""

from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from roster_api.app import create_app
from roster_api.settings import Settings

from tests.roster_api.planning_world import PUBLIC_URL, World, planning_world

PATIENCE_SECONDS = 0.5


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_statement_that_takes_too_long_is_answered_with_come_again(
    world: World, roster_database_url: str
) -> None:
    hurried = create_app(Settings(database_url=roster_database_url, database_timeout_seconds=PATIENCE_SECONDS))
    async with (
        world.session() as session,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=hurried), base_url=PUBLIC_URL, headers={"X-Api-Key": world.keys["admin"]}
        ) as client,
    ):
        await session.execute(sa.text("lock table roster.volunteers in access exclusive mode"))
        late = await client.get("/v1/volunteers")
    assert late.status_code == 503, late.text
    assert int(late.headers["Retry-After"]) > 0
    assert "application/problem+json" in late.headers["content-type"]
    await hurried.state.engine.dispose()
