"""Days that nobody means are refused where they are written: later, what is reckoned from them has no room."""

from collections.abc import AsyncIterator

import pytest

from tests.roster_api.reference_world import CAMPAIGN, World, shared_reference_world

FAR = [("9999-12-01", "9999-12-31"), ("0001-01-01", "0001-01-28"), ("2101-01-01", "2101-01-02")]


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.mark.parametrize(("first", "last"), FAR)
async def test_a_campaign_lies_within_our_time(world: World, first: str, last: str) -> None:
    days = {"starts_on": first, "ends_on": last}
    answer = await world.as_("admin").post("/v1/campaigns", json=CAMPAIGN | days)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/starts_on", "/ends_on"}
    assert "Năm phải từ 2000 đến 2100" in answer.json()["errors"][0]["vi"]
    changed = await world.patch(f"/v1/campaigns/{world.ids['campaign']}", days)
    assert changed.status_code == 422


@pytest.mark.parametrize(("first", "last"), FAR)
async def test_so_do_absences_and_exceptions(world: World, first: str, last: str) -> None:
    absences = {"items": [{"starts_on": first, "ends_on": last, "kind": "leave"}]}
    put = await world.as_("admin").put(f"/v1/volunteers/{world.ids['volunteer']}/absences", json=absences)
    assert put.status_code == 422
    exceptions = {"items": [{"on": first, "kind": "closed", "reason": "x"}]}
    path = f"/v1/campaigns/{world.ids['campaign']}/calendar-exceptions"
    assert (await world.as_("admin").put(path, json=exceptions)).status_code == 422


async def test_the_last_day_there_is_does(world: World) -> None:
    await world.create("/v1/campaigns", CAMPAIGN | {"starts_on": "2100-12-01", "ends_on": "2100-12-31"})
