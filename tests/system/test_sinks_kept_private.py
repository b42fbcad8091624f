"""What the sinks hold is for who runs them: no page of another site changes them, no other user reads their files."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from commune_stack.mail_sink import MailSink, control
from commune_stack.programs import Process, Program
from commune_stack.sms_gateway import SmsGateway, TextRequest, gateway_app
from fastapi import FastAPI


def sinks(folder: Path) -> dict[str, FastAPI]:
    return {"mail": control(MailSink(folder / "inbox")), "sms": gateway_app(SmsGateway(folder / "sms.jsonl"))}


SCRIPTS = {"mail": [], "sms": {"rules": [], "receipts": []}}


@pytest.fixture(params=["mail", "sms"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def client(tmp_path: Path, kind: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(sinks(tmp_path)[kind])
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8025") as made:
        yield made


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9999", "null"])
async def test_a_page_of_another_site_changes_no_sink(client: httpx.AsyncClient, kind: str, origin: str) -> None:
    refused = await client.post("/script", json=SCRIPTS[kind], headers={"Origin": origin})
    assert refused.status_code == 403
    assert (await client.get("/health", headers={"Origin": origin})).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1:8025"}])
async def test_tests_and_the_own_page_do(client: httpx.AsyncClient, kind: str, headers: dict[str, str]) -> None:
    assert (await client.post("/script", json=SCRIPTS[kind], headers=headers)).status_code == 204


async def test_mails_texts_and_logs_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    mail = MailSink(tmp_path / "inbox")
    mail.folder.mkdir(exist_ok=True)
    mail.keep(sender="a@example.vn", recipient="b@example.vn", content=b"Subject: x\r\n\r\nx")
    sms = SmsGateway(tmp_path / "sms.jsonl")
    sms.take(TextRequest(to="+84950000001", text="x", sender="SNV", reference="r"))
    step = Process(Program(name="step", argv=("true",), is_step=True), log=tmp_path / "step.log", mark={})
    await step.start()
    written = [*mail.folder.glob("*.eml"), tmp_path / "sms.jsonl", tmp_path / "step.log"]
    assert len(written) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
