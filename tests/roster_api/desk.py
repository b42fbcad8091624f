"""The service with one issuer it believes: people who sign in, and what they ask for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from roster_api.app import create_app
from roster_api.settings import Settings

from tests.roster_api.reference_world import World
from tests.support.issuer import TestIssuer, add_account, serving

PORTAL = "https://portal.example.vn"


@dataclass
class Desk:
    """Of administrators the issuer's settings ask acr "high" or amr "mfa"."""

    world: World
    issuer: TestIssuer
    ids: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, method: str, path: str, *, json: Any = None, acting_as: object = None, **claims: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.issuer.token(**claims)}"}
        if acting_as is not None:
            headers["X-Acting-As"] = str(acting_as)
        return await self.world.as_("nobody").request(method, path, json=json, headers=headers)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body: Any, **more: Any) -> httpx.Response:
        return await self.ask("POST", path, json=body, **more)

    async def hold(self, *roles: dict[str, Any], **account: Any) -> list[UUID]:
        async with self.world.session() as session:
            return (await add_account(session, self.issuer, roles=roles, **account))[1]

    async def person(self, subject: str, role: dict[str, Any]) -> None:
        """Somebody who signed in before and holds one role."""
        await self.hold(role, subject=subject, email=f"{subject}@example.vn")


@asynccontextmanager
async def opened_desk(database_url: str) -> AsyncIterator[Desk]:
    async with serving(TestIssuer()) as issuer:
        issuers = [issuer.settings(strong_acr={"high"}, strong_amr={"mfa"})]
        settings = Settings(database_url=database_url, issuers=issuers, portal_url=PORTAL)
        world = World(app=create_app(settings))
        yield Desk(world, issuer)
        await world.close()
