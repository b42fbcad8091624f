"""Plan versions: draft, approved, published, superseded; what keeps one from being published; who sees what."""

import asyncio
import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.outbox.models import OutboxRow
from roster_api.plans.models import Placement, Plan, Responsibility, Seat
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer
from sqlalchemy.exc import IntegrityError

from tests.roster_api.planning_world import World, certificate, planning_world, run_path
from tests.support.publishing import after_a_look

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_plan_is_published_only_after_approval_and_only_once(world: World) -> None:
    plan_id = await world.make_plan(PLACES)
    admin, path = world.as_("admin"), f"/v1/plans/{plan_id}"
    refused = await admin.post(f"{path}/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.status")
    assert (await admin.post(f"{path}/approve")).json()["approved_by"] == "admin"
    body = after_a_look((await admin.get(f"{path}/changes")).json())
    answers = await asyncio.gather(*(admin.post(f"{path}/publish", json=body) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert (answers[0].json()["status"], answers[0].json()["published_by"]) == ("published", "admin")
    async with world.session() as session:
        rows = (await session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "prepare_notices"))).all()
    asked = sorted((str(row.args["source_kind"]), row.args["source_id"]) for row in rows)
    assert asked == [("plan", plan_id), ("reserve", plan_id)]
    assert (await admin.post(f"{path}/discard")).json()["code"] == "plan.status"


async def test_no_plan_of_a_closed_campaign_is_approved_for_it_could_not_be_published(world: World) -> None:
    plan_id = await world.make_plan(PLACES)
    admin = world.as_("admin")
    assert (await admin.post(f"/v1/campaigns/{world.campaign_id}/close")).status_code == 200
    refused = await admin.post(f"/v1/plans/{plan_id}/approve", json={"base_plan_id": None})
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign.not_open")
    assert (await admin.get(f"/v1/plans/{plan_id}")).json()["status"] == "draft"


async def test_a_second_version_supersedes_the_first_and_discarded_ones_stay_out(world: World) -> None:
    first = await world.make_published(PLACES)
    unwanted = await world.make_plan(PLACES)
    assert (await world.as_("admin").post(f"/v1/plans/{unwanted}/discard")).json()["status"] == "discarded"
    assert (await world.publish(unwanted)).json()["code"] == "plan.status"
    second = await world.make_published(PLACES[:2])
    plans = (await world.as_("admin").get(f"/v1/campaigns/{world.campaign_id}/plans")).json()["items"]
    assert [(plan["draft_number"], plan["version"], plan["status"]) for plan in plans] == [
        (3, 2, "published"),
        (2, None, "discarded"),
        (1, 1, "superseded"),
    ]
    assert plans[0]["previous_plan_id"] == first
    seen = (await world.as_("s1").get(f"/v1/campaigns/{world.campaign_id}/plans")).json()["items"]
    assert [plan["id"] for plan in seen] == [second, first]
    async with world.session() as session:
        assert set(await session.scalars(sa.select(Seat.plan_id))) == {(await session.get(Plan, second)).id}


