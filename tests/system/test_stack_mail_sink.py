"""The mail sink keeps what a mail server would, shows it safely, and misbehaves as told."""

import asyncio
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest
from commune_stack.faults import MailRule
from commune_stack.mail_sink import MailSink, control
from commune_stack.serving import served


def a_message(to: str = "lan@example.test") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "snv@example.test", to, "Phân công về xã Tây Khánh Vĩnh"
    message.set_content("Kính gửi Lan,\n.một dòng bắt đầu bằng dấu chấm\n")
    message.add_alternative("<p>Kính gửi <b>Lan</b></p><script>alert(1)</script>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="lich.ics")
    return message


async def send(sink: MailSink, message: EmailMessage, *, patience_seconds: float = 5) -> None:
    await aiosmtplib.send(message, hostname="127.0.0.1", port=sink.port, timeout=patience_seconds, start_tls=False)


async def test_a_mail_arrives_whole_with_its_letters_and_its_attachment(smtp_sink: MailSink) -> None:
    await send(smtp_sink, a_message())
    (arrived,) = smtp_sink.messages
    assert arrived["Delivered-To"] == "lan@example.test"
    assert arrived["Subject"] == "Phân công về xã Tây Khánh Vĩnh"
    body = arrived.get_body(("plain",))
    assert body is not None
    assert ".một dòng" in body.get_content()
    assert [part.get_filename() for part in arrived.iter_attachments()] == ["lich.ics"]


async def test_refusals_by_recipient_wear_out(smtp_sink: MailSink) -> None:
    await smtp_sink.script([MailRule(match="^an@", action="reply", code=550), MailRule(action="reply", times=1)])
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(smtp_sink, a_message("an@example.test"))
    assert refused.value.recipients[0].code == 550
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(smtp_sink, a_message("binh@example.test"))
    assert refused.value.recipients[0].code == 451
    await send(smtp_sink, a_message("binh@example.test"))
    assert [message["To"] for message in smtp_sink.messages] == ["binh@example.test"]


@pytest.mark.parametrize(("action", "kept"), [("hang", 0), ("slow_reply", 1)])
async def test_a_sender_that_leaves_before_a_slow_answer_finds_out_nothing(
    smtp_sink: MailSink, action: str, kept: int
) -> None:
    await smtp_sink.script([MailRule.model_validate({"action": action, "seconds": 30, "times": 1})])
    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        await send(smtp_sink, a_message(), patience_seconds=1)
    assert len(smtp_sink.messages) == kept


@pytest.mark.parametrize(("action", "kept"), [("drop_before_taking", 0), ("drop_after_taking", 1)])
async def test_a_dropped_connection_tells_the_sender_nothing(smtp_sink: MailSink, action: str, kept: int) -> None:
    await smtp_sink.script([MailRule.model_validate({"action": action, "times": 1})])
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(smtp_sink, a_message())
    assert len(smtp_sink.messages) == kept


async def test_a_sink_that_refuses_connections_listens_again_on_the_same_port(smtp_sink: MailSink) -> None:
    await smtp_sink.script([MailRule(action="refuse")])
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(smtp_sink, a_message())
    await smtp_sink.script([])
    await send(smtp_sink, a_message())
    assert len(smtp_sink.messages) == 1


async def test_a_slow_banner_outlasts_an_impatient_sender(smtp_sink: MailSink) -> None:
    await smtp_sink.script([MailRule(action="slow_banner", seconds=30, times=1)])
    with pytest.raises(aiosmtplib.SMTPTimeoutError):
        await send(smtp_sink, a_message(), patience_seconds=0.2)
    await send(smtp_sink, a_message())


async def test_the_page_shows_foreign_html_in_a_sandbox_and_can_be_scripted_from_outside(smtp_sink: MailSink) -> None:
    await asyncio.gather(send(smtp_sink, a_message()), send(smtp_sink, a_message("<b>@example.test")))
    async with served(control(smtp_sink)) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        inbox = (await client.get("/")).text
        assert "Phân công về xã" in inbox
        assert "<b>@" not in inbox
        name = (await client.get("/messages")).json()[0]["name"]
        shown = await client.get(f"/messages/{name}")
        assert "<script>" not in shown.text
        assert 'sandbox="allow-popups' in shown.text
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
        assert (await client.get("/messages/..%2F..%2Fetc%2Fpasswd")).status_code == 404
        assert (await client.post("/script", json=[{"action": "reply", "code": 421}])).status_code == 204
    assert smtp_sink.rules[0].code == 421
