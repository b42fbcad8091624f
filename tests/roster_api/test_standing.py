"""The leaders' numbers: covered, short, stuck by the rows, priority communes first, counted once for many who ask."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.standing import service

from tests.roster_api.month_world import come_to_pass, list_days, results, tick
from tests.roster_api.planning_world import PROVINCE, World, make_commune, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        await made.make_published([(0, "C1", (0, 1)), (3, "C2", (0,))])
        await come_to_pass(made)
        async with made.session() as session:
            made.keys["leader"] = (await add_key(session, role=Role.LEADER, label="x", province_code=PROVINCE))[1]
        yield made


async def test_the_numbers_are_those_of_the_rows_and_priority_communes_come_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = await list_days(world)
    mine = [day for day in days if day.commune_code == "C1"]
    await results(world, "c1", tick(mine[0], key="a"), tick(mine[1], "absent", key="b"))
    blockers = f"/v1/campaigns/{world.campaign_id}/blockers"
    raised = await world.as_("s2").post(blockers, json={"words": "Mất mạng", "commune_code": "C2"})
    assert raised.status_code == 201, raised.text
    counted: list[Any] = []
    count = service.count_standing

    async def counting(*given: Any) -> Any:
        counted.append(given)
        return await count(*given)

    monkeypatch.setattr(service, "count_standing", counting)
    path = f"/v1/campaigns/{world.campaign_id}/standing"
    answers = await asyncio.gather(*(world.as_(who).get(path) for who in ("leader", "admin", "overseer", "leader")))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(counted) == 1, "many who ask at once count once"
    standing = answers[0].json()
    shown = [
        (row["commune_code"], row["standing"], row["people"], row["days_due"], row["days_served"], row["open_blockers"])
        for row in standing["communes"]
        if row["commune_code"].startswith("C")
    ]
    c2 = len(days) - len(mine)
    assert shown == [("C1", "covered", 1, len(mine), 1, 0), ("C2", "stuck", 1, c2, 0, 1), ("C3", "short", 0, 0, 0, 0)]
    assert standing["communes"][0]["is_priority"]
    assert (standing["stuck"], standing["covered"]) == (1, 1)
    assert (standing["days_due"], standing["days_served"], standing["days_unconfirmed"]) == (
        len(days),
        1,
        len(days) - 2,
    )
    assert (standing["blockers_raised"], standing["blockers_closed"]) == (1, 0)
    assert "Nguyễn Văn An" not in answers[0].text, "leaders read totals, and nobody's name"
    assert (await world.as_("c1").get(path)).status_code == 403
    assert (await world.as_("elsewhere").get(path)).status_code == 404


async def test_a_commune_that_declared_no_need_is_short_of_nothing(world: World) -> None:
    async with world.session() as session:
        session.add(make_commune("C9", "Chưa Khai"))
    standing = (await world.as_("leader").get(f"/v1/campaigns/{world.campaign_id}/standing")).json()
    by_code = {row["commune_code"]: row["standing"] for row in standing["communes"]}
    assert (by_code["C3"], by_code["C9"], standing["silent"]) == ("short", "silent", 1)


async def test_a_day_in_dispute_is_not_served_to_leaders_nor_in_the_review(world: World) -> None:
    day = (await list_days(world, commune_code="C1"))[0]
    assert await results(world, "c1", tick(day, key="a")) == ["recorded"]
    path = f"/v1/campaigns/{world.campaign_id}"
    assert (await world.as_("leader").get(f"{path}/standing")).json()["days_served"] == 1
    assert await results(world, "s1", tick(day, "absent", key="b")) == ["recorded"]
    world.app.state.standings = service.Standings()  # what was counted is kept for some seconds
    review = (await world.as_("leader").get(f"{path}/review")).json()
    served = {figure["key"]: figure["value"] for figure in review["figures"]}["days_served"]
    assert (await world.as_("leader").get(f"{path}/standing")).json()["days_served"] == served == 0
