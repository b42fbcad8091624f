"""A client of roster-api as a careful one is written: the same request again, with the same key, until it is answered.

It keeps a history of its own: what was acknowledged, and answers that no fault around the API excuses. The verdict of
a fault test rests on that history, not on what a service says of itself.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from commune_schemas.jobs import API_KEY_HEADER, IDEMPOTENCY_HEADER

PATIENCE_SECONDS = 90.0
AGAIN_SECONDS = 0.25


@dataclass
class History:
    """`acknowledged`: by path, what must be read there from now on. `defects`: answers that must never be given."""

    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    defects: list[str] = field(default_factory=list)


class CarefulClient:
    """One caller with one key. An answer other than success that waiting does not mend is an AssertionError.

    `loses`: asked at each write's success whether its answer is lost on the way; then the client knows nothing of it
    and sends the request again, as after a server killed between commit and answer.
    """

    def __init__(self, base_url: str, key: str, *, loses: Callable[[], bool] = lambda: False) -> None:
        headers = {API_KEY_HEADER: key}
        self.history = History()
        self.loses = loses
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=30)

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        return (await self._ask("GET", path)).json()

    async def post(self, path: str, body: Any = None, *, files: Any = None, if_match: str | None = None) -> Any:
        headers = {IDEMPOTENCY_HEADER: str(uuid4())} | ({"If-Match": if_match} if if_match else {})
        return (await self._ask("POST", path, json=body, files=files, headers=headers)).json()

    async def put(self, path: str, body: Any) -> Any:
        return (await self._ask("PUT", path, json=body)).json()

    async def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Changes the object as it is now. 412 to a request sent twice: the first one did it, or another change came
        between, and then this one is made anew."""
        while True:
            read = await self._ask("GET", path)
            if all(read.json()[name] == value for name, value in body.items()):
                return read.json()
            answer = await self._ask("PATCH", path, json=body, headers={"If-Match": read.headers["ETag"]})
            if answer.is_success:
                return answer.json()

    def acknowledge(self, path: str, answer: Mapping[str, Any], *, but: frozenset[str] = frozenset()) -> None:
        """From now on `path` must read like this; `but`: fields that may change by themselves."""
        self.history.acknowledged[path] = {name: value for name, value in answer.items() if name not in but}

    async def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        last = "nothing"
        while loop.time() < deadline:
            try:
                answer = await self._http.request(method, path, **content)
            except httpx.TransportError as error:
                last = type(error).__name__
            else:
                last = f"{answer.status_code} {answer.text}"
                if answer.is_success and method != "GET" and self.loses():
                    continue
                if answer.is_success or (method == "PATCH" and answer.status_code == httpx.codes.PRECONDITION_FAILED):
                    return answer
                self._judge(f"{method} {path}", answer)
            await asyncio.sleep(AGAIN_SECONDS)
        raise AssertionError(f"{method} {path} was not answered in {PATIENCE_SECONDS:.0f} s; last: {last}")

    def _judge(self, asked: str, answer: httpx.Response) -> None:
        """503 and 'still being worked on' are honest. Any other 5xx is a defect, and the request is tried again; what
        is left is a refusal, which trying again would not mend."""
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return
        if answer.is_server_error:
            self.history.defects.append(f"{asked} was answered {answer.status_code} {answer.text}")
            return
        assert answer.json()["code"] == "idempotency.in_progress", f"{asked}: {answer.status_code} {answer.text}"
