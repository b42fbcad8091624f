"""A need's life: drafted, submitted, reviewed with a reason, reminded of, and the version that a run used."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.communes.models import Commune

from tests.roster_api.planning_world import World as PlanningWorld
from tests.roster_api.planning_world import planning_world
from tests.roster_api.reference_world import CAMPAIGN, NHA_TRANG, TRUONG_SA, World, shared_reference_world

NEED = {"lacks_it_staff": True, "items": [{"duty_code": "digitise", "people": 2, "days_per_week": 3}]}
LESS = {"lacks_it_staff": True, "items": [{"duty_code": "digitise", "people": 1, "days_per_week": 2}]}


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.fixture
async def path(world: World) -> str:
    return f"/v1/campaigns/{(await world.create('/v1/campaigns', CAMPAIGN))['id']}"


@pytest.fixture
async def planning(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_commune_drafts_and_submits_and_the_province_accepts_or_changes_with_a_reason(
    world: World, path: str
) -> None:
    officer, admin, mine = world.as_("officer"), world.as_("admin"), f"{path}/needs/{NHA_TRANG}"
    drafted = await officer.put(f"{mine}?draft=true", json=NEED)
    assert (drafted.json()["state"], drafted.json()["reviewed_by"]) == ("draft", None)
    assert (await admin.get(f"{path}/needs")).json()["totals"]["communes"] == 0, "what is drafted is declared nowhere"
    counted = (await admin.get(f"{path}/totals")).json()
    assert (counted["communes"], counted["person_days_needed"], counted["communes_lacking_it_staff"]) == (0, 0, 0)
    standing = (await admin.get(f"{path}/standing")).json()["communes"]
    assert not any(row["is_priority"] for row in standing), "nor served first"
    early = await admin.post(f"{mine}/review", json={"decision": "accept"}, headers={"If-Match": "*"})
    assert (early.status_code, early.json()["code"]) == (409, "need.not_submitted")
    submitted = await officer.post(f"{mine}/submit")
    assert submitted.json()["state"] == "submitted"
    assert (await admin.get(f"{path}/totals")).json()["person_days_needed"] == 6
    assert (await officer.post(f"{mine}/submit")).headers["etag"] == submitted.headers["etag"], "again: nothing"
    back = await officer.put(f"{mine}?draft=true", json=LESS)
    assert (back.status_code, back.json()["code"]) == (409, "need.submitted")
    silent_reason = {"decision": "change", "need": LESS}
    assert (await admin.post(f"{mine}/review", json=silent_reason, headers={"If-Match": "*"})).status_code == 422
    change = silent_reason | {"reason": "Xã đã có một công chức biệt phái"}
    stale = await admin.post(f"{mine}/review", json=change, headers={"If-Match": drafted.headers["etag"]})
    assert stale.status_code == 412
    changed = await admin.post(f"{mine}/review", json=change, headers={"If-Match": submitted.headers["etag"]})
    assert (changed.json()["state"], changed.json()["review_reason"]) == ("accepted", change["reason"])
    assert changed.json()["need_days"] == {"digitise": 2}
    seen = (await officer.get(mine)).json()
    assert (seen["review_reason"], seen["reviewed_by"]) == (change["reason"], "Sở Nội vụ")
    again = await officer.put(mine, json=NEED)
    assert (again.json()["state"], again.json()["reviewed_by"]) == ("submitted", None), "it is to be reviewed anew"
    versions = (await officer.get(f"{mine}/versions")).json()["items"]
    assert versions[0]["state"] == "submitted"
    assert versions[0]["content"]["items"] == NEED["items"]
    assert [row["reason"] for row in versions if row["reason"]] == [change["reason"]]
    assert (await world.as_("other_officer").post(f"{mine}/submit")).status_code == 404
    assert (await officer.post(f"{mine}/review", json={"decision": "accept"})).status_code == 403


async def test_home_affairs_declares_for_the_silent_and_totals_stand_against_what_schools_offer(
    world: World, path: str
) -> None:
    admin = world.as_("admin")
    await world.as_("officer").put(f"{path}/needs/{NHA_TRANG}?draft=true", json=NEED)
    silent = (await admin.get(f"{path}/silent-communes?limit=100")).json()
    assert silent["total"] == 65
    assert [row["is_draft"] for row in silent["items"] if row["commune_code"] == NHA_TRANG] == [True]
    declared = (await admin.put(f"{path}/needs/{NHA_TRANG}", json=NEED)).json()
    assert (declared["state"], declared["reviewed_by"]) == ("accepted", "Sở Nội vụ")
    totals = (await admin.get(f"{path}/need-totals")).json()
    assert (totals["communes"], totals["communes_silent"], totals["communes_lacking_it_staff"]) == (1, 64, 1)
    digitise = next(field for field in totals["fields"] if field["field_code"] == "digitise")
    assert (digitise["communes"], digitise["people"], digitise["days"]) == (1, 2, 6)
    assert (digitise["people_offered"], digitise["days_offered"], digitise["days_short"]) == (2, 4, 2)


async def test_the_silent_are_reminded_by_mail_once_a_day(world: World, path: str) -> None:
    admin = world.as_("admin")
    async with world.session() as session:
        (await session.get_one(Commune, TRUONG_SA)).contact_email = "vanphong@xa.example.vn"
    wanted = {"commune_codes": [NHA_TRANG, TRUONG_SA]}
    reminded = (await admin.post(f"{path}/need-reminders", json=wanted)).json()
    assert (reminded["reminded"], reminded["without_email"]) == ([TRUONG_SA], [NHA_TRANG])
    notices = (await world.as_("notifier").get(f"/v1/internal/sources/need_reminder/{reminded['id']}/notices")).json()[
        "items"
    ]
    assert [(notice["kind"], notice["recipient"]) for notice in notices] == [
        ("need_reminder", {"kind": "commune", "id": TRUONG_SA})
    ]
    again = await admin.post(f"{path}/need-reminders", json=wanted)
    assert (again.status_code, again.json()["code"]) == (409, "need_reminder.nobody")
    assert again.json()["facts"] == {"already": [TRUONG_SA], "without_email": [NHA_TRANG]}
    assert (await world.as_("officer").post(f"{path}/need-reminders", json={})).status_code == 403


async def test_a_run_names_the_version_of_each_need_it_used_and_leaves_drafts_out_by_name(
    planning: PlanningWorld,
) -> None:
    admin = planning.as_("admin")
    async with planning.session() as session:
        await session.execute(sa.text("update roster.need_declarations set state = 'draft' where commune_code = 'C3'"))
    run_id = await planning.request_run()
    frozen = (await admin.get(f"/v1/matching-runs/{run_id}/frozen")).json()
    assert [commune["code"] for commune in frozen["communes"]] == ["C1", "C2"]
    run = (await admin.get(f"/v1/matching-runs/{run_id}")).json()
    assert [(one["code"], one["commune_code"]) for one in run["left_out"]] == [("commune.not_submitted", "C3")]
    async with planning.session() as session:
        await session.execute(
            sa.text("update roster.need_declarations set row_version = row_version + 1 where commune_code = 'C2'")
        )
    used = (await admin.get(f"/v1/matching-runs/{run_id}/needs")).json()["items"]
    assert {row["commune_code"]: (row["version"], row["version_now"], row["is_current"]) for row in used} == {
        "C1": (1, 1, True),
        "C2": (1, 2, False),
    }


async def test_a_need_declared_first_by_another_tab_is_not_written_over(world: World, path: str) -> None:
    officer, mine, first = world.as_("officer"), f"{path}/needs/{NHA_TRANG}", {"If-None-Match": "*"}
    declared = await officer.put(mine, json=NEED, headers=first)
    assert declared.status_code == 200, declared.text
    assert (await officer.put(mine, json=NEED, headers=first)).headers["etag"] == declared.headers["etag"], "the same"
    other = await officer.put(mine, json=LESS, headers=first)
    assert (other.status_code, other.json()["code"]) == (412, "precondition.exists")
    assert (await officer.get(mine)).headers["etag"] == declared.headers["etag"]
