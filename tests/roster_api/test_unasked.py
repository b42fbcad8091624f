"""Requests without a query string: answered as those that name every default."""

from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import Depends, Query
from fastapi.dependencies.utils import get_dependant
from roster_api.access.unasked import without_query

from tests.roster_api.planning_world import World, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def needs_a_number(number: int) -> int:
    return number


async def has_a_default(number: Annotated[int, Query(ge=1)] = 7, words: str | None = None) -> tuple[int, str | None]:
    return number, words


async def depends_on(
    needed: Annotated[int, Depends(needs_a_number)], usual: Annotated[tuple[int, str | None], Depends(has_a_default)]
) -> None:
    """A route's own function."""


async def depends_on_usual(usual: Annotated[tuple[int, str | None], Depends(has_a_default)], limit: int = 3) -> int:
    return usual[0] + limit


async def test_a_list_without_a_query_is_the_list_with_every_default_named(world: World) -> None:
    admin = world.as_("admin")
    plain, named = [await admin.get(f"/v1/volunteers{query}") for query in ("", "?limit=50&offset=0")]
    assert plain.status_code == 200
    assert plain.json() == named.json()


def test_the_defaults_of_a_query_are_reckoned_once_wherever_in_the_tree_they_stand() -> None:
    unasked = without_query(get_dependant(path="/", call=depends_on_usual))
    assert unasked is not None
    assert unasked.query_params == []
    assert unasked.call.keywords == {"limit": 3}  # type: ignore[union-attr]
    (usual,) = unasked.dependencies
    assert (usual.name, usual.query_params) == ("usual", [])
    assert usual.call.keywords == {"number": 7, "words": None}  # type: ignore[union-attr]


def test_a_route_that_must_be_sent_a_parameter_has_no_answer_without_one() -> None:
    assert without_query(get_dependant(path="/", call=depends_on)) is None
