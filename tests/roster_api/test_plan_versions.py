"""What is newer is decided when a plan is published, and upon which plan: draft numbers, versions, the base named."""

import asyncio
import io
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import openpyxl
import pytest
from roster_api.migrations import upgrade
from roster_api.settings import Settings

from tests.roster_api.planning_world import World, planning_world
from tests.support.publishing import after_a_look

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
OTHER_PLACES = ((0, "C1", (0, 1)), (1, "C2", (0,)), (4, "C3", (4,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_draft_has_a_number_and_a_version_only_once_it_is_published(world: World) -> None:
    admin = world.as_("admin")
    older, younger = await world.make_plan(PLACES), await world.make_plan(OTHER_PLACES)
    drafts = (await admin.get(f"/v1/campaigns/{world.campaign_id}/plans")).json()["items"]
    assert [(plan["id"], plan["draft_number"], plan["version"]) for plan in drafts] == [
        (younger, 2, None),
        (older, 1, None),
    ]
    versions = [(await world.publish(plan_id)).json()["version"] for plan_id in (younger, older)]
    assert versions == [1, 2]
    plans = (await admin.get(f"/v1/campaigns/{world.campaign_id}/plans")).json()["items"]
    assert [(plan["draft_number"], plan["version"], plan["status"]) for plan in plans] == [
        (2, 1, "superseded"),
        (1, 2, "published"),
    ]
    seen = (await world.as_("s1").get(f"/v1/campaigns/{world.campaign_id}/plans")).json()["items"]
    assert [plan["id"] for plan in seen] == [older, younger], "the newest version first"


async def test_an_older_draft_published_over_a_newer_version_has_a_notice_for_everyone_concerned(world: World) -> None:
    older, younger = await world.make_plan(PLACES), await world.make_plan(OTHER_PLACES)
    await world.publish(younger)
    before = {notice["volunteer_id"]: notice for notice in await world.notices(younger)}
    previewed = (await world.as_("admin").get(f"/v1/plans/{older}/changes")).json()
    assert (previewed["base_plan_id"], previewed["base_version"]) == (younger, 1)
    await world.publish(older)
    notices = {notice["volunteer_id"]: notice for notice in await world.notices(older)}
    kinds = {number: notices[str(world.volunteer_ids[number])]["kind"] for number in (1, 3, 4)}
    assert kinds == {1: "placement_changed", 3: "placement_assigned", 4: "placement_withdrawn"}
    assert previewed["counts"] == {"new": 1, "changed": 1, "withdrawn": 1, "unchanged": 1}
    for person in notices.keys() & before.keys():
        assert notices[person]["calendar_sequence"] > before[person]["calendar_sequence"]
        assert notices[person]["calendar_uid"] == before[person]["calendar_uid"]


async def test_a_superseded_version_comes_back_as_a_new_draft_and_everyone_concerned_is_told(world: World) -> None:
    admin, first = world.as_("admin"), await world.make_published(PLACES)
    rows = (await admin.get(f"/v1/plans/{first}/placements")).json()["items"]
    assert (await admin.post(f"/v1/plans/{first}/drafts")).json()["code"] == "plan.status", "it is in force"
    assert (await world.as_("overseer").post(f"/v1/plans/{first}/drafts")).status_code == 403
    second = await world.make_published(OTHER_PLACES)
    copy = (await admin.post(f"/v1/plans/{first}/drafts")).json()
    assert (copy["status"], copy["draft_number"], copy["version"], copy["copied_from_id"]) == ("draft", 3, None, first)
    run = (await admin.get(f"/v1/matching-runs/{copy['run_id']}")).json()
    assert run["plan_id"] == first, "the run's own plan stays its own"
    answer = (await world.publish(copy["id"])).json()
    assert (answer["status"], answer["version"], answer["previous_plan_id"]) == ("published", 3, second)
    assert (await admin.get(f"/v1/plans/{copy['id']}/placements")).json()["items"] == rows
    assert answer["content_sha256"] == copy["content_sha256"]
    told = {notice["volunteer_id"] for notice in await world.notices(copy["id"])}
    assert told == {str(world.volunteer_ids[number]) for number in (1, 3, 4)}


async def test_approving_without_naming_the_plan_in_force_is_refused_with_what_would_change(world: World) -> None:
    first = await world.make_published(PLACES)
    draft, admin = await world.make_plan(OTHER_PLACES), world.as_("admin")
    for body in (None, {}, {"base_plan_id": None}, {"base_plan_id": draft}):
        refused = await admin.post(f"/v1/plans/{draft}/approve", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "plan.base_moved")
        assert refused.json()["facts"] == {
            "base_plan_id": first,
            "base_version": 1,
            "counts": {"new": 1, "changed": 1, "withdrawn": 1, "unchanged": 1},
        }
        assert "1 người mới, 1 người thay đổi, 1 người thôi, 1 người giữ nguyên" in refused.json()["detail_vi"]
        assert "phương án số 1" in refused.json()["detail_vi"]
    assert (await admin.get(f"/v1/plans/{draft}")).json()["status"] == "draft"
    approved = (await admin.post(f"/v1/plans/{draft}/approve", json={"base_plan_id": first})).json()
    assert (approved["status"], approved["base_plan_id"]) == ("approved", first)
    assert (await admin.post(f"/v1/plans/{draft}/approve", json={"base": first})).status_code == 422


async def test_a_plan_named_where_none_is_in_force_is_refused_too(world: World) -> None:
    draft = await world.make_plan(PLACES)
    refused = await world.as_("admin").post(f"/v1/plans/{draft}/approve", json={"base_plan_id": str(uuid4())})
    assert (refused.json()["code"], refused.json()["facts"]["base_plan_id"]) == ("plan.base_moved", None)
    assert "chưa có phương án nào" in refused.json()["detail_vi"]


@pytest.mark.parametrize("by", ["plan", "run"])
async def test_a_plan_published_after_the_approval_moves_the_base_of_publishing(world: World, by: str) -> None:
    first, admin = await world.make_published(PLACES), world.as_("admin")
    draft = await world.make_plan(OTHER_PLACES)
    path = f"/v1/plans/{draft}"
    if by == "run":
        path = f"/v1/matching-runs/{(await admin.get(path)).json()['run_id']}"
    assert (await admin.post(f"{path}/approve", json={"base_plan_id": first})).status_code == 200
    between = await world.make_published(PLACES[:1])
    for body in ({"base_plan_id": first}, None):
        refused = await admin.post(f"{path}/publish", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "plan.base_moved")
        assert refused.json()["facts"] == {
            "base_plan_id": between,
            "base_version": 2,
            "counts": {"new": 2, "changed": 0, "withdrawn": 0, "unchanged": 1},
        }
    assert (await admin.get(f"/v1/plans/{between}")).json()["status"] == "published"
    body = after_a_look((await admin.get(f"/v1/plans/{draft}/changes")).json())
    assert body["base_plan_id"] == between
    published = await admin.post(f"{path}/publish", json=body)
    assert (published.json()["status"], published.json()["version"]) == ("published", 3)
    assert published.json()["previous_plan_id"] == between
    again = await admin.post(f"{path}/publish", json={"base_plan_id": between})
    assert again.json() == published.json(), "an answer that was lost is given again"


async def test_an_approval_is_renewed_upon_the_plan_that_is_in_force_by_then(world: World) -> None:
    draft, admin = await world.make_plan(OTHER_PLACES), world.as_("admin")
    await admin.post(f"/v1/plans/{draft}/approve")
    first = await world.make_published(PLACES)
    assert (await admin.post(f"/v1/plans/{draft}/approve")).json()["code"] == "plan.base_moved"
    renewed = [(await admin.post(f"/v1/plans/{draft}/approve", json={"base_plan_id": first})).json() for _ in range(2)]
    assert renewed[0]["base_plan_id"] == first
    assert renewed[0] == renewed[1]


async def test_of_two_plans_published_at_once_upon_the_same_base_one_is_told_that_it_moved(world: World) -> None:
    drafts, admin = [await world.make_plan(PLACES), await world.make_plan(OTHER_PLACES)], world.as_("admin")
    for draft in drafts:
        await admin.post(f"/v1/plans/{draft}/approve")
    bodies = [after_a_look((await admin.get(f"/v1/plans/{draft}/changes")).json()) for draft in drafts]
    answers = await asyncio.gather(
        *(admin.post(f"/v1/plans/{draft}/publish", json=body) for draft, body in zip(drafts, bodies, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "plan.base_moved"}


async def test_the_annex_of_a_draft_does_not_pass_for_a_version(world: World) -> None:
    await world.make_published(PLACES)
    await world.make_plan(PLACES)
    draft = await world.make_plan(OTHER_PLACES)
    answer = await world.as_("admin").get(f"/v1/plans/{draft}/annex.xlsx")
    assert "phu-luc-du-thao-3.xlsx" in answer.headers["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.content))["Theo xã"]["A2"].value.endswith(
        "dự thảo số 3, chưa ban hành"
    )
    await world.publish(draft)
    answer = await world.as_("admin").get(f"/v1/plans/{draft}/annex.xlsx")
    assert "phu-luc-phuong-an-2.xlsx" in answer.headers["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.content))["Theo xã"]["A2"].value.endswith("phương án số 2")


async def test_plans_of_before_keep_the_version_they_were_told_by_and_drafts_their_number(postgres_url: str) -> None:
    url = Settings(database_url=postgres_url).database_url
    await upgrade(url, revision="0007")
    connection = await asyncpg.connect(postgres_url)
    campaign, statuses = uuid4(), ("superseded", "published", "draft", "approved", "discarded")
    try:
        await connection.execute("set session_replication_role = replica")  # plans alone, without what they hang on
        for number, status in enumerate(statuses, start=1):
            await connection.execute(
                "insert into roster.plans (id, campaign_id, run_id, version, status, content_sha256, is_verified)"
                " values ($1, $2, $1, $3, $4, 'x', true)",
                UUID(int=number),
                campaign,
                number,
                status,
            )
        await upgrade(url)
        rows = await connection.fetch("select draft_number, version, status from roster.plans order by draft_number")
        enabled = await connection.fetchval("select tgenabled from pg_trigger where tgname = 'keep_published' limit 1")
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == [
        (1, 1, "superseded"),
        (2, 2, "published"),
        (3, None, "draft"),
        (4, None, "approved"),
        (5, None, "discarded"),
    ]
    assert enabled == b"O", "published plans are still kept from change"
