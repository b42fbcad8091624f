"""By a personal link: what cannot be answered, or is answered too often, is refused in words for the person."""

from typing import Any

import pytest
from roster_api.answers.models import PlacementAnswer
from roster_api.answers.service import ANSWERS_AN_HOUR
from roster_api.data_requests.service import FILED_A_DAY
from roster_api.errors import TooManyError
from roster_api.invitations.answering import ANSWERS_AN_HOUR as INVITED_AN_HOUR
from roster_api.invitations.answering import decline
from roster_api.invitations.models import Invitation, InvitationAnswer

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import token_of
from tests.roster_api.test_invitations import FORM, invite, link_of
from tests.support.issuer import TestIssuer, add_account
from tests.support.refusals import check_refusal

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_without_a_link_nobodys_placement_is_shown(world: World) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}):
        answer = await world.as_("nobody").get("/v1/me/placement", headers=headers)
        check_refusal(answer, 401, "link.missing")
        assert answer.headers["www-authenticate"] == "Link"


async def test_who_has_no_place_any_more_has_nothing_to_confirm(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    await world.make_published(PLACES[1:])
    body, headers = {"answer": "confirmed", "told_sha256": "0" * 64}, {"Authorization": f"Link {token}"}
    answer = await world.as_("nobody").post("/v1/me/confirmation", headers=headers, json=body)
    check_refusal(answer, 409, "placement.none")


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [(ConnectionError(), 503, "Hãy thử lại sau vài giây"), (ZeroDivisionError(), 500, "Lỗi của hệ thống")],
)
async def test_what_goes_wrong_behind_a_page_is_told_on_a_page(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, words: str
) -> None:
    async def fail(*_: object) -> None:
        raise fault

    token = await token_of(world, await world.make_published(PLACES), 0)
    monkeypatch.setattr("roster_api.answers.service.describe_mine", fail)
    page = await world.as_("nobody").get(f"/a/{token}")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (status, "text/html")
    assert words in page.text
    assert page.headers.get("retry-after") == ("5" if status == 503 else None)
    program = await world.as_("nobody").get("/v1/me/placement", headers={"Authorization": f"Link {token}"})
    assert (program.status_code, program.headers["content-type"]) == (status, "application/problem+json")


async def test_an_answer_changed_too_often_is_kept_as_it_is_and_says_when_to_try_again(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    headers = {"Authorization": f"Link {await token_of(world, plan_id, 0)}"}
    nobody = world.as_("nobody")
    told = (await nobody.get("/v1/me/placement", headers=headers)).json()["told_sha256"]
    facts: dict[str, Any] = {"campaign_id": world.campaign_id, "plan_id": plan_id, "told_sha256": told}
    facts |= {"volunteer_id": world.volunteer_ids[0], "answer": "confirmed"}
    async with world.session() as session:
        session.add_all(PlacementAnswer(**facts) for _ in range(ANSWERS_AN_HOUR))
    body = {"answer": "cannot_go", "reason": "Ốm", "told_sha256": told}
    answer = await nobody.post("/v1/me/confirmation", headers=headers, json=body)
    check_refusal(answer, 429, "placement.too_many_answers")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert (await nobody.get("/v1/me/placement", headers=headers)).json()["answer"] == "confirmed"


async def test_what_one_says_of_oneself_too_often_is_kept_as_it_was(world: World) -> None:
    ids = [str(world.volunteer_ids[0])]
    path = await link_of(world, (await invite(world, volunteer_ids=ids)).json()["id"], 0)
    assert (await world.as_("nobody").post(path, data=FORM)).status_code == 303
    async with world.session() as session:
        (given,) = (await session.execute(InvitationAnswer.__table__.select())).mappings()
        again = {"invitation_id": given["invitation_id"], "volunteer_id": given["volunteer_id"], "channel": "page"}
        session.add_all(InvitationAnswer(**again, outcome="given", answered_by="x") for _ in range(INVITED_AN_HOUR))
    for form in (FORM | {"max_days": "1"}, {"do": "decline"}):
        page = await world.as_("nobody").post(path, data=form)
        assert page.status_code == 429
        assert "lần gửi cuối cùng vẫn được giữ" in page.text
        assert "the last one stands" in page.text
        assert 0 < int(page.headers["retry-after"]) <= 3600
    async with world.session() as session:
        invitation = await session.get_one(Invitation, given["invitation_id"])
        with pytest.raises(TooManyError, match=r"invitation\.too_many_answers"):
            await decline(session, invitation)


async def test_a_person_invited_already_is_named_so_when_nobody_is_left(world: World) -> None:
    ids = [str(world.volunteer_ids[0])]
    assert (await invite(world, volunteer_ids=ids)).status_code == 200
    refused = check_refusal(await invite(world, volunteer_ids=ids), 409, "invitation.nobody")
    assert [one["code"] for one in refused["facts"]["skipped"]] == ["invitation.already"]


async def test_requests_about_ones_data_are_bounded_by_the_day(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    headers, nobody = {"Authorization": f"Link {token}"}, world.as_("nobody")

    async def file() -> Any:
        return await nobody.post("/v1/me/data-requests", headers=headers, json={"kind": "access"})

    for _ in range(FILED_A_DAY):
        filed = await file()
        assert filed.status_code == 200, filed.text
        gone = await nobody.post(f"/v1/me/data-requests/{filed.json()['id']}/withdraw", headers=headers)
        assert gone.status_code == 200, gone.text
    answer = await file()
    check_refusal(answer, 429, "data_request.too_many")
    assert answer.headers["retry-after"] == "3600"


async def test_an_account_has_no_phone_to_correct(world: World) -> None:
    role = {"role": "director", "province_code": "56"}
    async with world.session() as session:
        account, _ = await add_account(session, TestIssuer(), subject="gd", email="gd@example.vn", roles=[role])
    body = {"kind": "correction", "correction": {"phone": "0950000777"}, "channel": "paper", "proof": "phiếu 7/2026"}
    answer = await world.as_("admin").post(f"/v1/data-subjects/account/{account}/requests", json=body)
    check_refusal(answer, 422, "data_request.no_phone", at="/correction/phone")


@pytest.mark.parametrize("kind", ["a", "i", "u"])
@pytest.mark.parametrize("rest", ["/", "/xyz", "/data/", "/calendar.ics/more", "//", ""])
async def test_a_link_with_something_too_much_is_a_wrong_link_on_a_page(world: World, kind: str, rest: str) -> None:
    page = await world.as_("nobody").get(f"/{kind}/token{rest}")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (404, "text/html")
    assert "Liên kết không đúng" in page.text
    assert "The link is wrong" in page.text


@pytest.mark.parametrize("kind", ["a", "i", "u"])
async def test_a_form_too_large_is_refused_on_a_page_before_the_link_is_looked_at(world: World, kind: str) -> None:
    page = await world.as_("nobody").post(f"/{kind}/token", content=b"x" * 2_000_000)
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (413, "text/html")
    assert "Nội dung gửi lên quá lớn." in page.text
    assert "The request body is too large." in page.text


async def test_beside_the_pages_of_links_a_program_reads_a_problem(world: World) -> None:
    nobody = world.as_("nobody")
    for path in ("/a", "/ab/token", "/v1/a/token", "/"):
        check_refusal(await nobody.get(path), 404, "not_found")
    check_refusal(await nobody.put("/a/token"), 405, "method.not_allowed")
