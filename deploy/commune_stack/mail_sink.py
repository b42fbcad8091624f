"""An SMTP server that keeps what it is given, shows it on a page, and misbehaves as told. Test equipment.

Every delivery is one .eml file in a folder: the message as it came, under the two headers a mail server puts on top
(Return-Path, Delivered-To). GET / shows them; POST /script makes it misbehave (faults.MailRule), see `control` below.
"""

import asyncio
import contextlib
import email
import email.parser
import email.policy
import functools
import secrets
import time
import weakref
from collections.abc import AsyncIterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.responses import HTMLResponse

from commune_stack.faults import MailRule, first_fitting
from commune_stack.pages import message_page, page
from commune_stack.places import append_privately
from commune_stack.serving import refuse_foreign_origin, served

PAGE_LENGTH = 500
DATA_LIMIT_BYTES = 25 * 1024 * 1024


class MailSink:
    """The inbox and its SMTP port. `listening()` runs it; `script` changes how it behaves from then on."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.host = host
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self.rules: list[MailRule] = []
        self._server: asyncio.Server | None = None
        self._clients: weakref.WeakSet[SMTP] = weakref.WeakSet()

    @property
    def files(self) -> list[Path]:
        """Oldest first."""
        return sorted(self.folder.glob("*.eml"))

    @property
    def messages(self) -> list[EmailMessage]:
        return [read_message(path) for path in self.files]

    async def script(self, rules: Sequence[MailRule]) -> None:
        """Behave like this from now on; no rules: like any mail server."""
        self.rules = [rule.model_copy() for rule in rules]
        if any(rule.action == "refuse" for rule in self.rules):
            await self._close()
        else:
            await self._open()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["MailSink"]:
        await self._open()
        try:
            yield self
        finally:
            await self._close()

    def keep(self, *, sender: str, recipient: str, content: bytes) -> None:
        """One file, complete or not there at all."""
        top = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode()
        path = self.folder / f"{time.time_ns()}-{secrets.token_hex(3)}.eml"
        unfinished = path.with_suffix(".unfinished")
        with append_privately(unfinished) as file:
            file.write(top + content)
        unfinished.rename(path)

    async def _open(self) -> None:
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._greet, self.host, self.port, reuse_address=True)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for client in list(self._clients):
            _cut(client)

    def _greet(self) -> SMTP:
        slow = first_fitting([rule for rule in self.rules if rule.action == "slow_banner"], "")
        wait_seconds = slow.seconds if slow else 0.0
        client = _Conversation(self, wait_seconds)
        self._clients.add(client)
        return client


class _Conversation(SMTP):
    """One client's connection; its banner may come late."""

    def __init__(self, sink: MailSink, wait_seconds: float) -> None:
        super().__init__(_Answers(sink), enable_SMTPUTF8=True, data_size_limit=DATA_LIMIT_BYTES, hostname="mail-sink")
        self._wait_seconds = wait_seconds

    async def _handle_client(self) -> None:
        if self._wait_seconds:
            await asyncio.sleep(self._wait_seconds)
        await super()._handle_client()


class _Answers:
    """What the server says to EHLO, RCPT and DATA; names and arguments are aiosmtpd's hooks."""

    def __init__(self, sink: MailSink) -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """It takes commands in one piece, as mail servers do; aiosmtpd reads them one by one anyway."""
        del server, envelope
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        rule = self._rule(address, "reply")
        if rule is not None:
            return f"{rule.code} {rule.text}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        first = str(envelope.rcpt_tos[0])
        if self._rule(first, "drop_before_taking"):
            _cut(server)
            return "451 dropped"
        hang = self._rule(first, "hang")
        if hang is not None:
            await asyncio.sleep(hang.seconds)
        for recipient in envelope.rcpt_tos:
            self.sink.keep(
                sender=envelope.mail_from or "", recipient=recipient, content=envelope.original_content or b""
            )
        slow = self._rule(first, "slow_reply")
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        if self._rule(first, "drop_after_taking"):
            _cut(server)
        return "250 OK, kept"

    def _rule(self, recipient: str, action: str) -> MailRule | None:
        return first_fitting([rule for rule in self.sink.rules if rule.action == action], recipient)


def _cut(client: SMTP) -> None:
    """Drop the connection at once, nothing more said."""
    if client.transport is not None:
        cast("asyncio.WriteTransport", client.transport).abort()


def read_message(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    return message


def _read_headers(path: Path) -> dict[str, str]:
    """Those that a list of messages shows."""
    with path.open("rb") as file:
        message = email.parser.BytesHeaderParser(policy=email.policy.default).parse(file)
    return {name: str(message[name]) for name in ("Delivered-To", "Subject", "Message-ID", "Date")}


def control(sink: MailSink) -> FastAPI:
    """The sink's pages for people, and for tests in another process its messages and its script."""
    app = FastAPI(title="Mail sink", docs_url=None, redoc_url=None, dependencies=[Depends(refuse_foreign_origin)])

    @app.get("/health")
    async def health() -> dict[str, int]:
        return {"messages": len(sink.files), "smtp_port": sink.port}

    read_headers = functools.cache(_read_headers)  # a file never changes, and whoever waits asks many times

    @app.get("/messages")
    def messages() -> list[dict[str, str]]:
        return [{"name": path.name, **read_headers(path)} for path in sink.files]

    @app.delete("/messages", status_code=204)
    def empty() -> None:
        for path in sink.files:
            path.unlink()

    @app.post("/script", status_code=204)
    async def script(rules: list[MailRule]) -> None:
        await sink.script(rules)

    _add_pages(app, sink)
    return app


def _add_pages(app: FastAPI, sink: MailSink) -> None:
    @app.get("/", response_class=HTMLResponse)
    def inbox() -> Response:
        newest = sink.files[: -PAGE_LENGTH - 1 : -1]
        return page("inbox.html", messages=[(path.name, read_message(path)) for path in newest], total=len(sink.files))

    @app.get("/messages/{name}", response_class=HTMLResponse)
    def message(name: str) -> Response:
        return message_page(name, read_message(_path_of(sink, name)))

    @app.get("/messages/{name}/source")
    def source(name: str) -> Response:
        return Response(_path_of(sink, name).read_bytes(), media_type="text/plain; charset=utf-8")


def _path_of(sink: MailSink, name: str) -> Path:
    """Only names that are there: a name is never made into a path."""
    found = next((path for path in sink.files if path.name == name), None)
    if found is None:
        raise HTTPException(404)
    return found


async def run(folder: Path, *, host: str, smtp_port: int, http_port: int, until: asyncio.Event) -> None:
    """The sink as a process of its own."""
    async with (
        MailSink(folder, host=host, port=smtp_port).listening() as sink,
        served(control(sink), host=host, port=http_port),
    ):
        await until.wait()
