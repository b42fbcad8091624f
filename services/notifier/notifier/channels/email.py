"""E-mail over SMTP: text, HTML and a calendar file; one connection kept while it is good.

A line that breaks before the mail itself is written is transient: nothing was handed over. A line that breaks after,
before the reply, is unknown: nobody can tell. Replies: 4xx transient, 5xx permanent (RFC 5321 section 4.2.1).
"""

import asyncio
import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr
from functools import cache
from typing import cast

import aiosmtplib
from commune_schemas.notices import Channel as ChannelName
from commune_schemas.notices import Language
from commune_service.logging import log_fault

from notifier.addresses import find_fault
from notifier.channels.answer import NOT_WRITTEN, Answer, Outcome, Outgoing
from notifier.channels.conversation import CLOSING, TAKEN, BrokenLineError, Conversation, Reply, Step
from notifier.channels.mail_headers import encode_mailbox, encode_text
from notifier.channels.mime import Attachment, write_mime
from notifier.digest_mail import write_digest
from notifier.providers import MailRelay
from notifier.school_mail import write_mail
from notifier.unsubscribe_link import add_link

POLICY = re.compile(r"5\.7\.\d")
"""Enhanced status codes of security and policy (RFC 3463 section 3.8)."""
AWAY = Answer(Outcome.TRANSIENT, "provider.away", provider_is_ill=True)
NO_ANSWER = Answer(Outcome.UNKNOWN, "provider.no_answer", provider_is_ill=True)
FOR_GOOD = 500
PERMANENT_REASONS = {Step.RCPT: "recipient.bad_address", Step.DATA: "content.refused"}


class EmailChannel:
    """One SMTP connection; used by one sender at a time."""

    def __init__(self, relay: MailRelay, *, mail_from: str, send_seconds: float, bounces_to: str = "") -> None:
        """`bounces_to`: the envelope's sender; left out, the address of `mail_from`."""
        self.provider = relay.name
        self._relay = relay
        self._mail_from = mail_from
        self._bounces_to = bounces_to or parseaddr(mail_from)[1]
        self._send_seconds = send_seconds
        self._patience_seconds = send_seconds / 4
        """With one answer of the relay."""
        self._line: Conversation | None = None

    async def send(self, message: Outgoing) -> Answer:
        fault = find_fault(ChannelName.EMAIL, message.address)
        if fault is not None:
            return Answer(Outcome.PERMANENT, fault)
        try:
            content = write_message(message, mail_from=self._mail_from)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is this message's alone
            log_fault("message.not_written", error, reference=message.reference)
            return NOT_WRITTEN
        try:
            line = await self._open_mail(message.address)
            if isinstance(line, Answer):
                return line
            return await self._hand_over(line, content)
        except BaseException:
            # Interrupted in the middle of a conversation: the next message must not read this one's replies.
            await self.close()
            raise

    async def _open_mail(self, address: str) -> Conversation | Answer:
        """A line on which the relay waits for the mail. One kept from before may have died of old age: then a fresh
        one."""
        is_fresh = self._line is None or not self._line.is_open
        try:
            async with asyncio.timeout(self._send_seconds / 2):
                line = await self._connected()
                refusal = await line.open_mail(self._bounces_to, address)
        except aiosmtplib.SMTPResponseException as error:
            answer = _unwilling(error.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            answer = _with_code(AWAY, error)
        else:
            if refusal is None:
                return line
            if refusal.step is not Step.MAIL:
                await self._reset(line, after=refusal.reply)
                return _refused(refusal.reply, permanent_reason=PERMANENT_REASONS[refusal.step])
            answer = _unwilling(refusal.reply.code)
        await self.close()
        return answer if is_fresh else await self._open_mail(address)

    async def _hand_over(self, line: Conversation, content: bytes) -> Answer:
        try:
            async with asyncio.timeout(self._patience_seconds):
                reply = await line.hand_over(content)
        except OSError as error:
            await self.close()
            return _with_code(NO_ANSWER, error)
        if reply.kind == TAKEN:
            return Answer(Outcome.SENT, provider_code=str(reply.code))
        await self._reset(line, after=reply)
        return _refused(reply, permanent_reason="content.refused")

    async def find(self, reference: str) -> bool | None:
        """SMTP has no way to ask."""
        del reference
        return None

    async def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    async def _connected(self) -> Conversation:
        if self._line is not None and self._line.is_open:
            return self._line
        relay = self._relay
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.username,
            password=relay.password.get_secret_value() if relay.password else None,
            use_tls=relay.tls == "implicit",
            start_tls=relay.tls == "required",
            timeout=self._patience_seconds,
        )
        try:
            await client.connect()
            await client.ehlo()
        except BaseException:
            client.close()
            raise
        if client.transport is None:
            raise BrokenLineError("hung up")
        transport = cast("asyncio.Transport", client.transport)
        self._line = Conversation(transport, pipelines=client.supports_extension("pipelining"))
        return self._line

    async def _reset(self, line: Conversation, *, after: Reply) -> None:
        """Ready for the next message; a connection that cannot be is dropped."""
        try:
            if after.code == CLOSING:
                raise BrokenLineError("closing")
            async with asyncio.timeout(self._patience_seconds):
                await line.reset()
        except OSError:
            await self.close()


