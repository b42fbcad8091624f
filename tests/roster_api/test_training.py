"""Training: attendance once a person and session, who lacks what, certificates, and who fits the post they hold."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from roster_api.attendance.models import ServiceDay
from roster_api.staff.models import Post, StaffMember, Unit
from roster_api.text import name_sort_key, search_key, sort_key
from roster_api.training.models import CourseAttendance

from tests.roster_api.reference_world import NHA_TRANG, PROVINCE, TRUONG_SA, World, reference_world

TOPICS = ("Xử lý văn bản", "Chữ ký số", "Chuyển đổi số", "VNeID")
HEAD = "Mã cán bộ;Họ và tên;Buổi;Có mặt;Kết quả\n"


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def staff(world: World, commune: str, people: int, *, prefix: str = "CB", **more: Any) -> list[str]:
    """Codes of so many people of a commune's office, straight into the tables."""
    unit_id, codes = uuid4(), [f"{prefix}{number:04d}" for number in range(people)]
    named = {"search_key": "", "sort_key": sort_key(commune), "province_code": PROVINCE}
    async with world.session() as session:
        session.add(Unit(id=unit_id, code=f"U{prefix}", name=f"UBND {commune}", kind="commune_office",
                         commune_code=commune, **named))  # fmt: skip
        await session.flush()
        rows = [
            {
                "id": uuid4(), "province_code": PROVINCE, "unit_id": unit_id, "code": code,
                "full_name": f"Lê Văn {code}",
                "search_key": search_key(code), "sort_key": name_sort_key(code), "side": "government",
                "availability": "none", "qualifications": [], "position": None, "row_version": 1,
            }
            | more
            for code in codes
        ]  # fmt: skip
        await session.execute(sa.insert(StaffMember), rows)
    return codes


async def course(world: World, code: str, *, times: int = 1, **more: Any) -> dict[str, Any]:
    days = [{"held_on": (date(2025, 10, 6) + timedelta(days=7 * number)).isoformat()} for number in range(times)]
    body = {
        "province_code": PROVINCE, "code": code, "topic": f"Khóa {code}", "field_code": "digitise", "mode": "online",
        "trainer": "Trung tâm Chuyển đổi số", "sessions": days,
    }  # fmt: skip
    return await world.create("/v1/courses", body | more)


async def send(world: World, course_id: str, lines: Sequence[str], who: str = "admin") -> httpx.Response:
    files = {"file": ("ds.csv", (HEAD + "".join(lines)).encode(), "text/csv")}
    return await world.as_(who).post(f"/v1/courses/{course_id}/sheet", files=files)


async def count_attendances(world: World) -> int:
    async with world.session() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(CourseAttendance)) or 0


def line(code: str, session: int = 1, presence: str = "Có", result: str = "") -> str:
    return f"{code};Lê Văn {code};{session};{presence};{result}\n"


async def test_a_commune_of_82_with_97_attendances_is_counted_once_a_person_and_session(world: World) -> None:
    """Mường Ảng: four topics, 82 staff, 97 attendances."""
    codes = await staff(world, NHA_TRANG, 82)
    shares = [codes[:40], codes[30:60], codes[55:75], codes[75:82]]
    assert sum(map(len, shares)) == 97
    for number, (topic, people) in enumerate(zip(TOPICS, shares, strict=True)):
        made = await course(world, f"MA{number}", topic=topic)
        first = await send(world, made["id"], [line(code) for code in people])
        assert first.json() == {"recorded": len(people), "already": 0, "taken_back": 0, "results": 0}, first.text
        again = await send(world, made["id"], [line(code) for code in [*people, *people[:3]]])
        assert again.json()["recorded"] == 0, "sent again, with lines twice"
    totals = (await world.as_("admin").get(f"/v1/provinces/{PROVINCE}/training")).json()
    assert (totals["courses"], totals["people"], totals["attendances"]) == (4, 82, 97)
    own = next(each for each in totals["communes"] if each["commune_code"] == NHA_TRANG)
    assert (own["staff"], own["people"], own["attendances"]) == (82, 82, 97)
    assert await count_attendances(world) == 97


