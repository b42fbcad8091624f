"""The gate while what it asks is away or answers nonsense: an issuer, the database. Nothing passes, nothing is lost."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from commune_service.outbound import OutboundRule
from commune_stack.ports import free_port
from commune_stack.serving import served
from joserfc.jwk import ECKey
from roster_api.access import grant_watch
from roster_api.access.grant_watch import GrantWatch
from roster_api.access.key_sets import MAXIMUM_BYTES, FetchError, KeySets, read_keys
from roster_api.access.last_use import LastUse
from roster_api.access.models import ApiKey
from roster_api.access.principal import Grant, Principal, Role
from roster_api.database import create_engine, create_sessions
from roster_api.errors import UnavailableError
from roster_api.issuer_settings import IssuerSettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.roster_api.reference_world import World, bare_world
from tests.support.deadlines import until
from tests.support.issuer import AUDIENCE, rsa_key

NONSENSE = {
    "away": (503, b"{}"),
    "elsewhere": (302, b""),
    "no-json": (200, b"<html>"),
    "deep": (200, b"[" * 100_000),
    "no-object": (200, b"[]"),
    "no-keys": (200, b'{"keys": {}}'),
    "endless": (200, b'{"keys": [], "more": "' + b"x" * MAXIMUM_BYTES + b'"}'),
}


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with bare_world(roster_database_url) as made:
        yield made


async def answer_nonsense(request: Request) -> Response:
    status, body = NONSENSE[request.path_params["kind"]]
    return Response(body, status, {"Location": "/keys"} if status == 302 else {})


async def describe_another(_request: Request) -> Response:
    return Response(b'{"issuer": "https://another.example", "jwks_uri": "https://another.example/keys"}')


async def test_an_issuer_that_answers_anything_but_keys_is_an_issuer_that_is_away() -> None:
    routes = [
        Route("/keys/{kind}", answer_nonsense),
        Route("/.well-known/openid-configuration", describe_another),
    ]
    async with served(Starlette(routes=routes)) as port:
        url = f"http://127.0.0.1:{port}"
        for place in (None, *(f"{url}/keys/{kind}" for kind in NONSENSE), f"http://127.0.0.1:{free_port()}/keys"):
            sets = KeySets(rule=OutboundRule(allows_http=True, allows_private=True), refetch_seconds=0)
            with pytest.raises(UnavailableError) as away:
                await sets.find_key(IssuerSettings(issuer=url, audience=AUDIENCE, jwks_url=place), "first")
            assert away.value.code == "access.issuer_away", place


async def test_an_issuer_at_an_address_that_may_not_be_asked_is_away_too() -> None:
    sets = KeySets(rule=OutboundRule(), refetch_seconds=0)
    with pytest.raises(UnavailableError):
        await sets.find_key(IssuerSettings(issuer="https://127.0.0.1", audience=AUDIENCE), None)


def test_only_whole_public_keys_for_signatures_are_read_and_a_bad_one_spoils_no_other() -> None:
    good = rsa_key("first").as_dict(private=False)
    curve = ECKey.generate_key("P-256", {"kid": "curve"}, private=True).as_dict(private=True)
    short = good | {"kid": "short", "n": good["n"][:172]}
    listed: list[Any] = [
        "no key",
        good | {"kid": "for secrets", "use": "enc"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
        {"kty": "RSA", "kid": "half", "e": "AQAB"},
        short,
        curve,
        good,
        good | {"kid": 7},
    ]
    keys = read_keys({"keys": listed})
    assert set(keys) == {"first", "curve", None}
    assert not keys["curve"].is_private, "what a set gives away by mistake is not taken"
    with pytest.raises(FetchError):
        read_keys({"keys": "none"})


async def test_a_revoked_key_is_noticed_while_something_long_is_done_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grant_watch, "ASKED_EVERY_SECONDS", 0.01)
    made = await world.create(
        "/v1/api-keys", {"label": "Bảng theo dõi", "role": "overseer", "instead_of_account": True}
    )
    key_id = UUID(made["id"])
    grant = Grant(key_id)
    watch: GrantWatch = world.app.state.grant_watch
    with watch.holding(grant), watch.holding(grant):
        assert not watch.is_revoked(grant)
        async with world.session() as session:
            await session.execute(sa.update(ApiKey).where(ApiKey.id == key_id).values(revoked_at=sa.func.now()))
        await until(lambda: watch.is_revoked(grant))


async def test_while_the_database_is_away_nobody_is_taken_for_revoked_and_last_uses_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grant_watch, "ASKED_EVERY_SECONDS", 0.01)
    gone = create_engine(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/none")
    asked: list[object] = []
    sa.event.listen(gone.sync_engine, "do_connect", lambda *given: asked.append(given))
    watch, uses = GrantWatch(create_sessions(gone)), LastUse(create_sessions(gone))
    key_id = uuid4()
    grant = Grant(key_id)
    with watch.holding(grant):
        await until(lambda: len(asked) > 1)
        assert not watch.is_revoked(grant)
    uses.note(Principal(role=Role.ADMIN, label="", key_id=key_id))
    uses.note(Principal(role=Role.ADMIN, label="", account_id=uuid4()))
    uses.note(Principal(role=Role.VOLUNTEER, label=""))
    before = len(asked)
    await uses.write()
    await uses.write()
    assert len(asked) == before + 2, "the second write asked again: what was noted is kept"
    await gone.dispose()
