"""Idempotency-Key: a POST that is sent again gives the first answer again, and does nothing twice.

The key's row is written in the request's own transaction, so an effect and its memory are kept or lost together. Same
key and same request: same answer, marked `Idempotency-Replayed`. Same key, another request: 422. Same key while the
first still runs: 409. Only successes are remembered, for 24 hours (a setting; the relay takes away what is older); a
request that failed may be tried again.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated

from commune_schemas.jobs import IDEMPOTENCY_HEADER
from commune_service.sealed_columns import SealedBytes
from fastapi import Depends, Header, Request, Response
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.access.authorize import GatedRoute, Handler
from roster_api.access.principal import Principal, PrincipalDep
from roster_api.database import Base, LateSessionDep, SessionDep
from roster_api.errors import ConflictError, InvalidError
from roster_api.form_digests import FormDigest

FORM_BOUNDARY = re.compile(r'multipart/form-data\b.*;\s*boundary="?([^";]+)', re.IGNORECASE)
"""Chosen by chance for each request: the same form sent again has another."""
KEPT_HEADERS = ("content-type", "etag", "location")
MAXIMUM_KEPT_BYTES = 1_000_000


class IdempotencyKey(Base):
    """A key that was used by one principal, and the answer it was given."""

    __tablename__ = "idempotency_keys"

    owner: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body_sealed: Mapped[bytes | None]
    body = SealedBytes()
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class ReplayedAnswer(Exception):  # noqa: N818 - not an error: the answer given before
    def __init__(self, response: Response) -> None:
        super().__init__("replayed")
        self.response = response


async def _heard(request: Request) -> Request:
    """The request, with what its fingerprint needs: a form is hashed as it comes, any other body is kept."""
    boundary = FORM_BOUNDARY.match(request.headers.get("content-type", ""))
    if boundary is None:
        await request.body()  # kept by Starlette, so that it can still be parsed after it was hashed
        return request
    digest = request.state.form_digest = FormDigest(_begun_with(request), boundary=boundary[1].encode())
    return Request(request.scope, digest.hearing(request.receive))


def _begun_with(request: Request) -> "hashlib._Hash":
    """Whatever the body, another address is another request."""
    digest = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query):
        digest.update(part.encode() + b"\0")
    return digest


async def _fingerprint(request: Request) -> str:
    form: FormDigest | None = getattr(request.state, "form_digest", None)
    if form is not None:
        return form.hexdigest()
    digest = _begun_with(request)
    digest.update(await request.body())
    return digest.hexdigest()


KeyHeader = Annotated[
    str | None,
    Header(
        alias=IDEMPOTENCY_HEADER,
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Any value of your own; the same request with the same key is done once",
        examples=["b2f7a0e4-0001"],
    ),
]


async def remember_once(
    request: Request, session: SessionDep, principal: PrincipalDep, idempotency_key: KeyHeader = None
) -> None:
    """Put on every POST that creates something: `dependencies=[OnceOnly]`."""
    if idempotency_key is not None:
        await Once(request, owner=str(principal.grant_id), key=idempotency_key).settle(session)


OnceOnly = Depends(remember_once)


class Once:
    """One request under its key; `settle` belongs into the transaction that has the effect."""

    def __init__(self, request: Request, *, owner: str, key: str | None) -> None:
        self._request = request
        self._owner = owner
        self._key = key
        self._kept_hours: int = request.app.state.settings.replay_hours

    async def settle(self, session: AsyncSession) -> None:
        """Nobody else carries this request out meanwhile, nor did before: else 409, or the answer given then."""
        if self._key is None:
            return
        await _refuse_while_first_runs(session, owner=self._owner, key=self._key)
        await session.execute(
            delete(IdempotencyKey).where(
                IdempotencyKey.owner == self._owner,
                IdempotencyKey.key == self._key,
                IdempotencyKey.created_at < func.now() - timedelta(hours=self._kept_hours),
            )
        )
        fingerprint = await self.replay_if_known(session)
        row = IdempotencyKey(owner=self._owner, key=self._key, request_sha256=fingerprint)
        self._request.state.idempotency = row

    async def replay_if_known(self, session: AsyncSession) -> str:
        """The request's fingerprint; raises the answer that was given to this key before."""
        query = select(IdempotencyKey).where(
            IdempotencyKey.owner == self._owner,
            IdempotencyKey.key == self._key,
            IdempotencyKey.created_at >= func.now() - timedelta(hours=self._kept_hours),
        )
        known = await session.scalar(query)
        fingerprint = await _fingerprint(self._request)
        if known is not None:
            raise ReplayedAnswer(_replay(known, fingerprint))
        return fingerprint

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        """Refuses the same key meanwhile, as far as this process knows: it spares work. The promise is `settle`'s."""
        in_hand: set[tuple[str, str | None]] = self._request.app.state.keys_in_hand
        mark = (self._owner, self._key)
        if self._key is None:
            yield
            return
        if mark in in_hand:
            raise in_progress()
        in_hand.add(mark)
        try:
            yield
        finally:
            in_hand.discard(mark)


