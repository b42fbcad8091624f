"""A large JSON body is read by a child process: the loop that serves everybody else never parses one."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.documents import reading
from roster_api.documents.reading import LARGE_BYTES

from tests.roster_api.planning_world import World, planning_world, run_path

PLACES = ((0, "C1", [0, 1]),)


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


@pytest.fixture
def parsed_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lengths of what this process parses as JSON."""
    lengths: list[int] = []
    original = json.loads

    def parse(content: Any, **options: Any) -> Any:
        lengths.append(len(content))
        return original(content, **options)

    monkeypatch.setattr(json, "loads", parse)
    return lengths


async def put(world: World, run_id: str, content: bytes) -> Any:
    headers = {"Content-Type": "application/json"}
    return await world.as_("solver").put(f"{run_path(run_id)}/result", content=content, headers=headers)


async def test_a_large_result_is_kept_and_was_not_parsed_by_the_serving_process(
    world: World, parsed_here: list[int]
) -> None:
    run_id = await world.request_run()
    result = world.result((await world.claim(run_id)).json()["lease_token"], PLACES)
    result["stage_a"]["problem"]["title"] = "x" * 2_000_000
    content = json.dumps(result).encode()
    assert len(content) > LARGE_BYTES
    assert (await put(world, run_id, content)).status_code == 204
    run = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    assert run["status"] == "succeeded"
    assert max(parsed_here) < LARGE_BYTES


@pytest.mark.parametrize(
    ("content", "pointer"),
    [(b"[" + b"[]," * 500_000 + b"[]]", ""), (b'{"status": [' + b"{}," * 500_000 + b"{}]}", "/lease_token")],
)
async def test_what_is_no_result_is_refused_by_its_fields_without_being_parsed_here(
    world: World, parsed_here: list[int], content: bytes, pointer: str
) -> None:
    answer = await put(world, await world.request_run(), content)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert max(parsed_here, default=0) < LARGE_BYTES


async def test_a_large_body_that_is_no_json_is_refused_by_its_place(world: World) -> None:
    answer = await put(world, await world.request_run(), b"[" + b"[]," * 500_000)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "json_invalid")


async def test_a_body_that_exhausts_the_child_is_too_large(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TIMEOUT_SECONDS", 0)
    answer = await put(world, await world.request_run(), b"[" + b"[]," * 500_000 + b"[]]")
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too_large")


async def test_others_are_served_while_a_large_body_is_read(world: World) -> None:
    run_id = await world.request_run()
    reading_it = asyncio.create_task(put(world, run_id, b"[" + b"[]," * 3_000_000 + b"[]]"))
    served = 0
    while not reading_it.done():
        assert (await world.as_("nobody").get("/health/live")).status_code == 200
        served += 1
        await asyncio.sleep(0)  # a request without a server may be answered without a turn for anybody else
    assert (await reading_it).status_code == 422
    assert served > 1
