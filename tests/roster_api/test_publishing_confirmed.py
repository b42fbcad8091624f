"""Before publishing one sees who cannot be reached; publishing needs the numbers of this moment."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.outbox.models import OutboxRow
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world
from tests.support.publishing import after_a_look
from tests.support.refusals import check_refusal

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def set_contact(world: World, number: int, **values: str | None) -> None:
    """As lists and older versions may have left it: not by the API, which would refuse some."""
    async with world.session() as session:
        person = await session.get_one(Volunteer, world.volunteer_ids[number])
        for name, value in values.items():
            setattr(person, name, value)


async def changes_of(world: World, plan_id: str) -> dict[str, Any]:
    answer = await world.as_("admin").get(f"/v1/plans/{plan_id}/changes")
    changes: dict[str, Any] = answer.json()
    return changes


def numbers(**counted: int) -> dict[str, Any]:
    """A confirmation where no price of a segment is known."""
    return {"unable": 0} | counted | {"segments": 2 * counted["sms"], "cost_vnd": None}


async def test_segments_and_their_price_are_named_and_held_to_where_they_are_sent_back(world: World) -> None:
    priced = await world.as_("admin").put(
        "/v1/provinces/56/publishing", json={"four_eyes": False, "sms_price_vnd": 350}
    )
    assert (priced.status_code, priced.json()["sms_price_vnd"]) == (200, 350)
    plan_id, admin = await world.make_plan(PLACES), world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve")
    seen = after_a_look(await changes_of(world, plan_id))
    assert seen["confirm"] == numbers(people=3, messages=6, unreachable=0, sms=3) | {"cost_vnd": 2100}
    dearer = seen | {"confirm": seen["confirm"] | {"cost_vnd": 2000}}
    refused = await admin.post(f"/v1/plans/{plan_id}/publish", json=dearer)
    assert refused.json()["code"] == "plan.confirm"
    assert "3 SMS, nhiều nhất 6 phần tin (nhiều nhất 2100 đồng)" in refused.json()["detail_vi"]
    of_people = {name: seen["confirm"][name] for name in ("people", "messages", "unreachable")}
    published = await admin.post(f"/v1/plans/{plan_id}/publish", json=seen | {"confirm": of_people})
    assert published.status_code == 200, "whoever counts no texts need not name them"


async def test_a_yes_or_a_word_is_no_number(world: World) -> None:
    """`true` counts as 1 elsewhere: whoever sends it has read no number."""
    await set_contact(world, 0, email=None, phone=None)
    plan_id, admin = await world.make_plan(PLACES), world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve")
    seen = after_a_look(await changes_of(world, plan_id))
    assert seen["confirm"]["unreachable"] == 1
    for value in (True, "1", 1.0):
        asked = seen | {"confirm": seen["confirm"] | {"unreachable": value}}
        check_refusal(await admin.post(f"/v1/plans/{plan_id}/publish", json=asked), 422, "request.invalid")


async def test_who_cannot_be_reached_is_listed_with_the_channels_they_lack(world: World) -> None:
    await set_contact(world, 0, email=None, phone=None)
    await set_contact(world, 1, phone="+842583822222")
    await set_contact(world, 3, phone="+14155550100", email=None)
    plan_id = await world.make_plan((*PLACES, (4, "C3", (1,))))
    changes = await changes_of(world, plan_id)
    assert changes["confirm"] == numbers(people=4, messages=3, unreachable=2, sms=1)
    await world.as_("admin").post(f"/v1/plans/{plan_id}/approve")
    refused = check_refusal(await world.as_("admin").post(f"/v1/plans/{plan_id}/publish"), 409, "plan.confirm")
    assert {error["pointer"]: error["code"] for error in refused["errors"]} == {
        f"volunteer:{world.volunteer_ids[0]}": "volunteer.unreachable",
        f"volunteer:{world.volunteer_ids[1]}": "volunteer.no_sms",
        f"volunteer:{world.volunteer_ids[3]}": "volunteer.unreachable",
    }
    ids = [str(one) for one in world.volunteer_ids]
    listed = {ids.index(one["volunteer_id"]): (one["without"], one["school_code"]) for one in changes["unreached"]}
    assert listed == {0: (["email", "sms"], "S1"), 1: (["sms"], "S1"), 3: (["email", "sms"], "S2")}
    assert "không nhận được gì" in next(o["vi"] for o in changes["unreached"] if o["volunteer_id"] == ids[0])


async def test_publishing_without_todays_numbers_is_refused_with_them_and_changes_nothing(world: World) -> None:
    plan_id, admin = await world.make_plan(PLACES), world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve")
    seen = after_a_look(await changes_of(world, plan_id))
    assert seen["confirm"] == numbers(people=3, messages=6, unreachable=0, sms=3)
    await set_contact(world, 3, email=None, phone=None)
    wrong: tuple[Any, ...] = (None, {}, {"confirm": None}, seen, {"confirm": {**seen["confirm"], "people": 4}})
    for path in (f"/v1/plans/{plan_id}/publish", f"/v1/matching-runs/{await run_of(world, plan_id)}/publish"):
        for body in wrong:
            refused = await admin.post(path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (409, "plan.confirm"), body
            assert refused.json()["facts"] == {
                "confirm": numbers(people=3, messages=4, unreachable=1, sms=2), "is_notifier_asked": False,
            }  # fmt: skip
            assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
                (f"volunteer:{world.volunteer_ids[3]}", "volunteer.unreachable")
            ]
    for confirm in ({"people": 3}, {**seen["confirm"], "more": 1}, {**seen["confirm"], "people": -1}):
        assert (await admin.post(f"/v1/plans/{plan_id}/publish", json={"confirm": confirm})).status_code == 422
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).where(notices())) == 0
    body = after_a_look(await changes_of(world, plan_id))
    published = await admin.post(f"/v1/plans/{plan_id}/publish", json=body)
    assert published.json()["status"] == "published"
    assert (await admin.post(f"/v1/plans/{plan_id}/publish")).json() == published.json(), "once more, nothing happens"
    after = await changes_of(world, plan_id)
    assert (after["confirm"], after["unreached"]) == (None, [])


def notices() -> Any:
    return OutboxRow.topic == "prepare_notices"


async def run_of(world: World, plan_id: str) -> str:
    return str((await world.as_("admin").get(f"/v1/plans/{plan_id}")).json()["run_id"])


async def test_a_second_version_counts_only_those_whom_it_tells_something(world: World) -> None:
    await world.make_published(PLACES)
    await set_contact(world, 1, phone=None)
    second = await changes_of(world, await world.make_plan(((0, "C1", (0, 1)), (3, "C3", (2,)))))
    assert second["confirm"] == numbers(people=2, messages=3, unreachable=0, sms=1), "one changed, one withdrawn"
    assert [one["without"] for one in second["unreached"]] == [["sms"]]
