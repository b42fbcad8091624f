"""An SMS gateway for tests and the demo: takes texts over HTTP, answers for them later, fails as told.

Test equipment: no service imports it. Speaks the protocol of notifier/channels/sms.py: POST /messages (idempotent on
`reference`), GET /messages?reference=, and signed delivery receipts to a callback. Everything taken is a line of
sms.jsonl, from which it remembers after a restart.
"""

import asyncio
import hmac
import json
import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

import httpx
import uvicorn
from fastapi import BackgroundTasks, Depends, FastAPI, Header, HTTPException, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader
from pydantic import BaseModel, Field
from standardwebhooks import Webhook

TEMPLATES = Environment(loader=PackageLoader("commune_stack"), autoescape=True)


class TextIn(BaseModel):
    to: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{7,14}$")]
    text: Annotated[str, Field(min_length=1, max_length=1600)]
    sender: str
    reference: Annotated[str, Field(min_length=1, max_length=200)]


class SmsFault(BaseModel):
    """For a text to a matching number, do this instead; at most `times` times (None: always)."""

    match: str = ".*"
    action: Literal["status", "hang", "take_and_hang"] = "status"
    """take_and_hang: the text is taken, but the sender never hears so."""
    status: int = 503
    code: str = "scripted"
    retry_after_seconds: int | None = None
    seconds: float = 60
    times: int | None = None


class ReceiptRule(BaseModel):
    """What becomes of texts to a matching number, and how often and late their receipt comes."""

    match: str = ".*"
    status: Literal["delivered", "failed"] = "delivered"
    reason: str | None = None
    copies: int = 1
    delay_seconds: float = 0


class SmsGateway:
    """What was taken, by reference; the rules that script it."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.faults: list[SmsFault] = []
        self.receipts: list[ReceiptRule] = [ReceiptRule()]
        self.taken: dict[str, dict[str, Any]] = {}
        if log.exists():
            for line in log.read_text("utf-8").splitlines():
                text = json.loads(line)
                self.taken[text["reference"]] = text

    def take_fault(self, number: str) -> SmsFault | None:
        """The first fault that fits, used up by one."""
        for fault in self.faults:
            if fault.times != 0 and re.search(fault.match, number):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def take(self, text: TextIn) -> tuple[dict[str, Any], bool]:
        """(the text as kept, whether it is new). The same reference again takes nothing."""
        if text.reference in self.taken:
            return self.taken[text.reference], False
        kept = {
            **text.model_dump(),
            "id": uuid4().hex,
            "status": "accepted",
            "segments": count_segments(text.text),
            "at": datetime.now(UTC).isoformat(),
        }
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        self.taken[text.reference] = kept
        return kept, True


def count_segments(text: str) -> int:
    """As a gateway bills them: 160 or 153 a segment in GSM-7 (plain letters here), 70 or 67 otherwise."""
    single, several = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= single else math.ceil(len(text) / several)


class Receipts:
    """Tells the sender's callback what became of a text, signed by Standard Webhooks."""

    def __init__(self, *, callback_url: str, secret: str) -> None:
        self.callback_url = callback_url
        self.webhook = Webhook(secret) if secret else None
        self.client = httpx.AsyncClient(timeout=5)

    async def send(self, text: dict[str, Any], rule: ReceiptRule) -> None:
        if self.webhook is None or not self.callback_url:
            return
        await asyncio.sleep(rule.delay_seconds)
        text["status"] = rule.status
        now = datetime.now(UTC)
        body = json.dumps(
            {
                "id": text["id"],
                "reference": text["reference"],
                "status": rule.status,
                "reason": rule.reason,
                "at": now.isoformat(),
            }
        )
        receipt_id = f"msg_{uuid4().hex}"
        headers = {
            "webhook-id": receipt_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self.webhook.sign(receipt_id, now, body),
            "content-type": "application/json",
        }
        for _ in range(rule.copies):
            await self._post(body, headers)

    async def _post(self, body: str, headers: dict[str, str]) -> None:
        """Tries for half a minute, as a gateway would, then lets it be: the sender can still ask."""
        for wait_seconds in (0.2, 0.5, 1, 2, 5, 10, 10):
            try:
                response = await self.client.post(self.callback_url, content=body, headers=headers)
                if response.status_code < 500:
                    return
            except httpx.HTTPError as error:
                print(f"receipt not delivered yet: {type(error).__name__}", flush=True)
            await asyncio.sleep(wait_seconds)


def create_app(gateway: SmsGateway, *, key: str, receipts: Receipts) -> FastAPI:
    """The gateway's API, its controls, and a page to look at what came."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await receipts.client.aclose()

    app = FastAPI(title="SMS gateway", lifespan=lifespan)

    def check_key(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {key}".encode()):
            raise HTTPException(401, "wrong key")

    @app.post("/messages", status_code=202, dependencies=[Depends(check_key)])
    async def send_text(text: TextIn, later: BackgroundTasks) -> Response:
        fault = gateway.take_fault(text.to)
        if fault is not None and fault.action == "status":
            headers = {} if fault.retry_after_seconds is None else {"Retry-After": str(fault.retry_after_seconds)}
            return JSONResponse({"code": fault.code}, status_code=fault.status, headers=headers)
        if fault is not None and fault.action == "hang":
            await asyncio.sleep(fault.seconds)
            return JSONResponse({"code": "hung"}, status_code=503)
        kept, is_new = gateway.take(text)
        if is_new:
            rule = next((rule for rule in gateway.receipts if re.search(rule.match, text.to)), None)
            if rule is not None:
                later.add_task(receipts.send, kept, rule)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        return JSONResponse({"id": kept["id"], "segments": kept["segments"]}, status_code=202, background=later)

    @app.get("/messages", dependencies=[Depends(check_key)])
    def find_text(reference: str) -> dict[str, list[dict[str, Any]]]:
        kept = gateway.taken.get(reference)
        shown = [{name: kept[name] for name in ("id", "reference", "status")}] if kept else []
        return {"items": shown}

    _add_page_and_controls(app, gateway)
    return app


def _add_page_and_controls(app: FastAPI, gateway: SmsGateway) -> None:
    @app.get("/health")
    def get_health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/", response_class=HTMLResponse)
    def show_texts() -> str:
        return TEMPLATES.get_template("texts.html").render(texts=list(gateway.taken.values()))

    @app.put("/faults")
    def set_faults(faults: list[SmsFault]) -> list[SmsFault]:
        gateway.faults = faults
        return faults

    @app.put("/receipts")
    def set_receipts(rules: list[ReceiptRule]) -> list[ReceiptRule]:
        gateway.receipts = rules
        return rules


def serve(*, log: Path, host: str, port: int, key: str, callback_url: str, callback_secret: str) -> None:
    """Runs until told to stop."""
    receipts = Receipts(callback_url=callback_url, secret=callback_secret)
    app = create_app(SmsGateway(log), key=key, receipts=receipts)
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
