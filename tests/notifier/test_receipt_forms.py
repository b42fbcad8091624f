"""Receipts of gateways that know no Standard Webhooks, and a second channel of the same kind: described, not coded."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.serving import served
from fastapi import FastAPI, Request
from notifier.app import create_app
from notifier.receipt_forms import ReceiptForm

from tests.notifier.people import make_notice
from tests.notifier.world import World
from tests.support.shared_routes import with_shared_routes

SECRET = "a-secret-of-receipts"
LOGIN = base64.b64encode(f"gateway:{SECRET}".encode()).decode()
ZALO = Path(__file__).parents[2] / "deploy/providers/zalo-beside-sms.json"
STATUSES = {"3": "delivered", "4": "failed", "5": "partly_delivered"}


def sign(body: bytes, *, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


FORMS: dict[str, dict[str, Any]] = {
    "hmac, hex": {"check": "hmac", "secret": SECRET, "header": "X-Sign", "prefix": "sha256="},
    "hmac, base64": {"check": "hmac", "secret": SECRET, "header": "X-Sign", "digest": "base64"},
    "basic": {"check": "basic", "secret": f"gateway:{SECRET}"},
    "by address": {"check": "address", "addresses": ["127.0.0.0/8"]},
    "basic, from there alone": {"check": "basic", "secret": f"gateway:{SECRET}", "addresses": ["127.0.0.1/32"]},
}


def proof(form: str, body: bytes) -> dict[str, str]:
    return {
        "hmac, hex": {"X-Sign": f"sha256={sign(body).hex()}"},
        "hmac, base64": {"X-Sign": base64.b64encode(sign(body)).decode()},
        "by address": {},
    }.get(form, {"Authorization": f"Basic {LOGIN}"})


FORGED: dict[str, list[dict[str, str]]] = {
    "hmac, hex": [{}, {"X-Sign": "sha256=00"}, {"X-Sign": sign(b"another body").hex()}],
    "hmac, base64": [{"X-Sign": base64.b64encode(sign(b"x", secret="another-secret-of-it")).decode()}],
    "basic": [{}, {"Authorization": "Basic !!"}, {"Authorization": f"Bearer {SECRET}"}],
    "by address": [],
    "basic, from there alone": [{"Authorization": "Basic Z2F0ZXdheTp3cm9uZw=="}],
}


def described_by(world: World, tmp_path: Path, receipts: dict[str, Any]) -> None:
    gateway: dict[str, Any] = {"name": "sms", "url": world.sms.url, "key": world.sms.key, "sender": "SNV"}
    gateway["receipts"] = {"statuses": STATUSES, "reference": "data.ref", "status": "data.st", "id": "no"} | receipts
    relay = {"name": "smtp", "host": "127.0.0.1", "port": world.mail.port, "tls": "none"}
    file = tmp_path / "providers.json"
    file.write_text(json.dumps({"mail_relays": [relay], "sms_gateways": [gateway]}))
    world.settings = world.with_settings(notifier_providers_file=file)


async def post(world: World, body: bytes, headers: dict[str, str], *, client: str = "127.0.0.1") -> httpx.Response:
    app = with_shared_routes(create_app(world.settings))
    transport = httpx.ASGITransport(app, client=(client, 5))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as api:
        return await api.post("/v1/receipts/sms", content=body, headers=headers)


@pytest.mark.parametrize("form", FORMS)
async def test_only_what_the_gateway_proves_counts_and_its_statuses_are_a_table(
    world: World, tmp_path: Path, form: str
) -> None:
    described_by(world, tmp_path, FORMS[form])
    await world.prepare(make_notice(email=None))
    await world.send_all()
    reference = (await world.message(Channel.SMS))["reference"]

    def receipt(status: str) -> bytes:
        return json.dumps({"no": f"r{status}", "data": {"ref": reference, "st": status}}).encode()

    body = receipt("3")
    for headers in FORGED[form]:
        assert (await post(world, body, headers)).status_code == 401
    elsewhere = await post(world, body, proof(form, body), client="203.0.113.9")
    assert elsewhere.status_code == (401 if "addresses" in FORMS[form] else 200)
    if elsewhere.status_code == 401:
        assert (await world.message(Channel.SMS))["status"] == "sent"
    queued, unreadable = receipt("1"), b'{"no": 5}'
    assert (await post(world, queued, proof(form, queued))).json()["effect"] == "ignored: says nothing of arrival"
    assert (await post(world, unreadable, proof(form, unreadable))).status_code == 422
    await post(world, body, proof(form, body))
    assert (await world.message(Channel.SMS))["status"] == "delivered"
    assert (await post(world, body, proof(form, body))).json() == {"effect": "ignored: repeated"}
    stored = await world.rows("select body from notifier.receipts")
    assert stored[0]["body"].keys() == {"id", "reference", "status", "reason"}, "nothing else of what came is kept"


async def test_a_text_that_arrived_in_part_is_not_told(world: World, tmp_path: Path) -> None:
    described_by(world, tmp_path, FORMS["basic"] | {"encoding": "form", "reference": "ref", "status": "st"})
    await world.prepare(make_notice(email=None))
    await world.send_all()
    body = f"ref={(await world.message(Channel.SMS))['reference']}&st=5".encode()
    assert (await post(world, body, proof("basic", body))).json() == {"effect": "failed"}
    assert (await world.message(Channel.SMS))["reason_code"] == "receipt.part"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"check": "address"}, "needs `addresses`"),
        ({"check": "hmac", "secret": "short"}, "16 characters"),
        ({"check": "address", "addresses": ["not-a-network"]}, "not appear to be"),
        ({"check": "address", "addresses": ["127.0.0.1"], "statuses": {}}, "at least 1"),
    ],
)
def test_a_form_that_proves_nothing_is_refused_at_the_start(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ReceiptForm.model_validate({"statuses": STATUSES} | changes)


async def test_a_second_channel_of_the_same_kind_fits_by_its_description(world: World, tmp_path: Path) -> None:
    taken: list[tuple[str | None, Any]] = []
    zalo = FastAPI()

    @zalo.post("/message/template")
    async def take(request: Request) -> dict[str, Any]:
        taken.append((request.headers.get("access_token"), await request.json()))
        return {"error": 0, "data": {"msg_id": "z1"}}

    described = json.loads(ZALO.read_text())
    async with served(zalo) as port:
        described["sms_gateways"][0]["url"] = f"http://127.0.0.1:{port}"
        file = tmp_path / "providers.json"
        file.write_text(json.dumps(described))
        world.settings = world.with_settings(notifier_providers_file=file)
        await world.prepare(make_notice(email=None))
        await world.sender(Channel.SMS, by="zalo").send_due()
    row = await world.message(Channel.SMS)
    assert (row["status"], row["provider"], row["provider_message_id"]) == ("sent", "zalo", "z1")
    ((key, body),) = taken
    assert (key, body["template_id"], body["tracking_id"]) == ("change-me", "100001", row["reference"])
    event = {"event_name": "user_received_message", "message": {"tracking_id": row["reference"], "msg_id": "z1"}}
    content = json.dumps(event).encode()
    signature = f"mac={sign(content, secret='change-me-change-me').hex()}"
    app = with_shared_routes(create_app(world.settings))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as api:
        answer = await api.post("/v1/receipts/zalo", content=content, headers={"X-ZEvent-Signature": signature})
    assert answer.json() == {"effect": "delivered"}