async def begin_once(
    request: Request, late: LateSessionDep, principal: PrincipalDep, idempotency_key: KeyHeader = None
) -> AsyncIterator[Once]:
    """For a POST with slow work before its transaction, which must call `settle` there."""
    once = Once(request, owner=str(principal.grant_id), key=idempotency_key)
    with once.in_hand():
        if idempotency_key is not None:
            async with late.short() as session:
                await once.replay_if_known(session)
        yield once


OnceDep = Annotated[Once, Depends(begin_once, scope="function")]


async def _refuse_while_first_runs(session: AsyncSession, *, owner: str, key: str) -> None:
    is_ours = await session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"{owner}:{key}", 0))))
    if not is_ours:
        raise in_progress()


def in_progress() -> ConflictError:
    return ConflictError(
        "idempotency.in_progress",
        vi="Yêu cầu có cùng Idempotency-Key đang được xử lý.",
        en="A request with this Idempotency-Key is being worked on.",
        headers={"Retry-After": "1"},
    )


def _replay(known: IdempotencyKey, fingerprint: str) -> Response:
    if known.request_sha256 != fingerprint:
        raise InvalidError(
            "idempotency.other_request",
            vi="Idempotency-Key này đã dùng cho một yêu cầu khác.",
            en="This Idempotency-Key was used for another request.",
        )
    if known.body is None:
        raise ConflictError(
            "idempotency.answer_not_kept",
            vi="Yêu cầu này đã được thực hiện; câu trả lời không được lưu lại.",
            en="This request was carried out already; its answer is not kept.",
        )
    return Response(known.body, status_code=known.status, headers={**known.headers, "Idempotency-Replayed": "true"})


class IdempotentRoute(GatedRoute):
    """Stores the answer beside the effect, in the same transaction: before the session dependency commits."""

    def after_admission(self, handle: Handler) -> Handler:
        async def handle_once(request: Request) -> Response:
            if IDEMPOTENCY_HEADER in request.headers:
                request = await _heard(request)
            try:
                response = await handle(request)
            except ReplayedAnswer as replayed:
                return replayed.response
            row: IdempotencyKey | None = getattr(request.state, "idempotency", None)
            if row is not None and response.status_code < 400:
                is_kept = not getattr(request.state, "answer_is_secret", False)
                row.status = response.status_code
                row.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
                row.body = bytes(response.body) if is_kept and len(response.body) <= MAXIMUM_KEPT_BYTES else None
                request.state.session.add(row)
                await request.state.session.flush()
            return response

        return handle_once


def keep_answer_secret(request: Request) -> None:
    """The answer of this request is shown once and not kept for a replay (it holds a secret)."""
    request.state.answer_is_secret = True


__all__ = ["IdempotencyKey", "IdempotentRoute", "Once", "OnceDep", "OnceOnly", "Principal", "keep_answer_secret"]
