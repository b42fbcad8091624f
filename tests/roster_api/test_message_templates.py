"""The words of messages, edited through this API: tried with real placements, published by the nation, written down."""

from collections.abc import AsyncIterator

import pytest
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway

from tests.notifier.test_templates import BLOCKS, WORDS
from tests.roster_api.message_desk import MessageDesk, message_desk

PLACES = ((0, "C1", (0, 1)), (3, "C2", (2,)))
BASE = "/v1/message-templates"
SMS, MAIL = f"{BASE}/placement_assigned/sms/vi", f"{BASE}/placement_assigned/email/vi"


@pytest.fixture
async def desk(
    roster_database_url: str, notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway
) -> AsyncIterator[MessageDesk]:
    prices = {"sms_segment_price": 300}
    async with message_desk(
        roster_database_url, notifier_database_url, mail=smtp_sink, sms=sms_gateway, **prices
    ) as made:
        yield made


async def test_the_nation_drafts_and_publishes_a_province_is_told_why_not_and_both_services_write_down_who(
    desk: MessageDesk,
) -> None:
    draft = {"blocks": {"text": WORDS}, "reason": "Lời của tỉnh"}
    refused = await desk.ask("an", "POST", SMS, draft)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.national")
    assert "quản trị viên cấp quốc gia" in refused.json()["detail_vi"]
    assert (await desk.ask("an", "POST", f"{SMS}/1/publish")).status_code == 403
    made = await desk.ask("nation", "POST", SMS, draft, once="draft-1")
    again = await desk.ask("nation", "POST", SMS, draft, once="draft-1")
    assert (made.status_code, again.json()) == (201, made.json()), "one version"
    published = await desk.ask("nation", "POST", f"{SMS}/1/publish")
    assert published.json()["published_at"]
    assert published.json()["written_by"]
    shown = (await desk.ask("an", "GET", BASE)).json()
    states = {(each["kind"], each["channel"], each["language"]): each["in_force"] for each in shown["items"]}
    assert (states["placement_assigned", "sms", "vi"], states["placement_assigned", "email", "vi"]) == (1, None)
    assert (shown["may_change"], (await desk.ask("nation", "GET", BASE)).json()["may_change"]) == (False, True)
    detail = (await desk.ask("an", "GET", SMS)).json()
    assert (detail["in_force"], [each["reason"] for each in detail["versions"]]) == (1, ["Lời của tỉnh"])
    kept = await desk.entries()
    assert [(each.route.rsplit("/", 1)[-1], each.details["counts"]) for each in kept] == [
        ("{language}", {"message_templates.create": 1}),
        ("publish", {"message_templates.update": 1}),
    ]
    nation = desk.accounts["nation"]
    assert {str(each.actor_account_id) for each in kept} == {nation}
    there = await desk.entries_there()
    assert [each["actor"] for each in there] == [{"id": nation, "role": "admin"}] * 2


async def test_what_is_wrong_with_a_draft_comes_back_block_by_block(desk: MessageDesk) -> None:
    silent = await desk.ask("nation", "POST", SMS, {"blocks": {"text": "Mời đến {{ commune }}"}, "reason": "Ngắn hơn"})
    assert (silent.status_code, silent.json()["code"]) == (422, "template.not_valid")
    (error,) = silent.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/blocks/text", "template.fact_not_said")
    assert "commune_contact_phone" in error["vi"]
    old = {"blocks": {"text": WORDS}, "reason": "Bản đầu"}
    for _ in range(2):
        assert (await desk.ask("nation", "POST", SMS, old)).status_code == 201
    assert (await desk.ask("nation", "POST", f"{SMS}/1/publish")).json()["code"] == "template.not_newest"
    assert (await desk.ask("nation", "POST", f"{SMS}/9/publish")).status_code == 404
    for path, why in (("data_request/email/vi", "theo đúng luật"), ("need_reminder/sms/vi", "không gửi bằng kênh này")):
        refused = await desk.ask("nation", "POST", f"{BASE}/{path}", old)
        assert (refused.status_code, refused.json()["code"]) == (404, "template.not_editable")
        assert why in refused.json()["detail_vi"], "the notifier's reason reaches whoever asked"


