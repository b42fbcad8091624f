"""What two requests at once could break, the database refuses, and the answer says what was wrong."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from roster_api.campaigns.models import Campaign
from roster_api.error_answers import add_error_handlers
from roster_api.errors import CONSTRAINTS
from roster_api.migrations.tables import metadata

from tests.roster_api.planning_world import World
from tests.roster_api.test_allowances import AN, RATES, allowances_world, compute, set_rates
from tests.roster_api.test_timeline import path, proposal
from tests.support.refusals import check_refusal

NEW_ID = "00000000-0000-4000-8000-000000000001"
AGAIN = (
    "insert into roster.{0}"
    " select (jsonb_populate_record(a, jsonb_build_object('id', '{1}'{2}))).* from roster.{0} a limit 1"
)
"""A row once more, under another id, and with other values."""
BROKEN: dict[str, tuple[str, int, str]] = {
    "a plan that is published": ("update roster.plans set draft_number = 9", 409, "plan.immutable"),
    "an open statement twice": (AGAIN.format("allowance_statements", NEW_ID, ", 'number', 9"), 409, "allowance.open"),
    "a tick sent twice": (AGAIN.format("attendance_ticks", NEW_ID, ", 'number', 9"), 409, "attendance.sent_twice"),
    "a step of a starting point twice": (
        AGAIN.format("starting_point_steps", NEW_ID, ""), 409, "starting_point.moved",
    ),
    "a campaign that ends before it begins": (
        "update roster.campaigns set ends_on = starts_on - 1", 422, "campaign.dates",
    ),
    "a day that ends before it begins": ("update roster.campaigns set end_time = start_time", 422, "campaign.dates"),
    "a band of no width": ("update roster.allowance_rates set to_m = from_m", 422, "allowance.rate"),
}  # fmt: skip
"""What is tried -> the statement, and how the answer calls it."""


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    """A published plan, a statement that is not approved, one tick, one step of a starting point."""
    async with allowances_world(roster_database_url) as made:
        await set_rates(made, RATES)
        await compute(made)
        point = path(made, f"starting-points/C1/{made.school_ids['S1']}")
        assert (await made.as_("s1").put(point, json=proposal())).status_code == 200
        tick = {"key": "t1", "volunteer_id": str(made.volunteer_ids[AN]), "serves_on": "2025-10-06"}
        tick |= {"outcome": "present", "reason": "", "ticked_at": datetime.now(UTC).isoformat()}
        sent = await made.as_("c1").post(path(made, "attendance"), json={"ticks": [tick]})
        assert sent.json()["recorded"] == 1, sent.text
        yield made


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://roster.example")


async def test_each_rule_that_the_database_keeps_is_answered_in_words(world: World) -> None:
    app = FastAPI()
    add_error_handlers(app)

    @app.post("/break")
    async def break_rule(what: str) -> None:
        async with world.session() as session:
            await session.execute(sa.text(BROKEN[what][0]))

    async with client_of(app) as client:
        for what, (_, status, code) in BROKEN.items():
            check_refusal(await client.post("/break", params={"what": what}), status, code)


async def test_of_two_who_change_one_row_the_second_is_told_to_read_it_again(world: World) -> None:
    app = FastAPI()
    add_error_handlers(app)

    @app.post("/rename")
    async def rename() -> None:
        async with world.session() as session:
            row = await session.get_one(Campaign, world.campaign_id)
            async with world.session() as other:
                (await other.get_one(Campaign, world.campaign_id)).name = "Đợt của người khác"
            row.name = "Đợt của tôi"

    async with client_of(app) as client:
        check_refusal(await client.post("/rename"), 409, "conflict.concurrent")
    async with world.session() as session:
        assert (await session.get_one(Campaign, world.campaign_id)).name == "Đợt của người khác"


async def test_every_rule_that_has_words_is_a_rule_of_the_database(world: World) -> None:
    query = sa.text(
        "select conname from pg_constraint union select indexname from pg_indexes"
        " union select substring(prosrc from 'constraint = ''(\\w+)''') from pg_proc"
    )
    async with world.session() as session:
        there = set(await session.scalars(query))
    assert len(metadata.tables) > 50, "every table's words are read"
    assert CONSTRAINTS.keys() - there == set()
