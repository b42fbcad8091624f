"""What is told: the types of event, and an event as CloudEvents 1.0 writes it. Ids, states and numbers; nobody's name.

Events of messages are written by a trigger on their table, so no path that changes a message can forget them.
"""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.webhooks.models import WebhookEvent

SOURCE = "urn:commune-roster:notifier"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
PREPARED = "commune-roster.notices.prepared"
EVENT_TYPES: dict[str, tuple[str, str]] = {
    PREPARED: (
        "Mọi tin của một nguồn (ví dụ một phương án vừa ban hành) đã được ghi lại để gửi",
        "All notices of a source (a plan just published, for example) are written down to be sent",
    ),
    "commune-roster.message.sent": ("Nhà cung cấp đã nhận một tin", "A provider took a message"),
    "commune-roster.message.delivered": ("Một tin đã đến nơi", "A message arrived"),
    "commune-roster.message.failed": ("Một tin không đến được ai", "A message reached nobody"),
    "commune-roster.message.unknown": ("Không rõ một tin có đến không", "Nobody knows whether a message arrived"),
    "commune-roster.message.cancelled": ("Một tin không còn đúng nên bị hủy", "A message was cancelled as untrue"),
}


def write_content(event: WebhookEvent) -> bytes:
    """The body that is posted, the same at each try."""
    envelope = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": SOURCE,
        "type": event.type,
        "subject": event.subject,
        "time": event.happened_at.isoformat(),
        "datacontenttype": "application/json",
        "data": event.data,
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


async def note_prepared(session: AsyncSession, *, source_kind: str, source_id: UUID, messages: int) -> None:
    """In the caller's transaction. Said again when a source is prepared again."""
    data: dict[str, Any] = {"source_kind": source_kind, "source_id": str(source_id), "messages": messages}
    await session.execute(
        text("select notifier.write_event(:type, :subject, cast(:data as jsonb))"),
        {"type": PREPARED, "subject": str(source_id), "data": json.dumps(data)},
    )