async def test_a_preview_has_the_facts_of_somebody_placed_in_both_ways_of_writing_and_of_nobody_elses_province(
    desk: MessageDesk,
) -> None:
    plan_id = await desk.world.make_published(PLACES)
    person = str(desk.world.volunteer_ids[0])
    body = {"blocks": {"text": WORDS}, "plan_id": plan_id, "volunteer_id": person}
    shown = (await desk.ask("an", "POST", f"{SMS}/preview", body)).json()
    placed = (await desk.ask("an", "GET", f"/v1/plans/{plan_id}/placements")).json()["items"]
    commune = next(each["commune_name"] for each in placed if each["volunteer_id"] == person)
    assert commune in shown["sms_accented"]["text"]
    for form in (shown["sms_plain"], shown["sms_accented"]):
        assert form["cost_vnd"] == 300 * form["segments"]
    assert shown["sms_accented"]["segments"] > shown["sms_plain"]["segments"]
    mail = (await desk.ask("nation", "POST", f"{MAIL}/preview", body | {"blocks": BLOCKS})).json()
    assert commune in mail["subject"]
    assert "/a/xem-truoc" in mail["html"], "the link is a made-up one"
    made_up = (await desk.ask("an", "POST", f"{SMS}/preview", {"blocks": {"text": WORDS}})).json()
    assert commune not in made_up["sms"]["text"]
    for path in (f"{BASE}/placement_withdrawn/email/vi", f"{BASE}/placement_changed/email/vi"):
        told = await desk.ask("an", "POST", f"{path}/preview", {"plan_id": plan_id, "volunteer_id": person})
        assert told.status_code == 200, told.text
    elsewhere = f"{BASE}/reserve/email/vi/preview"
    assert (await desk.ask("an", "POST", elsewhere, body | {"blocks": None})).json()["code"] == "template.no_placement"
    assert (await desk.ask("far", "POST", f"{SMS}/preview", body)).status_code == 404
    other = body | {"volunteer_id": str(desk.world.volunteer_ids[5])}
    assert (await desk.ask("an", "POST", f"{SMS}/preview", other)).status_code == 404
    assert (await desk.ask("an", "POST", f"{SMS}/preview", body | {"volunteer_id": None})).status_code == 422


@pytest.mark.usefixtures("still_counters")
async def test_a_test_mail_goes_once_to_the_own_address_and_nowhere_else(desk: MessageDesk) -> None:
    path = f"{MAIL}/test"
    sent = await desk.ask("an", "POST", path, {"blocks": BLOCKS}, once="trial-1")
    assert (sent.status_code, sent.json()["outcome"], sent.json()["to"]) == (200, "sent", "a***@example.vn")
    assert (await desk.ask("an", "POST", path, {"blocks": BLOCKS}, once="trial-1")).json() == sent.json()
    (mail,) = desk.notifier.mail.messages
    assert mail["To"] == "an@example.vn"
    assert (await desk.ask("an", "POST", path, {"blocks": BLOCKS, "to": "x@example.vn"})).status_code == 422
    assert (await desk.ask("admin", "POST", path, {})).json()["code"] == "template.test_needs_account"
    assert (await desk.ask("an", "POST", f"{SMS}/test", {})).json()["code"] == "template.test_is_mail"
    for _ in range(2):
        assert (await desk.ask("an", "POST", path, {})).status_code == 200
    enough = await desk.ask("an", "POST", path, {})
    assert (enough.status_code, enough.json()["code"], "Retry-After" in enough.headers) == (
        429, "template.tests_enough", True,
    )  # fmt: skip
    assert (await desk.ask("nation", "POST", path, {})).status_code == 200, "each has a measure of their own"
    kept, there = await desk.entries(), await desk.entries_there()
    assert [each.details["counts"] for each in kept] == [{"message_templates.test": 1}] * 4
    assert "example.vn" not in str([each.details for each in kept]) + str(there)


async def test_without_a_notifier_it_is_503_with_words(desk: MessageDesk) -> None:
    state = desk.world.app.state
    state.settings = state.settings.model_copy(update={"notifier_office_key": None})
    away = await desk.ask("an", "GET", BASE)
    assert (away.status_code, away.json()["code"]) == (503, "notifier.away")
    assert "NOTIFIER_OFFICE_KEY" in away.json()["detail_vi"]
