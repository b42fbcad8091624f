"""Somebody cannot go: who could step in, the pick and its confirmation; one person's page; several withdrawn."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.test_editing import CAMPAIGN, PLAN
from tests.portal.test_settings_pages import SETTLED, page_of, sent
from tests.portal.world import ADMIN, ASSIGNMENT, ME, PortalWorld, portal_world

LEAVER, NEWCOMER = "90000000-0000-4000-8000-000000000001", "90000000-0000-4000-8000-000000000002"
PLACE: dict[str, Any] = {
    "volunteer_id": LEAVER, "full_name": "Lê Văn Ốm", "role": "student", "school_code": "S1", "commune_code": "22366",
    "commune_name": "Xã A", "weekdays": [0, 2], "distance_m": 12_000, "duties": ["Số hóa"],
}  # fmt: skip
PERSON: dict[str, Any] = {
    "id": LEAVER, "full_name": "Lê Văn Ốm", "role": "student", "school_id": "s1", "status": "active", "phone": None,
    "withdrawal": None,
    "email": None, "free_weekdays": [0, 2], "max_days": 2, "max_distance_m": 100_000_000, "skills": {"digital": 2},
    "transport": None, "is_incomplete": False, "home_commune_code": None,
    "absences": [{"kind": "exam", "starts_on": "2026-11-09", "ends_on": "2026-11-10", "note": "Thi"}],
}  # fmt: skip
OFFER = {"people": [NEWCOMER], "days": {NEWCOMER: [0, 2]}, "commune": "22366", "effect": {"unmet": 0, "travel_km": 5}}
ADVICE: dict[str, Any] = {
    "id": "a1", "status": "ready", "failure": None, "people": {NEWCOMER: "Trần Thị Thay"},
    "data": {"replacements": [OFFER]},
}  # fmt: skip
CONFIRM = {"people": 2, "messages": 4, "unreachable": 0, "unable": 0, "sms": 2, "segments": 4, "cost_vnd": None}
CONSENTS = {
    "items": [],
    "purposes": [{"purpose": "messages", "state": "not_asked", "text_vi": "Nhận tin", "text_en": "Messages",
                  "text_version": "v1"}],
}  # fmt: skip
VACANCY = f"/plans/p1/vacancies/{LEAVER}"


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns"): (200, page_of(SETTLED | {"status": "open"})),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("GET", "/v1/campaigns/c1/plans"): (200, page_of(PLAN | {"status": "published"})),
            ("GET", "/v1/plans/p1"): (200, PLAN | {"status": "published", "version": 1, "published_by": "Nội vụ"}),
            ("GET", "/v1/plans/p1/placements"): (200, page_of(PLACE)),
            ("GET", "/v1/schools/s1"): (200, {"id": "s1", "name": "Trường Mẫu"}),
            ("GET", f"/v1/volunteers/{LEAVER}"): (200, PERSON),
            ("GET", f"/v1/volunteers/{NEWCOMER}"): (200, PERSON | {"id": NEWCOMER, "phone": "+84950000001"}),
            ("GET", f"/v1/volunteers/{LEAVER}/consents"): (200, CONSENTS),
            ("POST", "/v1/matching-runs/r1/advice"): (202, ADVICE),
            ("GET", "/v1/advice/a1"): (200, ADVICE),
        }
        yield made


def asked(world: PortalWorld, method: str, path: str) -> list[Any]:
    return [each for each in world.asked if (each.method, each.url.path) == (method, path)]


async def test_while_it_is_worked_out_the_page_asks_after_the_same_question_and_a_failure_ends_that(
    world: PortalWorld,
) -> None:
    world.answers["POST", "/v1/matching-runs/r1/advice"] = (202, ADVICE | {"status": "queued", "data": None})
    waiting = await world.client.get(VACANCY)
    assert waiting.headers["Refresh"] == f"3; url={VACANCY}?advice=a1"
    failure = {"kind": "no_answer", "vi": "Không có câu trả lời", "en": "No answer"}
    world.answers["GET", "/v1/advice/a1"] = (200, ADVICE | {"status": "failed", "data": None, "failure": failure})
    ended = await world.client.get(f"{VACANCY}?advice=a1")
    assert "Không có câu trả lời" in ended.text
    assert "Refresh" not in ended.headers
    assert len(asked(world, "POST", "/v1/matching-runs/r1/advice")) == 1


async def test_a_pick_is_published_only_after_who_is_told_was_confirmed(world: PortalWorld) -> None:
    page = (await world.client.get(VACANCY)).text
    assert "Trần Thị Thay" in page
    assert "km đi lại: +5" in page
    path = "/v1/plans/p1/replacements"
    world.answers["POST", path] = (409, {"code": "plan.confirm", "facts": {"confirm": CONFIRM}})
    typed = {"pick": NEWCOMER, "reason": "Đã gọi, đồng ý"}
    looked = await world.post(VACANCY, await world.form_of(VACANCY) | typed)
    assert "4 tin đến 2 người" in looked.text
    assert sent(world, path)["confirm"] is None
    again = typed | {"confirm": json.dumps(CONFIRM)}
    unsure = await world.post(VACANCY, await world.form_of(VACANCY) | again)
    assert (unsure.status_code, sent(world, path)["confirm"]) == (409, None)
    world.answers["POST", path] = (200, PLAN | {"id": "p2", "status": "published", "version": 2})
    done = await world.post(VACANCY, await world.form_of(VACANCY) | again | {"sure": "yes"})
    assert done.headers["Location"] == "/plans/p2/answers"
    assert sent(world, path) == {
        "leaver_id": LEAVER, "volunteer_ids": [NEWCOMER], "reason": "Đã gọi, đồng ý", "confirm": CONFIRM,
    }  # fmt: skip


async def test_before_a_pick_is_published_whom_nothing_reaches_is_named_and_that_the_notifier_was_not_asked(
    world: PortalWorld,
) -> None:
    refused = {"code": "volunteer.unreachable", "vi": "Email này đã bị trả lại.", "en": "It came back."}
    errors = [refused | {"pointer": f"volunteer:{person}"} for person in (LEAVER, NEWCOMER)]
    typed = {"pick": NEWCOMER, "reason": "Đã gọi, đồng ý"}
    for asked_there, is_warned in ((False, True), (True, False)):
        facts = {"confirm": CONFIRM, "is_notifier_asked": asked_there}
        problem = {"code": "plan.confirm", "facts": facts, "errors": errors}
        world.answers["POST", "/v1/plans/p1/replacements"] = (409, problem)
        page = (await world.post(VACANCY, await world.form_of(VACANCY) | typed)).text
        named = page.partition('<ul id="left-out">')[2].partition("</ul>")[0]
        assert [each.partition(":")[0] for each in named.split("<li>")[1:]] == ["Lê Văn Ốm", "Trần Thị Thay"]
        assert "Email này đã bị trả lại." in named
        assert ("Bộ gửi tin chưa trả lời" in page) is is_warned


async def test_a_refused_pick_keeps_what_was_chosen_and_a_school_only_looks(world: PortalWorld) -> None:
    problem = {"code": "replacement.placed", "detail_vi": "Đã có phân công"}
    world.answers["POST", "/v1/plans/p1/replacements"] = (409, problem)
    typed = {"pick": NEWCOMER, "reason": "Đã gọi, đồng ý"}
    refused = await world.post(VACANCY, await world.form_of(VACANCY) | typed)
    assert "Đã có phân công" in refused.text
    assert f'value="{NEWCOMER}" required checked' in refused.text
    assert 'value="Đã gọi, đồng ý"' in refused.text
    world.answers["GET", "/v1/me"] = (200, ME)
    world.app.state.kept.forget("the-token None")
    page = (await world.client.get(VACANCY)).text
    assert "Trần Thị Thay" in page
    assert 'name="pick"' not in page


PAGE = f"/volunteers/{LEAVER}"


async def test_days_away_are_sent_whole_without_empty_rows_and_come_back_as_typed(world: PortalWorld) -> None:
    page = (await world.client.get(PAGE)).text
    assert 'value="09/11/2026"' in page
    path = f"/v1/volunteers/{LEAVER}/absences"
    world.answers["PUT", path] = (422, {"code": "x", "detail_vi": "Ngày không hợp lệ", "errors": []})
    rows = {"kind": ["exam", "leave"], "starts_on": ["9/11/2026", ""], "ends_on": ["31/02/2026", ""], "note": ["", ""]}
    fields: dict[str, Any] = await world.form_of(PAGE)
    refused = await world.post(PAGE, fields | rows | {"then": "absences", "etag": '"7"'})
    assert "Ngày không hợp lệ" in refused.text
    assert 'value="31/02/2026"' in refused.text
    assert sent(world, path) == {
        "items": [{"kind": "exam", "starts_on": "2026-11-09", "ends_on": "31/02/2026", "note": ""}]
    }


async def test_what_somebody_signed_is_recorded_with_the_texts_version(world: PortalWorld) -> None:
    path = f"/v1/volunteers/{LEAVER}/consents"
    world.answers["POST", path] = (200, CONSENTS)
    typed = {"then": "consent", "what": "messages:v1", "is_given": "no", "channel": "paper", "proof": "Tờ số 7"}
    assert (await world.post(PAGE, await world.form_of(PAGE) | typed)).status_code == 303
    assert sent(world, path) == {
        "purpose": "messages", "text_version": "v1", "is_given": False, "channel": "paper", "proof": "Tờ số 7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("then", "path"), [("withdraw", "withdraw"), ("archive", "archive"), ("revoke", "links/revoke")]
)
async def test_what_ends_something_is_done_only_with_its_box_ticked(world: PortalWorld, then: str, path: str) -> None:
    fields = await world.form_of(PAGE) | {"then": then}
    address = f"/v1/volunteers/{LEAVER}/{path}"
    assert (await world.post(PAGE, fields)).status_code == 422
    assert asked(world, "POST", address) == []
    assert (await world.post(PAGE, fields | {"sure": "yes"})).status_code == 303
    assert len(asked(world, "POST", address)) == 1


async def test_a_reader_of_people_sees_no_form_and_asks_for_no_consent(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN | {"assignments": [ASSIGNMENT | {"role": "director"}]})
    page = (await world.client.get(PAGE)).text
    assert page.count('method="post"') == 1
    assert asked(world, "GET", f"/v1/volunteers/{LEAVER}/consents") == []
    assert (await world.client.get(f"/withdrawals?person={LEAVER}")).status_code == 404


async def test_several_are_withdrawn_together_after_a_look_at_who_awaits_them(world: PortalWorld) -> None:
    page = (await world.client.get(f"/withdrawals?person={LEAVER}&person={NEWCOMER}")).text
    assert page.count("Xã A") == 2
    fields = await world.form_of(f"/withdrawals?person={LEAVER}")
    both: dict[str, Any] = fields | {"person": [LEAVER, NEWCOMER]}
    assert (await world.post("/withdrawals", both)).status_code == 422
    path = "/v1/volunteers/withdraw"
    assert asked(world, "POST", path) == []
    problem = {
        "code": "x",
        "detail_vi": "Không ai được ghi",
        "errors": [{"pointer": "/0", "vi": "Ốm đã thôi", "en": ""}],
    }
    world.answers["POST", path] = (409, problem)
    refused = await world.post("/withdrawals", both | {"sure": "yes"})
    assert "Ốm đã thôi" in refused.text
    assert sent(world, path) == {"volunteer_ids": [LEAVER, NEWCOMER], "reason": None}
    await world.post("/withdrawals", both | {"sure": "yes", "reason": " Trùng lịch thi "})
    assert sent(world, path)["reason"] == "Trùng lịch thi"
    unsure = await world.post("/withdrawals", both | {"reason": "Ốm"})
    assert 'name="reason" maxlength="300" value="Ốm"' in unsure.text


async def test_an_invitations_link_is_taken_out_of_use(world: PortalWorld) -> None:
    world.answers["GET", "/v1/schools/s1/invitations"] = (200, page_of() | {"counts": dict.fromkeys(STATES, 0)})
    fields = await world.form_of("/schools/s1/invitations")
    done = await world.post("/schools/s1/invitations/revoke", fields | {"invitation": "i1"})
    assert done.status_code == 303
    assert len(asked(world, "POST", "/v1/invitations/i1/revoke")) == 1


async def test_those_who_are_ticked_are_invited_or_reminded_and_nobody_ticked_is_said(world: PortalWorld) -> None:
    base, answer = "/v1/schools/s1/invitations", {"people": 2, "skipped": []}
    rows = [invited("v1", "not_invited"), invited("v2", "not_invited"), invited("v3", "invited")]
    world.answers |= {
        ("GET", base): (200, page_of(*rows) | {"counts": dict.fromkeys(STATES, 1)}),
        ("POST", base): (200, answer),
        ("POST", f"{base}/reminders"): (200, answer | {"people": 1}),
    }
    page = (await world.client.get("/schools/s1/invitations")).text
    assert (page.count('form="chosen" name="person"'), page.count('form="chosen" name="silent"')) == (2, 1)
    fields: dict[str, Any] = await world.form_of("/schools/s1/invitations") | {"then": "chosen"}
    nobody = await world.post("/schools/s1/invitations", fields)
    assert (nobody.status_code, "Chưa chọn ai" in nobody.text) == (422, True)
    done = await world.post("/schools/s1/invitations", fields | {"person": ["v1", "v2"], "silent": ["v3"]})
    assert done.status_code == 303
    assert sent(world, base) == {"volunteer_ids": ["v1", "v2"]}
    assert sent(world, f"{base}/reminders") == {"volunteer_ids": ["v3"]}
    problem = {"code": "invitation.reminded", "detail_vi": "Đã nhắc rồi.", "detail": "Reminded before."}
    world.answers["POST", f"{base}/reminders"] = (409, problem)
    half = await world.post("/schools/s1/invitations", fields | {"person": ["v1", "v2"], "silent": ["v3"]})
    assert (half.status_code, "Đã mời 2 người, chưa nhắc ai: Đã nhắc rồi." in half.text) == (409, True)


async def test_why_somebody_withdrew_stands_on_their_page(world: PortalWorld) -> None:
    why = {"at": "2026-11-30T02:00:00Z", "by": "Trường A", "reason": "Trùng lịch thi"}
    world.answers["GET", f"/v1/volunteers/{LEAVER}"] = (200, PERSON | {"status": "withdrawn", "withdrawal": why})
    page = (await world.client.get(PAGE)).text
    assert all(words in page for words in ("Trùng lịch thi", "Trường A", "09:00 30/11/2026"))


def invited(person: str, state: str) -> dict[str, Any]:
    blank = dict.fromkeys(("phone", "email", "answered_at", "answered_by", "reminded_at", "invited_at"))
    return blank | {"volunteer_id": person, "full_name": person, "state": state, "invitation_id": None}


STATES = ("not_invited", "invited", "reminded", "answered", "declined", "expired", "revoked")
