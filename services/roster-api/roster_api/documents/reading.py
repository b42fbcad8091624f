"""The parent's side of child.py: a request whose large JSON body is read elsewhere, two at a time."""

import asyncio
import json
import pickle
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from roster_api.children.nursery import Child, Program
from roster_api.documents.child import LENGTH

LARGE_BYTES = 1_000_000
TIMEOUT_SECONDS = 60
AT_ONCE = 2
TOO_LARGE = 413


def find_model(route: APIRoute) -> type[BaseModel] | None:
    """The one model that a route's body is; None when it has no body or another kind."""
    annotation = route.body_field.field_info.annotation if route.body_field else None
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


class DocumentRequest(Request):
    """A request for FastAPI to take its body from: large ones come as the model itself, checked."""

    model: type[BaseModel]

    async def json(self) -> Any:
        """JSONDecodeError for what is unreadable or refused (then `state.document_errors` says by what)."""
        body = await self.body()
        if len(body) <= LARGE_BYTES:
            return await super().json()
        if not hasattr(self, "_json"):
            self._json = await self._read(body)
        return self._json

    async def _read(self, body: bytes) -> Any:
        kind, content = await _ask_child(self, f"{self.model.__module__}:{self.model.__name__}\n".encode(), body)
        if kind == "document":
            return content
        message, position = content if kind == "unreadable" else ("refused", 0)
        if kind == "invalid":
            self.state.document_errors = [error | {"loc": ("body", *error["loc"])} for error in content]
        raise json.JSONDecodeError(message, "", position)


async def _ask_child(request: Request, model: bytes, body: bytes) -> tuple[str, Any]:
    """413 when the child is exhausted: what it would take to read is too much for any request."""
    turns: asyncio.Semaphore | None = getattr(request.app.state, "document_turns", None)
    if turns is None:
        turns = request.app.state.document_turns = asyncio.Semaphore(AT_ONCE)
    async with turns:
        child = await Child.start(Program.DOCUMENT)
        sending = asyncio.create_task(child.send(model, body))
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                (length,) = LENGTH.unpack(await child.lines.readexactly(LENGTH.size))
                output = await child.lines.readexactly(length)
        except (TimeoutError, asyncio.IncompleteReadError):
            raise HTTPException(TOO_LARGE) from None
        finally:
            sending.cancel()
            await child.kill()
    answer: tuple[str, Any] = await asyncio.to_thread(pickle.loads, output)
    return answer
