"""What roster-api does for an officer: words, addresses and webhooks, each change written down with whose it was."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.ports import free_port
from notifier.app import create_app

from tests.notifier.people import make_notice
from tests.notifier.test_templates import BLOCKS, MAIL, SMS, WORDS
from tests.notifier.world import OFFICE_KEY, World, closed_port, worker_process
from tests.support.deadlines import until
from tests.support.shared_routes import with_shared_routes

ACTOR = "7b0f2a52-0000-4000-8000-000000000001"


@pytest.fixture
async def office(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    headers = {"X-Api-Key": OFFICE_KEY, "X-Actor-Id": ACTOR, "X-Actor-Role": "admin"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://n", headers=headers) as client,
    ):
        yield client


async def entries(world: World) -> list[dict[str, Any]]:
    return await world.rows(
        "select action, route, actor_role, subjects, details from notifier.audit_entries order by id"
    )


async def test_a_draft_and_its_publication_are_written_down_with_the_officer(
    world: World, office: httpx.AsyncClient
) -> None:
    body = {"blocks": {"text": WORDS}, "written_by": "Cán bộ Mẫu", "reason": "Lời của tỉnh"}
    assert (await office.post(SMS, json=body)).status_code == 201
    assert (await office.post(f"{SMS}/1/publish")).status_code == 200
    found = await entries(world)
    assert [each["route"].rsplit("/", 1)[-1] for each in found] == ["{language}", "publish"]
    for each in found:
        assert (each["action"], each["actor_role"], ACTOR in each["subjects"]) == ("change", "office", True)
        assert each["details"]["acting_for"] == {"id": ACTOR, "role": "admin"}
        assert (each["details"]["template"], each["details"]["version"]) == ("placement_assigned/sms/vi", 1)
    assert "Cán bộ Mẫu" not in str(found), "the audit names nobody"
    nobody = {"X-Actor-Id": "", "X-Actor-Role": ""}
    assert (await office.post(f"{SMS}/1/publish", headers=nobody)).json()["code"] == "access.actor_missing"
    assert (await entries(world))[-1]["action"] == "refusal"
    states = (await office.get("/v1/templates/in-force")).json()
    assert {"kind": "placement_assigned", "channel": "sms", "language": "vi", "in_force": 1, "newest": 1} in states
    assert {each["in_force"] for each in states} == {None, 1}


@pytest.mark.usefixtures("still_counters")
async def test_a_test_mail_goes_once_by_the_draft_with_made_up_facts_and_few_go_a_minute(
    world: World, office: httpx.AsyncClient
) -> None:
    body = {"blocks": BLOCKS, "to": "can-bo@example.vn"}
    sent = await office.post(f"{MAIL}/test", json=body)
    assert (sent.status_code, sent.json()["outcome"], sent.json()["to"]) == (200, "sent", "c***@example.vn")
    (mail,) = world.mail.messages
    assert isinstance(mail, EmailMessage)
    assert (mail["To"], str(mail["Subject"])) == ("can-bo@example.vn", "Mời đến Xã Tây Khánh Vĩnh")
    (entry,) = await entries(world)
    assert (entry["route"].endswith("/test"), entry["details"]["acting_for"]["id"]) == (True, ACTOR)
    assert "can-bo@" not in str(entry)
    wrong = await office.post(f"{MAIL}/test", json=body | {"blocks": {**BLOCKS, "opening": "{{ khong_co }}"}})
    assert wrong.json()["errors"][0]["code"] == "template.unknown_fact"
    assert (await office.post(f"{SMS}/test", json={"to": "can-bo@example.vn"})).status_code == 422
    for _ in range(2):
        assert (await office.post(f"{MAIL}/test", json=body)).json()["outcome"] == "sent"
    assert (await office.post(f"{MAIL}/test", json=body)).json()["code"] == "template.tests_enough"
    other = {"X-Actor-Id": ACTOR.replace("1", "2")}
    assert (await office.post(f"{MAIL}/test", json=body, headers=other)).json()["outcome"] == "sent"
    assert await world.rows() == [], "it is no message"


@pytest.mark.parametrize("relay", ["simulated", "away"])
async def test_a_test_mail_reaches_nobody_where_all_is_simulated_and_is_not_tried_again_where_the_relay_is_away(
    world: World, relay: str
) -> None:
    changes = {"notifier_simulated": True} if relay == "simulated" else {"smtp_port": closed_port()}
    app = with_shared_routes(create_app(world.with_settings(**changes)))
    headers = {"X-Api-Key": OFFICE_KEY, "X-Actor-Id": ACTOR, "X-Actor-Role": "admin"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://n", headers=headers) as client:
        answer = (await client.post(f"{MAIL}/test", json={"to": "can-bo@example.vn"})).json()
    assert answer["outcome"] == ("sent" if relay == "simulated" else "busy")
    assert relay == "simulated" or "không tự gửi lại" in answer["reason_vi"]
    assert world.mail.messages == []


async def test_the_service_as_it_is_started_seals_secrets_and_opens_what_messages_say(
    world: World, tmp_path: Path
) -> None:
    notice = make_notice()
    await world.prepare(notice)
    port = free_port()
    headers = {"X-Api-Key": OFFICE_KEY, "X-Actor-Id": ACTOR, "X-Actor-Role": "admin"}
    async with (
        worker_process(world, "serve", log=tmp_path / "log", notifier_port=port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client,
    ):
        await until(lambda: answers(client))
        hook = {"url": "https://93.184.215.14/hook", "event_types": ["commune-roster.message.failed"]}
        made = await client.post("/v1/webhooks", json=hook)
        assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_"), made.text
        asked = {"message_id": str((await world.message(Channel.SMS))["id"])}
        shown = await client.post(f"{SMS}/preview", json=asked)
        assert (shown.status_code, "xem-truoc" in shown.text) == (200, True), shown.text


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health")).is_success
    except httpx.TransportError:
        return False


async def test_a_webhook_is_put_aside_by_hand_and_taken_up_again(world: World, office: httpx.AsyncClient) -> None:
    body = {"url": "https://example.com/hook", "event_types": ["commune-roster.message.failed"]}
    await world.change(
        "insert into notifier.webhook_subscriptions (id, url, event_types, description, secret_sealed)"
        " values (gen_random_uuid(), :url, array['commune-roster.message.failed'], '', '\\x00')",
        url=body["url"],
    )
    (hook,) = (await office.get("/v1/webhooks")).json()["items"]
    path = f"/v1/webhooks/{hook['id']}"
    for _ in range(2):
        assert (await office.post(f"{path}/disable")).json()["disabled_reason"] == "by_hand"
    assert (await office.post(f"{path}/enable")).json()["disabled_at"] is None
    assert [each["route"].rsplit("/", 1)[-1] for each in await entries(world)] == ["disable", "disable", "enable"]
