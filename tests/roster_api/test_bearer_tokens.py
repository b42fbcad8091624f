"""Tokens of an issuer: what lets a person in, and the attacks that each get the same 401."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from roster_api.app import create_app
from roster_api.settings import Settings

from tests.roster_api.reference_world import World
from tests.support.issuer import AUDIENCE, TestIssuer, add_account, rsa_key, serving

PROVINCES = "/v1/provinces"


@dataclass
class Door:
    """The service with one issuer it believes, another that it does not know, and one overseer of province 56."""

    world: World
    issuer: TestIssuer
    stranger: TestIssuer

    async def ask(self, token: str, path: str = PROVINCES, **headers: str) -> httpx.Response:
        return await self.world.as_("nobody").get(path, headers={"Authorization": f"Bearer {token}"} | headers)


@pytest.fixture
async def door(roster_database_url: str) -> AsyncIterator[Door]:
    async with serving(TestIssuer()) as issuer, serving(TestIssuer()) as stranger:
        settings = Settings(database_url=roster_database_url, issuers=[issuer.settings()])
        world = World(app=create_app(settings))
        async with world.session() as session:
            await add_account(session, issuer, roles=[{"role": "overseer", "province_code": "56"}])
        yield Door(world, issuer, stranger)
        await world.close()


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def without_signature(issuer: TestIssuer) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(issuer.claims())}."


def signed_with_the_public_key(issuer: TestIssuer) -> str:
    signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': issuer.kid})}.{encoded(issuer.claims())}"
    mark = hmac.digest(rsa_key(issuer.kid).as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def bringing_its_own_key(issuer: TestIssuer, **header: Any) -> str:
    return issuer.token(key=rsa_key("attackers"), header=header)


def now() -> int:
    """When it is asked, not when the tests were collected: minutes lie between."""
    return int(time.time())


ATTACKS: dict[str, Callable[[Door], str]] = {
    "no algorithm": lambda door: without_signature(door.issuer),
    "HS256 with the public key": lambda door: signed_with_the_public_key(door.issuer),
    "another audience": lambda door: door.issuer.token(aud="another-service"),
    "another audience among several": lambda door: door.issuer.token(aud=["one", "two"]),
    "no audience": lambda door: door.issuer.token(aud=None),
    "an issuer nobody configured": lambda door: door.stranger.token(),
    "an issuer that is almost ours": lambda door: door.issuer.token(iss=f"{door.issuer.url}/"),
    "over": lambda door: door.issuer.token(exp=now() - 61, iat=now() - 600, nbf=now() - 600),
    "no end": lambda door: door.issuer.token(exp=None),
    "an end that is no number": lambda door: door.issuer.token(exp="never"),
    "not yet valid": lambda door: door.issuer.token(nbf=now() + 600),
    "issued in the future": lambda door: door.issuer.token(iat=now() + 600),
    "unknown kid": lambda door: door.issuer.token(header={"kid": "second"}, key=rsa_key("second")),
    "kid that is a path": lambda door: bringing_its_own_key(door.issuer, kid="../../../../dev/null"),
    "kid that is no text": lambda door: (
        f"{encoded({'alg': 'RS256', 'kid': ['first']})}.{encoded(door.issuer.claims())}.AAAA"
    ),
    "its own key in the header": lambda door: bringing_its_own_key(
        door.issuer, jwk=rsa_key("attackers").as_dict(private=False)
    ),
    "an address of keys in the header": lambda door: bringing_its_own_key(door.issuer, jku=f"{door.stranger.url}/keys"),
    "no subject": lambda door: door.issuer.token(sub=None),
    "an empty subject": lambda door: door.issuer.token(sub=""),
    "ours by name, another issuer's by signature": lambda door: door.issuer.token(key=rsa_key("attackers")),
    "a token that ends a session": lambda door: door.issuer.token(header={"typ": "logout+jwt"}),
    "a megabyte": lambda door: door.issuer.token(padding="x" * 1_000_000),
    "changed after it was signed": lambda door: changed(door.issuer.token()),
    "no token at all": lambda _door: "once.upon.a",
    "two parts": lambda door: door.issuer.token().rpartition(".")[0],
    "deep nesting": lambda _door: ".".join([base64.urlsafe_b64encode(b"[" * 9000).decode().rstrip("="), "e30", "e30"]),
}


def changed(token: str) -> str:
    head, _claims, signature = token.split(".")
    return f"{head}.{encoded({'sub': 'administrator'})}.{signature}"


async def test_a_token_of_the_issuer_acts_in_the_role_the_account_holds_here(door: Door) -> None:
    answer = await door.ask(door.issuer.token(roles=["admin"], aud=[AUDIENCE, "other"], exp=now() + 600))
    assert [item["code"] for item in answer.json()["items"]] == ["56"]
    refused = await door.ask(door.issuer.token(roles=["admin"]), "/v1/api-keys")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.role")


async def test_every_attack_on_a_token_gets_the_same_refusal(door: Door) -> None:
    assert (await door.ask(door.issuer.token())).status_code == 200
    answers = {name: await door.ask(attack(door)) for name, attack in ATTACKS.items()}
    wrong = {name: (a.status_code, a.text) for name, a in answers.items() if a.status_code != 401}
    assert wrong == {}
    assert len({answer.text for answer in answers.values()}) == 1
    assert (await door.ask(door.issuer.token())).status_code == 200


async def test_sixty_seconds_of_clocks_that_differ_are_forgiven(door: Door) -> None:
    assert (await door.ask(door.issuer.token(exp=int(time.time()) - 30))).status_code == 200
    assert (await door.ask(door.issuer.token(nbf=int(time.time()) + 30, iat=int(time.time()) + 30))).status_code == 200


async def test_the_same_subject_of_another_issuer_is_somebody_else(roster_database_url: str) -> None:
    async with serving(TestIssuer()) as one, serving(TestIssuer(kid="second", shown=["second"])) as other:
        world = World(
            app=create_app(Settings(database_url=roster_database_url, issuers=[one.settings(), other.settings()]))
        )
        async with world.session() as session:
            await add_account(session, one, roles=[{"role": "admin", "province_code": None}])
        door = Door(world, one, other)
        assert (await door.ask(one.token())).status_code == 200
        refused = await door.ask(other.token(email="somebody@example.vn", email_verified=True))
        assert (refused.status_code, refused.json()["code"]) == (403, "access.no_account")
        forged = await door.ask(other.token(iss=one.url))
        assert forged.status_code == 401
        await world.close()


async def test_a_personal_link_is_no_token_and_a_token_no_link(door: Door) -> None:
    token = door.issuer.token()
    client = door.world.as_("nobody")
    as_link = await client.get("/v1/me/placement", headers={"Authorization": f"Link {token}"})
    assert as_link.status_code == 404
    assert (await client.get("/v1/me/placement", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    assert (await client.get(PROVINCES, headers={"Authorization": f"Link {token}"})).status_code == 401
    assert (await door.ask("1R8gu3-not-a-token")).status_code == 401


async def test_a_token_beside_a_key_is_refused_since_nobody_could_say_who_acted(door: Door) -> None:
    answer = await door.ask(door.issuer.token(), **{"X-Api-Key": "whatever"})
    assert (answer.status_code, answer.json()["code"]) == (401, "access.two_credentials")


async def test_keys_are_rotated_and_an_unknown_one_is_asked_about_at_most_once_in_a_while(door: Door) -> None:
    now = 0.0
    sets = door.world.app.state.key_sets
    sets._clock = lambda: now
    assert (await door.ask(door.issuer.token())).status_code == 200
    door.issuer.shown, door.issuer.kid = ["first", "second"], "second"
    for _time in range(5):
        assert (await door.ask(door.issuer.token())).status_code == 401
    assert door.issuer.asked == 1
    now += 31
    assert (await door.ask(door.issuer.token())).status_code == 200
    assert door.issuer.asked == 2
    door.issuer.shown = ["second"]
    now += 601
    door.issuer.kid = "first"
    assert (await door.ask(door.issuer.token())).status_code == 401


async def test_known_keys_serve_while_the_issuer_is_away_and_unknown_ones_are_a_503(door: Door) -> None:
    now = 0.0
    sets = door.world.app.state.key_sets
    sets._clock = lambda: now
    assert (await door.ask(door.issuer.token())).status_code == 200
    door.issuer.shown = ["no-key-set"]

    async def away(_issuer: object) -> dict[str | None, RSAKey]:
        raise OSError("away")

    sets._fetch = away
    now += 3600
    assert (await door.ask(door.issuer.token())).status_code == 200
    now += 24 * 3600
    answer = await door.ask(door.issuer.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "access.issuer_away")
