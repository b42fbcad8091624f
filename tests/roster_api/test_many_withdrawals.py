"""Many withdrawals in one request: all of them, or none and why of each."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world

PATH = "/v1/volunteers/withdraw"
MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def statuses(world: World) -> list[str]:
    async with world.session() as session:
        rows = {row.id: row.status for row in await session.scalars(sa.select(Volunteer))}
    return [rows[one] for one in world.volunteer_ids]


async def test_all_are_withdrawn_with_a_result_each_and_the_same_again_changes_nothing(world: World) -> None:
    ids = [str(world.volunteer_ids[number]) for number in (4, 0, 1, 0)]
    for was in ("active", "withdrawn"):
        answer = await world.as_("admin").post(PATH, json={"volunteer_ids": ids})
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == [
            {"volunteer_id": one, "was": was, "status": "withdrawn"} for one in dict.fromkeys(ids)
        ]
    assert await statuses(world) == ["withdrawn", "withdrawn", "active", "active", "withdrawn", "active"]


async def test_one_that_cannot_be_withdrawn_keeps_all_of_them_and_each_is_named(world: World) -> None:
    await world.as_("admin").post(f"/v1/volunteers/{world.volunteer_ids[2]}/archive")
    ids = [str(world.volunteer_ids[0]), MISSING, str(world.volunteer_ids[2])]
    answer = await world.as_("admin").post(PATH, json={"volunteer_ids": ids})
    assert (answer.status_code, answer.json()["code"]) == (409, "volunteers.none_withdrawn")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/volunteer_ids/1", "volunteer.unknown"),
        ("/volunteer_ids/2", "volunteer.transition"),
    ]
    assert await statuses(world) == ["active", "active", "archived", "active", "active", "active"]


async def test_a_coordinator_withdraws_the_own_schools_people_alone(world: World) -> None:
    own, others = str(world.volunteer_ids[0]), str(world.volunteer_ids[3])
    assert (await world.as_("s1").post(PATH, json={"volunteer_ids": [own, others]})).status_code == 409
    assert (await world.as_("s1").post(PATH, json={"volunteer_ids": [own]})).status_code == 200
    for who in ("overseer", "finance", "c1", "notifier"):
        assert (await world.as_(who).post(PATH, json={"volunteer_ids": [own]})).status_code == 403
    wrong: tuple[dict[str, Any], ...] = ({"volunteer_ids": []}, {"volunteer_ids": [own] * 1001}, {"ids": [own]})
    for body in wrong:
        assert (await world.as_("s1").post(PATH, json=body)).status_code == 422


async def test_why_somebody_withdrew_is_kept_and_shown_to_who_may_call_them(world: World) -> None:
    one, two = (str(world.volunteer_ids[number]) for number in (0, 1))
    answer = await world.as_("s1").post(f"/v1/volunteers/{one}/withdraw", json={"reason": "Trùng lịch thi"})
    assert answer.json()["withdrawal"]["reason"] == "Trùng lịch thi"
    assert answer.json()["withdrawal"]["by"]
    await world.as_("s1").post(PATH, json={"volunteer_ids": [two], "reason": "Đi thực tập"})
    seen = (await world.as_("admin").get(f"/v1/volunteers/{two}")).json()["withdrawal"]
    assert seen["reason"] == "Đi thực tập"
    without_phones = (await world.as_("overseer").get(f"/v1/volunteers/{two}")).json()
    assert without_phones["phone"] is None
    assert without_phones["withdrawal"] == seen | {"reason": None}


async def test_a_reason_given_later_is_kept_and_coming_back_forgets_it(world: World) -> None:
    person = f"/v1/volunteers/{world.volunteer_ids[0]}"
    assert (await world.as_("s1").post(f"{person}/withdraw")).json()["withdrawal"]["reason"] is None
    later = (await world.as_("s1").post(f"{person}/withdraw", json={"reason": "Ốm"})).json()
    again = (await world.as_("s1").post(f"{person}/withdraw")).json()
    assert later["withdrawal"]["reason"] == "Ốm"
    assert again == later
    assert (await world.as_("s1").post(f"{person}/restore")).json()["withdrawal"] is None
    async with world.session() as session:
        row = await session.get_one(Volunteer, world.volunteer_ids[0])
    assert (row.withdrawn_at, row.withdrawn_by, row.withdrawn_by_id, row.withdrawal_reason) == (None,) * 4
