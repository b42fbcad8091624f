"""The secrets that sign webhooks: made here, shown once, sealed in the row, changed with an overlap."""

import base64
import secrets
from datetime import UTC, datetime
from uuid import UUID

from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from standardwebhooks import Webhook

from notifier.webhooks.models import WebhookSubscription

SECRET_BYTES = 32


def make_secret() -> str:
    """As Standard Webhooks writes one."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def seal_secret(subscription_id: UUID, secret: str) -> bytes:
    """It opens in this row alone, as the one in force and as the one before."""
    return get_sealer().seal(secret.encode(), place=_place(subscription_id))


def sign(subscription: WebhookSubscription, *, event_id: UUID, at: datetime, content: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks. During an overlap both secrets sign, and one good signature is enough."""
    sealed = [subscription.secret_sealed]
    previous, until = subscription.previous_secret_sealed, subscription.previous_until
    if previous is not None and until is not None and until > datetime.now(UTC):
        sealed.append(previous)
    opened = [get_sealer().open(each, place=_place(subscription.id)).decode() for each in sealed]
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(str(event_id), at, content.decode()) for secret in opened),
    }


def _place(subscription_id: UUID) -> str:
    return place_of(WebhookSubscription.__tablename__, "secret", (subscription_id,))
