"""A search by any part of a name, a code or a phone reads an index, whoever else is on the rosters."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.roster_api.planning_world import World, planning_world
from tests.support.owners import owning

MANY = """
insert into roster.volunteers (id, school_id, full_name, search_key, sort_key, role, external_ref)
select gen_random_uuid(), :school, 'x', md5(n::text) || ' ' || md5((n + 1)::text), n::text, 'student', 'M' || n
from generate_series(1, 30000) n
"""


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def explain(world: World, who: str, q: str) -> list[str]:
    """The plans of the statements over volunteers that this search runs."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "search_key" in statement and "LIKE" in statement:
            asked.append((statement, parameters))

    engine = world.app.state.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await world.as_(who).get("/v1/volunteers", params={"q": q})).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    plans = []
    async with world.app.state.engine.connect() as connection:
        for statement, parameters in asked:
            rows = (await connection.exec_driver_sql(f"explain {statement}", parameters)).all()
            plans.append("\n".join(row[0] for row in rows))
    return plans


async def test_a_search_reads_the_index_over_parts_of_names_and_not_everybody(
    world: World, roster_database_url: str
) -> None:
    async with world.session() as session:
        await session.execute(sa.text(MANY), {"school": world.school_ids["S1"]})
    async with owning(roster_database_url) as owner:
        await owner.execution_options(isolation_level="AUTOCOMMIT")
        await owner.execute(sa.text("vacuum analyze roster.volunteers"))
    for who, q in (("admin", "Trần Thị Bình"), ("admin", "M17"), ("admin", "0950 000 101"), ("overseer", "cẩm châu")):
        plans = await explain(world, who, q)
        assert len(plans) == 2, "the page, and how many there are"
        for plan in plans:
            assert "ix_volunteers_search_key_part" in plan, plan
            assert "Seq Scan on volunteers" not in plan, plan
    found = (await world.as_("admin").get("/v1/volunteers", params={"q": "tran thi binh"})).json()
    assert [item["full_name"] for item in found["items"]] == ["Trần Thị Bình"]
