"""An OpenID Connect issuer of the tests' own: keys, a served key set, and tokens with whatever is wrong asked for."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_stack.serving import served
from joserfc import jwt
from joserfc.jwk import RSAKey
from roster_api.access.models import Account, RoleAssignment
from roster_api.issuer_settings import IssuerSettings
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

AUDIENCE = "commune-roster"


@cache
def rsa_key(kid: str) -> RSAKey:
    """Made once a process and name: making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


@dataclass
class TestIssuer:
    """Signs with the key `kid`, and shows the keys named in `shown`. `asked`: how often it was asked for them."""

    __test__ = False
    url: str = ""
    kid: str = "first"
    shown: list[str] = field(default_factory=lambda: ["first"])
    asked: int = 0

    def settings(self, **more: Any) -> IssuerSettings:
        return IssuerSettings(issuer=self.url, audience=AUDIENCE, **more)

    def claims(self, subject: str = "somebody", **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": subject, "iat": now, "nbf": now, "exp": now + 300}
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def token(
        self, subject: str = "somebody", *, key: Any = None, header: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        """A good token, but for the claims and header fields given; a claim of None is left out."""
        head = {"alg": "RS256", "kid": self.kid} | (header or {})
        signing = key or rsa_key(self.kid)
        return jwt.encode(head, self.claims(subject, **changes), signing, algorithms=[head["alg"]])

    def app(self) -> Starlette:
        async def keys(_request: Request) -> JSONResponse:
            self.asked += 1
            return JSONResponse({"keys": [rsa_key(kid).as_dict(private=False) for kid in self.shown]})

        async def configuration(_request: Request) -> JSONResponse:
            return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

        return Starlette(
            routes=[Route("/keys", keys), Route("/.well-known/openid-configuration", configuration)],
        )


@asynccontextmanager
async def serving(issuer: TestIssuer) -> AsyncIterator[TestIssuer]:
    async with served(issuer.app()) as port:
        issuer.url = f"http://127.0.0.1:{port}"
        yield issuer


async def add_account(
    session: AsyncSession,
    issuer: TestIssuer,
    *,
    subject: str | None = "somebody",
    email: str = "somebody@example.vn",
    roles: Sequence[dict[str, Any]] = (),
) -> tuple[UUID, list[UUID]]:
    """(account, its assignments), straight into the tables."""
    bound = sa.func.now() if subject is not None else None
    account = Account(issuer=issuer.url, email=email, subject=subject, bound_at=bound, display_name="Trần Thị Văn Thư")
    session.add(account)
    await session.flush()
    made = [RoleAssignment(account_id=account.id, granted_by="test", **role) for role in roles]
    session.add_all(made)
    await session.flush()
    return account.id, [each.id for each in made]
