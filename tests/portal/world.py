"""The portal in front of an API that answers from a table, and a session sealed as the portal seals it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from commune_portal.app import make_app
from commune_portal.sessions import SessionCipher, start_session
from commune_portal.settings import Settings
from fastapi import FastAPI
from jinja2 import Environment

from tests.support.shared_routes import with_shared_routes

ORIGIN = "http://portal.example"
ASSIGNMENT = {
    "id": "11111111-1111-1111-1111-111111111111",
    "role": "school_coordinator",
    "scope_kind": "school",
    "scope_id": "22222222-2222-2222-2222-222222222222",
    "scope_name": "Trường Mẫu",
    "from": None,
    "until": None,
}
ME = {
    "account": {"id": "33333333-3333-3333-3333-333333333333", "email": "mau@example.vn", "display_name": "Người Mẫu"},
    "assignments": [ASSIGNMENT],
    "acting_as": ASSIGNMENT["id"],
    "strong_authentication": False,
}
ADMIN = ME | {"assignments": [ASSIGNMENT | {"role": "admin", "scope_kind": "province", "scope_id": "56"}]}
OWN_SCHOOL = {"id": ASSIGNMENT["scope_id"], "name": "Trường Mẫu", "contact_phone": "+842583822222"}
EMPTY = {"items": [], "total": 0, "limit": 50, "offset": 0}
COMPILED: dict[str, Environment] = {}
"""The templates, put together once a process as the routes are."""


def settings(**changes: Any) -> Settings:
    usual = {
        "environment": "development",
        "public_url": ORIGIN,
        "roster_url": "http://roster.example",
        "issuer_url": "http://issuer.example",
    }
    return Settings(**(usual | changes))


@dataclass
class PortalWorld:
    """`answers`: (method, path) -> (status, JSON); what is not there is an empty list. `asked`: what came."""

    app: FastAPI
    client: httpx.AsyncClient
    cipher: SessionCipher
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    is_away: bool = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("nobody listens")
        self.asked.append(request)
        status, content = self.answers.get((request.method, request.url.path), (200, EMPTY))
        version = content.get("row_version") if isinstance(content, dict) else None
        return httpx.Response(status, json=content, headers={"ETag": f'"{version}"'} if version else {})

    def sign_in(self, *, seconds: float = 600, **changes: Any) -> dict[str, Any]:
        """A session as the portal makes one; the browser holds its cookie from now on."""
        session = start_session(seconds) | {"token": "the-token"} | changes
        self.hold(self.cipher.seal(session))
        return session

    def hold(self, sealed: str) -> None:
        """The browser has this cookie and no other."""
        self.client.cookies.clear()
        self.client.cookies.set("session", sealed, domain="portal.example")

    async def form_of(self, path: str) -> dict[str, str]:
        """The hidden fields that a page's forms carry. The page is there: one that failed has a form, too."""
        answer = await self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        page = answer.text
        names = ("form_token", "once")
        return {name: page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in names}

    async def post(self, path: str, data: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.client.post(path, data=data, headers={"Origin": ORIGIN, **headers})


@asynccontextmanager
async def portal_world() -> AsyncIterator[PortalWorld]:
    chosen = settings()
    app = with_shared_routes(make_app(chosen))
    app.state.templates = COMPILED.setdefault("templates", app.state.templates)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        world = PortalWorld(app, client, SessionCipher(chosen.session_secret.get_secret_value()))
        world.answers["GET", "/v1/me"] = (200, ME)
        world.answers["GET", f"/v1/schools/{ASSIGNMENT['scope_id']}"] = (200, OWN_SCHOOL)
        app.state.http_of_api = httpx.AsyncClient(
            transport=httpx.MockTransport(world.answer), base_url=chosen.roster_url
        )
        yield world
        await app.state.http_of_api.aclose()
