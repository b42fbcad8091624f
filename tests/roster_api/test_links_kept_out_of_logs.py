"""A personal link opens a person's page: no log has one, no redirect repeats one, and what goes wrong is told there."""

from collections.abc import AsyncIterator

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from roster_api.answers.models import PlacementAnswer
from roster_api.app import create_app
from structlog.testing import capture_logs

from tests.roster_api.planning_world import PUBLIC_URL, World, planning_world
from tests.roster_api.test_answers import PLACES, token_of
from tests.support.owners import owning


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


def asking(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)


async def test_a_fault_and_a_database_that_is_away_are_logged_by_the_route_as_declared(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    nowhere = {"database_url": "postgresql+asyncpg://nobody:x@127.0.0.1:1/none"}
    away = create_app(world.app.state.settings.model_copy(update=nowhere))
    with capture_logs() as logged:
        async with asking(away) as client:
            assert (await client.get(f"/a/{token}")).status_code == 503
        url = world.app.state.settings.database_url
        async with owning(url) as connection, connection.begin():
            await connection.execute(sa.text("alter table roster.placements rename to placements_away"))
        async with asking(world.app) as client:
            assert (await client.get(f"/a/{token}")).status_code == 500
    assert [(entry["event"], entry["route"]) for entry in logged] == [
        ("database.unavailable", "/a/{token}"),
        ("request.failed", "/a/{token}"),
    ]
    assert token not in repr(logged)


async def test_a_slash_too_many_leads_to_no_other_host(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    async with asking(world.app) as client:
        for path in (f"/a/{token}/", "/v1/provinces/", "/health/"):
            answer = await client.get(path, headers={"Host": "evil.example"})
            assert (answer.status_code, answer.headers.get("location")) == (404, None)


@pytest.mark.parametrize("form", [{}, {"answer": "confirmed"}, {"answer": "maybe", "told": "x"}, {"told": "x" * 65}])
async def test_a_form_without_an_answer_is_told_so_on_a_page_and_records_nothing(
    world: World, form: dict[str, str]
) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    async with asking(world.app) as client:
        answer = await client.post(f"/a/{token}", data=form)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "Chưa nhận được câu trả lời" in answer.text
    async with world.session() as session:
        assert list(await session.scalars(sa.select(PlacementAnswer))) == []


async def test_a_form_that_cannot_be_read_is_told_so_on_a_page(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    headers = {"Content-Type": "multipart/form-data"}  # without the boundary
    async with asking(world.app) as client:
        answer = await client.post(f"/a/{token}", content=b"--x", headers=headers)
    assert answer.status_code == 400
    assert "Chưa nhận được câu trả lời" in answer.text


async def test_asking_for_the_head_alone_finds_the_link_alive_and_records_nothing(world: World) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    async with asking(world.app) as client:
        alive, dead = await client.head(f"/a/{token}"), await client.head("/a/none")
    assert (alive.status_code, dead.status_code) == (200, 404)
    async with world.session() as session:
        assert list(await session.scalars(sa.select(PlacementAnswer))) == []


@pytest.mark.parametrize("reason", ["Xem www.example.vn/don", "Ốm\u202egnod uv"])
async def test_a_reason_with_a_link_or_a_mark_of_direction_is_refused_in_words(world: World, reason: str) -> None:
    token = await token_of(world, await world.make_published(PLACES), 0)
    headers = {"Authorization": f"Link {token}"}
    async with asking(world.app) as client:
        asked = await client.post(f"/a/{token}", data={"answer": "cannot_go", "told": "x", "reason": reason})
        sent = await client.post("/v1/me/confirmation", json={"answer": "cannot_go", "reason": reason}, headers=headers)
    assert (asked.status_code, sent.status_code) == (422, 422)
    assert [error["pointer"] for error in sent.json()["errors"]] == ["/reason"]
    assert "không" in asked.text
    assert "Chưa nhận được câu trả lời" not in asked.text
    async with world.session() as session:
        assert list(await session.scalars(sa.select(PlacementAnswer))) == []
