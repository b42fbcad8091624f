"""Whom a list says too little of is asked once, says it on a page of their own, and no later list writes over it."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from roster_api.answers.tokens import INVITATION, find_link_id, sign_link
from roster_api.audit.models import AuditEntry
from roster_api.consents.models import Consent
from roster_api.invitations.models import Invitation, InvitationAnswer
from roster_api.outbox import service as outbox
from roster_api.outbox.models import OutboxRow
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import PUBLIC_URL, World, planning_world

FORM = {
    "do": "give", "day": ["0", "3"], "max_days": "2", "level_digitise": "3", "level_kpi": "0", "max_km": "40",
    "home": "C1", "transport": "motorbike", "absence_from_0": "2027-01-04", "absence_to_0": "06/01/2027",
    "absence_kind_0": "exam", "agrees": "yes", "messages": "yes",
}  # fmt: skip


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    """Of S1 persons 0, 1 and 2 are incomplete, the last without any contact; of S2 person 3."""
    async with planning_world(roster_database_url) as made:
        async with made.session() as session:
            for number in (0, 1, 2, 3):
                person = await session.get_one(Volunteer, made.volunteer_ids[number])
                person.free_weekdays, person.skills = [], {}
                if number == 2:
                    person.email = person.phone = None
        yield made


def path_of(world: World, code: str = "S1") -> str:
    return f"/v1/schools/{world.school_ids[code]}/invitations"


async def invite(world: World, who: str = "s1", code: str = "S1", **body: Any) -> httpx.Response:
    return await world.as_(who).post(path_of(world, code), json=body)


async def notices_of(world: World, round_id: str) -> list[dict[str, Any]]:
    """As notifier reads them, each with the person's card."""
    service = world.as_("notifier")
    items = (await service.get(f"/v1/internal/sources/invitation/{round_id}/notices")).json()["items"]
    asked = {"items": [{"recipient": item["recipient"], "source": item["source"]} for item in items]}
    cards = (await service.post("/v1/internal/contacts", json=asked)).json()["items"]
    by_person = {card["recipient"]["id"]: card for card in cards}
    return [item | {"card": by_person[item["recipient"]["id"]]} for item in items]


async def link_of(world: World, round_id: str, number: int) -> str:
    """The path of the page."""
    person = str(world.volunteer_ids[number])
    (notice,) = [one for one in await notices_of(world, round_id) if one["recipient"]["id"] == person]
    return str(notice["card"]["personal_url"]).removeprefix(PUBLIC_URL)


async def states(world: World) -> dict[int, str]:
    page = (await world.as_("s1").get(path_of(world))).json()
    known = [str(one) for one in world.volunteer_ids]
    assert page["total"] == sum(page["counts"].values())
    return {known.index(item["volunteer_id"]): item["state"] for item in page["items"]}


async def test_the_incomplete_are_asked_once_and_who_cannot_be_is_named(world: World) -> None:
    assert await states(world) == {0: "not_invited", 1: "not_invited", 2: "not_invited"}
    answer = await invite(world)
    assert (answer.status_code, answer.json()["people"]) == (200, 2), answer.text
    (skipped,) = answer.json()["skipped"]
    assert (skipped["code"], skipped["full_name"]) == ("invitation.no_contact", "Lê Cẩm Châu")
    first, second = sorted(await notices_of(world, answer.json()["id"]), key=lambda one: one["full_name"])
    assert (first["kind"], first["source"]["version"], first["school_name"]) == (
        "invitation", 1, "Trường Đại học Khánh Hòa",
    )  # fmt: skip
    assert first["card"]["personal_url"].startswith(f"{PUBLIC_URL}/i/")
    assert first["card"]["personal_url"] != second["card"]["personal_url"]
    again = await invite(world)
    assert (again.status_code, again.json()["code"]) == (409, "invitation.nobody")
    assert "2 người đã được mời, 1 người không có liên hệ" in again.json()["detail_vi"]
    assert await states(world) == {0: "invited", 1: "invited", 2: "not_invited"}
    async with world.session() as session:
        topics = [row.args["source_kind"] for row in await session.scalars(sa.select(OutboxRow))]
        entry = await session.scalar(
            sa.select(AuditEntry).where(AuditEntry.route.endswith("/invitations"), AuditEntry.method == "POST")
        )
    assert topics == ["invitation"]
    assert {str(world.volunteer_ids[0]), str(world.volunteer_ids[1])} <= set(entry.subjects)


