"""Who is told what when a plan is published: everyone concerned, once, and nobody else."""

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision, DecisionKind
from roster_api.outbox.models import OutboxRow
from roster_api.schools.models import School

from tests.roster_api.planning_world import World, days_of_service, notices_path, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_the_first_plan_tells_everyone_placed_all_they_need(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    notices = await world.notices(plan_id)
    assert [notice["volunteer_id"] for notice in notices] == sorted(
        str(world.volunteer_ids[number]) for number in (0, 1, 3)
    )
    assert {notice["kind"] for notice in notices} == {"placement_assigned"}
    told = next(notice for notice in notices if notice["volunteer_id"] == str(world.volunteer_ids[0]))
    place = told["placement"]
    assert (told["email"], told["phone"]) == ("person0@example.vn", "+84950000100")
    assert (place["commune_name"], place["weekdays"], place["distance_km"]) == ("Xã Tây Khánh Vĩnh", [0, 1], 12)
    assert place["dates"] == [day.isoformat() for day in days_of_service((0, 1))]
    assert (place["start_time"], place["end_time"], place["duties"]) == ("07:30", "16:30", ["Số hóa hồ sơ"])
    assert (place["commune_contact"]["phone"], place["school_contact"]["name"]) == ("+84950000012", "Cô Hoa")
    assert told["answer_url"].startswith("https://roster.example/a/")
    assert len({notice["answer_url"] for notice in notices}) == 3
    assert await world.notices(plan_id) == notices


async def test_a_second_version_tells_only_those_whose_own_placement_changed(world: World) -> None:
    first = await world.make_published(PLACES)
    uids = {notice["volunteer_id"]: notice["calendar_uid"] for notice in await world.notices(first)}
    before = await world.notices(first)
    second = await world.make_published(((0, "C1", (0, 1)), (1, "C2", (0,)), (4, "C3", (4,))))
    told = {notice["volunteer_id"]: notice for notice in await world.notices(second)}
    kinds = {
        world.volunteer_ids.index(next(v for v in world.volunteer_ids if str(v) == who)): told[who] for who in told
    }
    assert {number: notice["kind"] for number, notice in kinds.items()} == {
        1: "placement_changed",
        3: "placement_withdrawn",
        4: "placement_assigned",
    }
    assert kinds[1]["previous"]["commune_code"] == "C1"
    assert kinds[3]["placement"] is None
    assert kinds[1]["calendar_uid"] == uids[kinds[1]["volunteer_id"]]
    assert kinds[1]["calendar_sequence"] > before[0]["calendar_sequence"]
    assert await world.notices(first) == before


async def test_a_withdrawal_carries_why_as_it_was_when_the_version_was_published(world: World) -> None:
    people = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)), (4, "C3", (4,)))
    first = await world.make_published(people)
    links = {notice["volunteer_id"]: notice["answer_url"].rpartition("/")[2] for notice in await world.notices(first)}
    cannot_go, left, replanned = (str(world.volunteer_ids[number]) for number in (1, 3, 4))
    headers = {"Authorization": f"Link {links[cannot_go]}"}
    await world.as_("nobody").post("/v1/me/confirmation", headers=headers, json={"answer": "cannot_go"})
    await world.as_("admin").post(f"/v1/volunteers/{cannot_go}/withdraw")
    await world.as_("s2").post(f"/v1/volunteers/{left}/withdraw")
    second = await world.make_published(((0, "C1", (0, 1)),))
    await world.as_("s2").post(f"/v1/volunteers/{replanned}/withdraw")
    told = {notice["volunteer_id"]: notice["withdrawal"] for notice in await world.notices(second)}
    assert told == {cannot_go: "cannot_go", left: "left", replanned: "replanned"}
    pages = {who: (await world.as_("nobody").get(f"/a/{links[who]}")).text for who in told}
    assert "Đã ghi nhận bạn không đi được" in pages[cannot_go]
    assert "Đã ghi nhận bạn thôi tham gia" in pages[left]
    assert "sắp xếp lại giữa các xã" in pages[replanned]
    await world.as_("s2").post(f"/v1/volunteers/{replanned}/restore")
    await world.make_published(((0, "C1", (0, 1)), (4, "C3", (4,))))
    mine = await world.as_("nobody").get("/v1/me/placement", headers={"Authorization": f"Link {links[replanned]}"})
    assert (mine.json()["placement"]["commune_code"], mine.json()["withdrawal"]) == ("C3", None)


async def say_no(world: World, plan_id: str, number: int) -> None:
    person = str(world.volunteer_ids[number])
    url = next(each["answer_url"] for each in await world.notices(plan_id) if each["volunteer_id"] == person)
    headers = {"Authorization": f"Link {url.rpartition('/')[2]}"}
    await world.as_("nobody").post("/v1/me/confirmation", headers=headers, json={"answer": "cannot_go"})


async def pin(world: World, number: int, commune: str) -> None:
    async with world.session() as session:
        kind = DecisionKind.PLACEMENT_PIN.value
        session.add(Decision(
            campaign_id=world.campaign_id, kind=kind, volunteer_id=world.volunteer_ids[number], commune_code=commune,
            reason="Đã gọi, đi được xã này", decided_by="test",
        ))  # fmt: skip


