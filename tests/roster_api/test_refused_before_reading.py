"""Whoever may not is refused before a byte of the body is read: no key, a wrong one, a wrong role, a wrong link."""

from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from roster_api.access.authorize import GatedRoute
from roster_api.access.rules import LINK, OPEN, PUBLIC, RULES
from roster_api.routing import MAXIMUM_BODY_BYTES, add_routes

from tests.roster_api.reference_world import World, shared_reference_world
from tests.roster_api.test_access_routes import KEY_OF_ROLE, KEYED, filled
from tests.support.knocking import knock

LINKED = sorted((method, path) for (method, path), rule in RULES.items() if rule == LINK)


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


def limits_of(world: World) -> dict[tuple[str, str], int]:
    """The longest body each route takes."""
    return {
        (method, str(context.path)): getattr(context, "max_body_size", None) or MAXIMUM_BODY_BYTES
        for context in iter_route_contexts(world.app.routes)
        for method in context.methods or set()
    }


def test_some_routes_take_much(world: World) -> None:
    assert max(limits_of(world).values()) > 100 * MAXIMUM_BODY_BYTES


async def test_without_a_key_no_route_reads_a_body_as_long_as_it_may_be_nor_a_broken_one(world: World) -> None:
    limits = limits_of(world)
    wrong = []
    for method, path, _rule in KEYED:
        for headers, code in (({}, "access.key_missing"), ({"X-Api-Key": "cr_wrong"}, "access.key_unknown")):
            for length in (1, limits[method, path]):
                answered = await knock(world.app, method, filled(path), length=length, headers=headers)
                if (answered.status, answered.code, answered.chunks_taken) != (401, code, 0):
                    wrong.append((method, path, answered.status, answered.chunks_taken))
    assert wrong == []


async def test_a_key_of_another_role_is_refused_before_the_body_is_read(world: World) -> None:
    wrong = []
    for method, path, rule in KEYED:
        for role, who in KEY_OF_ROLE.items():
            if role in rule:
                continue
            headers = {"X-Api-Key": world.keys[who], "Idempotency-Key": "again"}
            answered = await knock(world.app, method, filled(path), length=1000, headers=headers)
            if (answered.status, answered.code, answered.chunks_taken) != (403, "access.role", 0):
                wrong.append((method, path, role, answered.status, answered.chunks_taken))
    assert wrong == []


@pytest.mark.parametrize(("method", "path"), LINKED)
async def test_a_wrong_link_is_refused_before_the_body_is_read(world: World, method: str, path: str) -> None:
    for headers, status in (({"Authorization": "Link none"}, 404), ({}, 404 if "{token}" in path else 401)):
        answered = await knock(world.app, method, filled(path), length=1000, headers=headers)
        assert (answered.status, answered.chunks_taken) == (status, 0)


async def test_what_is_open_to_the_public_takes_no_body() -> None:
    assert {method for (method, _path), rule in RULES.items() if rule in (PUBLIC, OPEN)} == {"GET"}


async def test_a_route_whose_class_has_no_gate_is_refused_to_everyone(world: World) -> None:
    router = APIRouter()

    @router.get("/v1/provinces-too")
    async def forgotten() -> str:
        return "open"

    world.app.include_router(router)
    answer = await world.as_("admin").get("/v1/provinces-too")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.no_rule")


@pytest.mark.parametrize("route_class", [APIRoute, GatedRoute])
def test_a_router_without_the_gate_or_without_a_limit_of_bodies_is_not_added(route_class: type[APIRoute]) -> None:
    router = APIRouter(route_class=route_class)
    router.add_api_route("/v1/forgotten", show_nothing)
    with pytest.raises(TypeError, match="not of gated_router"):
        add_routes(FastAPI(), router)


async def show_nothing() -> None:
    """A route's body."""