async def test_a_person_says_the_rest_on_the_page_and_is_matched_from_then_on(world: World) -> None:
    path = await link_of(world, (await invite(world)).json()["id"], 0)
    nobody = world.as_("nobody")
    page = await nobody.get(path)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert len(page.content) < 30_000
    assert "<script" not in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    for words in ("Nguyễn Văn An", "Thứ Hai", "Số hóa", "Xã Tây Khánh Vĩnh", "0950 000 011", "Free days", "I agree"):
        assert words in page.text
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(InvitationAnswer)) == 0
    sent = await nobody.post(path, data=FORM)
    assert (sent.status_code, sent.headers["location"]) == (303, path), sent.text
    assert "Đã ghi nhận những điều bạn khai" in (await nobody.get(path)).text
    person = (await world.as_("s1").get(f"/v1/volunteers/{world.volunteer_ids[0]}")).json()
    assert (person["free_weekdays"], person["max_days"], person["skills"]) == ([0, 3], 2, {"digitise": 3})
    assert (person["max_distance_m"], person["home_commune_code"], person["transport"]) == (40_000, "C1", "motorbike")
    (absence,) = person["absences"]
    assert (absence["starts_on"], absence["ends_on"], absence["kind"]) == ("2027-01-04", "2027-01-06", "exam")
    assert person["is_incomplete"] is False
    assert {name: said["by"] for name, said in person["own_words"].items()} == dict.fromkeys(
        ("free_weekdays", "max_days", "skills", "max_distance_m", "absences", "home_commune_code", "transport"),
        "person",
    )
    seen = (await world.as_("overseer").get(f"/v1/volunteers/{world.volunteer_ids[0]}")).json()
    assert (seen["home_commune_code"], seen["transport"]) == (None, None)
    async with world.session() as session:
        consents = {row.purpose: row for row in await session.scalars(sa.select(Consent))}
        entries = (await session.scalars(sa.select(AuditEntry).where(AuditEntry.route == "/i/{token}"))).all()
    assert {purpose: row.is_given for purpose, row in consents.items()} == {"matching": True, "messages": True}
    (entry,) = entries
    assert (entry.actor_role, str(world.volunteer_ids[0]) in entry.subjects) == ("volunteer", True)
    assert path.rpartition("/")[2] not in repr(entry.details)
    assert await states(world) == {0: "answered", 1: "invited", 2: "not_invited"}
    item = next(
        one for one in (await world.as_("s1").get(path_of(world), params={"state": "answered"})).json()["items"]
    )
    assert item["answered_by"] == "the person"


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"day": []}, "Chọn ít nhất một ngày rảnh"),
    ({"level_digitise": "0"}, "Choose at least one field"),
    ({"agrees": ""}, "Không có đồng ý này"),
    ({"max_km": "bốn mươi"}, "Viết một số nguyên"),
    ({"absence_from_0": "31/02/2027"}, "Not a date"),
    ({"absence_from_0": ""}, "Thiếu ngày đầu"),
    ({"absence_to_0": "2026-12-01"}, "Ngày cuối phải không trước ngày đầu"),
    ({"home": "99999"}, "Không có xã này"),
    ({"level_nothing": "1"}, "Không có lĩnh vực"),
)


async def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_is_still_there(world: World) -> None:
    path = await link_of(world, (await invite(world)).json()["id"], 0)
    for wrong, words in WRONG:
        answer = await world.as_("nobody").post(path, data=FORM | wrong)
        assert (answer.status_code, words in answer.text) == (422, True), (wrong, answer.text[-3000:])
        assert "Chưa ghi được" in answer.text
        assert re.search(r'value="motorbike" selected', answer.text)
    async with world.session() as session:
        assert (await session.get_one(Volunteer, world.volunteer_ids[0])).free_weekdays == []