def write_message(message: Outgoing, *, mail_from: str) -> bytes:
    """The whole e-mail. Its Message-ID is the reference, the same at each try."""
    now = datetime.now(UTC)
    organizer = _address_of(mail_from)
    if message.others:
        written = (message.blocks, *(message.blocks_of_others or [None] * len(message.others)))
        told = (message.notice, *message.others)
        content = write_digest(told, stamped_at=now, organizer_email=organizer, blocks=written)
    else:
        content = write_mail(message.notice, stamped_at=now, organizer_email=organizer, blocks=message.blocks)
    headers = [
        ("From", encode_mailbox(mail_from, taken=len("From: "))),
        ("To", message.address),
        ("Subject", encode_text(content.subject, taken=len("Subject: "))),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<{message.reference}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en" if message.notice.language is Language.EN else "vi, en"),
    ]
    if message.unsubscribe_url:
        content = add_link(content, message.unsubscribe_url)
        headers.append(("List-Unsubscribe", f"<{message.unsubscribe_url}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    calendar = content.calendar and Attachment(
        f'text/calendar; method="{content.calendar_method}"; charset="utf-8"', "lich-ho-tro-xa.ics", content.calendar
    )
    mark = hashlib.sha256(message.reference.encode()).hexdigest()[:24]
    return write_mime(headers, text=content.text, html=content.html, attachment=calendar or None, mark=mark)


@cache
def _address_of(mailbox: str) -> str:
    return parseaddr(mailbox)[1]


def _unwilling(code: int) -> Answer:
    """The relay takes nothing now, or nothing from us."""
    reason = "provider.busy" if code < FOR_GOOD else "provider.not_allowed"
    return Answer(Outcome.TRANSIENT, reason, str(code), provider_is_ill=True)


def _refused(reply: Reply, *, permanent_reason: str) -> Answer:
    if reply.code < FOR_GOOD:
        is_closing = reply.code == CLOSING  # to everybody
        return Answer(Outcome.TRANSIENT, "provider.busy", str(reply.code), provider_is_ill=is_closing)
    if POLICY.match(reply.text):
        # "Relaying denied" and its like are about us: the others of the batch had better wait than fail alike.
        return Answer(Outcome.PERMANENT, "provider.refused", str(reply.code), provider_is_ill=True)
    return Answer(Outcome.PERMANENT, permanent_reason, str(reply.code))


def _with_code(answer: Answer, error: Exception) -> Answer:
    return Answer(answer.outcome, answer.reason, type(error).__name__, provider_is_ill=answer.provider_is_ill)