async def test_seven_courses_for_about_three_thousand_people_are_read_by_sheet_and_certified(world: World) -> None:
    """Điện Biên: each sheet some hundred people; who passed gets a code that anybody may check."""
    codes = await staff(world, NHA_TRANG, 2940)
    made: dict[str, Any] = {}
    for number in range(7):
        made = await course(world, f"DB{number}", mode="online" if number % 2 else "in_person")
        people = codes[number * 420 : (number + 1) * 420]
        lines = [line(code, result="Đạt" if place % 10 else "Không đạt") for place, code in enumerate(people)]
        assert (await send(world, made["id"], lines)).json() == {
            "recorded": 420,
            "already": 0,
            "taken_back": 0,
            "results": 420,
        }
        issued = await world.as_("admin").post(f"/v1/courses/{made['id']}/certificates")
        assert issued.json() == {"issued": 378}
    assert (await world.as_("admin").post(f"/v1/courses/{made['id']}/certificates")).json() == {"issued": 0}
    totals = (await world.as_("admin").get(f"/v1/provinces/{PROVINCE}/training")).json()
    assert (totals["people"], totals["attendances"], totals["passed"]) == (2940, 2940, 7 * 378)
    people = (await world.as_("admin").get(f"/v1/courses/{made['id']}/participants")).json()
    assert people["total"] == 420
    certified = next(each for each in people["items"] if each["result"] == "passed")
    assert (await world.as_("nobody").get(f"/v/{certified['certificate_code']}")).json() == {"is_valid": True}
    taken_back = await send(world, made["id"], [line(certified["code"], result="Không đạt")])
    assert (taken_back.status_code, taken_back.json()["code"]) == (422, "course.certified")
    gap = (await world.as_("admin").get(f"/v1/provinces/{PROVINCE}/training-gaps")).json()
    assert [(row["staff"], row["trained"], row["lacking"]) for row in gap] == [(2940, 2646, 294)]


async def test_a_sheet_with_an_unknown_person_or_session_names_each_and_records_nothing(world: World) -> None:
    codes = await staff(world, NHA_TRANG, 2)
    await staff(world, TRUONG_SA, 1, prefix="TS")
    made = await course(world, "A1", times=2)
    wrong = await send(world, made["id"], [line(codes[0]), line("LA"), line(codes[1], 3), line(codes[1], 1, "chắc")])
    assert wrong.status_code == 422
    assert sorted(each["code"] for each in wrong.json()["errors"]) == [
        "course.no_session", "presence.unreadable", "staff.unknown",
    ]  # fmt: skip
    assert await count_attendances(world) == 0
    foreign = await send(world, made["id"], [line("TS0000")], "officer")
    assert foreign.json()["errors"][0]["code"] == "staff.unknown", "a commune records its own people"
    assert (await send(world, made["id"], [line(codes[0]), line(codes[0], 2)], "officer")).json()["recorded"] == 2


async def test_a_later_sheet_takes_back_who_was_absent_and_lines_that_contradict_one_another_are_named(
    world: World,
) -> None:
    codes = await staff(world, NHA_TRANG, 2)
    made = await course(world, "A1", times=2)
    assert (await send(world, made["id"], [line(codes[0]), line(codes[1])])).json()["recorded"] == 2
    mended = await send(world, made["id"], [line(codes[0], presence="Vắng"), line(codes[1]), line(codes[1], 2, "Vắng")])
    assert mended.json() == {"recorded": 0, "already": 1, "taken_back": 1, "results": 0}, (
        "who was not there before, too"
    )
    assert await count_attendances(world) == 1
    both = [line(codes[0]), line(codes[0], presence="Vắng"), line(codes[1], result="Đạt")]
    refused = await send(world, made["id"], [*both, line(codes[1], 2, "", "Không đạt")])
    assert refused.status_code == 422
    assert [(each["code"], each["pointer"]) for each in refused.json()["errors"]] == [
        ("course_sheet.contradiction", "row:3/column:Có mặt"), ("course_sheet.contradiction", "row:5/column:Kết quả"),
    ]  # fmt: skip
    assert await count_attendances(world) == 1
    assert (await send(world, made["id"], [line(codes[1], result="Đạt")])).status_code == 200
    assert (await world.as_("admin").post(f"/v1/courses/{made['id']}/certificates")).json() == {"issued": 1}
    gone = await send(world, made["id"], [line(codes[1], presence="Vắng")])
    assert (gone.status_code, gone.json()["code"]) == (422, "course.certified")
    assert await count_attendances(world) == 1


