"""What the notifier asks roster-api: who is to be told what, and how they are reached now; and tells it: all of them
are written down.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from uuid import UUID

import httpx
import stamina
from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.notices import AnyNotice, NoticePage, NoticesPrepared, Recipient, RecipientKind, Source, SourceKind
from commune_schemas.reaching import FIELDS_HEADER, ContactCard, ContactCards, ContactQuestion, ContactQuestions
from commune_schemas.resending import ResendDone, ResendOrder
from commune_service.authorities import trusted_authorities
from pydantic import BaseModel, ConfigDict, ValidationError


class ErasedContact(BaseModel):
    """Whom an office named, until it was erased."""

    model_config = ConfigDict(extra="ignore")

    name: str | None
    phone: str | None
    email: str | None


class Forgetting(BaseModel):
    """Whom to forget: all that was said to them, and by these answers and occasions of them."""

    model_config = ConfigDict(extra="ignore")

    request_id: UUID
    volunteer_id: UUID | None
    answer_ids: list[UUID]
    recipient: Recipient | None = None
    """Given of everybody but volunteers."""
    occasion_ids: list[UUID] = []
    contact: ErasedContact | None = None
    """Of an office's contact: the office itself goes on being written to, and others were told whom to call."""

    @property
    def to(self) -> Recipient:
        return self.recipient or Recipient(kind=RecipientKind.VOLUNTEER, id=str(self.volunteer_id))


Contacts = dict[tuple[Recipient, Source], ContactCard]
"""Only for as long as it takes to send: nothing of it is stored or logged."""
AskContacts = Callable[[Sequence[ContactQuestion]], Awaitable[Contacts]]
"""RosterAway when nobody can say how they are reached."""

PAGE_SIZE = 200
CONTACTS_WITHIN_SECONDS = 5
KNOWN_FIELDS = {FIELDS_HEADER: ",".join(ContactCard.model_fields)}
"""roster-api may be newer than we are: it leaves out of a card what is not named here."""
PATIENCE_SECONDS = 30


class RosterAway(Exception):  # noqa: N818 - reads as what it is
    """roster-api cannot be reached or cannot answer now. The outbox row brings the job again."""


class RosterClient:
    """HTTP with the service's own key. Raises RosterAway after trying for a while; HTTPStatusError on a refusal."""

    def __init__(self, base_url: str, *, key: str) -> None:
        headers = {API_KEY_HEADER: key}
        self._client = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=15, verify=trusted_authorities())

    async def close(self) -> None:
        await self._client.aclose()

    async def list_notices(
        self, kind: SourceKind, source_id: UUID, *, unchanged: bool = False
    ) -> AsyncIterator[list[AnyNotice]]:
        """Page by page, everyone to be told of this source; `unchanged`: to whom it says what was said before."""
        offset = 0
        while True:
            params = {"limit": PAGE_SIZE, "offset": offset, "unchanged": unchanged}
            answer = await self._ask("GET", f"/v1/internal/sources/{kind}/{source_id}/notices", params=params)
            page = NoticePage.model_validate_json(answer.content)
            yield page.items
            offset += len(page.items)
            if not page.items or offset >= page.total:
                return

    async def say_prepared(self, outbox_id: UUID, *, kind: SourceKind, source_id: UUID, messages: int) -> None:
        """Closes the outbox row; saying it again changes nothing."""
        body = NoticesPrepared(source_kind=kind, source_id=source_id, messages=messages).model_dump(mode="json")
        await self._ask("POST", f"/v1/internal/outbox/{outbox_id}/done", json=body)

    async def get_erasure(self, request_id: UUID) -> Forgetting:
        answer = await self._ask("GET", f"/v1/internal/erasures/{request_id}")
        return Forgetting.model_validate_json(answer.content)

    async def say_forgotten(self, request_id: UUID, *, messages: int) -> None:
        """Saying it again changes nothing."""
        await self._ask("POST", f"/v1/internal/erasures/{request_id}/done", json={"messages": messages})

    async def get_order(self, order_id: UUID) -> ResendOrder:
        answer = await self._ask("GET", f"/v1/internal/message-orders/{order_id}")
        return ResendOrder.model_validate_json(answer.content)

    async def say_ordered(self, order_id: UUID, done: ResendDone) -> None:
        """Closes the order and its outbox row; saying it again changes nothing."""
        body = done.model_dump(mode="json")
        await self._ask("POST", f"/v1/internal/message-orders/{order_id}/done", json=body)

    async def list_contacts(self, questions: Sequence[ContactQuestion]) -> Contacts:
        """How they are reached now; who is not in the answer is reached by nothing. Asked once: the rows wait.

        RosterAway also when roster-api refuses: then our key is wrong, and nobody's message may fail for it.
        """
        body = ContactQuestions(items=list(questions)).model_dump(mode="json")
        try:
            answer = await self._once(
                "POST", "/v1/internal/contacts", json=body, headers=KNOWN_FIELDS, timeout=CONTACTS_WITHIN_SECONDS
            )
            cards = ContactCards.model_validate_json(answer.content)
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise RosterAway(type(error).__name__) from None
        return {(card.recipient, card.source): card for card in cards.items}

    async def _ask(self, method: str, path: str, **options: object) -> httpx.Response:
        try:
            async for attempt in stamina.retry_context(on=RosterAway, timeout=PATIENCE_SECONDS, attempts=None):
                with attempt:
                    return await self._once(method, path, **options)
        except RosterAway as away:
            raise RosterAway(str(away)) from None
        raise RosterAway(path)

    async def _once(self, method: str, path: str, **options: object) -> httpx.Response:
        try:
            response = await self._client.request(method, path, **options)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            raise RosterAway(type(error).__name__) from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise RosterAway(f"{path} answered {response.status_code}")
        return response.raise_for_status()
