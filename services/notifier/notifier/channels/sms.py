"""SMS over a gateway's HTTP API, as its description says it (providers.py).

A connection that could not be made is transient; an answer that never came is unknown, and the gateway can be asked.
A gateway takes each reference once, so the same message again doubles nothing there; another gateway knows nothing of
it, so what this one may have taken goes to no other (`may_have_left`).
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import httpx
from commune_schemas.notices import Channel as ChannelName
from commune_service.authorities import trusted_authorities
from commune_service.logging import log_fault

from notifier.addresses import find_fault
from notifier.channels.answer import NOT_WRITTEN, Answer, Outcome, Outgoing
from notifier.channels.way_out import find_proxy
from notifier.gsm7 import is_gsm7
from notifier.providers import AnswerForm, Request, SmsGateway, Verdict, fill
from notifier.sms_text import write_sms

NEVER_HANDED_OVER = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
ID_LENGTH = 200
USUAL = {"Accept": "*/*", "User-Agent": "commune-roster"}
parse_url = lru_cache(maxsize=64)(httpx.URL)
"""Most gateways are asked at one address."""


class SmsChannel:
    """One gateway account. It speaks through httpx's transport: a client's cookies, redirects and sign-ins, of which a
    gateway has none, cost as much again as the request itself."""

    def __init__(self, gateway: SmsGateway, *, send_seconds: float) -> None:
        self.provider = gateway.name
        self._gateway = gateway
        self._line = httpx.AsyncHTTPTransport(verify=trusted_authorities(), proxy=find_proxy(gateway.url))
        self._timeout = httpx.Timeout(send_seconds / 2).as_dict()

    async def send(self, message: Outgoing) -> Answer:
        fault = find_fault(ChannelName.SMS, message.address)
        if fault is not None:
            return Answer(Outcome.PERMANENT, fault)
        try:
            request = self._write(self._gateway.send, self._list_places(message))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is this message's alone
            log_fault("message.not_written", error, reference=message.reference)
            return NOT_WRITTEN
        try:
            response = await self._ask(request)
        except NEVER_HANDED_OVER as error:
            return Answer(Outcome.TRANSIENT, "provider.away", type(error).__name__, provider_is_ill=True)
        except httpx.HTTPError as error:
            return Answer(Outcome.UNKNOWN, "provider.no_answer", type(error).__name__, provider_is_ill=True)
        return read_answer(response, self._gateway.answer)

    async def find(self, reference: str) -> bool | None:
        form = self._gateway.find
        if form is None:
            return None
        try:
            response = await self._ask(self._write(form.request, self._account() | {"reference": reference}))
            items = _look_up(response.json(), form.items) if response.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError):
            return None
        return None if not isinstance(items, list) else len(items) > 0

    async def close(self) -> None:
        await self._line.aclose()

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        """The whole answer; the connection is ready for the next."""
        response = await self._line.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    def _account(self) -> dict[str, str]:
        gateway = self._gateway
        return {"sender": gateway.sender, "key": gateway.key.get_secret_value(), **gateway.values}

    def _list_places(self, message: Outgoing) -> dict[str, str]:
        text, kind = message.text or write_sms(message.notice, blocks=message.blocks), message.notice.kind.value
        return {
            **self._account(),
            **self._gateway.values_by_kind.get(kind, {}),
            "to": message.address,
            "to_digits": message.address.removeprefix("+"),
            "to_local": message.address.replace("+84", "0", 1),
            "text": text,
            "is_unicode": "0" if is_gsm7(text) else "1",
            "reference": message.reference,
            "kind": kind,
        }

    def _write(self, request: Request, places: dict[str, str]) -> httpx.Request:
        """KeyError where a place has no value."""
        body = fill(request.body, places)
        content = {"json": body} if request.encoding == "json" else {"data": body}
        return httpx.Request(
            "POST" if body else "GET",
            parse_url(self._gateway.url + fill(request.path, places)),
            headers=USUAL | fill(request.headers, places),
            params=fill(request.query, places) or None,
            extensions={"timeout": self._timeout},
            **(content if body else {}),
        )


def read_answer(response: httpx.Response, form: AnswerForm) -> Answer:
    """The gateway's answer in our words. What it says that we do not understand is never taken for success."""
    body = _read_json(response)
    if form.code is not None and response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
        code = _look_up(body, form.code)
        verdict = form.codes.get(str(code)) if isinstance(code, str | int) else None
        if verdict is not None:
            return _say(verdict, response, code=str(code), provider_id=_find_id(body, form.id))
        if response.is_success:
            return Answer(Outcome.UNKNOWN, "provider.not_understood", str(code)[:50], provider_is_ill=True)
    return _read_status(response, body, form)


def _say(verdict: Verdict, response: httpx.Response, *, code: str, provider_id: str | None = None) -> Answer:
    match verdict:
        case "sent":
            return Answer(Outcome.SENT, provider_code=code, provider_message_id=provider_id)
        case "busy":
            return Answer(Outcome.TRANSIENT, "provider.busy", code, retry_after_seconds=_read_retry_after(response))
        case "ours":
            return Answer(Outcome.TRANSIENT, "provider.not_allowed", code, provider_is_ill=True)
        case "bad_address":
            return Answer(Outcome.PERMANENT, "recipient.bad_address", code)
        case "content":
            return Answer(Outcome.PERMANENT, "content.refused", code)
        case "refused":
            return Answer(Outcome.PERMANENT, "provider.refused", code)


def _read_status(response: httpx.Response, body: Any, form: AnswerForm) -> Answer:
    status = response.status_code
    code = str(status)
    if status in {200, 201, 202}:
        return _say("sent", response, code=code, provider_id=_find_id(body, form.id))
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return _say("busy", response, code=code)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Answer(
            Outcome.TRANSIENT,
            "provider.busy",
            code,
            retry_after_seconds=_read_retry_after(response),
            provider_is_ill=True,
            may_have_left=status != httpx.codes.SERVICE_UNAVAILABLE,
        )
    if status in {400, 422}:
        return _say("bad_address", response, code=code)
    # 401, 403, a redirect, 404: a wrong key or address of ours, and nobody's message may be lost for it.
    return _say("ours", response, code=code)


def _read_json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _look_up(body: Any, path: str) -> Any:
    """What stands at 'data.code'; None where there is no such place."""
    for name in path.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _find_id(body: Any, path: str) -> str | None:
    found = _look_up(body, path)
    return str(found)[:ID_LENGTH] if isinstance(found, str | int) else None


def _read_retry_after(response: httpx.Response) -> float | None:
    """Seconds, from a number or a date; None when absent or nonsense."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