async def test_who_declines_is_deleted_from_what_they_said_and_may_change_their_mind(world: World) -> None:
    path = await link_of(world, (await invite(world)).json()["id"], 0)
    nobody = world.as_("nobody")
    await nobody.post(path, data=FORM)
    assert (await nobody.post(path, data={"do": "decline"})).status_code == 303
    assert "không tham gia" in (await nobody.get(path)).text
    person = (await world.as_("s1").get(f"/v1/volunteers/{world.volunteer_ids[0]}")).json()
    assert (person["free_weekdays"], person["absences"], person["home_commune_code"]) == ([], [], None)
    assert list(person["own_words"]) == ["free_weekdays"]
    assert await states(world) == {0: "declined", 1: "invited", 2: "not_invited"}
    refused = await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[0]}/own-words", json=FILLED)
    assert (refused.status_code, refused.json()["code"]) == (409, "invitation.declined")
    await nobody.post(path, data=FORM)
    assert (await states(world))[0] == "answered"


FILLED = {
    "free_weekdays": [2], "max_days": 1, "skills": {"digitise": 1}, "absences": {"items": []},
    "channel": "spoken", "proof": "Gọi ngày 1/12/2026",
}  # fmt: skip


async def test_the_silent_are_reminded_once_and_the_second_call_is_refused_with_words(world: World) -> None:
    path = await link_of(world, (await invite(world)).json()["id"], 0)
    await world.as_("nobody").post(path, data=FORM)
    remind = f"{path_of(world)}/reminders"
    told = await world.as_("s1").post(remind, json={})
    assert (told.status_code, told.json()["people"]) == (200, 1), told.text
    (notice,) = await notices_of(world, told.json()["id"])
    assert (notice["kind"], notice["source"]["version"]) == ("invitation_reminder", 2)
    assert notice["recipient"]["id"] == str(world.volunteer_ids[1])
    assert notice["card"]["personal_url"].startswith(f"{PUBLIC_URL}/i/"), "the link that they had"
    second = await world.as_("s1").post(remind, json={})
    assert (second.status_code, second.json()["code"]) == (409, "invitation.nobody_to_remind")
    assert "1 người chưa trả lời đều đã được nhắc một lần" in second.json()["detail_vi"]
    assert await states(world) == {0: "answered", 1: "reminded", 2: "not_invited"}


async def test_a_coordinator_fills_in_with_a_proof_and_it_is_kept_as_said_for_the_person(world: World) -> None:
    await invite(world)
    path = f"/v1/volunteers/{world.volunteer_ids[1]}/own-words"
    assert (await world.as_("s1").post(path, json=FILLED | {"proof": ""})).status_code == 422
    assert (await world.as_("s2").post(path, json=FILLED)).status_code == 404
    assert (await world.as_("c1").post(path, json=FILLED)).status_code == 403
    done = await world.as_("s1").post(path, json=FILLED, headers={"Idempotency-Key": "once"})
    assert (done.status_code, done.json()["is_incomplete"]) == (200, False), done.text
    assert await states(world) == {0: "invited", 1: "answered", 2: "not_invited"}
    await world.as_("s1").post(path, json=FILLED, headers={"Idempotency-Key": "once"})
    person = (await world.as_("s1").get(f"/v1/volunteers/{world.volunteer_ids[1]}")).json()
    assert (person["free_weekdays"], person["own_words"]["free_weekdays"]["by"]) == ([2], "school")
    async with world.session() as session:
        consent = (await session.scalars(sa.select(Consent))).one()
        (answer,) = (await session.scalars(sa.select(InvitationAnswer))).all()
    assert (consent.purpose, consent.channel, consent.proof) == ("matching", "spoken", FILLED["proof"])
    assert (answer.answered_by, answer.answered_by_id is not None) == ("s1", True)
    never_invited = await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[2]}/own-words", json=FILLED)
    assert never_invited.json()["own_words"]["skills"]["by"] == "school"
    patched = await world.as_("s1").patch(
        f"/v1/volunteers/{world.volunteer_ids[1]}", json={"free_weekdays": [3]}, headers={"If-Match": "*"}
    )
    assert "free_weekdays" not in patched.json()["own_words"], "the school's own word from now on"
    assert "skills" in patched.json()["own_words"]


