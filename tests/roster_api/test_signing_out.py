"""Signing out: the token opens nothing afterwards, wherever a copy of it lies, and nothing else of the person ends."""

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa
from roster_api.access.grants import list_live_grants
from roster_api.access.models import EndedSignIn, RoleAssignment
from roster_api.access.principal import Grant
from roster_api.app import create_app
from roster_api.audit.models import AuditEntry
from roster_api.privacy.retention import purge
from roster_api.settings import Settings

from tests.roster_api.reference_world import World
from tests.support.issuer import TestIssuer, add_account, serving

SIGN_OUT = "/v1/me/sign-out"


class Door:
    """Two processes of the service before one database, an issuer, and an overseer of province 56."""

    def __init__(self, issuer: TestIssuer, here: World, there: World) -> None:
        self.issuer, self.here, self.there = issuer, here, there

    async def ask(self, token: str, method: str = "GET", path: str = "/v1/provinces", *, there: bool = False) -> int:
        world = self.there if there else self.here
        headers = {"Authorization": f"Bearer {token}"}
        answer: httpx.Response = await world.as_("nobody").request(method, path, headers=headers)
        return answer.status_code


@pytest.fixture
async def door(roster_database_url: str) -> AsyncIterator[Door]:
    async with serving(TestIssuer()) as issuer:
        settings = Settings(database_url=roster_database_url, issuers=[issuer.settings()])
        here, there = World(app=create_app(settings)), World(app=create_app(settings))
        async with here.session() as session:
            await add_account(session, issuer, roles=[{"role": "overseer", "province_code": "56"}])
        yield Door(issuer, here, there)
        await here.close()
        await there.close()


async def test_a_token_that_was_signed_out_of_opens_nothing_in_any_process(door: Door) -> None:
    copied, another = door.issuer.token(jti="one"), door.issuer.token(jti="two")
    assert await door.ask(copied, there=True) == 200
    assert await door.ask(copied, "POST", SIGN_OUT) == 204
    assert [await door.ask(copied, there=there) for there in (False, True)] == [401, 401]
    assert await door.ask(copied, path="/v1/me", there=True) == 401
    assert await door.ask(copied, "POST", SIGN_OUT) == 401
    assert await door.ask(another) == 200, "another sign-in of the person goes on"


async def test_another_spelling_of_the_same_signature_is_the_same_token(door: Door) -> None:
    """The last letter of base64 holds bits that nobody reads."""
    token = door.issuer.token()
    await door.ask(token, "POST", SIGN_OUT)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    signed, _, signature = token.rpartition(".")
    bits = alphabet.index(signature[-1])
    spellings = {f"{signature[:-1]}{alphabet[bits ^ flip]}" for flip in range(16)} | {f"{signature}=="}
    same = [
        each
        for each in spellings
        if base64.urlsafe_b64decode(f"{each}==") == base64.urlsafe_b64decode(f"{signature}==")
    ]
    assert len(same) > 1
    assert {await door.ask(f"{signed}.{each}") for each in spellings} == {401}


async def test_who_signed_out_is_in_the_record_and_the_table_names_nobody(door: Door) -> None:
    await door.ask(door.issuer.token(), "POST", SIGN_OUT)
    async with door.here.session() as session:
        entry = (await session.scalars(sa.select(AuditEntry).where(AuditEntry.route == SIGN_OUT))).one()
        assert (entry.actor_role, entry.actor_account_id is not None) == ("account", True)
        kept = (await session.execute(sa.select(EndedSignIn.__table__))).one()
    assert set(kept._mapping) == {"token_sha256", "ended_at", "forgotten_at"}


async def test_a_sign_in_that_something_long_goes_on_with_is_noticed_when_it_ends(door: Door) -> None:
    """An open stream asks this again and again; a long upload before it is stored."""
    token = door.issuer.token()
    digest = hashlib.sha256(token.rpartition(".")[0].encode()).digest()
    async with door.here.session() as session:
        role = await session.scalar(sa.select(RoleAssignment.id))
        by_key, signed_in = Grant(role), Grant(role, digest)
        assert await list_live_grants(session, {by_key, signed_in}) == {by_key, signed_in}
    await door.ask(token, "POST", SIGN_OUT)
    async with door.there.session() as session:
        assert await list_live_grants(session, {by_key, signed_in}) == {by_key}


@pytest.mark.parametrize("life", [60, 10**15])
async def test_it_is_kept_until_the_tokens_own_end_and_forgotten_then(door: Door, life: int) -> None:
    ends = int(datetime.now(UTC).timestamp()) + life
    token = door.issuer.token(exp=ends)
    await door.ask(token, "POST", SIGN_OUT)
    async with door.here.session() as session:
        await purge(session, door.here.app.state.settings)
        forgotten_at = await session.scalar(sa.select(EndedSignIn.forgotten_at))
        assert forgotten_at.timestamp() > min(ends, datetime.now(UTC).timestamp() + 3000 * 86_400)
        await session.execute(sa.update(EndedSignIn).values(forgotten_at=sa.func.now() - timedelta(seconds=1)))
        assert (await purge(session, door.here.app.state.settings))["sign-ins that were ended"] == 1
        assert await session.scalar(sa.select(sa.func.count()).select_from(EndedSignIn)) == 0
