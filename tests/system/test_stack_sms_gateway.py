"""The SMS gateway takes each reference once, reports what became of it, and misbehaves as told."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from commune_stack.faults import ReceiptRule, SmsRule
from commune_stack.serving import ABORT_CONNECTION, served
from commune_stack.sms_gateway import SmsGateway, count_segments
from fastapi import FastAPI, Request
from standardwebhooks import Webhook, WebhookVerificationError

TEXT = {"to": "+84950000567", "text": "Anh/chi ve xa Tay Khanh Vinh tu 01/12.", "sender": "SNV", "reference": "m-1"}


@pytest.fixture
async def client(sms_gateway: SmsGateway) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {sms_gateway.key}"}
    async with httpx.AsyncClient(base_url=sms_gateway.url, headers=headers) as client:
        yield client


async def test_the_same_reference_is_one_text(sms_gateway: SmsGateway, client: httpx.AsyncClient) -> None:
    first, again = await asyncio.gather(*(client.post("/messages", json=TEXT) for _ in range(2)))
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert len(sms_gateway.texts) == 1
    assert len(SmsGateway(sms_gateway.file).texts) == 1, "remembered after a restart"


async def test_a_wrong_key_or_number_is_refused(sms_gateway: SmsGateway, client: httpx.AsyncClient) -> None:
    assert (await client.post("/messages", json=TEXT, headers={"Authorization": "Bearer x"})).status_code == 401
    assert (await client.post("/messages", json={**TEXT, "to": "0901"})).status_code == 422
    assert sms_gateway.texts == []


async def test_refusals_come_as_scripted(sms_gateway: SmsGateway, client: httpx.AsyncClient) -> None:
    sms_gateway.script(
        [
            SmsRule(match="567$", action="reply", status=429, retry_after_seconds=7, times=1),
            SmsRule(match="567$", action="reply", status=400, code="bad_number", times=1),
        ]
    )
    busy = await client.post("/messages", json=TEXT)
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "7")
    bad = await client.post("/messages", json=TEXT)
    assert (bad.status_code, bad.json()) == (400, {"code": "bad_number"})
    assert (await client.post("/messages", json=TEXT)).status_code == 202


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"action": "lose_reply"}, httpx.RemoteProtocolError),
        ({"action": "slow_reply", "seconds": 30}, httpx.ReadTimeout),
    ],
)
async def test_a_lost_reply_can_be_looked_up(
    sms_gateway: SmsGateway, client: httpx.AsyncClient, rule: dict[str, Any], error: type[httpx.TransportError]
) -> None:
    await client.post("/script", json={"rules": [{**rule, "times": 1}]})
    with pytest.raises(error):
        await client.post("/messages", json=TEXT, timeout=1)
    await sms_gateway.settle()
    (found,) = (await client.get("/messages", params={"reference": "m-1"})).json()["items"]
    assert found["status"] == "delivered"
    assert (await client.get("/messages", params={"reference": "other"})).json() == {"items": []}


async def test_receipts_are_signed_and_can_fail_double_or_be_forged(
    sms_gateway: SmsGateway, client: httpx.AsyncClient
) -> None:
    receipts: list[dict[str, Any]] = []
    forged: list[bytes] = []
    app = FastAPI()

    @app.post("/receipts")
    async def receive(request: Request) -> None:
        body = await request.body()
        try:
            receipts.append(Webhook(sms_gateway.receipt_secret).verify(body, dict(request.headers)))
        except WebhookVerificationError:
            forged.append(body)

    sms_gateway.script(
        receipts=[
            ReceiptRule(match="1$", status="failed", reason="absent subscriber", copies=2, before_reply=True),
            ReceiptRule(match="2$", forged=True),
        ]
    )
    async with served(app) as port:
        sms_gateway.callback_url = f"http://127.0.0.1:{port}/receipts"
        for number in "12":
            await client.post("/messages", json={**TEXT, "to": f"+8490123456{number}", "reference": f"m-{number}"})
        await sms_gateway.settle()
    assert [(r["reference"], r["status"], r["reason"]) for r in receipts] == [
        ("m-1", "failed", "absent subscriber")
    ] * 2
    assert len(forged) == 1


def test_segments_are_counted_as_an_operator_bills_them() -> None:
    assert [count_segments("a" * n) for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [count_segments("ề" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert [count_segments("[" * n) for n in (80, 81)] == [1, 2]
    assert count_segments("`" * 71) == 2, "ASCII, yet not in the GSM alphabet"


async def test_no_part_of_an_answer_waits_until_the_other_end_acknowledged_the_part_before() -> None:
    app = FastAPI()

    @app.get("/")
    async def is_sent_at_once(request: Request) -> bool:
        own = request.scope[ABORT_CONNECTION].__self__.get_extra_info("socket")
        return bool(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async with served(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/")).json() is True