async def test_wrong_revoked_ended_and_foreign_links_open_nothing_and_say_so(world: World) -> None:
    secret = "a-secret-of-the-tests-only"
    round_id = (await invite(world)).json()["id"]
    path = await link_of(world, round_id, 0)
    link_id = find_link_id(path.rpartition("/")[2], secret=secret, purpose=INVITATION)
    assert link_id is not None
    nobody = world.as_("nobody")
    as_placement = f"/i/{sign_link(link_id, secret=secret)}"
    for wrong in (as_placement, f"/i/{'x' * 44}", "/i/none", f"/a/{path.rpartition('/')[2]}"):
        answer = await nobody.get(wrong)
        assert (answer.status_code, "Liên kết không đúng" in answer.text) == (404, True), wrong
    async with world.session() as session:
        await session.execute(
            sa.update(Invitation).where(Invitation.id == link_id).values(expires_at=sa.func.now())
        )  # fmt: skip
    assert (await nobody.post(path, data=FORM)).status_code == 404
    assert (await states(world))[0] == "expired"
    assert (await notices_of(world, round_id))[0]["card"]["personal_url"] != path
    assert (await invite(world)).json()["code"] == "invitation.nobody", "only by name"
    anew = await invite(world, volunteer_ids=[str(world.volunteer_ids[0])])
    path = await link_of(world, anew.json()["id"], 0)
    assert (await nobody.get(path)).status_code == 200
    items = (await world.as_("s1").get(path_of(world))).json()["items"]
    invitation_id = next(item["invitation_id"] for item in items if item["state"] == "invited")
    for _ in range(2):
        revoked = await world.as_("s1").post(f"/v1/invitations/{invitation_id}/revoke")
        assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    foreign = await invite(world, volunteer_ids=[str(world.volunteer_ids[3])])
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/volunteer_ids/0")


async def test_somebody_off_the_list_or_written_to_no_more_is_not_invited(world: World) -> None:
    said = {"purpose": "messages", "is_given": False, "text_version": "1", "channel": "paper", "proof": "Phiếu 1"}
    await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[0]}/consents", json=said)
    answer = (await invite(world)).json()
    assert {one["code"] for one in answer["skipped"]} == {"invitation.no_contact", "invitation.withdrew"}
    path = await link_of(world, answer["id"], 1)
    await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[1]}/withdraw")
    assert (await world.as_("nobody").get(path)).status_code == 404


async def test_too_many_answers_within_the_hour_are_refused_and_the_last_one_stands(world: World) -> None:
    path = await link_of(world, (await invite(world)).json()["id"], 0)
    async with world.session() as session:
        invitation = await session.scalar(
            sa.select(Invitation).where(Invitation.volunteer_id == world.volunteer_ids[0])
        )  # fmt: skip
        session.add_all(
            InvitationAnswer(
                invitation_id=invitation.id, volunteer_id=invitation.volunteer_id, outcome="given", channel="page",
                answered_by="the person",
            )
            for _ in range(10)
        )  # fmt: skip
    answer = await world.as_("nobody").post(path, data=FORM)
    assert (answer.status_code, "lần trong một giờ qua" in answer.text) == (429, True)
    assert answer.headers["retry-after"]


async def test_killed_between_the_invitations_and_the_outbox_nobody_is_invited_and_the_same_key_does_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = outbox.append

    async def die(session: Any, **_: Any) -> UUID:
        await session.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))
        raise AssertionError("unreachable")

    headers = {"Idempotency-Key": "invite"}
    monkeypatch.setattr(outbox, "append", die)
    answer = await world.as_("s1").post(path_of(world), json={}, headers=headers)
    assert answer.status_code == 503
    monkeypatch.setattr(outbox, "append", append)
    assert set((await states(world)).values()) == {"not_invited"}
    done = [await world.as_("s1").post(path_of(world), json={}, headers=headers) for _ in range(3)]
    assert [(one.status_code, one.json()["people"]) for one in done] == [(200, 2)] * 3
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 2
        assert await session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 1
