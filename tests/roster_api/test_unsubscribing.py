"""Declining reminders: by the mail's link, at the address it went to, by a button or a mail program's one press."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.notices.models import Unsubscription
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import token_of
from tests.roster_api.test_consents import NEW
from tests.roster_api.test_contacts import PATH, question

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)))
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def cards(world: World, plan_id: str) -> dict[str, dict[str, Any]]:
    asked = [question(plan_id, "volunteer", person) for person in world.volunteer_ids[:2]]
    asked.append(question(plan_id, "school", world.school_ids["S1"]))
    answer = await world.as_("notifier").post(PATH, json={"items": asked}, headers=NEW)
    return {card["recipient"]["id"]: card for card in answer.json()["items"]}


def path_of(card: dict[str, Any]) -> str:
    return str(card["unsubscribe_url"]).removeprefix("https://roster.example")


async def test_one_press_declines_at_once_a_page_shows_it_and_a_button_takes_it_back(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    person, other = (str(each) for each in world.volunteer_ids[:2])
    path, nobody = path_of((await cards(world, plan_id))[person]), world.as_("nobody")
    page = await nobody.get(path)
    assert (page.status_code, "p***@example.vn" in page.text) == (200, True)
    assert "is_unsubscribed" not in (await cards(world, plan_id))[person], "opening it changes nothing"
    assert (await nobody.post(path, data={"x": "y"})).status_code == 422
    for _ in range(2):
        assert (await nobody.post(path, data=ONE_CLICK)).status_code == 200, "no redirect: a program follows none"
    now = await cards(world, plan_id)
    assert (now[person]["is_unsubscribed"], "is_unsubscribed" in now[other]) == (True, False)
    assert 'value="subscribe"' in (await nobody.get(path)).text
    async with world.session() as session:
        (row,) = (await session.scalars(sa.select(Unsubscription))).all()
        assert (row.email, b"person0" in row.email_sealed) == ("person0@example.vn", False)
    await nobody.post(path, data={"do": "subscribe"})
    assert "is_unsubscribed" not in (await cards(world, plan_id))[person]


async def test_a_link_is_of_one_address_and_one_purpose(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    school, nobody = str(world.school_ids["S1"]), world.as_("nobody")
    async with world.session() as session:
        (await session.get_one(School, world.school_ids["S1"])).contact_email = "phong@truong.example"
    path = path_of((await cards(world, plan_id))[school])
    assert (await nobody.post(path, data=ONE_CLICK)).status_code == 200
    async with world.session() as session:
        (await session.get_one(School, world.school_ids["S1"])).contact_email = "moi@truong.example"
        (await session.get_one(Volunteer, world.volunteer_ids[0])).email = None
    after = await cards(world, plan_id)
    assert "is_unsubscribed" not in after[school], "whoever took over is written to"
    assert "unsubscribe_url" not in after[str(world.volunteer_ids[0])]
    personal = await token_of(world, plan_id, 1)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    for wrong in (path, forged, f"/u/{personal}", "/u/none", f"/u/{'A' * 300}"):
        assert (await nobody.get(wrong)).status_code == 404, wrong
    token = path_of(after[school]).removeprefix("/u/")
    assert (await nobody.get(f"/a/{token}")).status_code == 404
    assert (await nobody.get(f"/u/{token}")).status_code == 200
