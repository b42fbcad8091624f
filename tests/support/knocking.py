"""A request put to an application with its body held back: what it answers, and how much of the body it asked for."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message

BROKEN = b"{"


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes
    chunks_taken: int
    """How often the application asked for a part of the body before it answered."""

    @property
    def code(self) -> str:
        """Of a problem document."""
        return str(json.loads(self.body)["code"])


async def knock(
    app: ASGIApp, method: str, path: str, *, length: int, headers: dict[str, str] | None = None, chunk: bytes = BROKEN
) -> Answered:
    """A JSON body said to be `length` bytes long, of which `chunk` comes whenever the application asks for more."""
    taken = 0
    messages: list[Message] = []
    sent = {"host": "service.example", "content-type": "application/json", "content-length": str(length)}

    async def receive() -> Message:
        nonlocal taken
        if not any(message["type"] == "http.response.start" for message in messages):
            taken += 1
        return {"type": "http.request", "body": chunk, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (sent | (headers or {})).items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("service.example", 80),
    }
    await app(scope, receive, send)
    start = next(message for message in messages if message["type"] == "http.response.start")
    return Answered(
        status=start["status"],
        headers={name.decode().lower(): value.decode() for name, value in start["headers"]},
        body=b"".join(message.get("body", b"") for message in messages if message["type"] == "http.response.body"),
        chunks_taken=taken,
    )
