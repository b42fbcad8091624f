"""What is declared whole from two tabs: who saw an older state is told so, and writes over nothing in silence."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.roster_api.month_world import come_to_pass, list_days
from tests.roster_api.planning_world import PROVINCE, World, planning_world
from tests.roster_api.test_answers import token_of

GOOD = {"help": 5, "attitude": 4, "skill": 3}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        made.keys["plan"] = await made.make_published([(0, "C1", (0,)), (1, "C1", (0,)), (3, "C2", (0,))])
        await come_to_pass(made)
        yield made


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 412, answer.text
    return str(answer.json()["code"])


async def test_a_weeks_counts_from_two_tabs_do_not_write_over_one_another(world: World) -> None:
    day = (await list_days(world, commune_code="C1"))[0]
    monday = day.serves_on - timedelta(days=day.serves_on.weekday())
    officer, week = world.as_("c1"), f"/v1/campaigns/{world.campaign_id}/duty-counts/C1/{monday}"
    item = {"volunteer_id": str(day.volunteer_id), "duty_code": "digitise", "number": 120}
    ours, theirs = {"items": [item]}, {"items": [item | {"number": 7}]}
    seen = {"If-Match": (await officer.get(week)).headers["etag"]}
    first = await officer.put(week, json=ours, headers=seen)
    assert first.status_code == 200, first.text
    assert refused(await officer.put(week, json=theirs, headers=seen)) == "precondition.stale"
    assert (await officer.get(week)).json()["items"][0]["number"] == 120
    assert (await officer.put(week, json=ours, headers=seen)).status_code == 200, "the answer to it was lost"
    assert refused(await officer.put(week, json=theirs, headers={"If-None-Match": "*"})) == "precondition.exists"
    now = {"If-Match": first.headers["etag"]}
    assert (await officer.get(week)).headers["etag"] == first.headers["etag"]
    again = await officer.put(week, json=theirs, headers=now)
    assert (again.status_code, again.json()["items"][0]["number"]) == (200, 7)
    gone = await officer.put(week, json={"items": []}, headers={"If-Match": again.headers["etag"]})
    assert gone.headers["etag"] == seen["If-Match"].strip(), "nothing counted, as at first"


async def test_an_evaluation_from_two_tabs_does_not_write_over_another(world: World) -> None:
    path = f"/v1/campaigns/{world.campaign_id}/evaluations"
    person, school = f"people/{world.volunteer_ids[0]}", f"schools/{world.school_ids['S1']}"
    for who, about, ours, theirs in (
        ("c1", person, GOOD | {"words": "Chăm"}, GOOD | {"words": "Lười"}),
        ("c1", school, GOOD, GOOD | {"help": 1}),
        ("s1", "communes/C1", {"readiness": 5}, {"readiness": 1}),
    ):
        rater, address = world.as_(who), f"{path}/{about}"
        is_new = {"If-None-Match": "*"}
        first = await rater.put(address, json=ours, headers=is_new)
        assert (first.status_code, first.headers["etag"]) == (200, f'"{first.json()["row_version"]}"')
        assert refused(await rater.put(address, json=theirs, headers=is_new)) == "precondition.exists"
        assert (await rater.put(address, json=ours, headers=is_new)).status_code == 200, "the answer to it was lost"
        listed = next(row for row in (await rater.get(path)).json()["items"] if row["id"] == first.json()["id"])
        assert (listed["marks"], listed["row_version"]) == (first.json()["marks"], first.json()["row_version"])
        second = await rater.put(address, json=theirs, headers={"If-Match": first.headers["etag"]})
        assert second.status_code == 200, second.text
        assert refused(await rater.put(address, json=ours, headers={"If-Match": first.headers["etag"]}))


async def test_a_person_with_two_pages_open_rates_the_commune_once(world: World) -> None:
    token = await token_of(world, world.keys["plan"], 0)
    link = {"Authorization": f"Link {token}", "If-None-Match": "*"}
    nobody = world.as_("nobody")
    assert (await nobody.put("/v1/me/evaluation", json={"readiness": 5}, headers=link)).status_code == 200
    assert refused(await nobody.put("/v1/me/evaluation", json={"readiness": 1}, headers=link)) == "precondition.exists"


async def test_publishing_rules_from_two_tabs_do_not_write_over_one_another(world: World) -> None:
    admin, province = world.as_("admin"), f"/v1/provinces/{PROVINCE}"
    seen = {"If-Match": (await admin.get(province)).headers["etag"]}
    public, priced = ({"four_eyes": False} | more for more in ({"is_plan_public": True}, {"sms_price_vnd": 350}))
    first = await admin.put(f"{province}/publishing", json=public, headers=seen)
    assert first.status_code == 200, first.text
    assert refused(await admin.put(f"{province}/publishing", json=priced, headers=seen)) == "precondition.stale"
    assert (await admin.get(province)).json()["is_plan_public"] is True
    assert (await admin.put(f"{province}/publishing", json=public, headers=seen)).status_code == 200
    both = public | priced | {"is_plan_public": True}
    now = {"If-Match": first.headers["etag"]}
    assert (await admin.put(f"{province}/publishing", json=both, headers=now)).json()["sms_price_vnd"] == 350
