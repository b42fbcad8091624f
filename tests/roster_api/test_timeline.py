"""The timeline: steps that say how far they are by the rows, each reminded of once; the launch; starting points."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from roster_api.access.models import Account, RoleAssignment
from roster_api.campaigns.models import Campaign
from roster_api.decisions.models import Decision
from roster_api.needs.models import NeedDeclaration
from roster_api.outbox.models import OutboxRow
from roster_api.schools.models import School
from roster_api.text import search_key, sort_key
from roster_api.timeline.models import StepReminder
from roster_api.timeline.steps import remind_of_steps
from roster_api.volunteers.models import Volunteer

from tests.roster_api.month_world import count_rows
from tests.roster_api.planning_world import FIRST_DAY, PROVINCE, World, planning_world
from tests.support.refusals import check_refusal

PLACES = ((0, "C1", (0, 1)), (3, "C2", (0,)))
MONDAY = FIRST_DAY + timedelta(days=-FIRST_DAY.weekday() % 7)
PAST = [date(2025, 10, 20), date(2025, 10, 22), date(2025, 10, 23), date(2025, 10, 24), date(2025, 10, 27)]
STEPS = ("lists", "needs", "run", "approval", "launch")


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        async with made.session() as session:
            account = Account(issuer="https://dev.example.vn", email="sonoivu@so.example.vn", display_name="Sở Nội vụ")
            session.add(account)
            await session.flush()
            session.add(RoleAssignment(account_id=account.id, role="admin", province_code=PROVINCE, granted_by="test"))
        yield made


def path(world: World, rest: str) -> str:
    return f"/v1/campaigns/{world.campaign_id}/{rest}"


async def declare(world: World, days: list[date]) -> Any:
    items = [{"step": step, "due_on": day.isoformat()} for step, day in zip(STEPS, days, strict=True)]
    return await world.as_("admin").put(path(world, "timeline"), json={"items": items})


async def read(world: World, who: str = "admin") -> dict[str, Any]:
    answer = await world.as_(who).get(path(world, "timeline"))
    assert answer.status_code == 200, answer.text
    return {step["step"]: step for step in answer.json()["steps"]}


async def remind(world: World) -> int:
    async with world.session() as session:
        return await remind_of_steps(session)


async def add_school(world: World) -> None:
    async with world.session() as session:
        name = "Trường chưa gửi"
        session.add(
            School(
                code="S3", province_code=PROVINCE, name=name, kind="college", latitude=12.2, longitude=109.1,
                search_key=search_key(name), sort_key=sort_key(name), contact_email="s3@truong.example.vn",
            )
        )  # fmt: skip


async def heard(world: World) -> dict[str, list[str]]:
    """By step, the addresses that its reminder goes to."""
    async with world.session() as session:
        reminders = list(await session.scalars(sa.select(StepReminder)))
        rows = [args.get("source_id") for args in await session.scalars(sa.select(OutboxRow.args))]
    service, told = world.as_("notifier"), {}
    for reminder in reminders:
        assert rows.count(str(reminder.id)) == 1
        items = (await service.get(f"/v1/internal/sources/campaign_step/{reminder.id}/notices")).json()["items"]
        asked = {"items": [{"recipient": one["recipient"], "source": one["source"]} for one in items]}
        cards = (await service.post("/v1/internal/contacts", json=asked)).json()["items"]
        assert all(item["to"] and item["subject"].startswith("Quá hạn") for item in items)
        told[reminder.step] = sorted(card["email"] for card in cards)
    return told


async def test_each_step_says_by_the_rows_how_far_it_is_and_who_is_awaited(world: World) -> None:
    await add_school(world)
    assert (await declare(world, PAST)).status_code == 200
    steps = await read(world)
    assert (steps["lists"]["missing"], steps["lists"]["missing_names"]) == (1, ["Trường chưa gửi"])
    assert (steps["needs"]["done_on"], steps["needs"]["missing"]) != (None, 0), "every commune's need is accepted"
    assert [step for step in STEPS if steps[step]["is_overdue"]] == ["lists", "run", "approval", "launch"]
    assert (steps["review"]["due_on"], steps["review"]["is_overdue"]) == (None, False)
    assert (await read(world, "c1"))["lists"]["missing_names"] is None, "who is late is for Home Affairs and Science"
    async with world.session() as session:
        school = (await session.scalars(sa.select(School).where(School.code == "S3"))).one()
        session.add(
            Volunteer(
                school_id=school.id, full_name="Mai An", search_key="mai an", sort_key="an", role="lecturer",
                skills={}, free_weekdays=[0], max_days=1,
            )
        )  # fmt: skip
    await world.make_published(PLACES)
    today = datetime.now(UTC).astimezone().date()
    done = {name: step["done_on"] for name, step in (await read(world)).items()}
    assert done["launch"] is None
    assert done["review"] is None
    assert all(abs((date.fromisoformat(done[name]) - today).days) <= 1 for name in ("lists", "run", "approval"))


async def test_an_overdue_step_is_reminded_of_once_to_whom_it_waits_for_and_again_when_it_is_moved(
    world: World,
) -> None:
    await add_school(world)
    await declare(world, PAST)
    assert await remind(world) == 4, "needs are done, and need no word"
    assert await remind(world) == 0
    office = ["sonoivu@so.example.vn"]
    told = await heard(world)
    assert told == {"lists": ["s3@truong.example.vn"], "run": office, "approval": office, "launch": office}
    steps = await read(world)
    assert (steps["lists"]["reminded"], steps["needs"]["reminded"]) == (1, None)
    later = [*PAST[:2], date(2025, 10, 24), PAST[3], PAST[4]]
    await declare(world, later)
    assert (await remind(world), await remind(world)) == (1, 0)
    await declare(world, PAST)
    assert await remind(world) == 0, "of that very date it was spoken already"
    assert await count_rows(world, StepReminder) == 5


async def test_a_step_that_is_done_in_time_is_nobodys_news(world: World) -> None:
    await world.make_published(PLACES)
    await declare(world, [PAST[0], PAST[1], *[FIRST_DAY + timedelta(days=40)] * 2, MONDAY + timedelta(days=42)])
    assert await remind(world) == 0


async def test_the_launch_is_a_monday_of_a_published_plan_and_dates_stand_in_order(world: World) -> None:
    service = world.as_("admin")
    wrong = await declare(world, [*PAST[:4], date(2025, 10, 28)])
    assert (wrong.status_code, "thứ Hai" in wrong.text) == (422, True)
    assert (await declare(world, [PAST[1], PAST[0], *PAST[2:]])).status_code == 422
    early = await service.post(path(world, "launch"), json={"launched_on": MONDAY.isoformat()})
    assert (early.status_code, early.json()["code"]) == (409, "timeline.no_plan")
    await world.make_published(PLACES)
    for _ in range(2):
        launched = await service.post(path(world, "launch"), json={"launched_on": MONDAY.isoformat()})
        assert launched.status_code == 200, launched.text
    assert (await read(world))["launch"]["done_on"] == MONDAY.isoformat()
    tuesday = (MONDAY + timedelta(days=1)).isoformat()
    assert (await service.post(path(world, "launch"), json={"launched_on": tuesday})).status_code == 422


def proposal(**more: Any) -> dict[str, Any]:
    body = {
        "first_visit_on": MONDAY.isoformat(), "duties": ["digitise"], "commune_contact": "Lê Văn Nam",
        "school_contact": "Cô Hoa", "words": "Mang theo máy quét",
    }  # fmt: skip
    return body | more


async def test_school_and_commune_agree_a_starting_point_and_a_change_has_to_be_agreed_anew(world: World) -> None:
    await world.make_published(PLACES)
    point = path(world, f"starting-points/C1/{world.school_ids['S1']}")
    other = path(world, f"starting-points/C2/{world.school_ids['S1']}")
    assert (await world.as_("s1").put(other, json=proposal())).status_code == 404, "C2 is led by S2"
    made = await world.as_("s1").put(point, json=proposal())
    assert made.status_code == 200, made.text
    assert (made.json()["state"], made.json()["agreed_by"]) == ("proposed", ["school"])
    assert (await world.as_("s2").get(point)).status_code == 404
    stale = await world.as_("c1").post(f"{point}/agree", json={"number": 9})
    assert check_refusal(stale, 409, "starting_point.moved")["facts"] == {"number": 1}
    late = await world.as_("s1").put(point, json=proposal(first_visit_on="2099-01-05"))
    check_refusal(late, 422, "starting_point.too_late", at="/first_visit_on")
    for _ in range(2):
        agreed = await world.as_("c1").post(f"{point}/agree", json={"number": 1})
        assert (agreed.json()["state"], agreed.json()["agreed_by"]) == ("agreed", ["school", "commune"])
    changed = await world.as_("c1").put(point, json=proposal(duties=["kpi"]))
    assert (changed.json()["state"], changed.json()["agreed_by"], changed.json()["number"]) == (
        "proposed", ["commune"], 3,
    )  # fmt: skip
    nobody = await world.as_("admin").post(f"{point}/agree", json={"number": 3})
    assert nobody.json()["errors"][0]["code"] == "starting_point.side", "Home Affairs says on whose word"
    word = await world.as_("admin").post(f"{point}/agree", json={"number": 3, "side": "school"})
    assert [(step["act"], step["side"]) for step in word.json()["steps"]] == [
        ("proposed", "school"), ("agreed", "commune"), ("changed", "commune"), ("agreed", "school"),
    ]  # fmt: skip
    assert word.json()["steps"][-1]["made_by"] == "admin"
    states = {item["commune_code"]: item["state"] for item in await listed(world, "overseer")}
    assert states == {"C1": "agreed", "C2": "none", "C3": "none"}
    assert [item["commune_code"] for item in await listed(world, "s1")] == ["C1"]


async def listed(world: World, who: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await world.as_(who).get(path(world, "starting-points"))).json()["items"]
    return items


async def test_what_is_proposed_is_told_to_the_other_side_and_the_sheet_shows_it(world: World) -> None:
    await world.make_published(PLACES)
    point = path(world, f"starting-points/C1/{world.school_ids['S1']}")
    await world.as_("s1").put(point, json=proposal())
    await world.as_("c1").post(f"{point}/agree", json={"number": 1})
    async with world.session() as session:
        rows = list(await session.scalars(sa.select(OutboxRow.args).order_by(OutboxRow.created_at)))
    sources = [args["source_id"] for args in rows if args.get("source_kind") == "starting_point"]
    told = []
    for source in sources:
        page = await world.as_("notifier").get(f"/v1/internal/sources/starting_point/{source}/notices")
        told += [(one["recipient"]["kind"], one["subject"], one["parts"][0]["rows"]) for one in page.json()["items"]]
    assert [each[:2] for each in told] == [
        ("commune", "Đề xuất điểm khởi đầu: Xã Tây Khánh Vĩnh"),
        ("school", "Đã thống nhất điểm khởi đầu: Xã Tây Khánh Vĩnh"),
    ]
    assert all("digitise" not in " ".join(rows) for *_, rows in told), "duties go by name"
    sheet = await world.as_("s1").get(path(world, "starting-points.xlsx"))
    cells = [[cell.value for cell in row] for row in load_workbook(BytesIO(sheet.content)).active.iter_rows(min_row=2)]
    assert [(row[0], row[2], row[5], row[7]) for row in cells] == [
        ("Xã Tây Khánh Vĩnh", "Đã thống nhất", "Lê Văn Nam", "trường, xã")
    ]


async def test_a_next_wave_follows_a_published_plan_with_dates_in_order(world: World) -> None:
    wave = {"name": "Đợt 2", "starts_on": "2099-01-05", "ends_on": "2099-01-30"}
    ask = partial(world.as_("admin").post, path(world, "next-wave"))
    check_refusal(await ask(json=wave), 409, "wave.no_plan")
    await world.make_published(PLACES)
    check_refusal(await ask(json=wave | {"ends_on": "2099-01-01"}), 422, "campaign.dates", at="/ends_on")


async def test_the_next_wave_begins_with_what_the_first_left_and_keeps_as_much_as_it_can(world: World) -> None:
    service, first = world.as_("admin"), world.campaign_id
    await world.make_published([(0, "C1", (0, 1)), (1, "C1", (2,)), (3, "C2", (0,)), (4, "C2", (1,))])
    pin = {"kind": "placement_pin", "commune_code": "C1", "volunteer_id": world.volunteer_ids[0], "reason": "Quen"}
    async with world.session() as session:
        session.add(Decision(campaign_id=first, decided_by="Sở Nội vụ", **pin))
    point = path(world, f"starting-points/C1/{world.school_ids['S1']}")
    await world.as_("s1").put(point, json=proposal())
    await world.as_("c1").post(f"{point}/agree", json={"number": 1})
    await world.as_("c1").post(path(world, "blockers"), json={"words": "Mất mạng"})
    async with world.session() as session:
        ends = (await session.get_one(Campaign, first)).ends_on
    span = {"starts_on": (ends + timedelta(days=3)).isoformat(), "ends_on": (ends + timedelta(days=30)).isoformat()}
    overlaps = {"name": "Đợt 2"} | span | {"starts_on": ends.isoformat()}
    check_refusal(await service.post(path(world, "next-wave"), json=overlaps), 422, "wave.overlaps", at="/starts_on")
    made = await service.post(path(world, "next-wave"), json={"name": "Đợt 2"} | span)
    assert made.status_code == 201, made.text
    assert (made.json()["wave"], made.json()["carried_over"]) == (2, {"needs": 3, "decisions": 1, "relations": 0})
    world.campaign_id = made.json()["campaign_id"]
    assert (await service.post(path(world, "open"))).status_code == 200
    run_id = await world.request_run()
    problem = (await service.get(f"/v1/matching-runs/{run_id}/frozen")).json()
    kept = {row["volunteer_id"]: row["commune_code"] for row in problem["previous_placements"]}
    assert set(kept.values()) == {"C1", "C2"}
    assert len(kept) == 4, "the plan in force of the first wave is what is kept"
    assert {row["commune_code"]: row["school_code"] for row in problem["previous"]} == {
        "C1": "S1", "C2": "S2", "C3": "S2",
    }  # fmt: skip
    await world.solve(run_id, [(0, "C1", (0, 1)), (1, "C1", (3,)), (3, "C1", (0,)), (5, "C3", (1,))])
    changes = (await service.get(path(world, "wave-changes"))).json()
    names = {person["volunteer_id"]: person["change"] for person in changes["people"]}
    assert [names[str(world.volunteer_ids[n])] for n in (0, 1, 3, 4, 5)] == [
        "stays", "other_days", "moves", "leaves", "joins",
    ]  # fmt: skip
    assert (changes["communes_kept"], changes["communes_changed"], changes["open_blockers"]) == (3, 0, 1)
    assert (changes["unmet_days"], changes["starting_points_agreed"]) == (1, 1)
    assert (await service.get(f"/v1/campaigns/{first}/wave-changes")).json()["code"] == "wave.first"


async def test_a_provinces_first_day_counts_what_is_there_and_names_what_is_lacking(world: World) -> None:
    answer = await world.as_("admin").get(f"/v1/provinces/{PROVINCE}/first-day")
    items = {item["code"]: (item["is_done"], item["number"], item["wanted"]) for item in answer.json()["items"]}
    assert items["commune_contacts"] == (True, 3, 3)
    assert items["schools"] == (True, 2, 1)
    assert items["offices"] == (False, 1, 6)
    assert items["timeline"] == (False, 0, 1)
    assert items["needs"] == (True, 3, 3)
    assert items["opened"] == (True, 1, 1)
    await declare(world, PAST)
    async with world.session() as session:
        a_need = sa.select(sa.func.min(NeedDeclaration.commune_code)).scalar_subquery()
        await session.execute(
            sa.update(NeedDeclaration).where(NeedDeclaration.commune_code == a_need).values(state="draft")
        )
    again = (await world.as_("admin").get(f"/v1/provinces/{PROVINCE}/first-day")).json()
    assert again["done"] == answer.json()["done"], "the timeline more, the needs less"
    assert [item["number"] for item in again["items"] if item["code"] == "needs"] == [2], "a draft is not sent in"
    assert (await world.as_("elsewhere").get(f"/v1/provinces/{PROVINCE}/first-day")).status_code == 404


async def test_due_days_that_somebody_changed_meanwhile_are_not_written_over(world: World) -> None:
    admin, timeline = world.as_("admin"), path(world, "timeline")
    seen = (await admin.get(timeline)).headers["etag"]
    one, two = ({"items": [{"step": "lists", "due_on": on}]} for on in ("2025-10-20", "2025-10-21"))
    first = await admin.put(timeline, json=one, headers={"If-Match": seen})
    assert first.status_code == 200, first.text
    late = await admin.put(timeline, json=two, headers={"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "precondition.stale")
    assert (await read(world))["lists"]["due_on"] == "2025-10-20"
    assert (await admin.get(timeline)).headers["etag"] == first.headers["etag"]
    assert (await admin.put(timeline, json=two, headers={"If-Match": first.headers["etag"]})).status_code == 200
