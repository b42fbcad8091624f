"""A search by any part of a name, a code or a phone reads an index, whoever else is on the rosters."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.direct import Reader, Row, Statement

from tests.roster_api.planning_world import World, planning_world
from tests.support.owners import owning

MANY = """
insert into roster.volunteers (id, school_id, full_name, search_key, sort_key, role, external_ref)
select gen_random_uuid(), :school, 'x', md5(n::text) || ' ' || md5((n + 1)::text), n::text, 'student', 'M' || n
from generate_series(cast(:first as int), cast(:first as int) + 2999) n
"""


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def explain(world: World, who: str, q: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The plans of the statements over volunteers that this search runs."""
    asked: list[tuple[str, list[Any]]] = []
    fetch = Reader.fetch

    async def note(reader: Reader, statement: Statement, **values: Any) -> list[Row]:
        if "search_key LIKE" in statement.sql:
            asked.append((statement.sql, statement.bind(values)))
        return await fetch(reader, statement, **values)

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "fetch", note)
        assert (await world.as_(who).get("/v1/volunteers", params={"q": q})).status_code == 200
    plans = []
    async with world.app.state.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        for statement, values in asked:
            plans.append("\n".join(row[0] for row in await driver.fetch(f"explain {statement}", *values)))
    return plans


async def test_a_search_reads_the_index_over_parts_of_names_and_not_everybody(
    world: World, roster_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for first in range(0, 30_000, 3_000):  # each well within a statement's time, on a busy machine too
        async with world.session() as session:
            await session.execute(sa.text(MANY), {"school": world.school_ids["S1"], "first": first})
    async with owning(roster_database_url) as owner:
        await owner.execution_options(isolation_level="AUTOCOMMIT")
        await owner.execute(sa.text("vacuum analyze roster.volunteers"))
    for who, q in (("admin", "Trần Thị Bình"), ("admin", "M17"), ("admin", "0950 000 101"), ("overseer", "cẩm châu")):
        (plan,) = await explain(world, who, q, monkeypatch)
        assert plan.count("ix_volunteers_search_key_part") == 2, f"the page, and how many there are: {plan}"
        assert "Seq Scan on volunteers" not in plan, plan
    found = (await world.as_("admin").get("/v1/volunteers", params={"q": "tran thi binh"})).json()
    assert [item["full_name"] for item in found["items"]] == ["Trần Thị Bình"]
