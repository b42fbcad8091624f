"""Webhooks out: signed CloudEvents without anybody's name, at least once, for 27 hours, and to nowhere inside."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_schemas.webhooks import EVENT_TYPES
from commune_service.outbound import OutboundRule
from commune_stack.serving import served
from notifier.app import create_app
from notifier.webhooks.calling import call
from notifier.webhooks.sending import WAITS_SECONDS, WebhookSending
from sqlalchemy import text
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.notifier.people import CONTACTS, make_notice
from tests.notifier.world import ADMIN_KEY, World
from tests.support.shared_routes import with_shared_routes

SENT = "commune-roster.message.sent"
HERE = OutboundRule(allows_http=True, allows_private=True)


class Receiver:
    """A program that is told. `answers`: with which status; `moved` leads elsewhere."""

    def __init__(self) -> None:
        self.answers = 204
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.app = Starlette(routes=[Route("/hook", self._take, methods=["POST"])])
        self.url = ""

    async def _take(self, request: Request) -> Response:
        self.taken.append((dict(request.headers), await request.body()))
        return Response(status_code=self.answers, headers={"Location": self.url} if self.answers == 302 else {})

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]


@pytest.fixture
async def receiver(world: World) -> AsyncIterator[Receiver]:
    world.settings = world.with_settings(notifier_webhooks_private=True)
    receiver = Receiver()
    async with served(receiver.app) as port:
        receiver.url = f"http://127.0.0.1:{port}/hook"
        yield receiver


@pytest.fixture
async def api(world: World, receiver: Receiver) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://n", headers={"X-Api-Key": ADMIN_KEY}
    )
    async with app.router.lifespan_context(app), client:
        yield client


async def subscribe(api: httpx.AsyncClient, receiver: Receiver, *types: str) -> dict[str, Any]:
    answer = await api.post("/v1/webhooks", json={"url": receiver.url, "event_types": list(types or EVENT_TYPES)})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def tell(world: World) -> int:
    return await WebhookSending(world.settings, world.sessions).send_due()


async def make_due(world: World) -> None:
    await world.change("update notifier.webhook_deliveries set next_attempt_at = now() where status = 'pending'")


async def deliveries(world: World) -> list[dict[str, Any]]:
    return await world.rows("select status, attempts, last_status, last_error from notifier.webhook_deliveries")


async def test_what_happens_is_told_signed_as_cloudevents_and_names_nobody(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await subscribe(api, receiver)
    notice = make_notice()
    await world.prepare(notice)
    await world.send_all()
    await tell(world)
    assert sorted(event["type"] for event in receiver.events) == [SENT, SENT, "commune-roster.notices.prepared"]
    for headers, body in receiver.taken:
        Webhook(made["secret"]).verify(body, headers)
        assert headers["content-type"].startswith("application/cloudevents+json")
    for event in receiver.events:
        assert event.keys() == {
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data",
        }  # fmt: skip
        assert (event["specversion"], datetime.fromisoformat(event["time"]).tzinfo) == ("1.0", UTC)
    reached = CONTACTS[notice.recipient.id]
    told = b"".join(body for _, body in receiver.taken).decode()
    for private in (notice.full_name, notice.recipient.id, reached.email, reached.phone, notice.answer_url):
        assert private
        assert private not in told
    assert await tell(world) == 0, "once each"
    listed = (await api.get(f"/v1/webhooks/{made['id']}/deliveries")).json()
    assert (listed["total"], {item["status"] for item in listed["items"]}) == (3, {"delivered"})
    assert made["secret"] not in (await api.get("/v1/webhooks")).text, "the secret is shown once"


async def test_nothing_is_written_while_nobody_listens_and_only_what_was_asked_for_is_told(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    await world.prepare(make_notice())
    assert await world.rows("select * from notifier.webhook_events") == []
    await subscribe(api, receiver, SENT)
    await world.send_all()
    await tell(world)
    assert {event["type"] for event in receiver.events} == {SENT}


async def test_what_was_rolled_back_was_not_told_and_what_a_killed_process_held_is_told_again(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    await subscribe(api, receiver, SENT)
    await world.prepare(make_notice(phone=None))
    with pytest.raises(RuntimeError):
        await change_and_fail(world)
    assert await world.rows("select * from notifier.webhook_events where type like '%message%'") == []
    await world.send_all()
    receiver.answers = 500
    killed = asyncio.create_task(tell(world))
    while not receiver.taken:  # noqa: ASYNC110 - the receiver has no event for it
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    receiver.answers = 204
    await make_due(world)
    await tell(world)
    assert [row["status"] for row in await deliveries(world)] == ["delivered"]
    assert len({event["id"] for event in receiver.events}) == 1, "the same id: the receiver knows it"


async def change_and_fail(world: World) -> None:
    async with world.sessions.begin() as session:
        await session.execute(text("update notifier.messages set status = 'cancelled' where channel = 'email'"))
        raise RuntimeError


async def test_it_is_tried_for_27_hours_then_disabled_and_an_administrator_enables_and_replays(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)
    made = await subscribe(api, receiver, SENT)
    assert 27 * 3600 <= sum(WAITS_SECONDS) <= 28 * 3600
    await world.prepare(make_notice(phone=None))
    await world.send_all()
    receiver.answers = 503
    waits = []
    for _ in WAITS_SECONDS:
        await tell(world)
        (row,) = await world.rows(
            "select extract(epoch from next_attempt_at - now())::int as wait from notifier.webhook_deliveries"
        )
        waits.append(row["wait"])
        await make_due(world)
    assert all(wanted - 2 <= wait <= wanted * 1.1 + 1 for wait, wanted in zip(waits, WAITS_SECONDS, strict=True))
    await world.change("update notifier.webhook_subscriptions set failing_since = now() - interval '27 hours'")
    await tell(world)
    assert await deliveries(world) == [
        {"status": "failed", "attempts": 8, "last_status": 503, "last_error": "not.taken"}
    ]
    (shown,) = (await api.get("/v1/webhooks")).json()["items"]
    assert (shown["disabled_reason"], shown["disabled_at"] is None) == ("no_answer_for_27_hours", False)
    replayed = await api.post(f"/v1/webhooks/{made['id']}/replay", json={"since": began.isoformat()})
    assert replayed.json() == {"events": 1}
    assert await tell(world) == 0, "disabled: nothing is called"
    await api.post(f"/v1/webhooks/{made['id']}/enable")
    receiver.answers = 204
    await tell(world)
    assert [row["status"] for row in await deliveries(world)] == ["delivered"]
    assert len({event["id"] for event in receiver.events}) == 1


async def test_a_receiver_that_is_gone_is_disabled_at_once_and_a_redirect_is_not_followed(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await subscribe(api, receiver, SENT)
    await world.prepare(make_notice())
    await world.send_all()
    receiver.answers = 302
    await tell(world)
    assert {row["last_error"] for row in await deliveries(world)} == {"redirect.refused"}
    assert len(receiver.taken) == 2
    receiver.answers = 410
    await make_due(world)
    await tell(world)
    assert (await api.get("/v1/webhooks")).json()["items"][0]["disabled_reason"] == "gone"
    assert (await api.delete(f"/v1/webhooks/{made['id']}")).status_code == 204
    assert await deliveries(world) == []


async def test_both_secrets_sign_during_an_overlap_and_the_old_one_no_more_after(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await subscribe(api, receiver, SENT)
    rotated = (await api.post(f"/v1/webhooks/{made['id']}/rotate", json={"overlap_hours": 1})).json()
    await world.prepare(make_notice(phone=None), make_notice(email=None))
    await world.sender(Channel.EMAIL).send_due()
    await tell(world)
    for secret in (made["secret"], rotated["secret"]):
        headers, body = receiver.taken[-1]
        Webhook(secret).verify(body, headers)
    await world.change("update notifier.webhook_subscriptions set previous_until = now()")
    await world.send_all()
    await tell(world)
    headers, body = receiver.taken[-1]
    Webhook(rotated["secret"]).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(made["secret"]).verify(body, headers)


INSIDE = [
    "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "https://0.0.0.0/",
    "https://10.0.0.8/", "https://172.16.3.4/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/", "https://[fe80::1]/", "https://[fc00::1]/", "https://2130706433/", "https://0x7f000001/",
    "https://127.1/", "https://[64:ff9b::7f00:1]/", "https://224.0.0.1/", "http://203.0.114.9/",
    "https://name:word@203.0.114.9/", "https://203.0.114.9:0/", "https://203.0.114.9\\@127.0.0.1/", "ftp://203.0.114.9/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
async def test_no_address_inside_is_subscribed_or_called(world: World, url: str) -> None:
    app = with_shared_routes(create_app(world.settings))
    transport = httpx.ASGITransport(app)
    headers = {"X-Api-Key": ADMIN_KEY}
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as client:
        answer = await client.post("/v1/webhooks", json={"url": url, "event_types": [SENT]}, headers=headers)
    assert answer.status_code == 422, answer.text
    result = await call(url, content=b"{}", headers={}, rule=OutboundRule())
    assert (result.status, (result.error or "").partition(":")[0]) in {(None, "address.refused"), (None, "away")}


async def test_a_name_that_leads_inside_at_the_second_look_is_not_followed(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: what was looked up is what is connected to, and nobody looks a second time."""
    looks: list[str] = []
    port = int(receiver.url.rpartition(":")[2].partition("/")[0])
    real = asyncio.get_running_loop().getaddrinfo

    async def answered(host: str, *arguments: Any, **more: Any) -> Any:
        looks.append(host)
        if host != "hook.example.vn":
            return await real(host, *arguments, **more)
        address = "127.0.0.1" if len(looks) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answered)
    result = await call(f"http://hook.example.vn:{port}/hook", content=b"{}", headers={}, rule=HERE)
    assert (result.status, looks.count("hook.example.vn")) == (204, 1)
    assert receiver.taken[0][0]["host"] == f"hook.example.vn:{port}"


async def test_an_unknown_type_and_a_key_that_only_reads_are_refused(
    world: World, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    answer = await api.post("/v1/webhooks", json={"url": receiver.url, "event_types": ["message.read"]})
    assert answer.status_code == 422
    (wrong,) = answer.json()["errors"]
    assert wrong["vi"].startswith("Không có loại sự kiện này: message.read. Các loại có: ")
    assert wrong["en"].startswith("There is no such type of event: message.read. Known are: ")
    assert all(name in wrong["vi"] and name in wrong["en"] for name in EVENT_TYPES)
    for path in ("rotate", "enable", "replay"):
        body = {"since": "2025-11-01T00:00:00Z"} if path == "replay" else {}
        missing = await api.post(f"/v1/webhooks/00000000-0000-4000-8000-000000000000/{path}", json=body)
        assert missing.status_code == 404
