"""Somebody else's plan or run takes as long to refuse as one that does not exist: the database is asked the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa
from roster_api.access.keys import add_key
from roster_api.access.principal import Role

from tests.roster_api.planning_world import PUBLIC_URL, World, planning_world

PLACES = ((0, "C1", (0, 1)), (3, "C2", (2,)))


async def as_admin_of_another_province(world: World) -> httpx.AsyncClient:
    async with world.session() as session:
        _, key = await add_key(session, role=Role.ADMIN, label="Điện Biên", province_code="11")
    transport = httpx.ASGITransport(app=world.app)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers={"X-Api-Key": key})


@contextmanager
def asked(world: World) -> Iterator[list[str]]:
    """The statements that the service sends meanwhile."""
    statements: list[str] = []
    engine = world.app.state.engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


async def test_somebody_elses_plan_and_run_ask_the_database_what_missing_ones_do(roster_database_url: str) -> None:
    async with planning_world(roster_database_url) as world:
        plan_id, run_id = await world.make_published(PLACES), await world.request_run()
        async with await as_admin_of_another_province(world) as stranger:
            await stranger.get(f"/v1/plans/{uuid4()}")  # the key's first use is written down
            for kind, there in (("plans", plan_id), ("matching-runs", run_id)):
                seen = []
                for wanted in (there, uuid4()):
                    with asked(world) as statements:
                        answer = await stranger.get(f"/v1/{kind}/{wanted}")
                    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
                    seen.append(statements)
                assert len(seen[0]) > 1
                assert seen[0] == seen[1], kind
