"""An SMS provider by HTTP that keeps what it is given, calls back with signed receipts, and misbehaves as told.

POST /messages {to, text, sender, reference} with `Authorization: Bearer <key>` -> 202 {id, segments}; the same
reference again -> the same id, nothing doubled. GET /messages?reference=... -> {items: [{id, reference, status}]}.
Receipts are POSTed to the callback, signed as Standard Webhooks. POST /script makes it misbehave. Test equipment.
"""

import asyncio
import base64
import contextlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
from commune_service.authorities import trusted_authorities
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from standardwebhooks import Webhook

from commune_stack.faults import ReceiptRule, SmsRule, first_fitting
from commune_stack.pages import page
from commune_stack.places import append_privately
from commune_stack.serving import ABORT_CONNECTION, refuse_foreign_origin, served

GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_ESCAPED = set("\f^{}\\[~]|€")
RECEIPT_ATTEMPTS = 8


class TextRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    to: str = Field(pattern=r"^\+[1-9][0-9]{7,14}$")
    text: str = Field(min_length=1, max_length=1600)
    sender: str
    reference: str = Field(min_length=1, max_length=200)


class GatewayScript(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rules: list[SmsRule] = []
    receipts: list[ReceiptRule] = []


@dataclass
class Text:
    """One text taken."""

    id: str
    reference: str
    to: str
    text: str
    sender: str
    segments: int
    at: str
    status: str = "accepted"


class SmsGateway:
    """What was taken, by reference, kept in a file of JSON lines (read again after a restart); receipts under way."""

    def __init__(
        self,
        file: Path,
        *,
        key: str = "development-sms-gateway-key",
        callback_url: str | None = None,
        receipt_secret: str | None = None,
    ) -> None:
        self.file = file
        self.key = key
        self.callback_url = callback_url
        self.receipt_secret = receipt_secret or f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
        self.rules: list[SmsRule] = []
        self.receipts: list[ReceiptRule] = []
        self.port = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._client = httpx.AsyncClient(timeout=10, trust_env=False, verify=trusted_authorities(trust_env=False))
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = file.read_text().splitlines() if file.exists() else []
        self._texts = {text.reference: text for text in (Text(**json.loads(line)) for line in lines)}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[Text]:
        """Oldest first."""
        return list(self._texts.values())

    def script(self, rules: Sequence[SmsRule] = (), *, receipts: Sequence[ReceiptRule] = ()) -> None:
        """Behave like this from now on; nothing: like a good provider."""
        self.rules = [rule.model_copy() for rule in rules]
        self.receipts = [rule.model_copy() for rule in receipts]

    def find(self, reference: str) -> Text | None:
        return self._texts.get(reference)

    def take(self, request: TextRequest) -> Text:
        """The text of this reference: a new one, or the one taken before."""
        known = self._texts.get(request.reference)
        if known is not None:
            return known
        text = Text(
            id=secrets.token_hex(8),
            segments=count_segments(request.text),
            at=datetime.now(UTC).isoformat(),
            **request.model_dump(),
        )
        self._texts[text.reference] = text
        with append_privately(self.file) as file:
            file.write(json.dumps(asdict(text), ensure_ascii=False).encode() + b"\n")
        return text

    async def report(self, text: Text) -> None:
        """Send the receipt (or the receipts) of a text, as its rule says; delivered at once if there is none."""
        rule = first_fitting(self.receipts, text.to) or ReceiptRule()
        sending = asyncio.create_task(self._report(text, rule))
        self._under_way.add(sending)
        sending.add_done_callback(self._under_way.discard)
        if rule.before_reply:
            await sending

    async def settle(self) -> None:
        """Wait for every receipt under way."""
        await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Receipts still under way are given up."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._client.aclose()

    async def _report(self, text: Text, rule: ReceiptRule) -> None:
        await asyncio.sleep(rule.delay_seconds)
        if not rule.forged:
            text.status = rule.status
        if self.callback_url is None:
            return
        receipt = {"id": text.id, "reference": text.reference, "status": rule.status, "reason": rule.reason}
        body = json.dumps({**receipt, "at": datetime.now(UTC).isoformat()})
        secret = base64.b64encode(secrets.token_bytes(24)).decode() if rule.forged else self.receipt_secret
        message_id = f"receipt_{secrets.token_hex(8)}"
        for _ in range(rule.copies):
            await self._deliver(Webhook(secret), message_id, body, attempts=1 if rule.forged else RECEIPT_ATTEMPTS)
        if rule.then_true:
            await self._report(text, ReceiptRule())

    async def _deliver(self, webhook: Webhook, message_id: str, body: str, *, attempts: int) -> None:
        """POST until taken or given up: a receiver that was down gets it when it is back."""
        for attempt in range(attempts):
            now = datetime.now(UTC)
            headers = {
                "Content-Type": "application/json",
                "webhook-id": message_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": webhook.sign(message_id, now, body),
            }
            with contextlib.suppress(httpx.HTTPError):
                if (await self._client.post(str(self.callback_url), content=body, headers=headers)).is_success:
                    return
            await asyncio.sleep(min(0.5 * 2**attempt, 30))


def count_segments(text: str) -> int:
    """How many SMS a text takes: 160 (153 when several) of the GSM alphabet, else 70 (67) UTF-16 units."""
    if set(text) <= GSM7 | GSM7_ESCAPED:
        length, single, part = len(text) + sum(letter in GSM7_ESCAPED for letter in text), 160, 153
    else:
        length, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)


