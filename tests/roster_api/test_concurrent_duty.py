"""Concurrent duty: teachers keep their school's timetable and serve elsewhere on weekdays, term after term."""

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from commune_schemas.notices import SecondmentNotice
from docx2python import docx2python
from notifier.secondment import secondment_texts, write_secondment_mail
from roster_api.secondments.life import remind_of_endings_by

from tests.roster_api.reference_world import PROVINCE, World, reference_world
from tests.roster_api.secondment_world import TERMS, list_notices
from tests.support.issuer import TestIssuer, add_account, serving

SCHOOLS = (("THPTNB", "Trường THPT Nà Bủng", "NB", [0, 1], 1), ("THPTNT", "Trường THPT Nà Tấu", "NT", [0, 2, 4], 4))
TERM = {"from_on": "2025-11-03", "review_on": "2026-01-15", "reason": "Theo thời khóa biểu của trường"} | TERMS


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def bring_teachers(world: World) -> list[dict[str, Any]]:
    """Drafts: one of Nà Bủng (Monday, Tuesday), four of Nà Tấu (Monday, Wednesday, Friday)."""
    drafts = []
    for number, (code, name, office, weekdays, teachers) in enumerate(SCHOOLS):
        of_school = {"province_code": PROVINCE, "code": code, "name": name, "kind": "school"}
        school = await world.create("/v1/units", of_school | {"contact_email": f"{code.lower()}@example.vn"})
        of_commune = {"code": office, "name": f"UBND xã {name[-6:]}", "kind": "commune_office"}
        unit = await world.create("/v1/units", of_school | of_commune | {"contact_email": f"{office}@example.vn"})
        place = {"unit_id": unit["id"], "code": f"VT-{office}", "field_code": "digitise", "title": "Hỗ trợ số hóa"}
        post = await world.create("/v1/posts", place | {"quota": teachers})
        for each in range(teachers):
            person = {"unit_id": school["id"], "code": f"{code}{each}", "full_name": f"Lò Văn {'ABCD'[each]}n"}
            contact = {"side": "government", "phone": f"09500008{number}{each}", "email": f"{code}{each}@example.vn"}
            member = await world.create("/v1/staff", person | contact)
            duty = {"staff_id": member["id"], "post_id": post["id"], "weekdays": weekdays}
            drafts.append(await world.create("/v1/secondments", TERM | duty))
    return drafts


async def test_teachers_serve_on_their_own_weekdays_without_an_end_and_each_term_is_decided_anew(world: World) -> None:
    drafts, admin = await bring_teachers(world), world.as_("admin")
    ids = [draft["id"] for draft in drafts]
    for step in ("approve", "publish", "publish"):
        done = await admin.post(f"/v1/secondments/{step}", json={"secondment_ids": ids})
        assert done.status_code == 200, done.text
    (notices,) = await list_notices(world)
    assert [one["recipient"]["kind"] for one in notices] == ["staff"] * 5 + ["unit"] * 4, (
        "each once, though twice published"
    )
    mails = [write_secondment_mail(SecondmentNotice.model_validate(one)) for one in notices]
    assert all("Quyết định phân công kiêm nhiệm" in mail.subject for mail in mails)
    assert sum("Thứ Hai, Thứ Ba hằng tuần, giữ nguyên công việc hiện nay" in mail.text for mail in mails) == 3
    assert sum("không thời hạn, Thứ Hai, Thứ Tư, Thứ Sáu hằng tuần" in mail.text for mail in mails) == 6
    texts = [secondment_texts(SecondmentNotice.model_validate(one))[0] for one in notices[:5]]
    assert sum(text.endswith("tu 03/11/2025, Thu Hai, Thu Ba.") for text in texts) == 1

    first = await admin.get(f"/v1/secondments/{ids[0]}/decision.docx")
    with docx2python(BytesIO(first.content)) as read:
        words = " ".join(read.text.split())
    for part in ("Phân công 5 người kiêm nhiệm", "Phụ lục II", "Số: 77/QĐ-SNV", "Thứ Hai, Tư, Sáu; không thời hạn"):
        assert part in words, part
    assert words.count("Thứ Hai, Ba; không thời hạn") == 1
    await assert_nobody_is_in_two_places_on_one_day(world, drafts)
    path = f"/v1/secondments/{ids[0]}"
    for day, reminded in ((date(2025, 12, 31), 0), (date(2026, 1, 1), 5), (date(2026, 1, 2), 0)):
        async with world.session() as session:
            assert await remind_of_endings_by(session, today=day) == reminded, f"two weeks before a review, once: {day}"
    term = {"on": "2026-01-19", "next_review_on": "2026-05-30", "weekdays": [1, 2], "reason": "Học kỳ II"}
    assert (await admin.post(f"{path}/review", json=term)).status_code == 200
    kept = (await admin.post(f"{path}/review", json=term)).json()
    assert (kept["weekdays"], kept["review_on"], kept["until_on"]) == ([1, 2], "2026-05-30", None)
    assert [event["kind"] for event in kept["events"]] == ["published", "review_due", "reviewed"]
    again = await admin.get(f"/v1/secondments/{ids[1]}/decision.docx")
    assert again.content == first.content, "to the byte, of whomever it is asked, whatever was decided since"
    assert (await admin.post(f"{path}/return", json={"on": "2026-06-01"})).json()["code"] == "secondment.not_over"
    ended = await admin.post(f"{path}/end", json={"on": "2026-06-01", "reason": "Xã đã tuyển được người"})
    assert ended.json()["status"] == "ended_early"
    told = [{one["occasion"] for one in items} for items in await list_notices(world)]
    assert told == [{"published"}, {"review_due"}, {"reviewed"}, {"ended_early"}]