async def test_nobody_attended_a_session_that_is_still_to_come(world: World) -> None:
    codes = await staff(world, NHA_TRANG, 1)
    later = [{"held_on": "2025-10-06"}, {"held_on": "2099-12-30"}]
    made = await course(world, "A1", sessions=later)
    refused = await send(world, made["id"], [line(codes[0]), line(codes[0], 2)])
    assert [each["code"] for each in refused.json()["errors"]] == ["course.too_early"]
    assert (await send(world, made["id"], [line(codes[0]), line(codes[0], 2, "")])).json()["recorded"] == 1


async def test_a_commune_nominates_its_own_within_the_capacity_and_the_sheet_comes_filled(world: World) -> None:
    codes = await staff(world, NHA_TRANG, 3)
    await staff(world, TRUONG_SA, 1, prefix="TS")
    ids = await ids_of(world)
    made = await course(world, "A1", times=2, capacity=2)
    path, officer = f"/v1/courses/{made['id']}/nominations", world.as_("officer")
    full = await officer.put(path, json={"staff_ids": [ids[code] for code in codes]})
    assert (full.status_code, full.json()["code"]) == (409, "course.full")
    assert (await officer.put(path, json={"staff_ids": [ids["TS0000"]]})).json()["code"] == "staff.unknown"
    for _ in range(2):
        sent = await officer.put(path, json={"staff_ids": [ids[codes[0]], ids[codes[1]]]})
        assert sent.json() == {"commune_code": NHA_TRANG, "nominated": 2, "left": 0}
    await send(world, made["id"], [line(codes[0])])
    sheet = await officer.get(f"/v1/courses/{made['id']}/attendance.xlsx")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(sheet.content)).active.iter_rows(min_row=3)]
    assert [(row[0], row[3], row[4] or "") for row in rows] == [
        (codes[0], 1, "Có"), (codes[0], 2, ""), (codes[1], 1, ""), (codes[1], 2, ""),
    ]  # fmt: skip
    files = {"file": ("ve.xlsx", sheet.content, "application/octet-stream")}
    back = await officer.post(f"/v1/courses/{made['id']}/sheet", files=files)
    assert back.json() == {"recorded": 0, "already": 1, "taken_back": 0, "results": 0}, "our own sheet is read back"
    gaps = (await world.as_("admin").get(f"/v1/provinces/{PROVINCE}/training-gaps?commune_code={NHA_TRANG}")).json()
    assert [(row["lacking"], row["nominated"]) for row in gaps] == [(3, 2)]
    lacking = await world.as_("admin").get(
        f"/v1/provinces/{PROVINCE}/training-gaps/people?commune_code={NHA_TRANG}&field=digitise"
    )
    assert [each["is_nominated"] for each in lacking.json()["items"]] == [True, True, False]


async def ids_of(world: World) -> dict[str, str]:
    async with world.session() as session:
        return {code: str(one) for code, one in await session.execute(sa.select(StaffMember.code, StaffMember.id))}


async def test_a_school_trains_in_its_commune_on_its_peoples_planned_days_then_supports(world: World) -> None:
    """One training session, then periodic support: each a day on which the person serves there by the plan."""
    days = [date(2025, 11, 3), date(2025, 11, 10)]
    async with world.session() as session:
        plan_id = await make_plan(world)
        session.add_all(
            ServiceDay(
                campaign_id=UUID(world.ids["campaign"]), volunteer_id=UUID(world.ids["volunteer"]), serves_on=day,
                plan_id=plan_id, school_id=UUID(world.ids["school"]), commune_code=NHA_TRANG,
            )
            for day in days
        )  # fmt: skip
    person = world.ids["volunteer"]
    sessions = [
        {"held_on": days[0].isoformat(), "volunteer_id": person},
        {"held_on": days[1].isoformat(), "volunteer_id": person, "kind": "support"},
    ]
    given: dict[str, Any] = {"school_id": world.ids["school"], "commune_code": NHA_TRANG}
    made = await course(world, "KH1", **given | {"sessions": sessions})
    assert [each["kind"] for each in made["sessions"]] == ["training", "support"]
    mine = (await world.as_("coordinator").get("/v1/courses")).json()
    assert [each["code"] for each in mine["items"]] == ["KH1"]
    wrong = [*sessions, {"held_on": "2025-11-17", "volunteer_id": person, "kind": "support"}]
    body = {"province_code": PROVINCE, "code": "KH2", "topic": "x", "field_code": "digitise", "mode": "in_person"}
    refused = await world.as_("admin").post("/v1/courses", json=body | given | {"sessions": wrong})
    assert (refused.status_code, refused.json()["code"]) == (422, "course.not_planned")
    assert refused.json()["errors"][0]["pointer"] == "/sessions/2/held_on"


