"""Activity reports and certificates: only what was confirmed, the same file each time, a code anybody may check."""

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from docx2python import docx2python
from roster_api.attendance.models import DutyCount, ServiceDay

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_allowances import AN, GIANG, PLACES, list_days, set_outcome


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        plan_id = await made.make_published(PLACES)
        async with made.session() as session:
            await session.execute(sa.delete(ServiceDay))
            session.add_all(list_days(made, plan_id))
            counts = [
                ("digitise", date(2025, 10, 6), 120),
                ("digitise", date(2025, 10, 13), 80),
                ("kpi", date(2025, 10, 6), 3),
            ]
            common = {"campaign_id": made.campaign_id, "volunteer_id": made.volunteer_ids[AN], "counted_by": "x"}
            session.add_all(
                DutyCount(**common, commune_code="C1", duty_code=duty, week_on=week, number=number)
                for duty, week, number in counts
            )
        yield made


async def issue(world: World, who: str, number: int, kind: str = "activity_report") -> Any:
    body = {"kind": kind, "volunteer_id": str(world.volunteer_ids[number])}
    return await world.as_(who).post(f"/v1/campaigns/{world.campaign_id}/service-papers", json=body)


async def is_valid(world: World, code: str) -> bool:
    answer, looked = [await world.as_("nobody").request(method, f"/v/{code}") for method in ("GET", "HEAD")]
    assert (answer.status_code, looked.status_code) == (200, 200)
    assert set(answer.json()) == {"is_valid"}
    return bool(answer.json()["is_valid"])


async def test_a_report_says_what_was_confirmed_and_its_code_answers_until_it_is_replaced(world: World) -> None:
    assert (await issue(world, "s2", AN)).status_code == 404
    assert (await issue(world, "s2", GIANG)).json()["code"] == "service.nothing_confirmed"
    made = (await issue(world, "s1", AN)).json()
    assert (made["days"], made["full_name"], made["issued_by"]) == (4, "Nguyễn Văn An", "s1")
    path = f"/v1/service-papers/{made['id']}"
    first = await world.as_("s1").get(f"{path}/paper.docx")
    with docx2python(io.BytesIO(first.content)) as opened:
        text = opened.text
    for words in (
        "BÁO CÁO KẾT QUẢ HOẠT ĐỘNG",
        "Nguyễn Văn An, giảng viên, Trường Đại học Khánh Hòa",
        "Ngày công đã được xác nhận: 4 ngày",
        "06/10, 07/10, 13/10, 20/10",
        "200",
        f"/v/{made['code']}",
    ):
        assert words in text
    assert "+84" not in text
    assert (await world.as_("admin").get(f"{path}/paper.docx")).content == first.content
    assert (await world.as_("s2").get(f"{path}/paper.docx")).status_code == 404
    assert (await issue(world, "admin", AN)).json()["id"] == made["id"]  # nothing new to say

    assert await is_valid(world, made["code"])
    assert await is_valid(world, made["code"].lower().replace("-", ""))
    page = await world.as_("nobody").get(f"/v/{made['code']}", headers={"Accept": "text/html"})
    assert page.text.startswith("CÓ")
    await set_outcome(world, AN, 20, "absent")
    anew = (await issue(world, "s1", AN)).json()
    assert (anew["days"], anew["code"] == made["code"]) == (3, False)
    assert [await is_valid(world, code) for code in (made["code"], anew["code"])] == [False, True]
    assert (await world.as_("s1").get(f"{path}/paper.docx")).json()["code"] == "service.revoked"


async def test_a_certificate_is_revoked_and_lists_hold_the_own_papers_alone(world: World) -> None:
    certificate = (await issue(world, "s1", AN, "certificate")).json()
    paper = await world.as_("s1").get(f"/v1/service-papers/{certificate['id']}/paper.docx")
    with docx2python(io.BytesIO(paper.content)) as opened:
        assert "GIẤY CHỨNG NHẬN" in opened.text
    assert (await world.as_("admin").post(f"/v1/service-papers/{certificate['id']}/revoke")).json()[
        "revoked_by"
    ] == "admin"
    assert not await is_valid(world, certificate["code"])
    listed = (await world.as_("s1").get(f"/v1/campaigns/{world.campaign_id}/service-papers")).json()
    others = (await world.as_("s2").get(f"/v1/campaigns/{world.campaign_id}/service-papers")).json()
    assert (listed["total"], others["total"]) == (1, 0)


async def test_codes_are_not_to_be_guessed(world: World) -> None:
    answers = [await world.as_("nobody").get(f"/v/GUESS{number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert answers[-1].headers["Retry-After"]


async def test_a_report_says_what_the_commune_confirmed_itself_and_its_rating_once_released(world: World) -> None:
    person = world.volunteer_ids[AN]
    async with world.session() as session:
        mine = sa.update(ServiceDay).where(ServiceDay.volunteer_id == person, ServiceDay.outcome == "present")
        await session.execute(mine.where(ServiceDay.serves_on < date(2025, 10, 20)).values(commune_outcome="present"))
    marks = {"help": 5, "attitude": 4, "skill": 3}
    campaign = f"/v1/campaigns/{world.campaign_id}"
    rated = await world.as_("c1").put(f"{campaign}/evaluations/people/{person}", json=marks)
    assert rated.status_code == 200, rated.text
    held = (await issue(world, "s1", AN)).json()
    assert "xã xác nhận 3 trên 4 ngày; chưa có đánh giá." in await read_paper(world, held)
    await world.as_("admin").post(f"{campaign}/evaluations/{rated.json()['id']}/release")
    released = (await issue(world, "s1", AN)).json()
    assert released["code"] != held["code"], "there is something new to say"
    text = await read_paper(world, released)
    assert "đánh giá: mức hỗ trợ 5/5; thái độ 4/5; kỹ năng 3/5." in text
    assert "mức hỗ trợ" not in await read_paper(world, (await issue(world, "s1", AN, "certificate")).json())


async def read_paper(world: World, paper: dict[str, Any]) -> str:
    answer = await world.as_("s1").get(f"/v1/service-papers/{paper['id']}/paper.docx")
    with docx2python(io.BytesIO(answer.content)) as opened:
        return str(opened.text)
