"""Who is silent is reminded once, and no oftener, by those who organise."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.outbox.models import OutboxRow

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_vacancies import answer

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)), (4, "C3", (4,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


def numbers(world: World, ids: list[str]) -> list[int]:
    known = [str(one) for one in world.volunteer_ids]
    return sorted(known.index(one) for one in ids)


async def remind(world: World, plan_id: str, who: str = "admin", **body: Any) -> Any:
    return await world.as_(who).post(f"/v1/plans/{plan_id}/reminders", json=body)


async def test_the_silent_are_reminded_once_and_who_was_already_is_named(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await answer(world, plan_id, 1)
    await answer(world, plan_id, 3, answer="confirmed")
    first = await remind(world, plan_id, "s1")
    assert first.status_code == 200, first.text
    assert (numbers(world, first.json()["reminded"]), first.json()["already"]) == ([0], [])
    second = (await remind(world, plan_id)).json()
    assert numbers(world, second["reminded"]) == [4]
    assert numbers(world, [one["volunteer_id"] for one in second["already"]]) == [0]
    assert second["already"][0]["reminded_by"] == "s1"
    third = await remind(world, plan_id)
    assert (third.status_code, third.json()["code"]) == (409, "reminder.nobody")
    assert numbers(world, [one["volunteer_id"] for one in third.json()["facts"]["already"]]) == [0, 4]
    path = f"/v1/internal/sources/reminder/{second['id']}/notices"
    page = (await world.as_("notifier").get(path)).json()
    (notice,) = page["items"]
    assert numbers(world, [notice["recipient"]["id"]]) == [4]
    assert (notice["kind"], notice["source"]["version"]) == ("placement_reminder", 1)
    assert notice["placement"]["commune_code"] == "C3"
    told = {one["volunteer_id"]: one["thread"] for one in await world.notices(plan_id)}
    assert notice["thread"] == told[notice["recipient"]["id"]], "a newer plan overtakes it"
    assert (await world.as_("notifier").get(path, params={"unchanged": True})).json()["items"] == []


async def test_whose_words_change_may_be_reminded_of_the_new_ones(world: World) -> None:
    first = await world.make_published(PLACES)
    await remind(world, first)
    second = await world.make_published(((0, "C1", (0, 1)), (1, "C2", (0,))))
    assert (await remind(world, first)).json()["code"] == "reminder.not_in_force"
    assert numbers(world, (await remind(world, second)).json()["reminded"]) == [1]


async def test_two_requests_at_once_remind_nobody_twice(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    answers = await asyncio.gather(*(remind(world, plan_id) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    async with world.session() as session:
        rows = (await session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "prepare_notices"))).all()
    assert [row.args["source_kind"] for row in rows].count("reminder") == 1


async def test_only_who_organises_reminds_and_only_the_own_people(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    for who in ("overseer", "finance", "c1", "notifier"):
        assert (await remind(world, plan_id, who)).status_code == 403, who
    assert (await remind(world, plan_id, "elsewhere")).status_code == 404
    assert (await remind(world, plan_id, schools=["S1"])).status_code == 422
    of_commune = await remind(world, plan_id, commune_code="C2")
    assert numbers(world, of_commune.json()["reminded"]) == [3]
    assert numbers(world, (await remind(world, plan_id, "s2", school_code="S2")).json()["reminded"]) == [4]
    assert (await remind(world, plan_id, "s2", school_code="S1")).json()["code"] == "reminder.nobody"
