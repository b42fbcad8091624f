"""Personal links: one's own placement, confirm or cannot go, and nothing for a wrong token."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from icalendar import Calendar
from ics import Calendar as OtherParser
from roster_api.answers.models import PersonalLink, PlacementAnswer
from roster_api.answers.tokens import find_link_id, sign_link
from roster_api.decisions.models import Decision, DecisionKind
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, days_of_service, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def token_of(world: World, plan_id: str, number: int) -> str:
    notices = {notice["volunteer_id"]: notice for notice in await world.notices(plan_id)}
    return str(notices[str(world.volunteer_ids[number])]["answer_url"]).rpartition("/")[2]


async def press(world: World, token: str, answer: str, **form: str) -> httpx.Response:
    """Open the page and press one of its buttons, as a browser would."""
    page = (await world.as_("nobody").get(f"/a/{token}")).text
    told = re.search(r'name="told" value="(\w+)"', page)
    assert told is not None
    data = {"answer": answer, "told": told.group(1), **form}
    return await world.as_("nobody").post(f"/a/{token}", data=data)


async def test_the_page_shows_the_placement_and_opening_it_changes_nothing(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    assert (await world.as_("nobody").get(f"/a/{token}")).status_code == 200
    page = await world.as_("nobody").get(f"/a/{token}")
    for words in ("Nguyễn Văn An", "Xã Tây Khánh Vĩnh", "Thứ Hai", "Tue", "07:30", "Số hóa hồ sơ", "0950 000 012"):
        assert words in page.text
    served = days_of_service((0, 1))
    assert f"{served[0]:%d/%m/%Y} – {served[-1]:%d/%m/%Y}" in page.text, "the days of service, as the mail says them"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(PlacementAnswer)) == 0


async def test_a_person_confirms_changes_their_mind_and_only_the_last_word_counts(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    for _ in range(2):
        answer = await press(world, token, "confirmed")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/a/{token}")
    assert "Bạn đã xác nhận" in (await world.as_("nobody").get(f"/a/{token}")).text
    await press(world, token, "cannot_go", reason="<b>Ốm</b>")
    answers = (await world.as_("admin").get(f"/v1/plans/{plan_id}/answers")).json()
    assert answers["counts"] == {"confirmed": 0, "cannot_go": 1, "no_answer": 2}
    assert answers["by_commune"]["C2"]["no_answer"] == 1
    mine = next(item for item in answers["items"] if item["answer"])
    assert (mine["answer"], mine["reason"]) == ("cannot_go", "<b>Ốm</b>")
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(PlacementAnswer)) == 2
    own = (await world.as_("s2").get(f"/v1/plans/{plan_id}/answers")).json()
    assert (own["total"], own["counts"]["no_answer"], list(own["by_school"])) == (1, 1, ["S2"])
    of_commune = (await world.as_("c1").get(f"/v1/plans/{plan_id}/answers")).json()
    assert {item["commune_code"] for item in of_commune["items"]} == {"C1"}
    assert {item["reason"] for item in of_commune["items"]} == {None}, "that somebody cannot, and not why"
    assert (await world.as_("finance").get(f"/v1/plans/{plan_id}/answers")).status_code == 403


async def test_answers_are_listed_by_what_was_answered_within_what_one_may_see(world: World) -> None:
    plan_id = await world.make_published((*PLACES, (4, "C3", (4,))))
    await press(world, await token_of(world, plan_id, 0), "confirmed")
    await press(world, await token_of(world, plan_id, 1), "cannot_go", reason="Ốm")
    await press(world, await token_of(world, plan_id, 3), "cannot_go")
    ids = [str(one) for one in world.volunteer_ids]
    wanted = {"admin": {"confirmed": [0], "cannot_go": [1, 3], "none": [4]}, "s2": {"cannot_go": [3], "none": [4]}}
    for who, by_answer in wanted.items():
        for answer, people in by_answer.items():
            page = (await world.as_(who).get(f"/v1/plans/{plan_id}/answers", params={"answer": answer})).json()
            assert sorted(ids.index(item["volunteer_id"]) for item in page["items"]) == people, (who, answer)
            assert page["total"] == len(people)
            assert page["counts"]["cannot_go"] == (2 if who == "admin" else 1), "counts are of every answer"
    unknown = await world.as_("admin").get(f"/v1/plans/{plan_id}/answers", params={"answer": "maybe"})
    assert unknown.status_code == 422


async def test_whatever_a_name_holds_is_shown_as_text(world: World) -> None:
    async with world.session() as session:
        await session.execute(sa.update(Volunteer).values(full_name="<script>alert(1)</script>{{ 7*7 }}"))
    token = await token_of(world, await world.make_published(PLACES), 0)
    page = (await world.as_("nobody").get(f"/a/{token}")).text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


async def test_an_old_link_shows_what_holds_now_and_an_unchanged_answer_still_stands(world: World) -> None:
    first = await world.make_published(PLACES)
    tokens = [await token_of(world, first, number) for number in (0, 1, 3)]
    for token in tokens:
        await press(world, token, "confirmed")
    nobody = world.as_("nobody")
    stale = re.search(r'name="told" value="(\w+)"', (await nobody.get(f"/a/{tokens[1]}")).text)
    assert stale is not None
    second = await world.make_published(((0, "C1", (0, 1)), (1, "C2", (0,))))
    assert "Bạn đã xác nhận" in (await nobody.get(f"/a/{tokens[0]}")).text
    changed = (await nobody.get(f"/a/{tokens[1]}")).text
    assert "Ninh Phước" in changed
    assert "Phân công của bạn đã thay đổi" in changed
    assert "không còn phân công bạn" in (await nobody.get(f"/a/{tokens[2]}")).text
    late = await nobody.post(f"/a/{tokens[1]}", data={"answer": "confirmed", "told": stale.group(1)})
    assert late.status_code == 409
    assert "câu trả lời chưa được ghi" in late.text
    counts = (await world.as_("admin").get(f"/v1/plans/{second}/answers")).json()["counts"]
    assert counts == {"confirmed": 1, "cannot_go": 0, "no_answer": 1}


async def test_wrong_expired_and_revoked_tokens_are_all_alike(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    tokens = [await token_of(world, plan_id, number) for number in (0, 1, 3)]
    async with world.session() as session:
        links = {link.volunteer_id: link for link in await session.scalars(sa.select(PersonalLink))}
        links[world.volunteer_ids[0]].revoked_at = datetime.now(UTC)
        links[world.volunteer_ids[1]].expires_at = datetime.now(UTC)
    unknown = sign_link(uuid4(), secret="a-secret-of-the-tests-only")
    wrong = [tokens[0], tokens[1], unknown, tokens[2][:-1] + ("A" if tokens[2][-1] != "A" else "B"), "%F0", "x" * 150]
    answers = [await world.as_("nobody").get(f"/a/{token}") for token in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="[^"]+"', "", answer.text) for answer in answers}) == 1
    api = world.as_("nobody")
    assert (await api.get("/v1/me/placement")).status_code == 401
    assert (await api.get("/v1/me/placement", headers={"Authorization": f"Link {unknown}"})).status_code == 404
    assert (await api.get("/v1/me/placement", headers={"Authorization": f"Link {tokens[2]}"})).status_code == 200


def test_a_token_is_of_one_secret_and_one_spelling() -> None:
    link_id = uuid4()
    token = sign_link(link_id, secret="one")
    assert find_link_id(token, secret="one") == link_id
    for other in (token + "=", token[:-1], token + "A", "", "====", "ưưư", token.swapcase()):
        assert find_link_id(other, secret="one") is None
    assert find_link_id(token, secret="two") is None


async def test_the_portal_reads_and_confirms_by_the_same_link(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    portal, headers = world.as_("nobody"), {"Authorization": f"Link {token}"}
    mine = (await portal.get("/v1/me/placement", headers=headers)).json()
    assert (mine["placement"]["commune_code"], mine["answer"], mine["may_answer"]) == ("C1", None, True)
    body = {"answer": "confirmed", "told_sha256": mine["told_sha256"]}
    confirmed = (await portal.post("/v1/me/confirmation", headers=headers, json=body)).json()
    assert confirmed["answer"] == "confirmed"
    stale = await portal.post("/v1/me/confirmation", headers=headers, json={**body, "told_sha256": "0" * 64})
    assert (stale.status_code, stale.json()["code"]) == (409, "placement.changed")


async def test_the_calendar_keeps_its_uid_and_counts_up(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    headers = {"Authorization": f"Link {token}"}

    async def read() -> Any:
        answer = await world.as_("nobody").get("/v1/me/calendar.ics", headers=headers)
        assert answer.headers["content-type"].startswith("text/calendar")
        assert len(OtherParser(answer.text).events) == 1
        return next(iter(Calendar.from_ical(answer.content).walk("VEVENT")))

    first = await read()
    assert first["DTSTART"].dt.date() == days_of_service((0, 1))[0]
    assert sorted(first["RRULE"]["BYDAY"]) == ["MO", "TU"]
    await world.make_published(((0, "C2", (3,)),))
    second = await read()
    assert (second["UID"], second["STATUS"]) == (first["UID"], "CONFIRMED")
    assert second["SEQUENCE"] > first["SEQUENCE"]
    await world.make_published(((1, "C1", (0,)),))
    assert ((await read())["UID"], (await read())["STATUS"]) == (first["UID"], "CANCELLED")


async def test_the_next_run_knows_who_confirmed_and_leaves_out_who_cannot_go_until_pinned(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await press(world, await token_of(world, plan_id, 0), "confirmed")
    await press(world, await token_of(world, plan_id, 1), "cannot_go")
    problem = await frozen_problem(world)
    before = {row["volunteer_id"]: row["is_confirmed"] for row in problem["previous_placements"]}
    assert before == {str(world.volunteer_ids[0]): True, str(world.volunteer_ids[3]): False}
    unable = str(world.volunteer_ids[1])
    assert unable not in {person["id"] for person in problem["volunteers"]}
    async with world.session() as session:
        pin = Decision(
            campaign_id=world.campaign_id,
            kind=DecisionKind.PLACEMENT_PIN.value,
            volunteer_id=world.volunteer_ids[1],
            commune_code="C1",
            reason="Đã trao đổi qua điện thoại",
            decided_by="test",
        )
        session.add(pin)
    assert unable in {person["id"] for person in (await frozen_problem(world))["volunteers"]}


async def frozen_problem(world: World) -> dict[str, Any]:
    """What a worker would be told now."""
    run_id = await world.request_run(force=True)
    claimed = await world.claim(run_id)
    assert claimed.status_code == 200, claimed.text
    answer = await world.as_("solver").get(f"/v1/internal/matching-runs/{run_id}/problem")
    problem: dict[str, Any] = answer.json()
    return problem
