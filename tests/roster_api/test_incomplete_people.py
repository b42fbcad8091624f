"""People of whom no free day is known are left out of a run, which says how many and of which school."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_run_leaves_incomplete_people_out_and_names_their_school_in_two_languages(world: World) -> None:
    admin = world.as_("admin")
    before = (await admin.get(f"/v1/matching-runs/{await world.request_run()}/frozen")).json()["volunteers"]
    gone = before[0]
    async with world.session() as session:
        await session.execute(
            sa.update(Volunteer).where(Volunteer.id == gone["id"]).values(free_weekdays=[], skills={})
        )
    run_id = await world.request_run(force=True)
    frozen = (await admin.get(f"/v1/matching-runs/{run_id}/frozen")).json()
    assert frozen["volunteers"] == before[1:]
    (told,) = (await admin.get(f"/v1/matching-runs/{run_id}")).json()["left_out"]
    assert (told["code"], told["school_code"], told["people"]) == ("school.incomplete_people", gone["school_code"], 1)
    assert "1 người chưa khai ngày rảnh" in told["vi"]
    assert "1 person has told no free day" in told["en"]
