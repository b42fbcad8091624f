"""Personal links end: with the service, when they are revoked, and while their person is off the roster."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.campaigns.models import Campaign

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import token_of

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
CONTACTS = ("0950 000 012", "0950 000 011", "Anh Nam", "Cô Hoa")


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def opens(world: World, token: str) -> int:
    return (await world.as_("nobody").get(f"/a/{token}")).status_code


async def test_whoever_is_withdrawn_sees_no_contact_and_whoever_is_off_the_roster_sees_nothing(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    person = f"/v1/volunteers/{world.volunteer_ids[0]}"
    assert CONTACTS[0] in (await world.as_("nobody").get(f"/a/{token}")).text
    assert (await world.as_("s1").post(f"{person}/withdraw")).status_code == 200
    page = await world.as_("nobody").get(f"/a/{token}")
    assert (page.status_code, "Đã ghi nhận bạn thôi tham gia" in page.text) == (200, True)
    calendar = await world.as_("nobody").get(f"/a/{token}/calendar.ics")
    assert "STATUS:CANCELLED" in calendar.text
    for words in CONTACTS:
        assert words not in page.text + calendar.text
    headers = {"Authorization": f"Link {token}"}
    late = await world.as_("nobody").post("/v1/me/confirmation", headers=headers, json={"answer": "confirmed"})
    assert late.status_code == 409
    assert (await world.as_("s1").post(f"{person}/archive")).status_code == 200
    assert await opens(world, token) == 404


async def test_a_school_revokes_a_link_at_once_and_gives_another_that_only_the_person_sees(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    first = await token_of(world, plan_id, 0)
    links = f"/v1/volunteers/{world.volunteer_ids[0]}/links"
    assert (await world.as_("s2").post(f"{links}/revoke")).status_code == 404, "another school's person"
    assert (await world.as_("c1").post(f"{links}/revoke")).status_code == 403
    revoked = (await world.as_("s1").post(f"{links}/revoke")).json()["items"]
    assert [link["revoked_at"] is None for link in revoked] == [False]
    assert await opens(world, first) == 404
    answer = await world.as_("s1").post(f"{links}/reissue", headers={"Idempotency-Key": "again"})
    assert (answer.status_code, answer.json()["items"]) == (200, (await world.as_("s1").get(links)).json()["items"])
    second = await token_of(world, plan_id, 0)
    assert second not in answer.text
    assert (await opens(world, first), await opens(world, second)) == (404, 200)
    third = await world.as_("s1").post(f"{links}/reissue", headers={"Idempotency-Key": "another"})
    assert [link["revoked_at"] is None for link in third.json()["items"]] == [False, False, True]
    assert await opens(world, second) == 404
    nothing = await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[2]}/links/reissue")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "link.none")


async def test_a_link_opens_until_some_days_after_the_service_wherever_its_end_is_moved(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    today = datetime.now(UTC).date()
    for days_ago, status in ((30, 200), (33, 404), (1, 200)):
        ends_on = today - timedelta(days=days_ago)
        async with world.session() as session:
            values = {"starts_on": ends_on - timedelta(days=20), "ends_on": ends_on}
            await session.execute(sa.update(Campaign).values(values))
        assert await opens(world, token) == status, days_ago


async def test_a_new_version_gives_those_without_a_link_another_and_leaves_the_others_theirs(world: World) -> None:
    first = await world.make_published(PLACES)
    tokens = [await token_of(world, first, number) for number in (0, 1)]
    await world.as_("admin").post(f"/v1/volunteers/{world.volunteer_ids[0]}/links/revoke")
    second = await world.make_published(((0, "C2", (0, 1)), (1, "C2", (0,))))
    assert await token_of(world, second, 0) != tokens[0]
    assert await token_of(world, second, 1) == tokens[1]
