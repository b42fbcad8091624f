"""Who asks too often is told when to come again; nobody else is. With Valkey and without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
import redis
from commune_stack.ports import free_port
from commune_stack.valkey import as_user
from roster_api.access.principal import Principal, Role
from roster_api.access.rates import HEAVY, Rates
from roster_api.access.rules import RULES
from roster_api.app import create_app
from roster_api.errors import TooManyError
from roster_api.ports import Port, entered_by
from roster_api.settings import Settings
from starlette.requests import Request

from tests.roster_api.reference_world import World, bare_world
from tests.roster_api.rosters.conftest import SchoolDesk, open_desk
from tests.roster_api.test_nothing_is_held import LIST, HeldOpener
from tests.support.deadlines import until

NOWHERE = "postgresql://nobody:x@127.0.0.1:1/none"
PROXY, SOMEBODY, NEIGHBOUR = "10.1.2.3", "203.0.113.7", "2001:db8:1:2::9"
HEAVY_ROUTE = ("POST", "/v1/national-runs")


def key() -> Principal:
    return Principal(key_id=uuid4(), role=Role.ADMIN, label="key")


def person() -> Principal:
    return Principal(account_id=uuid4(), assignment_id=uuid4(), role=Role.ADMIN, label="person")


def asked_from(address: str) -> Request:
    return Request({"type": "http", "client": (address, 50_000), "headers": []})


@asynccontextmanager
async def rates(**settings: Any) -> AsyncIterator[Rates]:
    given: dict[str, Any] = {"database_url": NOWHERE, "heavy_requests_an_hour": 2} | settings
    if "redis_url" in given:
        given["redis_url"] = as_user(given["redis_url"], "roster-api")
    made = Rates(Settings(**given))
    try:
        yield made
    finally:
        await made.close()


async def refused_at(counting: Rates, principal: Principal, *, times: int, address: str = SOMEBODY) -> list[int]:
    """Which of so many heavy requests, counted from 1, were refused."""
    refused = []
    for number in range(1, times + 1):
        try:
            await counting.count_principal(asked_from(address), principal, HEAVY_ROUTE)
        except TooManyError as error:
            is_as_stated = error.code == "rate.too_much_work" and 0 < int(error.headers["Retry-After"]) <= 3600
            refused.append(number if is_as_stated else -number)
    return refused


async def test_heavy_work_is_counted_over_all_processes_by_account_and_by_key(redis_url: str) -> None:
    for asker in (key(), person()):
        async with rates(redis_url=redis_url) as here, rates(redis_url=redis_url) as there:
            assert await refused_at(here, asker, times=1) == []
            assert await refused_at(there, asker, times=3) == [2, 3]
            assert await refused_at(here, key(), times=1) == []


async def test_behind_named_proxies_an_address_has_its_own_measure_and_valkey_holds_no_address(redis_url: str) -> None:
    async with rates(redis_url=redis_url, trusted_proxies=[PROXY]) as counting:
        refused = [await refused_at(counting, key(), times=1) for _ in range(10)]
        assert refused == [[]] * 8 + [[1]] * 2, "four times as many as one key"
        assert await refused_at(counting, key(), times=1, address=NEIGHBOUR) == []
    async with rates(redis_url=redis_url) as counting:
        assert [await refused_at(counting, key(), times=1) for _ in range(10)] == [[]] * 10
    with redis.Redis.from_url(redis_url) as client:
        kept = b" ".join(client.keys())
    assert kept
    assert not any(address.encode() in kept for address in (SOMEBODY, NEIGHBOUR, "2001:db8:1:2"))


async def test_while_valkey_is_away_people_pass_and_keys_and_guesses_are_counted_here() -> None:
    async with rates(redis_url=f"redis://127.0.0.1:{free_port()}/0", wrong_links_a_minute=2) as counting:
        assert await refused_at(counting, person(), times=5) == []
        assert await refused_at(counting, key(), times=4) == [3, 4]
        request = asked_from(SOMEBODY)
        await counting.count_wrong_link(request)
        await counting.count_wrong_link(request)
        with pytest.raises(TooManyError):
            await counting.count_wrong_link(request)


async def test_a_valkey_that_keeps_silent_is_asked_once_and_then_left_alone() -> None:
    connections = []

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with rates(redis_url=f"redis://127.0.0.1:{port}/0") as counting:
        assert await refused_at(counting, key(), times=10) == list(range(3, 11))
        assert len(connections) == 1
    server.close()


@asynccontextmanager
async def world_with(database_url: str, **settings: Any) -> AsyncIterator[World]:
    async with bare_world(database_url) as made:
        app = create_app(Settings(database_url=database_url, **settings))
        yield World(app, keys=made.keys)
        await app.state.engine.dispose()


async def test_a_key_that_asks_too_often_is_told_when_to_come_again(module_roster_database_url: str) -> None:
    async with world_with(module_roster_database_url, requests_a_minute=3) as world:
        answers = [await world.as_("admin").get("/v1/provinces") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
        assert answers[-1].json()["code"] == "rate.too_often"
        assert answers[-1].json()["detail_vi"]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert (await world.as_("nobody").get("/health")).status_code == 200


async def test_wrong_keys_are_slowed_down_and_the_right_one_is_let_in(module_roster_database_url: str) -> None:
    async with world_with(module_roster_database_url, wrong_keys_a_minute=3) as world:
        world.keys["guess"] = "cr_guess"
        answers = [await world.as_("guess").get("/v1/provinces") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 2
        assert answers[-1].json()["code"] == "access.too_many_wrong"
        assert (await world.as_("nobody").get("/v1/provinces")).status_code == 401, "no key is no guess"
        assert (await world.as_("admin").get("/v1/provinces")).status_code == 200


async def test_an_address_behind_a_proxy_that_floods_costs_no_query() -> None:
    app = create_app(Settings(database_url=NOWHERE, trusted_proxies=[PROXY], requests_a_minute=1))
    transport = httpx.ASGITransport(app, client=(SOMEBODY, 50_000), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://roster") as client:
        answers = [await client.get("/v1/provinces") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2


async def test_beyond_what_a_process_answers_at_once_people_are_told_to_wait_and_services_are_not(
    module_roster_database_url: str,
) -> None:
    app = create_app(Settings(database_url=module_roster_database_url, requests_at_once=2))
    opener = HeldOpener()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://roster") as client:
        desks: list[SchoolDesk] = [await open_desk(app, client) for _ in range(2)]
        marked = [f"/v1/roster-uploads/{(await desk.preview(LIST))['id']}/annotated" for desk in desks]
        app.state.roster_opener = opener
        asking = [asyncio.create_task(desk.client.get(path)) for desk, path in zip(desks, marked, strict=True)]
        await until(lambda: opener.waiting == 2)
        refused = await desks[0].client.get("/v1/provinces")
        assert (refused.status_code, refused.json()["code"]) == (429, "service.busy")
        assert int(refused.headers["Retry-After"]) > 0
        assert (await client.get("/health")).status_code == 200
        inner = httpx.ASGITransport(entered_by(app, Port.INTERNAL))
        async with httpx.AsyncClient(transport=inner, base_url="http://roster") as service:
            assert (await service.post(f"/v1/internal/advice/{uuid4()}/claim")).status_code == 401
        opener.go.set()
        assert [answer.status_code for answer in await asyncio.gather(*asking)] == [200, 200]
        assert app.state.turns.count() == 0
        for desk in desks:
            await desk.client.aclose()
    await app.state.engine.dispose()


def test_every_heavy_route_is_one_of_ours() -> None:
    assert set(RULES) >= HEAVY