async def test_who_was_placed_all_the_same_by_a_pin_and_then_left_out_reads_no_receipt_of_a_no(world: World) -> None:
    """They agreed by telephone to the other commune: that the office takes them off is its own doing."""
    first = await world.make_published(PLACES)
    await say_no(world, first, 1)
    await pin(world, 1, "C2")
    await world.make_published(((0, "C1", (0, 1)), (1, "C2", (0,)), (3, "C2", (2,))))
    async with world.session() as session:
        await session.execute(sa.update(Decision).values(withdrawn_at=sa.func.now(), withdrawn_by="test"))
    third = await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    assert [each["withdrawal"] for each in await world.notices(third)] == ["replanned"]


async def test_a_pin_that_was_taken_back_before_anything_was_published_leaves_a_no_a_no(world: World) -> None:
    first = await world.make_published(PLACES)
    await say_no(world, first, 1)
    await pin(world, 1, "C2")
    async with world.session() as session:
        await session.execute(sa.update(Decision).values(withdrawn_at=sa.func.now(), withdrawn_by="test"))
    second = await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    assert [each["withdrawal"] for each in await world.notices(second)] == ["cannot_go"]


async def test_who_took_back_the_consent_to_be_placed_gets_a_receipt(world: World) -> None:
    await world.make_published(PLACES)
    path = f"/v1/volunteers/{world.volunteer_ids[1]}/consents"
    said = {"purpose": "matching", "is_given": False, "channel": "paper", "text_version": "matching-2026-11"}
    answer = await world.as_("s1").post(path, json=said | {"proof": "phiếu 12/2026"})
    assert answer.status_code == 200, answer.text
    second = await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    assert [each["withdrawal"] for each in await world.notices(second)] == ["left"]


async def test_an_equal_plan_tells_nobody_and_a_new_contact_tells_those_it_concerns(world: World) -> None:
    await world.make_published(PLACES)
    again = await world.make_plan(PLACES)
    changes = (await world.as_("admin").get(f"/v1/plans/{again}/changes")).json()
    assert changes["counts"] == {"new": 0, "changed": 0, "withdrawn": 0, "unchanged": 3}
    assert (await world.publish(again)).status_code == 200
    assert await world.notices(again) == []
    async with world.session() as session:
        (await session.get_one(Commune, "C2")).contact_phone = "+84950000888"
        await session.execute(sa.update(School).values(latitude=11.0))
    third = await world.make_published(PLACES)
    assert [notice["volunteer_id"] for notice in await world.notices(third)] == [str(world.volunteer_ids[3])]


async def test_notices_come_in_pages_of_a_fixed_order_and_only_for_published_plans(world: World) -> None:
    plan_id = await world.make_plan(PLACES)
    path = notices_path(plan_id)
    assert (await world.as_("notifier").get(path)).status_code == 404
    assert (await world.as_("admin").get(path)).status_code == 403
    await world.publish(plan_id)
    whole = await world.notices(plan_id)
    pages = [(await world.as_("notifier").get(path, params={"limit": 1, "offset": n})).json() for n in range(4)]
    order = [item["recipient"]["id"] for page in pages for item in page["items"]]
    assert order == [notice["volunteer_id"] for notice in whole]
    assert {page["total"] for page in pages} == {3}


async def test_saying_done_closes_the_outbox_row_however_often_it_is_said(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    outbox_id = await world.outbox_id_of(plan_id)
    body = {"source_kind": "plan", "source_id": plan_id, "messages": 6}
    service = world.as_("notifier")
    assert (await service.post(f"/v1/internal/outbox/{uuid4()}/done", json=body)).status_code == 404
    other = body | {"source_id": str(uuid4())}
    refused = await service.post(f"/v1/internal/outbox/{outbox_id}/done", json=other)
    assert (refused.status_code, refused.json()["code"]) == (422, "outbox.other_source")
    for _ in range(2):
        assert (await service.post(f"/v1/internal/outbox/{outbox_id}/done", json=body)).status_code == 204
    async with world.session() as session:
        assert await session.scalar(sa.select(OutboxRow.done_at).where(OutboxRow.id == outbox_id)) is not None


async def test_health_says_that_notices_wait_when_nobody_prepares_them_and_that_it_is_over(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    nobody = world.as_("nobody")
    assert (await nobody.get("/health")).json()["notices"] == "ok", "a minute is not long"
    async with world.session() as session:
        await session.execute(sa.update(OutboxRow).values(created_at=sa.text("now() - interval '6 minutes'")))
    health = (await nobody.get("/health")).json()
    assert (health["status"], health["notices"]) == ("degraded", "overdue")
    async with world.session() as session:
        rows = await session.scalars(sa.select(OutboxRow).where(OutboxRow.queue == "notices"))
        waiting = [(row.id, row.args) for row in rows]
    for outbox_id, args in waiting:
        done = {"source_kind": args["source_kind"], "source_id": args["source_id"], "messages": 6}
        path = f"/v1/internal/outbox/{outbox_id}/done"
        assert (await world.as_("notifier").post(path, json=done)).status_code == 204
    assert plan_id in {args["source_id"] for _, args in waiting}
    assert (await nobody.get("/health")).json()["notices"] == "ok"