async def test_a_published_plan_cannot_be_changed_even_in_the_database(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    responsibility = {
        "plan_id": plan_id,
        "commune_code": "C1",
        "school_id": world.school_ids["S2"],
        "is_lead": False,
        "distance_m": 1,
        "promised_days": {},
    }
    attempts = [
        sa.update(Placement).where(Placement.plan_id == plan_id).values(weekdays=[4]),
        sa.delete(Placement).where(Placement.plan_id == plan_id),
        sa.insert(Responsibility).values(responsibility),
        sa.update(Plan).where(Plan.id == plan_id).values(status="draft"),
        sa.update(Plan).where(Plan.id == plan_id).values(content_sha256="other"),
        sa.update(Plan).where(Plan.id == plan_id).values(status="superseded", published_by="someone else"),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="is published"):
            async with world.session() as session:
                await session.execute(attempt)
    second = await world.make_published(PLACES)
    with pytest.raises(IntegrityError, match="is published"):
        async with world.session() as session:
            await session.execute(sa.update(Plan).where(Plan.id == plan_id).values(superseded_at=None))
    assert second != plan_id


async def test_everything_missing_for_publishing_is_listed_at_once(world: World) -> None:
    plan_id = await world.make_plan(PLACES)
    async with world.session() as session:
        (await session.get_one(Commune, "C1")).contact_phone = None
        await session.execute(sa.update(Commune).where(Commune.code == "C2").values(office_address=""))
        (await session.get_one(School, world.school_ids["S2"])).contact_name = None
        person = sa.update(Volunteer).where(Volunteer.id == world.volunteer_ids[0])
        await session.execute(person.values(status="withdrawn", free_weekdays=[3]))
        moved = sa.update(Volunteer).where(Volunteer.id == world.volunteer_ids[1])
        await session.execute(moved.values(school_id=world.school_ids["S2"]))
    previewed = (await world.as_("overseer").get(f"/v1/plans/{plan_id}/changes")).json()
    answer = await world.publish(plan_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan.not_publishable")
    found = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert found == {
        (f"volunteer:{world.volunteer_ids[0]}", "volunteer.not_active"),
        (f"volunteer:{world.volunteer_ids[0]}", "volunteer.not_free"),
        (f"volunteer:{world.volunteer_ids[1]}", "volunteer.moved"),
        ("commune:C1/contact_phone", "contact.missing"),
        ("commune:C2/office_address", "contact.missing"),
        ("school:S2/contact_name", "contact.missing"),
    }
    assert previewed["missing"] == answer.json()["errors"]
    assert (await world.as_("admin").get(f"/v1/plans/{plan_id}")).json()["status"] == "approved"
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count(Placement.told))) == 0


async def test_a_plan_the_independent_check_did_not_accept_is_not_published(world: World) -> None:
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    result = {**world.result(token, PLACES), "certificate": certificate(verified=False)}
    await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    await world.as_("admin").post(f"/v1/matching-runs/{run_id}/approve")
    answer = await world.as_("admin").post(f"/v1/matching-runs/{run_id}/publish")
    assert [error["code"] for error in answer.json()["errors"]] == ["plan.not_verified"]


async def test_nobody_is_on_two_communes_on_one_day_over_all_campaigns(world: World) -> None:
    await world.make_published(PLACES)
    first_id = world.campaign_id
    async with world.session() as session:
        first = await session.get(Campaign, first_id)
        columns = {c.name: getattr(first, c.name) for c in Campaign.__table__.columns if c.name not in ("id", "name")}
        other = Campaign(**columns, name="Đợt 2")
        session.add(other)
        await session.flush()
        world.campaign_id = other.id
        await session.execute(
            sa.text(
                "insert into roster.need_declarations "
                "(id, campaign_id, commune_code, lacks_it_staff, presence, declared_by) "
                "values (gen_random_uuid(), :campaign, 'C2', false, '{1,1,1,1,1}', 't')"
            ),
            {"campaign": other.id},
        )
    clash = await world.publish(await world.make_plan(((0, "C2", (1, 2)),)))
    assert [error["code"] for error in clash.json()["errors"]] == ["seat.taken"]
    assert (await world.publish(await world.make_plan(((0, "C2", (3, 4)),)))).status_code == 200
    async with world.session() as session:
        seat = (await session.execute(sa.select(Seat.__table__).limit(1))).one()._asdict()
    with pytest.raises(IntegrityError, match="pk_seats"):
        async with world.session() as session:
            await session.execute(sa.insert(Seat).values({**seat, "commune_code": "C3"}))


