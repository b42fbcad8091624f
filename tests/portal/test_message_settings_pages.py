"""Pages of what is settled about messages: words tried and published, addresses let go, programs that are told."""

import json
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import pytest
from commune_portal.wording import WORDS
from commune_schemas.notices import NoticeKind

from tests.portal.world import ADMIN, ASSIGNMENT, ME, PortalWorld, portal_world

HOSTILE = "<script>alert(1)</script>"
NATION = ME | {"assignments": [ASSIGNMENT | {"role": "admin", "scope_kind": "nation", "scope_id": None}]}
ONE = "/v1/message-templates/placement_assigned/sms/vi"
MAIL = "/v1/message-templates/placement_assigned/email/vi"
PAGE = "/settings/templates/words?kind=placement_assigned&channel=sms&words_in=vi"
MAIL_PAGE = PAGE.replace("sms", "email")
VERSION: dict[str, Any] = {
    "version": 2, "blocks": {"text": HOSTILE, "is_accented": True}, "written_by": HOSTILE, "reason": HOSTILE,
    "created_at": "2026-11-01T02:00:00Z", "published_at": None,
}  # fmt: skip
DETAIL: dict[str, Any] = {
    "kind": "placement_assigned", "channel": "sms", "language": "vi", "facts": ["commune", "answer_url"],
    "in_force": None, "built_in": {"text": "Lời có sẵn", "is_accented": False}, "versions": [VERSION],
}  # fmt: skip
WORDS_OF_FORM = {"kind": "placement_assigned", "channel": "sms", "words_in": "vi"}
GONE: dict[str, Any] = {
    "id": "s1", "channel": "email", "recipient_kind": "volunteer", "volunteer_id": None, "name": HOSTILE,
    "school_name": "Trường Mẫu", "to": "n***@example.vn", "reason": "dead_address",
    "created_at": "2026-11-01T02:00:00Z", "released_at": None, "release_reason": None,
}  # fmt: skip
HOOK: dict[str, Any] = {
    "id": "h1", "url": "https://example.vn/hook", "event_types": ["commune-roster.message.failed"],
    "description": HOSTILE, "created_at": "2026-11-01T02:00:00Z", "previous_until": None, "failing_since": None,
    "disabled_at": None, "disabled_reason": None,
}  # fmt: skip
HOOKS = {
    "items": [HOOK], "total": 1,
    "event_types": [{"type": "commune-roster.message.failed", "vi": "Một tin không đến được ai", "en": "Failed"}],
}  # fmt: skip


def page_of(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "total": len(items), "limit": 50, "offset": 0, "is_cut": False}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", ONE): (200, DETAIL),
            ("GET", MAIL): (200, DETAIL | {"channel": "email", "built_in": None, "versions": []}),
            ("GET", "/v1/suppressions"): (200, page_of(GONE)),
            ("GET", "/v1/webhooks"): (200, HOOKS),
        }
        yield made


def sent(world: PortalWorld, path: str) -> Any:
    request = [each for each in world.asked if each.method != "GET" and each.url.path == path][-1]
    return json.loads(request.content) if request.content else None


def test_every_kind_of_message_has_words() -> None:
    """The call list and this page name whatever kind there is."""
    assert {kind.value for kind in NoticeKind} - WORDS["notice"].keys() == set()


async def test_the_list_leads_to_every_words_and_settings_lead_to_nothing_that_is_refused(world: PortalWorld) -> None:
    states = [
        {"kind": "placement_assigned", "channel": channel, "language": "vi", "in_force": in_force, "newest": newest}
        for channel, in_force, newest in (("sms", 1, 2), ("email", None, None))
    ]
    world.answers["GET", "/v1/message-templates"] = (200, {"items": states, "may_change": False})
    page = unescape((await world.client.get("/settings/templates")).text)
    assert f'href="{PAGE}"' in page
    assert f'href="{MAIL_PAGE}"' in page
    assert ("bản 1" in page, page.count("có bản nháp")) == (True, 1)
    assert ("/settings/webhooks" in page, "/settings/boundaries" in page) == (False, True)
    world.sign_in(token="of-the-nation")
    world.answers["GET", "/v1/me"] = (200, NATION)
    page = (await world.client.get("/settings/templates")).text
    assert ("/settings/webhooks" in page, "/settings/boundaries" in page) == (True, True)
    world.answers["GET", "/v1/message-templates"] = (200, {"items": [], "may_change": True})
    assert "Không có loại tin nào" in (await world.client.get("/settings/templates")).text


