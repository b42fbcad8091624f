"""A small client of the public API, as the portal or a school's own script would write it: HTTP and nothing else."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx
from commune_schemas.jobs import API_KEY_HEADER, IDEMPOTENCY_HEADER


class ApiError(Exception):
    """The API answered with a problem; the words are the problem's own."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        problem = response.json() if "json" in response.headers.get("content-type", "") else {}
        self.problem: dict[str, Any] = problem if isinstance(problem, dict) else {}
        detail = self.problem.get("detail") or response.text[:300]
        places = "; ".join(f"{e['pointer']}: {e['en']}" for e in self.problem.get("errors", [])[:5])
        super().__init__(f"{response.request.method} {response.request.url.path} -> {self.status}: {detail} {places}")


class Api:
    """One caller with one key. Every call raises ApiError on a 4xx or 5xx answer."""

    def __init__(self, base_url: str, key: str) -> None:
        self._client = httpx.Client(base_url=base_url, headers={API_KEY_HEADER: key}, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str, **query: Any) -> Any:
        return self._send("GET", path, params=query).json()

    def get_bytes(self, path: str) -> bytes:
        return self._send("GET", path).content

    def list_all(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a paged list."""
        offset = 0
        while True:
            page = self.get(path, **query, limit=200, offset=offset)
            yield from page["items"]
            offset += len(page["items"])
            if not page["items"] or offset >= page["total"]:
                return

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        return self._send("POST", path, json=body, params=query, headers={IDEMPOTENCY_HEADER: str(uuid4())}).json()

    def upload(self, path: str, name: str, content: bytes) -> Any:
        files = {"file": (name, content, "application/octet-stream")}
        return self._send("POST", path, files=files, headers={IDEMPOTENCY_HEADER: str(uuid4())}).json()

    def put(self, path: str, body: Any) -> Any:
        return self._send("PUT", path, json=body).json()

    def patch(self, path: str, body: Any, *, row_version: int | None = None) -> Any:
        """Changes the object as it was read, or as it is now: then its ETag is read first."""
        etag = self._send("GET", path).headers["ETag"] if row_version is None else f'"{row_version}"'
        return self._send("PATCH", path, json=body, headers={"If-Match": etag}).json()

    def move(self, path: str, verb: str) -> Any:
        """Posts the verb upon the object as it is now."""
        etag = self._send("GET", path).headers["ETag"]
        headers = {"If-Match": etag, IDEMPOTENCY_HEADER: str(uuid4())}
        return self._send("POST", f"{path}/{verb}", headers=headers).json()

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = self._client.request(method, path, **options)
        if response.is_error:
            raise ApiError(response)
        return response
