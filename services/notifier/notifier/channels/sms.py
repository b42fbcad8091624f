"""SMS over the gateway's HTTP API, which takes each reference once: the same message again doubles nothing.

A connection that could not be made is transient; an answer that never came is unknown, and the gateway can be asked.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from commune_schemas.notices import Channel as ChannelName
from commune_service.logging import log_fault

from notifier.addresses import find_fault
from notifier.channels.answer import NOT_WRITTEN, Answer, Outcome, Outgoing
from notifier.settings import Settings
from notifier.sms_text import write_sms

NEVER_HANDED_OVER = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class SmsChannel:
    """One gateway account."""

    provider = "sms"

    def __init__(self, settings: Settings) -> None:
        self._sender = settings.sms_sender
        self._client = httpx.AsyncClient(
            base_url=settings.sms_gateway_url,
            headers={"Authorization": f"Bearer {settings.sms_gateway_key.get_secret_value()}"},
            timeout=settings.notifier_send_seconds / 2,
            follow_redirects=False,
        )

    async def send(self, message: Outgoing) -> Answer:
        fault = find_fault(ChannelName.SMS, message.address)
        if fault is not None:
            return Answer(Outcome.PERMANENT, fault)
        try:
            text = write_sms(message.notice)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is this message's alone
            log_fault("message.not_written", error, reference=message.reference)
            return NOT_WRITTEN
        body = {"to": message.address, "text": text, "sender": self._sender, "reference": message.reference}
        try:
            response = await self._client.post("/messages", json=body)
        except NEVER_HANDED_OVER as error:
            return Answer(Outcome.TRANSIENT, "provider.away", type(error).__name__, provider_is_ill=True)
        except httpx.HTTPError as error:
            return Answer(Outcome.UNKNOWN, "provider.no_answer", type(error).__name__, provider_is_ill=True)
        return read_answer(response)

    async def find(self, reference: str) -> bool | None:
        try:
            response = await self._client.get("/messages", params={"reference": reference})
            items = response.json()["items"] if response.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None
        return None if not isinstance(items, list) else len(items) > 0

    async def close(self) -> None:
        await self._client.aclose()


def read_answer(response: httpx.Response) -> Answer:
    """The gateway's answer in our words. What it says that we do not understand is never taken for success."""
    code = str(response.status_code)
    if response.status_code in {200, 201, 202}:
        return Answer(Outcome.SENT, provider_code=code, provider_message_id=_find_id(response))
    if response.status_code in {401, 403}:
        return Answer(Outcome.TRANSIENT, "provider.not_allowed", code, provider_is_ill=True)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Answer(Outcome.TRANSIENT, "provider.busy", code, retry_after_seconds=_read_retry_after(response))
    if response.status_code >= 500 or response.is_redirect:
        wait = _read_retry_after(response)
        return Answer(Outcome.TRANSIENT, "provider.busy", code, retry_after_seconds=wait, provider_is_ill=True)
    if response.status_code in {400, 422}:
        return Answer(Outcome.PERMANENT, "recipient.bad_address", code)
    # Not about this message (404: a wrong address of ours): nobody's message may be lost for it.
    return Answer(Outcome.TRANSIENT, "provider.not_allowed", code, provider_is_ill=True)


def _find_id(response: httpx.Response) -> str | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return str(body["id"])[:200] if isinstance(body, dict) and "id" in body else None


def _read_retry_after(response: httpx.Response) -> float | None:
    """Seconds, from a number or a date; None when absent or nonsense."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