async def test_words_are_looked_at_in_both_ways_with_somebody_placed_and_what_was_typed_stays(
    world: PortalWorld,
) -> None:
    world.answers |= {
        ("GET", "/v1/campaigns"): (200, page_of({"id": "c1", "status": "open", "starts_on": "2026-11-02"})),
        ("GET", "/v1/campaigns/c1/plans"): (200, page_of({"id": "p1", "status": "published"})),
        ("GET", "/v1/plans/p1/placements"): (
            200, page_of({"volunteer_id": "v1", "full_name": HOSTILE, "commune_name": "Xã Cà Ná"}),
        ),
    }  # fmt: skip
    first = (await world.client.get(PAGE)).text
    assert ('value="people"' in first, "/placements" in str(world.asked)) == (True, False), "nobody is read unasked"
    fields = await world.form_of(PAGE)
    chosen = {"then": "people", "text": "Đang viết dở"} | WORDS_OF_FORM
    page = (await world.post("/settings/templates/words", fields | chosen)).text
    assert ('value="p1/v1"' in page, "Đang viết dở</textarea>" in page, HOSTILE in page) == (True, True, False)
    form = {"text": "{{ commune }}", "segments": 2, "encoding": "UCS-2", "cost_vnd": 1600, "fits": False}
    forms = {"sms": form, "sms_plain": form | {"text": HOSTILE}, "sms_accented": form}
    world.answers["POST", f"{ONE}/preview"] = (200, forms | {"subject": "", "text": "", "html": ""})
    typed = {"then": "preview", "text": "Một\r\nHai", "is_accented": "yes", "person": "p1/v1"} | WORDS_OF_FORM
    shown = (await world.post("/settings/templates/words", fields | typed)).text
    blocks = {"text": "Một\nHai", "is_accented": True}
    assert sent(world, f"{ONE}/preview") == {"blocks": blocks, "plan_id": "p1", "volunteer_id": "v1"}
    assert ("1.600 đ" in shown, "quá dài" in shown, "Một\nHai</textarea>" in shown) == (True, True, True)
    assert HOSTILE not in shown
    await world.post("/settings/templates/words", fields | {"then": "preview", "text": ""} | WORDS_OF_FORM)
    assert sent(world, f"{ONE}/preview")["blocks"] is None, "nothing written: the built-in words"
    wrong = [{"pointer": "/blocks/text", "code": "template.fact_not_said", "vi": "Tin phải nói cả: answer_url."}]
    refusal = {"code": "template.not_valid", "detail_vi": "Chưa được", "errors": wrong}
    world.answers["POST", f"{ONE}/preview"] = (422, refusal)
    refused = await world.post("/settings/templates/words", fields | typed)
    assert (refused.status_code, refused.text.count("Tin phải nói cả: answer_url.")) == (422, 2)
    assert "Một\nHai</textarea>" in refused.text


async def test_a_mail_is_shown_as_it_opens_in_a_frame_that_runs_and_loads_nothing(world: PortalWorld) -> None:
    fields = await world.form_of(MAIL_PAGE)
    letter = f"<!doctype html><p style='color:red'>Chào</p>{HOSTILE}"
    world.answers["POST", f"{MAIL}/preview"] = (200, {"subject": "Mời", "text": "Chào", "html": letter, "sms": None})
    typed = {"then": "preview", "subject": "Mời", "heading": "Thư", "opening": "Chào"}
    page = (await world.post("/settings/templates/words", fields | typed | WORDS_OF_FORM | {"channel": "email"})).text
    assert ('target="mail"' in page, '<iframe class="mail" name="mail" sandbox' in page) == (True, True)
    assert HOSTILE not in page
    shown = await world.post("/settings/templates/looks", fields | typed | WORDS_OF_FORM | {"channel": "email"})
    assert shown.text == letter
    policy = shown.headers["Content-Security-Policy"]
    assert all(words in policy for words in ("default-src 'none'", "sandbox;", "frame-ancestors 'self'"))
    assert "script-src" not in policy
    assert sent(world, f"{MAIL}/preview")["blocks"]["opening"] == "Chào"
    world.answers["POST", f"{MAIL}/preview"] = (422, {"code": "x", "detail_vi": HOSTILE})
    refused = await world.post("/settings/templates/looks", fields | typed | WORDS_OF_FORM | {"channel": "email"})
    assert (refused.status_code, HOSTILE in refused.text) == (422, False)


async def test_a_test_mail_is_asked_for_once_and_only_of_mail(world: PortalWorld) -> None:
    assert "Gửi thử cho tôi" not in (await world.client.get(PAGE)).text
    fields = await world.form_of(MAIL_PAGE)
    world.answers["POST", f"{MAIL}/test"] = (200, {"outcome": "sent", "to": "m***@example.vn"})
    typed = {"then": "test", "subject": "Mời", "heading": "Thư", "opening": "Chào"} | WORDS_OF_FORM
    page = await world.post("/settings/templates/words", fields | typed | {"channel": "email"})
    assert "m***@example.vn" in page.text
    assert sent(world, f"{MAIL}/test") == {
        "blocks": {"subject": "Mời", "heading": "Thư", "opening": "Chào", "closing": ""},
    }  # fmt: skip
    request = next(each for each in world.asked if each.url.path == f"{MAIL}/test")
    assert request.headers["Idempotency-Key"] == fields["once"]
    world.answers["POST", f"{MAIL}/test"] = (429, {"code": "template.tests_enough", "detail_vi": "Hãy chờ"})
    enough = await world.post("/settings/templates/words", fields | typed | {"channel": "email"})
    assert (enough.status_code, "Hãy chờ" in enough.text, "Chào</textarea>" in enough.text) == (429, True, True)


