"""What answers in the notifier's place may be slow without end, or speak of who was not asked about. Neither keeps a
page from being shown, nor is taken for a word of the person.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pydantic import SecretStr
from roster_api.deliveries import refused

from tests.roster_api.planning_world import World, planning_world

PLACES = ((0, "C1", (0,)), (3, "C2", (2,)))
Answer = Callable[[dict[str, Any], asyncio.StreamWriter], Any]


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


@contextlib.asynccontextmanager
async def answering(world: World, answer: Answer) -> AsyncIterator[None]:
    """In the notifier's place, over a real socket: each question is given to `answer`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                await answer(json.loads(await reader.readexactly(length)), writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    state = world.app.state
    there = {
        "notifier_url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        "notifier_api_key": SecretStr("reader-key-reader-key"),
    }
    state.settings = state.settings.model_copy(update=there)
    async with server:
        yield


async def say(writer: asyncio.StreamWriter, *items: dict[str, Any]) -> None:
    body = json.dumps({"items": items}).encode()
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def drip(_question: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    """Always a little more, and never the end: no single read takes long."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def show_changes(world: World, plan_id: str) -> dict[str, Any]:
    """Whatever the notifier does, this page comes."""
    async with asyncio.timeout(60):
        answer = await world.as_("admin").get(f"/v1/plans/{plan_id}/changes")
    assert answer.status_code == 200, answer.text
    changes: dict[str, Any] = answer.json()
    return changes


async def test_an_answer_that_comes_without_end_is_given_up_and_that_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused, "SECONDS", 0.5)
    plan_id = await world.make_plan(PLACES)
    async with answering(world, drip):
        changes = await show_changes(world, plan_id)
    assert (changes["is_notifier_asked"], changes["confirm"]["people"]) == (False, 2)


async def test_many_slow_answers_together_take_no_longer_than_a_page_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each comes in time; that all of them would not is known before the last was asked for."""
    monkeypatch.setattr(refused, "AT_ONCE", 1)
    monkeypatch.setattr(refused, "SECONDS_IN_ALL", 0.0)
    plan_id = await world.make_plan(PLACES)
    async with answering(world, lambda _question, writer: say(writer)):
        assert (await show_changes(world, plan_id))["is_notifier_asked"] is False
        monkeypatch.setattr(refused, "SECONDS_IN_ALL", 60.0)
        assert (await show_changes(world, plan_id))["is_notifier_asked"] is True


async def test_a_word_of_somebody_who_was_not_asked_about_is_nobodys(world: World) -> None:
    """Another kind of recipient with the same id, and an id that no person has, however it is written."""

    async def speak_of_others(question: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        person = question["items"][0]["recipient"]["id"]
        others = ({"kind": "school", "id": person}, {"kind": "volunteer", "id": "no uuid at all"})
        refusal = {"channel": "email", "reason": "refused", "since": "2026-11-01T00:00:00Z"}
        await say(writer, *({"recipient": other} | refusal for other in others))

    plan_id = await world.make_plan(PLACES)
    async with answering(world, speak_of_others):
        changes = await show_changes(world, plan_id)
    assert (changes["is_notifier_asked"], changes["unreached"]) == (True, [])
