"""Receipts: only the gateway's own count, each once, in whatever order; proof of arrival never goes back."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import ReceiptRule
from commune_stack.serving import served
from notifier.app import create_app
from standardwebhooks import Webhook

from tests.notifier.people import make_notice
from tests.notifier.world import ADMIN_KEY, World
from tests.support.deadlines import until
from tests.support.shared_routes import with_shared_routes

OTHER_SECRET = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhlIGdhdGV3YXk="


@pytest.fixture
async def api(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as client:
        yield client


def signed(body: str, *, secret: str, webhook_id: str = "r1", at: datetime | None = None) -> dict[str, str]:
    moment = at or datetime.now(UTC)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, moment, body),
    }


def receipt(reference: str, status: str = "delivered") -> str:
    return json.dumps({"id": "g1", "reference": reference, "status": status, "at": datetime.now(UTC).isoformat()})


async def post(api: httpx.AsyncClient, world: World, body: str, **options: Any) -> httpx.Response:
    options.setdefault("secret", world.sms.receipt_secret)
    return await api.post("/v1/receipts/sms", content=body, headers=signed(body, **options))


async def test_forged_altered_replayed_and_unsigned_receipts_are_refused_and_change_nothing(
    world: World, api: httpx.AsyncClient
) -> None:
    await world.prepare(make_notice())
    await world.send_all()
    before = await world.message(Channel.SMS)
    body = receipt(before["reference"])
    headers = signed(body, secret=world.sms.receipt_secret)
    answers = [
        await post(api, world, body, secret=OTHER_SECRET),
        await post(api, world, body, at=datetime.now(UTC) - timedelta(hours=1)),
        await api.post("/v1/receipts/sms", content=body.replace("delivered", "failed"), headers=headers),
        await api.post("/v1/receipts/sms", content=body, headers=headers | {"webhook-id": "r2"}),
        await api.post("/v1/receipts/sms", content=body),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "receipt.not_signed")] * 5
    assert await world.message(Channel.SMS) == before
    assert await world.rows("select * from notifier.receipts") == []


async def test_a_receipt_makes_it_delivered_once_and_nothing_takes_that_back(
    world: World, api: httpx.AsyncClient
) -> None:
    await world.prepare(make_notice())
    await world.send_all()
    row = await world.message(Channel.SMS)
    effects = [
        (await post(api, world, receipt(row["reference"]), webhook_id="a")).json()["effect"],
        (await post(api, world, receipt(row["reference"]), webhook_id="a")).json()["effect"],
        (await post(api, world, receipt(row["reference"]), webhook_id="b")).json()["effect"],
        (await post(api, world, receipt(row["reference"], "failed"), webhook_id="c")).json()["effect"],
        (await post(api, world, receipt("nobody@knows"), webhook_id="d")).json()["effect"],
    ]
    assert effects == [
        "delivered",
        "ignored: repeated",
        "ignored: already delivered",
        "ignored: too late",
        "ignored: no such message",
    ]
    assert (await world.message(Channel.SMS))["status"] == "delivered"


async def test_a_failed_receipt_makes_it_failed_and_a_later_delivered_one_delivered(
    world: World, api: httpx.AsyncClient
) -> None:
    await world.prepare(make_notice())
    await world.send_all()
    row = await world.message(Channel.SMS)
    await post(api, world, receipt(row["reference"], "failed"), webhook_id="a")
    failed = await world.message(Channel.SMS)
    assert (failed["status"], failed["reason_code"]) == ("failed", "receipt.failed")
    await post(api, world, receipt(row["reference"]), webhook_id="b")
    assert (await world.message(Channel.SMS))["status"] == "delivered"


async def test_a_receipt_that_comes_before_the_reply_is_written_stays(world: World) -> None:
    async with served(with_shared_routes(create_app(world.settings))) as port:
        world.sms.callback_url = f"http://127.0.0.1:{port}/v1/receipts/sms"
        world.sms.script(receipts=[ReceiptRule(before_reply=True, copies=2)])
        await world.prepare(make_notice())
        await world.send_all()
        assert (await world.message(Channel.SMS))["status"] == "delivered"
        (attempt,) = await world.rows("select * from notifier.attempts where provider = 'sms'")
        assert attempt["outcome"] == "sent"

        world.sms.script(receipts=[ReceiptRule(forged=True)])
        await world.prepare(make_notice(plan_id="00000000-0000-4000-8000-000000000009", plan_version=9))
        await world.send_all()
        await world.sms.settle()
        assert (await world.message(Channel.SMS, version=9))["status"] == "sent"


async def test_a_receipt_of_an_earlier_try_proves_arrival_but_does_not_fail_the_later_one(
    world: World, api: httpx.AsyncClient
) -> None:
    await world.prepare(make_notice())
    await world.send_all()
    first = await world.message(Channel.SMS)
    await post(api, world, receipt(first["reference"], "failed"), webhook_id="a")
    path = f"/v1/messages/{first['id']}/resend"
    assert (await api.post(path, json={"reason": "called us"}, headers={"X-Api-Key": ADMIN_KEY})).status_code == 200
    await world.send_all()
    late = await post(api, world, receipt(first["reference"], "failed"), webhook_id="b")
    assert late.json()["effect"] == "ignored: sent again since"
    assert (await world.message(Channel.SMS))["status"] == "sent"
    await post(api, world, receipt(first["reference"]), webhook_id="c")
    assert (await world.message(Channel.SMS))["status"] == "delivered"


async def test_a_signed_receipt_that_makes_no_sense_is_not_understood(world: World, api: httpx.AsyncClient) -> None:
    for body in ("[]", json.dumps({"id": "\0", "reference": "r\0", "status": "delivered"})):
        answer = await post(api, world, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "receipt.not_understood")


async def test_the_sweep_and_the_sink_agree_with_receipts_sent_for_real(world: World) -> None:
    async with served(with_shared_routes(create_app(world.settings))) as port:
        world.sms.callback_url = f"http://127.0.0.1:{port}/v1/receipts/sms"
        await world.prepare(make_notice(), make_notice())
        await world.send_all()

        async def all_delivered() -> bool:
            return await world.statuses(Channel.SMS) == ["delivered"] * 2

        await until(all_delivered)