async def test_the_nation_keeps_and_publishes_and_a_province_has_no_button_for_it(world: PortalWorld) -> None:
    page = (await world.client.get(PAGE)).text
    assert ('value="draft"' in page, "Ban hành bản này" in page, HOSTILE in page) == (False, False, False)
    world.sign_in(token="of-the-nation")
    world.answers["GET", "/v1/me"] = (200, NATION)
    page = (await world.client.get(PAGE)).text
    assert ('value="draft"' in page, "Ban hành bản này" in page) == (True, True)
    fields = await world.form_of(PAGE)
    world.answers["POST", ONE] = (201, VERSION | {"version": 3})
    typed = {"then": "draft", "text": "Lời mới", "reason": "Ngắn hơn"} | WORDS_OF_FORM
    assert (await world.post("/settings/templates/words", fields | typed)).headers["Location"] == PAGE
    assert sent(world, ONE) == {"blocks": {"text": "Lời mới", "is_accented": False}, "reason": "Ngắn hơn"}
    await world.post("/settings/templates/words", fields | typed | {"then": "built-in"})
    assert sent(world, ONE) == {"blocks": None, "reason": "Ngắn hơn"}
    world.answers["POST", f"{ONE}/2/publish"] = (200, VERSION)
    done = await world.post("/settings/templates/publish", fields | WORDS_OF_FORM | {"version": "2"})
    assert done.headers["Location"] == PAGE


async def test_an_address_is_let_go_only_with_a_reason_and_an_empty_list_says_that_all_is_well(
    world: PortalWorld,
) -> None:
    page = (await world.client.get("/settings/suppressions")).text
    assert ("n***@example.vn" in page, HOSTILE in page) == (True, False)
    fields = await world.form_of("/settings/suppressions")
    path, address = "/v1/suppressions/s1/release", "/settings/suppressions/s1"
    world.answers["POST", path] = (422, {"code": "x", "detail_vi": "Thiếu lý do", "errors": []})
    refused = await world.post(address, fields | {"reason": "Đã gọi"})
    assert ("Thiếu lý do" in refused.text, 'value="Đã gọi"' in refused.text) == (True, True)
    world.answers["POST", path] = (200, GONE)
    assert (await world.post(address, fields | {"reason": "Đã gọi"})).status_code == 303
    assert sent(world, path) == {"reason": "Đã gọi"}
    world.answers["GET", "/v1/suppressions"] = (200, page_of())
    assert "Chưa có thư nào bị trả lại" in (await world.client.get("/settings/suppressions")).text
    await world.client.get("/settings/suppressions?show=released")
    assert dict(world.asked[-1].url.params)["is_released"] == "true"


async def test_a_program_is_told_with_a_secret_shown_once_put_aside_and_told_again(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, NATION)
    fields = await world.form_of("/settings/webhooks")
    world.answers["POST", "/v1/webhooks"] = (201, HOOK | {"secret": "whsec_new"})
    typed = {"url": "https://example.vn/hook", "event_types": "commune-roster.message.failed", "description": "Cổng"}
    made = await world.post("/settings/webhooks", fields | typed)
    assert ("whsec_new" in made.text, HOSTILE in made.text) == (True, False)
    assert sent(world, "/v1/webhooks") == typed | {"event_types": ["commune-roster.message.failed"]}
    assert "whsec_new" not in (await world.client.get("/settings/webhooks")).text
    refusal = {"code": "webhook.address", "detail_vi": "Địa chỉ này không được gọi", "errors": []}
    world.answers["POST", "/v1/webhooks"] = (422, refusal)
    refused = await world.post("/settings/webhooks", fields | typed)
    assert ("Địa chỉ này không được gọi" in refused.text, 'value="Cổng"' in refused.text) == (True, True)
    here, there = "/settings/webhooks/h1", "/v1/webhooks/h1"
    assert "Chưa có lần gọi nào" in (await world.client.get(here)).text
    world.answers["POST", f"{there}/replay"] = (200, {"events": 4})
    assert (await world.post(here, fields | {"then": "replay", "since": "01/11/2026"})).status_code == 303
    assert sent(world, f"{there}/replay") == {"since": "2026-11-01T00:00:00+07:00"}
    world.answers["POST", f"{there}/rotate"] = (200, HOOK | {"secret": "whsec_next"})
    assert "whsec_next" in (await world.post(here, fields | {"then": "rotate"})).text
    for then in ("disable", "enable"):
        world.answers["POST", f"{there}/{then}"] = (200, HOOK)
        assert (await world.post(here, fields | {"then": then})).headers["Location"] == here
        assert sent(world, f"{there}/{then}") is None
    assert (await world.client.get("/settings/webhooks/h2")).status_code == 404
