"""Consent is never assumed, and whoever withdraws it is written to no more."""

from typing import Any

import pytest
from commune_schemas.reaching import FIELDS_HEADER, ContactCard
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, notices_path, planning_world
from tests.roster_api.test_answers import token_of

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)))
NEW = {FIELDS_HEADER: ",".join(ContactCard.model_fields)}
"""As the notifier of this release asks."""
OLD = {FIELDS_HEADER: ""}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def card_of(world: World, plan_id: str, number: int, headers: dict[str, str] = NEW) -> dict[str, Any]:
    items = (await world.as_("notifier").get(notices_path(plan_id))).json()["items"]
    asked = {"items": [{"recipient": item["recipient"], "source": item["source"]} for item in items]}
    cards = (await world.as_("notifier").post("/v1/internal/contacts", json=asked, headers=headers)).json()["items"]
    person = str(world.volunteer_ids[number])
    return next(card for card in cards if card["recipient"]["id"] == person)


async def is_withheld(world: World, plan_id: str, number: int) -> bool:
    return bool((await card_of(world, plan_id, number))["is_withheld"])


async def test_a_person_withdraws_by_their_link_and_the_next_message_is_held_back(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    headers = {"Authorization": f"Link {await token_of(world, plan_id, 0)}"}
    nobody = world.as_("nobody")
    mine = (await nobody.get("/v1/me/consents", headers=headers)).json()
    assert [purpose["state"] for purpose in mine["purposes"]] == ["not_asked", "not_asked"]
    assert mine["items"] == []
    for is_given, state in ((False, "withdrawn"), (True, "given"), (False, "withdrawn")):
        body = {"purpose": "messages", "is_given": is_given}
        await nobody.post("/v1/me/consents", json=body, headers=headers)
        said = (await nobody.post("/v1/me/consents", json=body, headers=headers)).json()
        assert [purpose["state"] for purpose in said["purposes"]] == [state, "not_asked"]
        assert await is_withheld(world, plan_id, 0) is not is_given
    said = (await nobody.get("/v1/me/consents", headers=headers)).json()
    assert [(one["is_given"], one["channel"]) for one in said["items"]] == [(g, "page") for g in (False, True, False)]
    assert not await is_withheld(world, plan_id, 1)


async def test_a_school_records_what_was_said_on_paper_for_its_own_people_alone(world: World) -> None:
    path = f"/v1/volunteers/{world.volunteer_ids[0]}/consents"
    body = {"purpose": "messages", "is_given": True, "text_version": "messages-2026-11", "channel": "paper"}
    assert (await world.as_("s1").post(path, json=body)).status_code == 422, "without proof"
    body["proof"] = "phiếu 12/2026"
    said = await world.as_("s1").post(path, json=body, headers={"Idempotency-Key": "paper"})
    assert (said.status_code, said.json()["purposes"][0]["state"]) == (200, "given")
    assert (await world.as_("s2").post(path, json=body)).status_code == 404
    assert (await world.as_("s2").get(path)).status_code == 404
    assert (await world.as_("c1").get(path)).status_code == 403


async def test_a_person_wishes_for_a_channel_and_a_language_by_the_page_or_the_coordinator(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    headers = {"Authorization": f"Link {token}"}
    nobody = world.as_("nobody")
    assert "channel" not in await card_of(world, plan_id, 0), "who wishes for nothing"
    wish = {"channel": "email", "language": "en"}
    assert (await nobody.put("/v1/me/preferences", headers=headers, json=wish)).json() == wish
    assert wish.items() <= (await card_of(world, plan_id, 0)).items()
    page = (await nobody.get(f"/a/{token}/data")).text
    assert '<option value="email" selected>' in page
    assert '<option value="en" selected>' in page
    await nobody.post(f"/a/{token}/preferences", data={"channel": "", "language": ""})
    assert "channel" not in await card_of(world, plan_id, 0)
    assert (await nobody.put("/v1/me/preferences", headers=headers, json={"channel": "fax"})).status_code == 422
    path = f"/v1/volunteers/{world.volunteer_ids[1]}"
    version = (await world.as_("s1").get(path)).headers["ETag"]
    said = await world.as_("s1").patch(path, json={"preferred_channel": "sms"}, headers={"If-Match": version})
    assert said.status_code == 200, said.text
    assert (await card_of(world, plan_id, 1))["channel"] == "sms"


async def test_an_older_notifier_is_given_no_field_it_would_refuse_and_obeys_the_wish_for_a_channel(
    world: World,
) -> None:
    plan_id = await world.make_published(PLACES)
    both = {"email": "person0@example.vn", "phone": "+84950000100"}
    for wish, shown in (("email", {"phone": None}), ("sms", {"email": None})):
        async with world.session() as session:
            (await session.get_one(Volunteer, world.volunteer_ids[0])).preferred_channel = wish
        card = await card_of(world, plan_id, 0, OLD)
        assert set(card) == {"recipient", "source", "email", "phone", "personal_url", "is_withheld"}
        assert (both | shown).items() <= card.items()
        assert both.items() <= (await card_of(world, plan_id, 0)).items()
    async with world.session() as session:
        (await session.get_one(Volunteer, world.volunteer_ids[0])).phone = None
    assert (await card_of(world, plan_id, 0, OLD))["email"] == both["email"], "the wished one has no address"
    assert (await card_of(world, plan_id, 0))["full_name"], "a notifier of today is told the name, too"
