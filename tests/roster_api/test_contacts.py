"""How recipients are reached now, and what a version says again: what notifier asks beside the news."""

from typing import Any
from uuid import uuid4

import pytest
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, notices_path, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
PATH = "/v1/internal/contacts"


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


def question(plan_id: str, kind: str, recipient_id: object) -> dict[str, Any]:
    return {
        "recipient": {"kind": kind, "id": str(recipient_id)},
        "source": {"kind": "plan", "id": plan_id, "version": 1},
    }


async def test_a_corrected_contact_is_given_at_once_and_the_link_is_that_of_the_campaign(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    before = {notice["volunteer_id"]: notice for notice in await world.notices(plan_id)}
    person = world.volunteer_ids[0]
    async with world.session() as session:
        row = await session.get_one(Volunteer, person)
        row.email, row.phone = "moi@truong.example", None
    after = {notice["volunteer_id"]: notice for notice in await world.notices(plan_id)}
    assert (after[str(person)]["email"], after[str(person)]["phone"]) == ("moi@truong.example", None)
    assert after[str(person)]["answer_url"] == before[str(person)]["answer_url"]
    assert after[str(person)]["placement"] == before[str(person)]["placement"], "the words stay as published"


async def test_no_notice_holds_an_address_or_a_link(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    listed = (await world.as_("notifier").get(notices_path(plan_id))).text
    assert not any(secret in listed for secret in ("person0@", "+84950000100", "/a/"))


async def test_schools_and_communes_are_reached_by_their_contact_and_who_is_unknown_is_left_out(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    async with world.session() as session:
        (await session.get_one(School, world.school_ids["S1"])).contact_email = "phong@truong.example"
    asked = [
        question(plan_id, "school", world.school_ids["S1"]),
        question(plan_id, "commune", "C1"),
        question(plan_id, "volunteer", uuid4()),
        question(plan_id, "volunteer", "nobody"),
        question(plan_id, "account", uuid4()),
        question(str(uuid4()), "volunteer", world.volunteer_ids[0]),
    ]
    answer = await world.as_("notifier").post(PATH, json={"items": asked})
    found = {
        (card["recipient"]["kind"], card["email"], card["phone"], card["personal_url"])
        for card in answer.json()["items"]
    }
    assert found == {
        ("school", "phong@truong.example", "+84950000011", None),
        ("commune", None, "+84950000012", None),
        ("volunteer", "person0@example.vn", "+84950000100", None),
    }


async def test_contacts_are_for_the_notifier_only(world: World) -> None:
    for who, status in {
        "admin": 403,
        "overseer": 403,
        "s1": 403,
        "nobody": 401,
        "solver": 403,
        "notifier": 200,
    }.items():
        assert (await world.as_(who).post(PATH, json={"items": []})).status_code == status, who


async def test_whose_placement_is_as_before_is_listed_apart_from_the_news(world: World) -> None:
    first = await world.make_published(PLACES)
    assert await world.notices(first, unchanged=True) == []
    second = await world.make_published(PLACES[:2])
    repeated = await world.notices(second, unchanged=True)
    assert {notice["volunteer_id"] for notice in repeated} == {str(world.volunteer_ids[n]) for n in (0, 1)}
    assert {(notice["kind"], notice["is_unchanged"]) for notice in repeated} == {("placement_assigned", True)}
    assert [notice["volunteer_id"] for notice in await world.notices(second)] == [str(world.volunteer_ids[3])]


@pytest.mark.parametrize("kind", ["answer", "reminder", "nonsense"])
async def test_a_source_without_notices_is_refused(world: World, kind: str) -> None:
    answer = await world.as_("notifier").get(f"/v1/internal/sources/{kind}/{uuid4()}/notices")
    assert answer.status_code == (422 if kind == "nonsense" else 404)
