"""Several providers of a channel, gateways with an API of their own: who takes what, once, and speaks for what."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import MailRule, SmsRule
from commune_stack.mail_sink import MailSink
from commune_stack.serving import served
from commune_stack.sms_gateway import SmsGateway, gateway_app
from fastapi import FastAPI, Request
from notifier.app import create_app
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.channels.way_out import find_proxy
from notifier.providers import read_providers
from notifier.settings import Settings

from tests.notifier.people import make_notice
from tests.notifier.test_receipts import receipt, signed
from tests.notifier.world import World
from tests.support.shared_routes import with_shared_routes

EXAMPLES = Path(__file__).parents[2] / "deploy/providers"
SECOND_SECRET = "whsec_c2Vjb25kLXNlY29uZC1zZWNvbmQtc2Vjb25k"


@pytest.fixture
async def second_sms(tmp_path: Path) -> AsyncIterator[SmsGateway]:
    gateway = SmsGateway(tmp_path / "second.jsonl", receipt_secret=SECOND_SECRET)
    async with served(gateway_app(gateway)) as gateway.port:
        yield gateway
    await gateway.close()


@pytest.fixture
async def two(world: World, second_sms: SmsGateway, tmp_path: Path) -> World:
    """The world with two relays, which lead to one sink, and two gateways."""
    relay = {"host": "127.0.0.1", "port": world.mail.port, "tls": "none"}
    secret = world.sms.receipt_secret
    file = tmp_path / "providers.json"
    described = {
        "mail_relays": [{"name": "smtp", **relay}, {"name": "smtp-second", **relay}],
        "sms_gateways": [
            {"name": "sms", "url": world.sms.url, "key": world.sms.key, "sender": "SNV", "receipt_secret": secret},
            {
                "name": "sms-second",
                "url": second_sms.url,
                "key": second_sms.key,
                "sender": "SNV",
                "receipt_secret": SECOND_SECRET,
            },
        ],
    }
    file.write_text(json.dumps(described))
    world.settings = world.with_settings(notifier_providers_file=file)
    return world


async def send_by(world: World, *names: str, **changes: Any) -> None:
    """One round of each of these gateways, in this order."""
    for name in names:
        await world.sender(Channel.SMS, by=name, **changes).send_due()


async def test_what_one_gateway_refuses_the_other_sends_and_each_person_hears_once(
    two: World, second_sms: SmsGateway
) -> None:
    two.sms.script([SmsRule(action="reply", status=503)])
    await two.prepare(*(make_notice(email=None) for _ in range(6)))
    await send_by(two, "sms", "sms", notifier_breaker_failures=2, notifier_breaker_seconds=600)
    await two.change("update notifier.messages set next_attempt_at = now()")
    two.sms.script()
    await send_by(two, "sms", "sms-second", notifier_breaker_failures=2)
    assert await two.statuses(Channel.SMS) == ["sent"] * 6
    assert (len(two.sms.texts), len(second_sms.texts)) == (0, 6), "the first is left alone, although it is back"


async def test_what_a_gateway_may_have_taken_is_given_to_no_other(two: World, second_sms: SmsGateway) -> None:
    two.sms.script([SmsRule(action="reply", status=500, times=1)])
    await two.prepare(make_notice(email=None))
    await send_by(two, "sms")
    await two.change("update notifier.messages set next_attempt_at = now()")
    await send_by(two, "sms-second")
    row = await two.message(Channel.SMS)
    assert (row["status"], row["only_by"], second_sms.texts) == ("pending", "sms", [])
    await send_by(two, "sms")
    row = await two.message(Channel.SMS)
    assert (row["status"], row["provider"], len(two.sms.texts)) == ("sent", "sms", 1)


async def test_a_gateway_that_is_asked_and_has_not_got_it_leaves_it_to_the_other(
    two: World, second_sms: SmsGateway
) -> None:
    two.sms.script([SmsRule(action="hang", seconds=5, times=1)])
    await two.prepare(make_notice(email=None))
    await send_by(two, "sms", notifier_send_seconds=0.5)
    assert (await two.message(Channel.SMS))["status"] == "unknown"
    await two.sweep()
    await send_by(two, "sms-second")
    row = await two.message(Channel.SMS)
    assert (row["status"], row["provider"], row["only_by"]) == ("sent", "sms-second", None)
    assert (two.sms.texts, len(second_sms.texts)) == ([], 1)


async def test_a_slow_gateway_is_left_alone_where_there_is_another(two: World, second_sms: SmsGateway) -> None:
    two.sms.script([SmsRule(action="slow_reply", seconds=1)])
    await two.prepare(*(make_notice(email=None) for _ in range(4)))
    quick: dict[str, Any] = {"notifier_slow_seconds": 0.6, "notifier_breaker_failures": 1}
    await send_by(two, "sms", "sms", "sms-second", **quick)
    assert await two.statuses(Channel.SMS) == ["sent"] * 4
    assert (len(two.sms.texts), len(second_sms.texts)) == (1, 3)


async def test_a_gateway_that_stands_by_takes_only_what_the_others_left_lying(two: World) -> None:
    await two.prepare(make_notice(email=None))
    standing_by = two.sender(Channel.SMS, by="sms-second")
    standing_by._standby_seconds = 600
    assert await standing_by.send_due() == 0
    await two.change("update notifier.messages set next_attempt_at = now() - interval '11 minutes'")
    assert await standing_by.send_due() == 1


async def test_mail_goes_by_the_second_relay_while_the_first_refuses(two: World, smtp_sink: MailSink) -> None:
    await smtp_sink.script([MailRule(action="reply", code=451, times=1)])
    await two.prepare(make_notice(phone=None))
    await two.sender(Channel.EMAIL, by="smtp").send_due()
    await two.change("update notifier.messages set next_attempt_at = now()")
    await two.sender(Channel.EMAIL, by="smtp-second").send_due()
    row = await two.message(Channel.EMAIL)
    assert (row["status"], row["provider"], len(smtp_sink.messages)) == ("sent", "smtp-second", 1)


async def test_a_gateway_speaks_for_what_it_was_given_and_for_nothing_else(two: World) -> None:
    await two.prepare(make_notice(email=None))
    await send_by(two, "sms")
    row = await two.message(Channel.SMS)
    app = with_shared_routes(create_app(two.settings))
    body = receipt(row["reference"])
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://n") as api,
    ):
        second = await api.post("/v1/receipts/sms-second", content=body, headers=signed(body, secret=SECOND_SECRET))
        forged = await api.post("/v1/receipts/sms", content=body, headers=signed(body, secret=SECOND_SECRET))
        stranger = await api.post("/v1/receipts/other", content=body, headers=signed(body, secret=SECOND_SECRET))
        first = await api.post(
            "/v1/receipts/sms", content=body, headers=signed(body, secret=two.sms.receipt_secret, webhook_id="r2")
        )
    assert second.json()["effect"] == "ignored: no such message"
    assert (forged.status_code, stranger.status_code) == (401, 404)
    assert first.json()["effect"] == "delivered"


class GatewayWithCodes:
    """Answers as deploy/providers/gateway-with-codes.json says: HTTP 200, and the truth in `CodeResult`."""

    def __init__(self) -> None:
        self.code = "100"
        self.asked: list[dict[str, Any]] = []
        self.app = FastAPI()
        self.app.post("/main/send")(self._send)
        self.app.get("/main/status")(self._find)

    async def _send(self, request: Request) -> dict[str, Any]:
        self.asked.append(await request.json())
        return {"CodeResult": self.code, "SMSID": "id-1"}

    async def _find(self) -> dict[str, Any]:
        return {"ReceiverList": self.asked}


async def test_a_gateway_with_an_api_of_its_own_needs_a_description_and_no_code(world: World, tmp_path: Path) -> None:
    described = json.loads((EXAMPLES / "gateway-with-codes.json").read_text())
    gateway = GatewayWithCodes()
    async with served(gateway.app) as port:
        described["sms_gateways"][0]["url"] = f"http://127.0.0.1:{port}"
        file = tmp_path / "providers.json"
        file.write_text(json.dumps(described))
        channel = world.open("sms-codes", notifier_providers_file=file)
        assert await channel.find("nothing yet") is False
        answers: dict[str, Answer] = {}
        for gateway.code in ("100", "99", "101", "118", "177", "never heard of"):
            answers[gateway.code] = await channel.send(Outgoing("ref-1", "+84900000001", make_notice()))
        assert await channel.find("ref-1") is True
    asked = gateway.asked[0]
    assert {name: asked[name] for name in ("ApiKey", "Phone", "TemplateId", "RequestId", "IsUnicode")} == {
        "ApiKey": "so-noi-vu",
        "Phone": "84900000001",
        "TemplateId": "1001",
        "RequestId": "ref-1",
        "IsUnicode": "0",
    }
    assert answers["100"].provider_message_id == "id-1"
    assert answers["never heard of"].reason == "provider.not_understood"
    assert {code: (answer.outcome, answer.provider_is_ill) for code, answer in answers.items()} == {
        "100": (Outcome.SENT, False),
        "99": (Outcome.TRANSIENT, False),
        "101": (Outcome.TRANSIENT, True),
        "118": (Outcome.PERMANENT, False),
        "177": (Outcome.PERMANENT, False),
        "never heard of": (Outcome.UNKNOWN, True),
    }


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.json")), ids=lambda file: file.name)
def test_every_example_is_understood(file: Path) -> None:
    assert read_providers(file).sms_gateways


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a place nobody fills": ({"send": {"path": "/x", "body": {"t": "${txt}"}}}, "names txt"),
    "a dollar alone": ({"send": {"path": "/x", "body": {"t": "5$"}}}, "written `$$`"),
    "no code is success": ({"answer": {"code": "c", "codes": {"1": "busy"}}}, "no code that means `sent`"),
    "all stand by": ({"standby_seconds": 5}, "one must take its share"),
    "a word not known": ({"sendr": "X"}, "sendr"),
    "two of a name": ({"name": "smtp"}, "the same name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_description_is_refused_at_the_start_with_the_files_name(case: str, tmp_path: Path) -> None:
    change, words = WRONG[case]
    gateway = {"name": "sms", "url": "https://sms.example.vn", "key": "secret-words", "sender": "SNV"} | change
    file = tmp_path / "providers.json"
    file.write_text(
        json.dumps({"mail_relays": [{"name": "smtp", "host": "mail.example.vn"}], "sms_gateways": [gateway]})
    )
    with pytest.raises(ValueError, match="NOTIFIER_PROVIDERS_FILE") as refused:
        Settings(
            notifier_environment="development",
            notifier_database_url="postgresql://nobody@127.0.0.1/none",
            notifier_providers_file=file,
        )
    assert words in str(refused.value)
    assert "secret-words" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "proxies", "found"),
    [
        ("https://sms.example.vn/v1", {"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ("https://sms.example.vn/v1", {"HTTP_PROXY": "http://proxy:3128"}, None),
        ("http://sms.example.vn/v1", {"ALL_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ("https://sms.example.vn/v1", {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": ".example.vn"}, None),
        ("https://sms.example.vn/v1", {}, None),
    ],
)
def test_a_gateway_is_reached_by_the_proxy_that_the_environment_names(
    url: str, proxies: dict[str, str], found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)
    assert find_proxy(url) == found