def gateway_app(gateway: SmsGateway) -> FastAPI:
    """The provider's HTTP interface, a page for people, and the script for tests in another process."""
    app = FastAPI(title="SMS gateway", docs_url=None, redoc_url=None, dependencies=[Depends(refuse_foreign_origin)])

    @app.post("/messages", status_code=202)
    async def accept(request: Request, text: TextRequest, authorization: Annotated[str, Header()] = "") -> Response:
        if not hmac.compare_digest(authorization, f"Bearer {gateway.key}"):
            raise HTTPException(401)
        rule = first_fitting(gateway.rules, text.to)
        if rule is not None and rule.action == "hang":
            await asyncio.sleep(rule.seconds)
        if rule is not None and rule.action in {"reply", "hang"}:
            wait = {"Retry-After": str(rule.retry_after_seconds)} if rule.retry_after_seconds is not None else {}
            return JSONResponse({"code": rule.code}, status_code=rule.status, headers=wait)
        known = gateway.find(text.reference)
        taken = gateway.take(text)
        if known is None:
            await gateway.report(taken)
        if rule is not None and rule.action == "slow_reply":
            await asyncio.sleep(rule.seconds)
        if rule is not None and rule.action == "lose_reply":
            request.scope[ABORT_CONNECTION]()
        return JSONResponse({"id": taken.id, "segments": taken.segments}, status_code=202)

    @app.get("/messages")
    async def look_up(reference: str, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        if not hmac.compare_digest(authorization, f"Bearer {gateway.key}"):
            raise HTTPException(401)
        found = gateway.find(reference)
        return {"items": [{"id": found.id, "reference": found.reference, "status": found.status}] if found else []}

    _add_page_and_controls(app, gateway)
    return app


def _add_page_and_controls(app: FastAPI, gateway: SmsGateway) -> None:
    @app.get("/health")
    async def health() -> dict[str, int]:
        return {"messages": len(gateway.texts)}

    @app.get("/", response_class=HTMLResponse)
    async def show() -> Response:
        return page("texts.html", texts=gateway.texts[::-1])

    @app.get("/texts")
    async def texts() -> list[dict[str, Any]]:
        return [asdict(text) for text in gateway.texts]

    @app.post("/script", status_code=204)
    async def script(script: GatewayScript) -> None:
        gateway.script(script.rules, receipts=script.receipts)


async def run(gateway: SmsGateway, *, host: str, port: int, until: asyncio.Event) -> None:
    """The gateway as a process of its own."""
    async with served(gateway_app(gateway), host=host, port=port) as gateway.port:
        await until.wait()
    await gateway.close()
