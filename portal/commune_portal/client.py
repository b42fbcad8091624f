"""The public API, called as the person who is signed in: paths as the OpenAPI document writes them, and nothing else.

Every path literal stands in a call of this client; a test holds each against docs/openapi.json (ADR 0010).
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
from asgi_correlation_id import correlation_id

from commune_portal.kept import Kept, key_of

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
PAGE = 200
"""The most that the API gives at once."""


class ApiError(Exception):
    """The API answered with a problem. `words(language)` are the problem's own."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = dict(problem)
        super().__init__(f"{status} {self.code}")

    @classmethod
    def of(cls, response: httpx.Response) -> "ApiError":
        is_json = "json" in response.headers.get("content-type", "")
        problem = response.json() if is_json else {}
        return cls(response.status_code, problem if isinstance(problem, dict) else {})

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))

    def words(self, language: str) -> str:
        named = self.problem.get(f"detail_{language}") or self.problem.get("detail") or ""
        return str(named)

    @property
    def errors(self) -> list[dict[str, str]]:
        """Of single fields: pointer, code, vi, en."""
        return list(self.problem.get("errors") or [])

    @property
    def wants_a_role(self) -> bool:
        """Several roles are held, and the request named none, or one that holds no longer."""
        return self.code in {"access.acting_as_needed", "access.acting_as_unknown"}

    @property
    def wants_a_second_factor(self) -> bool:
        return self.code == "access.strong_authentication_needed"


class ApiAwayError(Exception):
    """The API did not answer, or said that it cannot just now."""


@dataclass(frozen=True)
class Versioned:
    """An object as it was read, with the version that a change must name."""

    content: dict[str, Any]
    etag: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.content[name]


@dataclass(frozen=True)
class Caller:
    """Who is asking: the issuer's token, and in which of their roles; no token: anybody."""

    token: str
    acting_as: str | None = None

    @property
    def name(self) -> str:
        """By which answers to this caller are kept."""
        return f"{self.token} {self.acting_as}"

    @property
    def headers(self) -> dict[str, str]:
        if not self.token:
            return {}
        acting = {"X-Acting-As": self.acting_as} if self.acting_as else {}
        return {"Authorization": f"Bearer {self.token}", **acting}


