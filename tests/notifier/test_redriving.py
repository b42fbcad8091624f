"""Many failed messages sent again at once, with their number confirmed; and how soon messages reach their providers."""

from collections.abc import AsyncIterator

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import MailRule
from notifier.app import create_app

from tests.notifier.people import make_notice
from tests.notifier.world import ADMIN_KEY, World
from tests.support.shared_routes import with_shared_routes


@pytest.fixture
async def api(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://n", headers={"X-Api-Key": ADMIN_KEY}
    )
    async with app.router.lifespan_context(app), client:
        yield client


async def test_failed_ones_go_again_when_their_number_is_confirmed_and_the_unknown_never(
    world: World, api: httpx.AsyncClient
) -> None:
    refusing, dropping = MailRule(action="reply", code=550, times=2), MailRule(action="drop_after_taking", times=1)
    await world.mail.script([refusing, dropping])
    await world.prepare(*(make_notice(phone=None) for _ in range(3)))
    await world.send_all()
    assert sorted(await world.statuses(Channel.EMAIL)) == ["failed", "failed", "unknown"]
    wanted = {"channel": "email", "reason": "máy chủ đã sửa", "reason_code": "recipient.bad_address"}
    refused = await api.post("/v1/messages/redrive", json=wanted | {"confirm": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "redrive.confirm")
    assert "2 failed messages" in refused.json()["detail"]
    answer = await api.post("/v1/messages/redrive", json=wanted | {"confirm": 2})
    assert answer.json() == {"again": 2, "refused": {}, "left": 0}
    assert (await api.post("/v1/messages/redrive", json=wanted | {"confirm": 2})).status_code == 409, "once"
    await world.send_all()
    assert sorted(await world.statuses(Channel.EMAIL)) == ["sent", "sent", "unknown"]
    listed = (await api.get("/v1/messages", params={"reason_code": "provider.no_answer"})).json()
    assert [item["status"] for item in listed["items"]] == ["unknown"]


async def test_the_service_publishes_how_soon_messages_reach_their_providers(
    world: World, api: httpx.AsyncClient
) -> None:
    await world.prepare(*(make_notice(phone=None) for _ in range(4)))
    await world.send_all()
    await world.change("update notifier.messages set sent_at = created_at + interval '2 s' where status = 'sent'")
    level = (await api.get("/v1/service-level?hours=1")).json()
    (mail, sms) = level["channels"]
    assert (mail["messages"], mail["p50"], mail["p99"], mail["share_within_10_s"]) == (4, 2.0, 2.0, 1.0)
    assert (sms["messages"], sms["p95"]) == (0, None)