async def test_each_role_sees_its_own_rows_and_contacts_only_where_it_may(world: World) -> None:
    plan_id = await world.make_plan(PLACES)
    path = f"/v1/plans/{plan_id}/placements"
    assert (await world.as_("s1").get(path)).status_code == 404  # a draft
    assert (await world.publish(plan_id)).status_code == 200
    everyone = set(world.volunteer_ids[:2]) | {world.volunteer_ids[3]}
    seen = {
        "admin": (everyone, True),
        "overseer": (everyone, False),
        "finance": (everyone, False),
        "s1": (set(world.volunteer_ids[:2]), True),
        "s2": ({world.volunteer_ids[3]}, True),
        "c1": (set(world.volunteer_ids[:2]), True),
    }
    for who, (people, shows_contacts) in seen.items():
        items = (await world.as_(who).get(path)).json()["items"]
        assert {item["volunteer_id"] for item in items} == {str(person) for person in people}, who
        assert all((item["phone"] is not None) is shows_contacts for item in items), who
        assert all((item["email"] is not None) is shows_contacts for item in items), who
    for who, status in {"elsewhere": 404, "solver": 403, "notifier": 403, "nobody": 401}.items():
        assert (await world.as_(who).get(path)).status_code == status, who
    filtered = await world.as_("admin").get(path, params={"school_code": "S2", "limit": 1})
    assert (filtered.json()["total"], filtered.json()["items"][0]["duties"]) == (1, ["Số hóa hồ sơ"])
    assert (await world.publish(await world.make_plan(PLACES[:1]))).status_code == 200
    for who, shows_contacts in {"c1": False, "s1": True, "admin": True}.items():
        items = (await world.as_(who).get(path)).json()["items"]
        assert {item["phone"] is not None for item in items} == {shows_contacts}, "of a superseded plan"
    assert (await world.as_("admin").get(path, params={"commune_code": "C1"})).json()["total"] == 2
    assert (await world.as_("admin").get(path, params={"school_code": "S9"})).json()["total"] == 0
    assert (await world.as_("s2").get(f"/v1/plans/{plan_id}/responsibilities")).json()["total"] == 2
    assert (await world.as_("c1").get(f"/v1/plans/{plan_id}/shortfalls")).json()["total"] == 0
    assert (await world.as_("admin").get(f"/v1/plans/{plan_id}/shortfalls")).json()["items"][0]["unmet_days"] == 1


async def test_the_annex_lists_by_commune_school_and_person_and_never_holds_a_formula(world: World) -> None:
    async with world.session() as session:
        evil = sa.update(Volunteer).where(Volunteer.id == world.volunteer_ids[0])
        await session.execute(evil.values(full_name='=HYPERLINK("http://x","y")'))
        await session.execute(sa.update(Campaign).values(name="@SUM(A1)"))
    plan_id = await world.make_published(PLACES)
    answer = await world.as_("admin").get(f"/v1/plans/{plan_id}/annex.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Theo xã", "Theo trường", "Danh sách"]
    people = book["Danh sách"]
    assert [cell.value for cell in people[4]][:4] == ["STT", "Họ và tên", "Đối tượng", "Trường"]
    rows = [[cell.value for cell in row] for row in people.iter_rows(min_row=5)]
    assert sorted(str(row[5]) for row in rows) == ["T2", "T2, T3", "T4"]
    assert any(row[1] == '=HYPERLINK("http://x","y")' for row in rows)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    plan = (await world.as_("admin").get(f"/v1/plans/{plan_id}")).json()
    assert plan_id in people.oddFooter.left.text
    assert plan["content_sha256"] in people.oddFooter.left.text
    own = openpyxl.load_workbook(io.BytesIO((await world.as_("s2").get(f"/v1/plans/{plan_id}/annex.xlsx")).content))
    assert own["Danh sách"].max_row == 5


async def test_equal_content_has_an_equal_hash(world: World) -> None:
    first, second = await world.make_plan(PLACES), await world.make_plan(tuple(reversed(PLACES)))
    third = await world.make_plan(PLACES[:2])
    hashes = [
        (await world.as_("admin").get(f"/v1/plans/{plan}")).json()["content_sha256"] for plan in (first, second, third)
    ]
    assert hashes[0] == hashes[1] != hashes[2]