async def assert_nobody_is_in_two_places_on_one_day(world: World, drafts: list[dict[str, Any]]) -> None:
    """On other weekdays the teacher of Nà Bủng may serve at Nà Tấu, too: where there is room on these days."""
    admin = world.as_("admin")
    wanted = {"staff_id": drafts[0]["staff_id"], "post_id": drafts[1]["post_id"]}
    for weekdays, code in (([1, 3], "secondment.person_taken"), ([2], "secondment.post_taken"), ([3], None)):
        made = await world.create("/v1/secondments", TERM | wanted | {"weekdays": weekdays})
        answer = await admin.post("/v1/secondments/approve", json={"secondment_ids": [made["id"]]})
        assert answer.json().get("code") == code, answer.text
    whole_time = TERMS | wanted | {"from_on": "2026-02-01", "until_on": "2026-03-01", "reason": "x"}
    made = await world.create("/v1/secondments", whole_time)
    unpublished = await admin.get(f"/v1/secondments/{made['id']}/decision.docx")
    assert (unpublished.status_code, unpublished.json()["code"]) == (409, "secondment.not_published")
    taken = (await admin.post("/v1/secondments/approve", json={"secondment_ids": [made["id"]]})).json()
    assert taken["code"] == "secondment.person_taken", "nobody is away the whole time who serves somewhere on Mondays"
    for odd in ({"review_on": None}, {"weekdays": None}, {"until_on": "2026-05-30"}, {"review_on": "2025-11-03"}):
        refused = await admin.post("/v1/secondments", json=TERM | wanted | {"weekdays": [3]} | odd)
        assert (refused.status_code, refused.json()["code"]) == (422, "secondment.review"), odd
    concurrent = await admin.get("/v1/secondments", params={"concurrent": True})
    assert concurrent.json()["total"] == len(drafts) + 3


async def test_the_school_and_the_commune_see_the_pattern_and_ask_for_a_change_which_home_affairs_answers(
    world: World,
) -> None:
    drafts, admin = await bring_teachers(world), world.as_("admin")
    for step in ("approve", "publish"):
        await admin.post(f"/v1/secondments/{step}", json={"secondment_ids": [draft["id"] for draft in drafts]})
    path = f"/v1/secondments/{drafts[0]['id']}"
    async with serving(TestIssuer()) as issuer:
        state, tokens = world.app.state, {}
        async with world.session() as session:
            home_affairs, _ = await add_account(session, issuer, roles=[{"role": "admin", "province_code": PROVINCE}])
            for unit in ("THPTNB", "NB", "NT"):
                role = {"role": "unit_officer", "province_code": PROVINCE, "unit_code": unit}
                await add_account(session, issuer, subject=unit, email=f"{unit}@example.vn", roles=[role])
                tokens[unit] = {"Authorization": f"Bearer {issuer.token(subject=unit)}"}
        state.settings = state.settings.model_copy(update={"issuers": [issuer.settings()]})
        client, wish = world.as_("nobody"), {"reason": "Thứ Hai trường có chào cờ"}
        for unit in ("THPTNB", "NB"):
            seen = (await client.get("/v1/secondments", headers=tokens[unit])).json()["items"]
            assert [row["weekdays"] for row in seen] == [[0, 1]]
        assert (await client.post(f"{path}/ask-change", json=wish, headers=tokens["NT"])).status_code == 404
        asked = await client.post(f"{path}/ask-change", json=wish, headers=tokens["THPTNB"])
        assert (asked.json()["weekdays"], asked.json()["events"][-1]["reason"]) == ([0, 1], wish["reason"])
        twice = await client.post(f"{path}/ask-change", json=wish, headers=tokens["NB"])
        assert (twice.status_code, twice.json()["code"]) == (409, "secondment.change_asked")
    waiting = (await admin.get("/v1/secondments", params={"change_asked": True})).json()["items"]
    assert [row["id"] for row in waiting] == [drafts[0]["id"]]
    async with world.session() as session:
        found = await session.scalars(sa.text("select recipient_id from roster.office_notices"))
        assert found.all() == [str(home_affairs)]
    term = {"on": "2025-12-01", "next_review_on": "2026-01-15", "weekdays": [1, 2], "reason": "Theo đề nghị"}
    assert (await admin.post(f"{path}/review", json=term)).json()["change_asked_at"] is None
    told = await list_notices(world)
    assert [len(items) for items in told] == [9, 3, 3], "the person and both units, each time"
