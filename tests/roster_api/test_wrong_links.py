"""Who guesses links is slowed down, and nobody else: a right link opens whatever came from the same address before."""

from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from pydantic import ValidationError
from roster_api.app import create_app
from roster_api.ports import Port
from roster_api.serving import make_server
from roster_api.settings import Settings

from tests.roster_api.planning_world import PUBLIC_URL, World, planning_world
from tests.roster_api.test_answers import PLACES, token_of

PROXY, SOMEBODY = "10.1.2.3", "203.0.113.7"


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


def coming_from(world: World, address: str, *, proxies: Sequence[str] = ()) -> httpx.AsyncClient:
    """A caller at the public port of the serving process, as its server is configured."""
    settings = world.app.state.settings.model_copy(update={"trusted_proxies": list(proxies)})
    config = make_server(world.app, Port.PUBLIC, settings).config
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)


async def guess(client: httpx.AsyncClient, times: int, *, forwarded_for: str = "") -> list[int]:
    statuses = []
    for number in range(times):
        headers = {"X-Forwarded-For": forwarded_for.format(number)} if forwarded_for else {}
        statuses.append((await client.get(f"/a/guess{number}", headers=headers)).status_code)
    return statuses


async def test_two_floods_of_wrong_links_do_not_shut_out_a_right_one_behind_the_same_address(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    async with coming_from(world, PROXY) as caller:
        for expected in ([404] * 10 + [429] * 5, [429] * 15):
            assert await guess(caller, 15) == expected
            refused = await caller.get("/v1/me/placement", headers={"Authorization": "Link guess"})
            assert (refused.status_code, refused.json()["code"]) == (429, "link.too_many_wrong")
            assert 0 < int(refused.headers["retry-after"]) <= 60
            assert (await caller.get(f"/a/{token}")).status_code == 200
            opened = await caller.get("/v1/me/placement", headers={"Authorization": f"Link {token}"})
            assert opened.status_code == 200


@pytest.mark.parametrize("address", [SOMEBODY, "127.0.0.1"])
async def test_a_forwarded_address_is_not_believed_from_whom_nobody_named(world: World, address: str) -> None:
    async with coming_from(world, address, proxies=[PROXY]) as caller:
        assert await guess(caller, 12, forwarded_for="198.51.100.{}") == [404] * 10 + [429] * 2


async def test_behind_a_named_proxy_each_address_has_its_own_count(world: World) -> None:
    async with coming_from(world, PROXY, proxies=["10.1.0.0/16"]) as caller:
        assert await guess(caller, 12, forwarded_for=SOMEBODY) == [404] * 10 + [429] * 2
        assert await guess(caller, 1, forwarded_for="198.51.100.9") == [404]
        spoofed = f"198.51.100.{{}}, {SOMEBODY}"  # what the sender wrote, then what the proxy saw
        assert await guess(caller, 1, forwarded_for=spoofed) == [429]


async def test_a_token_we_did_not_sign_asks_no_database(world: World) -> None:
    settings = world.app.state.settings.model_copy(
        update={"database_url": "postgresql+asyncpg://nobody:x@127.0.0.1:1/none"}
    )

    async with coming_from(World(create_app(settings), world.campaign_id, {}, [], {}), SOMEBODY) as caller:
        assert await guess(caller, 1) == [404]


@pytest.mark.parametrize("given", ["*", "proxy.example", "10.1.2.3/8"])
def test_a_proxy_is_named_by_address_or_network(given: str) -> None:
    with pytest.raises(ValidationError, match="ROSTER_TRUSTED_PROXIES"):
        Settings(database_url="postgresql://nobody@127.0.0.1/none", trusted_proxies=given)


def test_proxies_are_written_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROSTER_TRUSTED_PROXIES", "10.1.2.3, fd00::/8")
    settings = Settings(database_url="postgresql://nobody@127.0.0.1/none")
    assert settings.trusted_proxies == ["10.1.2.3", "fd00::/8"]
