"""A real SMTP server for tests and the demo: keeps every mail as an .eml file, shows them on a page, fails as told.

Test equipment: no service imports it. Faults are rules set over HTTP (`PUT /faults`), so a test may script a sink that
runs as a process of its own.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Annotated, Literal, cast

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, PlainTextResponse
from jinja2 import Environment, PackageLoader
from pydantic import BaseModel

TEMPLATES = Environment(loader=PackageLoader("commune_stack"), autoescape=True)
MessageName = Annotated[str, PathParameter(pattern=r"^[0-9]{6}\.eml$")]
SEALED = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


class MailFault(BaseModel):
    """For mail to a matching recipient, do this instead; at most `times` times (None: always)."""

    match: str = ".*"
    at: Literal["connect", "rcpt", "data"] = "data"
    action: Literal["reply", "delay", "drop", "take_and_drop"] = "reply"
    """delay: wait, then go on. drop: cut the line. take_and_drop: keep the mail, then cut before the 250."""
    reply: str = "451 4.3.0 try again later"
    seconds: float = 0
    times: int | None = None


class MailSink:
    """The folder and the faults; an aiosmtpd handler. Files are numbered in order of arrival, written whole or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.faults: list[MailFault] = []
        self._number = max((int(path.stem) for path in folder.glob("*.eml")), default=0)

    def take_fault(self, at: str, recipient: str = "") -> MailFault | None:
        """The first fault that fits, used up by one."""
        for fault in self.faults:
            if fault.at == at and fault.times != 0 and re.search(fault.match, recipient):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def keep(self, content: bytes) -> Path:
        self._number += 1
        path = self.folder / f"{self._number:06d}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.rename(path)
        return path

    def read(self, name: str) -> EmailMessage:
        """FileNotFoundError when there is no such mail."""
        return BytesParser(policy=policy.default).parsebytes((self.folder / name).read_bytes())

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session
        fault = self.take_fault("rcpt", address)
        if fault is not None:
            answer = await self._play(server, fault)
            if answer is not None:
                return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        recipient = envelope.rcpt_tos[0]
        content = envelope.original_content or b""
        fault = self.take_fault("data", recipient)
        if fault is not None:
            if fault.action == "take_and_drop":
                self.keep(content)
            answer = await self._play(server, fault)
            if answer is not None:
                return answer
        self.keep(content)
        return "250 OK: kept"

    async def _play(self, server: SMTP, fault: MailFault) -> str | None:
        """The reply to give instead; None: go on as if nothing were."""
        await asyncio.sleep(fault.seconds)
        if fault.action == "reply":
            return fault.reply
        if fault.action in {"drop", "take_and_drop"}:
            cast("asyncio.WriteTransport", server.transport).abort()
            return "421 cut"
        return None


class FaultySMTP(SMTP):
    """aiosmtpd, but its banner can be late, wrong or absent."""

    def __init__(self, sink: MailSink) -> None:
        super().__init__(sink, decode_data=False, enable_SMTPUTF8=True, ident="commune mail sink")
        self._sink = sink

    async def _handle_client(self) -> None:
        fault = self._sink.take_fault("connect")
        if fault is not None:
            await asyncio.sleep(fault.seconds)
            if fault.action == "reply":
                await self.push(fault.reply)
            if fault.action != "delay":
                cast("asyncio.WriteTransport", self.transport).close()
                return
        await super()._handle_client()


def create_app(sink: MailSink, *, smtp_host: str, smtp_port: int) -> FastAPI:
    """The page and the controls; the SMTP server lives as long as the application."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: FaultySMTP(sink), smtp_host, smtp_port)
        yield
        server.close()

    app = FastAPI(title="Mail sink", lifespan=lifespan)

    @app.get("/health")
    def get_health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/", response_class=HTMLResponse)
    def show_inbox() -> str:
        names = sorted((path.name for path in sink.folder.glob("*.eml")), reverse=True)
        mails = [(name, sink.read(name)) for name in names[:500]]
        return TEMPLATES.get_template("inbox.html").render(mails=mails, total=len(names))

    @app.get("/messages/{name}", response_class=HTMLResponse)
    def show_mail(name: MessageName) -> str:
        mail = _read_or_404(sink, name)
        plain = mail.get_body(preferencelist=("plain",))
        attachments = [part.get_filename() for part in mail.iter_attachments()]
        return TEMPLATES.get_template("mail.html").render(
            name=name, mail=mail, plain=plain.get_content() if plain else "", attachments=attachments
        )

    @app.get("/messages/{name}/html", response_class=HTMLResponse)
    def show_html_part(name: MessageName) -> HTMLResponse:
        part = _read_or_404(sink, name).get_body(preferencelist=("html",))
        return HTMLResponse(part.get_content() if part else "", headers=SEALED)

    @app.get("/messages/{name}/source", response_class=PlainTextResponse)
    def show_source(name: MessageName) -> PlainTextResponse:
        return PlainTextResponse(_read_or_404(sink, name).as_bytes().decode("utf-8", "replace"))

    @app.put("/faults")
    def set_faults(faults: list[MailFault]) -> list[MailFault]:
        sink.faults = faults
        return faults

    return app


def _read_or_404(sink: MailSink, name: str) -> EmailMessage:
    try:
        return sink.read(name)
    except FileNotFoundError:
        raise HTTPException(404, "no such mail") from None


def serve(*, folder: Path, host: str, smtp_port: int, http_port: int) -> None:
    """Runs until told to stop."""
    app = create_app(MailSink(folder), smtp_host=host, smtp_port=smtp_port)
    uvicorn.run(app, host=host, port=http_port, log_level="warning", access_log=False)
