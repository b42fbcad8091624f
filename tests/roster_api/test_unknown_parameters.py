"""A query parameter that a route does not know is refused by name: a slip in a filter must not answer for all."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import APIRouter, Query
from roster_api.access.authorize import GatedRoute, list_query_parameters
from roster_api.access.rules import ACCOUNT, LINK, PUBLIC, RULES

from tests.roster_api.reference_world import MISSING_ID, World, shared_reference_world
from tests.roster_api.test_access_routes import KEY_OF_ROLE

GUARDED = [
    (
        method,
        path,
        "nobody" if isinstance(rule, str) else next(key for role, key in KEY_OF_ROLE.items() if role in rule),
    )
    for (method, path), rule in RULES.items()
    if path.startswith("/v1/") and rule not in (PUBLIC, LINK, ACCOUNT)
]


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


async def test_a_slip_is_refused_with_its_name_and_the_one_that_was_meant(world: World) -> None:
    answer = await world.as_("admin").get("/v1/communes?provincecode=56")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.unknown_parameter")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("query:provincecode", "parameter.unknown")
    assert "'province_code'" in error["vi"]
    assert "'province_code'" in error["en"]
    assert (await world.as_("admin").get("/v1/communes?province_code=56")).status_code == 200


async def test_a_name_near_to_none_is_refused_with_the_ones_there_are(world: World) -> None:
    answer = await world.as_("admin").get("/v1/volunteers?limit=1&xyz=1&xyz=2")
    (error,) = answer.json()["errors"]
    assert "limit" in error["vi"]
    assert "school_id" in error["en"]


async def test_a_single_value_sent_twice_is_refused_whatever_the_values(world: World) -> None:
    for query in ("limit=3&limit=4", "limit=3&limit=3"):
        answer = await world.as_("admin").get(f"/v1/communes?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "request.repeated_parameter")
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("query:limit", "parameter.repeated")
        assert "2 lần" in error["vi"]


def test_of_a_route_that_takes_a_list_the_list_may_repeat() -> None:
    router = APIRouter(route_class=GatedRoute)

    @router.get("/v1/several")
    async def several(codes: Annotated[list[str], Query()], limit: int | None = None) -> None: ...

    (route,) = router.routes
    assert isinstance(route, GatedRoute)
    assert list_query_parameters(route) == {"codes": True, "limit": False}


@pytest.mark.parametrize(("method", "path", "who"), GUARDED)
async def test_every_route_of_the_api_refuses_what_it_does_not_know(
    world: World, method: str, path: str, who: str
) -> None:
    address = re.sub(r"\{[^}]+\}", MISSING_ID, path)
    answer = await world.as_(who).request(method, address, params={"khong_co_tham_so_nay": "1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.unknown_parameter")


async def test_who_may_not_is_told_that_and_not_the_names(world: World) -> None:
    assert (await world.as_("nobody").get("/v1/communes?provincecode=56")).status_code == 401
    assert (await world.as_("finance").post("/v1/api-keys?xyz=1", json={})).status_code == 403


@pytest.mark.parametrize("path", ["/a/khong-co", "/health/live", "/health"])
async def test_pages_and_probes_ignore_what_others_add_to_their_address(world: World, path: str) -> None:
    answers = [await world.as_("nobody").get(path + query) for query in ("", "?utm_source=mail&fbclid=x")]
    assert len({answer.status_code for answer in answers}) == 1


async def test_a_calendar_feed_ignores_what_a_calendar_adds(world: World) -> None:
    answers = [await world.as_("nobody").get(f"/v1/me/calendar.ics{query}") for query in ("", "?nocache=123")]
    assert len({answer.status_code for answer in answers}) == 1