@dataclass
class Api:
    """One caller's. Raises ApiError on 4xx and 5xx, ApiAwayError where there is no answer or a 502, 503, 504."""

    http: httpx.AsyncClient
    caller: Caller
    kept: Kept = field(default_factory=Kept)

    async def get(self, path: str, /, **given: Any) -> Any:
        return (await self._send("GET", path, given)).json()

    async def find(self, path: str, /, **given: Any) -> Any:
        """As `get`; None where there is nothing, or nothing for this person."""
        try:
            return await self.get(path, **given)
        except ApiError as error:
            if error.status in {403, 404}:
                return None
            raise

    async def read(self, path: str, /, **given: Any) -> Versioned:
        """One object with its ETag, to be changed afterwards."""
        response = await self._send("GET", path, given)
        return Versioned(response.json(), response.headers.get("ETag", ""))

    def has_asked(self, path: str, /, **given: Any) -> bool:
        """Whether this caller was given it by `reread` a moment ago."""
        return self.kept.find(key_of(self.caller.name, f"again {path}", given)) is not None

    async def reread(self, path: str, /, *, etag: str | None, seconds: float = 0, **given: Any) -> Versioned | None:
        """As `read`; None where it is still what `etag` named. `has_asked` says so for that many seconds."""
        response = await self._send("GET", path, given, headers={"If-None-Match": etag} if etag else {})
        self.kept.keep(key_of(self.caller.name, f"again {path}", given), True, seconds=seconds)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return None
        return Versioned(response.json(), response.headers.get("ETag", ""))

    async def list_all(self, path: str, /, **given: Any) -> list[dict[str, Any]]:
        """Every item of a paged list."""
        return [item async for item in self.each(path, **given)]

    async def list_seen(self, path: str, /, **given: Any) -> list[dict[str, Any]]:
        """As `list_all`; nothing where this person may not look."""
        try:
            return await self.list_all(path, **given)
        except ApiError as error:
            if error.status in {403, 404}:
                return []
            raise

    async def get_kept(self, path: str, /, *, seconds: float, part: str = "", **given: Any) -> Any:
        """As `get`, but what this caller was answered in the last seconds serves again; `part` of it alone, where the
        rest names people."""
        key = key_of(self.caller.name, f"{part} of {path}", given)
        answer = self.kept.find(key)
        if answer is None:
            answer = await self.get(path, **given)
            answer = answer[part] if part else answer
            self.kept.keep(key, answer, seconds=seconds)
        return answer

    async def list_kept(self, path: str, /, *, seconds: float, **given: Any) -> list[dict[str, Any]]:
        """As `list_seen`, kept in the same way."""
        key = key_of(self.caller.name, f"every {path}", given)
        items: list[dict[str, Any]] | None = self.kept.find(key)
        if items is None:
            items = await self.list_seen(path, **given)
            self.kept.keep(key, items, seconds=seconds)
        return items

    async def each(self, path: str, /, **given: Any) -> AsyncIterator[dict[str, Any]]:
        offset = 0
        while True:
            page = await self.get(path, **given, limit=PAGE, offset=offset)
            for item in page["items"]:
                yield item
            offset += len(page["items"])
            if not page["items"] or offset >= page["total"]:
                return

    async def count(self, path: str, /, **given: Any) -> int:
        return int((await self.get(path, **given, limit=1))["total"])

    async def count_kept(self, path: str, /, *, seconds: float, **given: Any) -> int:
        """As `count`; the number alone is kept."""
        return int(await self.get_kept(path, seconds=seconds, part="total", **given, limit=1))

    async def download(self, path: str, /, **given: Any) -> httpx.Response:
        return await self._send("GET", path, given)

    async def post(
        self, path: str, body: Any = None, /, *, once: str | None = None, etag: str | None = None, **given: Any
    ) -> Any:
        """`once`: the form's own key, so that a form sent twice does its work once."""
        headers = {"Idempotency-Key": once or str(uuid4())} | ({"If-Match": etag} if etag else {})
        response = await self._send("POST", path, given, json=body, headers=headers)
        return response.json() if response.content else None

    async def upload(self, path: str, file: tuple[str, bytes], /, *, once: str | None = None, **given: Any) -> Any:
        headers = {"Idempotency-Key": once or str(uuid4())}
        files = {"file": (*file, "application/octet-stream")}
        return (await self._send("POST", path, given, files=files, headers=headers)).json()

    async def put(self, path: str, body: Any, /, *, etag: str | None = None, is_new: bool = False, **given: Any) -> Any:
        """`is_new`: refused where there is one already that says something else."""
        headers = {"If-Match": etag} if etag else {"If-None-Match": "*"} if is_new else {}
        response = await self._send("PUT", path, given, json=body, headers=headers)
        return response.json() if response.content else None

    async def patch(self, path: str, body: Any, /, *, etag: str, **given: Any) -> Any:
        return (await self._send("PATCH", path, given, json=body, headers={"If-Match": etag})).json()

    async def delete(self, path: str, /, **given: Any) -> None:
        await self._send("DELETE", path, given)

    def stream(self, path: str, /, *, headers: Mapping[str, str], **given: Any) -> Any:
        """An event stream, as a context manager of httpx."""
        where, query = fill(path, given)
        sent = {**self._headers(), **headers}
        return self.http.stream("GET", where, params=query, headers=sent, timeout=httpx.Timeout(10, read=60))

    async def _send(self, method: str, path: str, given: Mapping[str, Any], **options: Any) -> httpx.Response:
        where, query = fill(path, given)
        given_headers = {name: in_ascii(value) for name, value in options.pop("headers", {}).items()}
        headers = {**self._headers(), **given_headers}
        try:
            response = await self.http.request(method, where, params=query, headers=headers, **options)
        except httpx.TransportError as error:
            raise ApiAwayError(type(error).__name__) from error
        if response.status_code in {502, 503, 504}:
            raise ApiAwayError(str(response.status_code))
        if response.is_error:
            raise ApiError.of(response)
        if method != "GET":
            self.kept.forget(self.caller.name)
        return response

    def _headers(self) -> dict[str, str]:
        request_id = correlation_id.get()
        return {**self.caller.headers, **({"X-Request-ID": request_id} if request_id else {})}


def in_ascii(value: str) -> str:
    """What came back in a form, as a header may hold it: what is no printable ASCII is escaped, and matches nothing."""
    return quote(value, safe=PRINTABLE)


def fill(path: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path with its parameters in place, and what is left as the query; None and '' are left out."""
    names = set(re.findall(r"{(\w+)}", path))
    where = path.format(**{name: quote(str(given[name]), safe="") for name in names})
    query = {name: value for name, value in given.items() if name not in names and value not in (None, "")}
    return where, query
