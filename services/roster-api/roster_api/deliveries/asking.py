"""Asking the notifier, with a key that reads states alone. Nothing else here knows its address or its shapes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import structlog
from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.notices import Channel, MessageStatus, NoticeKind, Recipient, RecipientKind, Source
from commune_service.authorities import trusted_authorities
from pydantic import BaseModel, ConfigDict

from roster_api.errors import UnavailableError
from roster_api.settings import Settings

TIMEOUT_SECONDS = 10.0
PAGE_SIZE = 200
UNKNOWN_ROUTE = (httpx.codes.NOT_FOUND, httpx.codes.UNPROCESSABLE_ENTITY)
ARRIVED = (MessageStatus.SENT, MessageStatus.DELIVERED)
log = structlog.get_logger(__name__)


class TheirMessage(BaseModel):
    """What of the notifier's message is shown."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    source: Source
    recipient: Recipient
    volunteer_id: UUID | None
    school_name: str
    commune_code: str | None
    channel: Channel
    is_fallback: bool = False
    kind: NoticeKind
    status: MessageStatus
    attempts: int
    reason_vi: str | None
    reason_en: str | None
    created_at: Any
    sent_at: Any
    delivered_at: Any
    failed_at: Any


class TheirPage(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: list[TheirMessage]
    total: int


class TheirCount(BaseModel):
    model_config = ConfigDict(extra="ignore")

    school_name: str
    commune_code: str | None
    status: MessageStatus
    messages: int


class TheirBoard(BaseModel):
    model_config = ConfigDict(extra="ignore")

    rows: list[TheirCount]


async def ask_messages(settings: Settings, *, plan_id: UUID, **filters: Any) -> tuple[TheirPage, TheirBoard]:
    """A page of a plan's messages, and all of them counted. UnavailableError while the notifier cannot answer."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    try:
        async with open_client(settings) as client:
            page = await client.get("/v1/messages", params={"plan_id": str(plan_id), **wanted})
            board = await client.get("/v1/messages/board", params={"plan_id": str(plan_id)})
            page.raise_for_status()
            board.raise_for_status()
    except httpx.HTTPError:
        raise away() from None
    return TheirPage.model_validate_json(page.content), TheirBoard.model_validate_json(board.content)


async def ask_these_messages(settings: Settings, message_ids: Sequence[UUID]) -> list[TheirMessage]:
    """Those of them that there are. UnavailableError while the notifier cannot answer."""
    found: list[TheirMessage] = []
    try:
        async with open_client(settings) as client:
            for message_id in message_ids:
                answer = await client.get(f"/v1/messages/{message_id}")
                if answer.status_code != httpx.codes.NOT_FOUND:
                    found.append(TheirMessage.model_validate_json(answer.raise_for_status().content))
    except httpx.HTTPError:
        raise away() from None
    return found


async def ask_all_messages(settings: Settings, *, at_most: int, **filters: Any) -> tuple[list[TheirMessage], int]:
    """The messages of a plan, `at_most` so many, and how many there are. UnavailableError as above."""
    wanted = {name: str(value) for name, value in filters.items() if value is not None}
    found: list[TheirMessage] = []
    try:
        async with open_client(settings) as client:
            while True:
                params: dict[str, str | int] = {**wanted, "limit": PAGE_SIZE, "offset": len(found)}
                answer = await client.get("/v1/messages", params=params)
                page = TheirPage.model_validate_json(answer.raise_for_status().content)
                found += page.items
                if not page.items or len(found) >= min(page.total, at_most):
                    return found[:at_most], page.total
    except httpx.HTTPError:
        raise away() from None


class TheirOldContacts(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message_ids: list[UUID]


async def ask_to_old_contacts(
    settings: Settings, messages: Sequence[TheirMessage], *, is_needed: bool
) -> set[UUID] | None:
    """Of those that arrived, which went to another number or address than their recipients have now.

    None where an older notifier cannot say, or none can just now; UnavailableError then if it `is_needed`. It asks us
    in turn, by the internal routes: hold no transaction meanwhile.
    """
    arrived = [message.id for message in messages if message.status in ARRIVED]
    found: set[UUID] = set()
    try:
        async with open_client(settings) as client:
            for start in range(0, len(arrived), PAGE_SIZE):
                params = {"message_id": [str(each) for each in arrived[start : start + PAGE_SIZE]]}
                answer = await client.get("/v1/messages/to-old-contacts", params=params)
                found |= set(TheirOldContacts.model_validate_json(answer.raise_for_status().content).message_ids)
    except httpx.HTTPError as error:
        is_older = isinstance(error, httpx.HTTPStatusError) and error.response.status_code in UNKNOWN_ROUTE
        if is_needed and not is_older:
            raise away() from None
        log.warning("messages.contacts_not_compared", error=type(error).__name__)
        return None
    return found


class TheirReason(BaseModel):
    """Why one channel did not reach somebody."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    channel: Channel
    status: MessageStatus
    reason_code: str | None
    reason_vi: str | None
    reason_en: str | None


class TheirUnreached(BaseModel):
    """Somebody whom no channel reached with one thing."""

    model_config = ConfigDict(extra="ignore")

    source_kind: str
    source_id: UUID
    recipient_kind: RecipientKind
    recipient_id: str
    kind: NoticeKind
    school_name: str
    commune_code: str | None
    since: datetime
    why: list[TheirReason]


class TheirUnreachedPage(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: list[TheirUnreached]
    total: int


async def ask_unreached(settings: Settings, *, at_most: int, **filters: Any) -> list[TheirUnreached]:
    """Whom nothing reached, oldest first, `at_most` so many. UnavailableError while the notifier cannot answer."""
    wanted = {name: str(value) for name, value in filters.items() if value is not None}
    found: list[TheirUnreached] = []
    try:
        async with open_client(settings) as client:
            while len(found) < at_most:
                params: dict[str, str | int] = {**wanted, "limit": PAGE_SIZE, "offset": len(found)}
                answer = await client.get("/v1/messages/unreached", params=params)
                page = TheirUnreachedPage.model_validate_json(answer.raise_for_status().content)
                found += page.items
                if not page.items or len(found) >= page.total:
                    break
    except httpx.HTTPError:
        raise away() from None
    return found[:at_most]


class TheirWord(BaseModel):
    """What a person is told of a message that was for them."""

    model_config = ConfigDict(extra="ignore")

    kind: str
    channel: str
    status: str
    attempts: int
    reason_vi: str | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None

    def as_item(self) -> dict[str, Any]:
        """As a section of the person's data has it."""
        item = self.model_dump(exclude={"reason_vi"})
        return item | {"reason": self.reason_vi}


class TheirWords(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: list[TheirWord]
    total: int


async def ask_messages_of(settings: Settings, *, recipient: Recipient) -> list[TheirWord]:
    """Every message for a recipient, oldest first. UnavailableError while the notifier cannot answer."""
    words: list[TheirWord] = []
    try:
        async with open_client(settings) as client:
            while True:
                params: dict[str, str | int] = {
                    "recipient_kind": recipient.kind.value,
                    "recipient_id": recipient.id,
                    "limit": PAGE_SIZE,
                    "offset": len(words),
                }
                answer = await client.get("/v1/messages", params=params)
                page = TheirWords.model_validate_json(answer.raise_for_status().content)
                words += page.items
                if not page.items or len(words) >= page.total:
                    return words
    except httpx.HTTPError:
        raise away() from None


def open_client(settings: Settings, *, seconds: float = TIMEOUT_SECONDS) -> httpx.AsyncClient:
    """UnavailableError where no notifier is connected."""
    if settings.notifier_url is None or settings.notifier_api_key is None:
        raise away()
    headers = {API_KEY_HEADER: settings.notifier_api_key.get_secret_value()}
    return httpx.AsyncClient(
        base_url=settings.notifier_url, headers=headers, timeout=seconds, verify=trusted_authorities()
    )


def away() -> UnavailableError:
    return UnavailableError(
        "notifier.away",
        vi="Bộ gửi tin chưa trả lời; tình trạng tin tạm thời không xem được.",
        en="The notifier does not answer; the messages' states cannot be shown just now.",
        headers={"Retry-After": "10"},
    )
