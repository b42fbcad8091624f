"""What people are told stays as it was published, whatever becomes of the roster; and seats are taken by one alone."""

import asyncio
from datetime import time
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.fields.models import Duty
from roster_api.notices.publication import publish_plan
from roster_api.plans.models import Plan, Seat
from roster_api.plans.repository import move_seats
from roster_api.plans.schemas import Confirmation
from roster_api.schools.models import School
from sqlalchemy.exc import IntegrityError

from tests.roster_api.planning_world import World, planning_world
from tests.support.deadlines import until
from tests.support.publishing import after_a_look
from tests.support.waiting import WAITING

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def change_everything_people_are_told(world: World) -> None:
    async with world.session() as session:
        await session.execute(sa.update(Commune).values(office_address="2 Lê Lợi", full_name="Xã Tên Mới"))
        for office in (*await session.scalars(sa.select(Commune)), *await session.scalars(sa.select(School))):
            office.contact_name, office.contact_phone = "Người Khác", "+84950000999"
        await session.execute(sa.update(Campaign).values(start_time=time(9, 0)))
        await session.execute(sa.update(Duty).values(name_vi="Việc khác"))


async def read_my_page(world: World, notice: dict[str, Any]) -> dict[str, Any]:
    token = notice["answer_url"].rsplit("/", 1)[-1]
    answer = await world.as_("nobody").get("/v1/me/placement", headers={"Authorization": f"Link {token}"})
    return {name: answer.json()[name] for name in ("placement", "told_sha256")}


async def test_what_a_published_plan_tells_is_not_changed_by_the_roster(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    before = await world.notices(plan_id)
    page = await read_my_page(world, before[0])
    path = f"/v1/plans/{plan_id}/placements"
    rows = (await world.as_("admin").get(path)).json()["items"]
    await change_everything_people_are_told(world)
    assert await world.notices(plan_id) == before
    assert await read_my_page(world, before[0]) == page
    duties = [row["duties"] for row in (await world.as_("admin").get(path)).json()["items"]]
    assert duties == [row["duties"] for row in rows]


async def test_a_later_version_names_what_was_told_before_as_it_was_told(world: World) -> None:
    first = await world.make_published(PLACES)
    told = {notice["volunteer_id"]: notice["placement"] for notice in await world.notices(first)}
    await change_everything_people_are_told(world)
    second = await world.make_plan(PLACES[:2])
    changes = (await world.as_("admin").get(f"/v1/plans/{second}/changes")).json()
    assert changes["counts"] == {"new": 0, "changed": 2, "withdrawn": 1, "unchanged": 0}, "against what they were told"
    assert (await world.publish(second)).status_code == 200
    later = {notice["volunteer_id"]: notice for notice in await world.notices(second)}
    assert {person: notice["previous"] for person, notice in later.items()} == told
    assert {notice["kind"] for notice in later.values()} == {"placement_changed", "placement_withdrawn"}


async def change_emails(world: World, email: str | None) -> None:
    async with world.session() as session:
        for office in (*await session.scalars(sa.select(Commune)), *await session.scalars(sa.select(School))):
            office.contact_email = email


async def test_a_contact_that_loses_its_email_is_no_news_and_answers_stay(world: World) -> None:
    await change_emails(world, "can-bo@example.vn")
    first = await world.make_published(PLACES)
    link = (await world.notices(first))[0]["answer_url"].rsplit("/", 1)[-1]
    headers = {"Authorization": f"Link {link}"}
    said = await world.as_("nobody").post("/v1/me/confirmation", headers=headers, json={"answer": "confirmed"})
    assert said.status_code == 200, said.text
    await change_emails(world, None)
    second = await world.make_plan(PLACES)
    changes = (await world.as_("admin").get(f"/v1/plans/{second}/changes")).json()
    assert changes["counts"] == {"new": 0, "changed": 0, "withdrawn": 0, "unchanged": 3}
    assert (await world.publish(second)).status_code == 200
    assert await world.notices(second) == []
    mine = (await world.as_("nobody").get("/v1/me/placement", headers=headers)).json()
    assert (mine["answer"], mine["changed_since_previous"]) == ("confirmed", False)
    await change_emails(world, "can-bo-moi@example.vn")
    third = await world.make_plan(PLACES)
    assert (await world.as_("admin").get(f"/v1/plans/{third}/changes")).json()["counts"]["changed"] == 0


async def add_campaign(world: World) -> None:
    """Another open campaign of the same weeks; the world's next plans are of it."""
    async with world.session() as session:
        first = await session.get(Campaign, world.campaign_id)
        columns = {c.name: getattr(first, c.name) for c in Campaign.__table__.columns if c.name not in ("id", "name")}
        other = Campaign(**columns, name="Đợt 2")
        session.add(other)
        await session.flush()
        world.campaign_id = other.id
        await session.execute(
            sa.text(
                "insert into roster.need_declarations"
                " (id, campaign_id, commune_code, lacks_it_staff, presence, declared_by)"
                " values (gen_random_uuid(), :campaign, 'C2', false, '{1,1,1,1,1}', 't')"
            ),
            {"campaign": other.id},
        )


async def take_seats(world: World, plan_id: str) -> None:
    """What publishing does with the seats, without its look at clashes."""
    async with world.session() as session:
        plan = (await session.scalars(sa.select(Plan).where(Plan.id == plan_id))).one()
        await move_seats(session, plan=plan, previous=None)


async def test_of_two_campaigns_that_publish_the_same_person_at_once_one_is_refused(world: World) -> None:
    """The second waits for the first and then sees its seats; behind that, the key of the seats decides by itself."""
    first = await world.make_plan(PLACES)
    await add_campaign(world)
    second = await world.make_plan(((0, "C2", (1, 2)),))
    await world.as_("admin").post(f"/v1/plans/{first}/approve")

    async def waits_for_the_seats() -> bool:
        async with world.session() as session:
            return bool(await session.scalar(sa.text(WAITING)))

    seen = after_a_look((await world.as_("admin").get(f"/v1/plans/{first}/changes")).json())
    async with world.session() as session:
        plan = (await session.scalars(sa.select(Plan).where(Plan.id == first))).one()
        confirm = Confirmation.model_validate(seen["confirm"])
        await publish_plan(session, plan_id=plan.id, base_plan_id=None, confirm=confirm, by="test")
        other = asyncio.create_task(world.publish(second))
        await until(waits_for_the_seats, seconds=20)
    refused = await other
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.not_publishable")
    assert {error["code"] for error in refused.json()["errors"]} == {"seat.taken"}
    assert (await world.as_("admin").get(f"/v1/plans/{second}")).json()["status"] == "approved"
    async with world.session() as session:
        assert set(await session.scalars(sa.select(Seat.plan_id))) == {plan.id}
    with pytest.raises(IntegrityError, match="pk_seats"):
        await take_seats(world, second)