async def make_plan(world: World) -> UUID:
    """A published plan without rows, for days of service to hang on."""
    campaign = world.ids["campaign"]
    admin = world.as_("admin")
    await admin.post(f"/v1/campaigns/{campaign}/open")
    await admin.put(
        f"/v1/campaigns/{campaign}/needs/{NHA_TRANG}",
        json={"lacks_it_staff": False, "items": [{"duty_code": "digitise", "people": 1, "days_per_week": 1}]},
    )
    run_id = (await admin.post(f"/v1/campaigns/{campaign}/matching-runs", json={})).json()["id"]
    plan_id = uuid4()
    async with world.session() as session:
        await session.execute(
            sa.text(
                "insert into roster.plans (id, campaign_id, run_id, draft_number, version, status, content_sha256,"
                " is_verified, published_at, published_by) values (:id, :campaign, :run, 1, 1, 'published', 'x', true,"
                " now(), 'x')"
            ),
            {"id": plan_id, "campaign": UUID(campaign), "run": UUID(run_id)},
        )
    return plan_id


async def test_the_review_says_who_fits_and_proposes_a_course_a_move_or_somebody_sent(world: World) -> None:
    knows = {"field_code": "digitise", "level": 2, "evidence": None, "since": None}
    await staff(world, NHA_TRANG, 5, position="Công chức số hóa")
    async with world.session() as session:
        unit = (await session.scalars(sa.select(Unit).where(Unit.code == "UCB"))).one()
        named = {"province_code": PROVINCE, "unit_id": unit.id, "search_key": "", "sort_key": ""}
        session.add(Post(code="P1", field_code="digitise", title="CÔNG CHỨC SỐ HÓA", quota=5, filled=5, **named))
        session.add(Post(code="P2", field_code="kpi", title="Công chức KPI", quota=1, filled=0, **named))
        people = list(await session.scalars(sa.select(StaffMember).order_by(StaffMember.code)))
        people[0].qualifications = [knows]
        people[1].qualifications = [knows | {"level": 1}]
        people[2].qualifications = [knows | {"field_code": "kpi"}]
        people[4].position = "Văn thư"
        ids = [str(person.id) for person in people]
    alone = {"kind": "self_study", "field_code": "digitise", "learnt_on": "2025-09-01", "words": "Tự học trực tuyến"}
    praise = {"kind": "commendation", "learnt_on": "2025-10-01", "words": "Giấy khen của xã"}
    for body in (alone, praise):
        assert (await world.as_("admin").post(f"/v1/staff/{ids[3]}/learning", json=body)).status_code == 201
    record = (await world.as_("admin").get(f"/v1/staff/{ids[3]}/learning")).json()
    assert [each["kind"] for each in record["learning"]] == ["self_study", "commendation"]
    path = f"/v1/provinces/{PROVINCE}/qualification-review"
    before = (await world.as_("admin").get(path)).json()
    totals = {name: before[name] for name in ("fits", "fits_with_training", "does_not_fit", "no_requirement")}
    assert totals == {"fits": 1, "fits_with_training": 2, "does_not_fit": 1, "no_requirement": 1}
    assert [(row["field_code"], row["does_not_fit"]) for row in before["counts"]] == [("digitise", 1)]
    assert [each["kind"] for each in before["people"][0]["proposals"]] == ["move", "secondment"], before["people"][0]
    assert before["people"][0]["possible_posts"] == 1
    async with world.session() as session:
        session.add(Post(code="P3", field_code="kpi", title="Công chức số hóa", quota=1, filled=1, **named))
    several = (await world.as_("admin").get(path)).json()
    assert (several["fits"], several["does_not_fit"]) == (2, 0), "who knows KPI holds the post that asks for it"
    assert {each["possible_posts"] for each in several["people"]} == {2}
    async with world.session() as session:
        await session.execute(sa.delete(Post).where(Post.code == "P3"))
    await course(world, "A1")
    after = (await world.as_("admin").get(path)).json()
    assert [each["kind"] for each in after["people"][0]["proposals"]] == ["course", "move"]
    assert totals == {name: after[name] for name in totals}, "a proposal changes nobody"
