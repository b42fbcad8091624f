"""An event as CloudEvents 1.0 writes it; the types stand in commune_schemas. Ids, states and numbers; nobody's name.

Events of messages are written by a trigger on their table, so no path that changes a message can forget them.
"""

import json
from typing import Any
from uuid import UUID

from commune_schemas.webhooks import PREPARED
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.webhooks.models import WebhookEvent

SOURCE = "urn:commune-roster:notifier"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


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
