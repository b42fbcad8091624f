"""Delivery receipts of providers: signed, each counted once, in whatever order they come. Delivered never goes back."""

import json
from collections.abc import Mapping
from uuid import UUID

from commune_schemas.notices import Channel
from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from standardwebhooks import Webhook, WebhookVerificationError

from notifier.api.access import not_signed
from notifier.api.errors import ProblemError, not_found
from notifier.api.schemas import ReceiptBody
from notifier.arrival import note_arrival, note_return
from notifier.limits import note_refused
from notifier.models import Receipt
from notifier.providers import SmsGateway
from notifier.sent_to import Try, find_try
from notifier.settings import Settings


def read_receipt(content: bytes, headers: dict[str, str], *, secret: str) -> tuple[str, ReceiptBody]:
    """(webhook id, receipt). 401 for a forged, altered or replayed one; 422 when signed but not understood."""
    try:
        Webhook(secret).verify(content, headers)
    except (WebhookVerificationError, ValueError, KeyError):
        raise not_signed() from None
    try:
        body = ReceiptBody.model_validate_json(content)
    except ValidationError:
        raise _not_understood() from None
    if b"\\u0000" in content:  # Postgres stores no NUL
        raise _not_understood()
    return headers["webhook-id"][:200], body


def _not_understood() -> ProblemError:
    vi, en = "Không hiểu nội dung báo nhận.", "The receipt is signed, but not understood."
    return ProblemError(422, "receipt.not_understood", vi=vi, en=en)


def find_gateway(settings: Settings, provider: str) -> SmsGateway:
    """404 for one that is not ours, or whose receipts nothing proves."""
    for gateway in settings.list_providers().sms_gateways:
        if gateway.name == provider and (gateway.receipt_secret is not None or gateway.receipts is not None):
            return gateway
    raise not_found()


def open_receipt(
    gateway: SmsGateway, content: bytes, headers: Mapping[str, str], *, client: str | None
) -> tuple[str, ReceiptBody | None]:
    """(its id, receipt), proved and worded as the gateway's description says; None: it says nothing of arrival."""
    if gateway.receipts is None:
        secret = gateway.receipt_secret.get_secret_value() if gateway.receipt_secret else ""
        return read_receipt(content, dict(headers), secret=secret)
    if not gateway.receipts.is_proved(content, headers, client=client):
        raise not_signed()
    try:
        number, reference, status = gateway.receipts.read(content)
    except ValueError:
        raise _not_understood() from None
    if status is None:
        return number, None
    return number, ReceiptBody(id=number, reference=reference, status=status)


async def take_receipt(
    session: AsyncSession, *, provider: str, webhook_id: str, receipt: ReceiptBody, content: bytes | None
) -> str:
    """What it did: 'delivered', 'failed' or 'ignored: ...'. The same webhook id again changes nothing. `content`: the
    body as it came; None where only what we read of it is kept."""
    message, of_try = await find_try(session, receipt.reference, channel=Channel.SMS, provider=provider)
    raw = receipt.model_dump(mode="json") if content is None else json.loads(content)
    stored = await session.execute(
        insert(Receipt)
        .values(
            provider=provider,
            webhook_id=webhook_id,
            reference=receipt.reference,
            status=receipt.status,
            body=raw,
            message_id=message.id if message else None,
            effect="pending",
        )
        .on_conflict_do_nothing()
        .returning(Receipt.webhook_id)
    )
    if stored.one_or_none() is None:
        return "ignored: repeated"
    if message is None:
        effect = "ignored: no such message"
    elif of_try is not Try.NEWEST and receipt.status != "delivered":
        effect = "ignored: sent again since"
    elif of_try is Try.ELSEWHERE:
        effect = "ignored: sent to another address since"
    else:
        effect = await _apply(session, message.id, receipt)
    await session.execute(
        update(Receipt).where(Receipt.provider == provider, Receipt.webhook_id == webhook_id).values(effect=effect)
    )
    return effect


async def _apply(session: AsyncSession, message_id: UUID, receipt: ReceiptBody) -> str:
    """A receipt may overtake our own writing: proof of arrival makes any message delivered."""
    if receipt.status == "delivered":
        return "delivered" if await note_arrival(session, message_id) else "ignored: already delivered"
    # Of a long text every part must arrive: who got some of them was not told.
    reason = "receipt.part" if receipt.status == "partly_delivered" else "receipt.failed"
    if not await note_return(session, message_id, reason=reason):
        return "ignored: too late"
    if receipt.status == "failed":
        await note_refused(session, "sms")
    return "failed"
