"""What is slow holds nothing that others wait for; who hangs up frees all. Causes are asserted, never seconds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from commune_stack.serving import served
from fastapi import FastAPI
from roster_api.access.models import ApiKey
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.plans import annex
from roster_api.rosters.reading.limited import Lines, Opener
from roster_api.settings import Settings
from sqlalchemy import func, text, update

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.rosters.conftest import SchoolDesk, open_desk
from tests.roster_api.rosters.workbooks import person, roster
from tests.support.deadlines import until
from tests.support.reading import make_reader
from tests.support.waiting import WAITING

LIST = roster(*[person(number) for number in range(1, 4)])


class HeldOpener(Opener):
    """The real, stopped before each file until `go`."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.go = asyncio.Event()

    @asynccontextmanager
    async def _asked(self, task: dict[str, Any], content: bytes) -> AsyncIterator[Lines]:
        self.waiting += 1
        await self.go.wait()
        async with super()._asked(task, content) as lines:
            yield lines


def checked_out(app: FastAPI) -> int:
    """Connections to Postgres in somebody's hands."""
    count: int = app.state.engine.pool.checkedout()
    return count


@asynccontextmanager
async def desks(database_url: str, count: int, **settings: Any) -> AsyncIterator[list[SchoolDesk]]:
    """So many schools, each with a coordinator, at one application with a small pool."""
    app = create_app(Settings(database_url=database_url, database_pool=2, **settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://roster") as client:
        made = [await open_desk(app, client) for _ in range(count)]
    try:
        yield made
    finally:
        for desk in made:
            await desk.client.aclose()
        await app.state.engine.dispose()


async def test_no_connection_is_held_while_a_list_is_read(module_roster_database_url: str) -> None:
    async with desks(module_roster_database_url, 1) as (desk,):
        upload = (await desk.upload(LIST)).json()
        opener = HeldOpener()
        working = asyncio.create_task(make_reader(desk.app, opener=opener).work_off())
        await until(lambda: opener.waiting == 1)
        await until(lambda: checked_out(desk.app) == 0)
        assert (await desk.look(upload))["status"] == "reading"
        opener.go.set()
        await working
        assert (await desk.look(upload))["status"] == "in_review"


async def test_no_connection_is_held_while_a_file_is_annotated(module_roster_database_url: str) -> None:
    async with desks(module_roster_database_url, 1) as (desk,):
        upload = await desk.preview(roster(person(1, **{"Số điện thoại": "123"})))
        opener = desk.app.state.roster_opener = HeldOpener()
        asking = asyncio.create_task(desk.client.get(f"/v1/roster-uploads/{upload['id']}/annotated"))
        await until(lambda: opener.waiting == 1)
        assert checked_out(desk.app) == 0
        opener.go.set()
        assert (await asking).status_code == 200


async def test_no_connection_is_held_while_the_annex_is_written(
    roster_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with planning_world(roster_database_url) as world:
        plan_id = await world.make_published(((0, "C1", (0, 1)),))
        held = []
        write = annex.write_annex

        def write_and_note(*facts: Any) -> bytes:
            held.append(checked_out(world.app))
            return write(*facts)

        monkeypatch.setattr(annex, "write_annex", write_and_note)
        answer = await world.as_("admin").get(f"/v1/plans/{plan_id}/annex.xlsx")
        assert (answer.status_code, held) == (200, [0])


async def uploads_of(desk: SchoolDesk) -> int:
    async with desk.app.state.sessions() as session:
        query = text("select count(*) from roster.roster_uploads where school_id = :school")
        return int(await session.scalar(query, {"school": desk.school_id}))


async def test_fifty_times_one_key_at_once_is_one_upload(module_roster_database_url: str) -> None:
    async with desks(module_roster_database_url, 1, uploads_at_once=50) as (desk,):
        sending = (desk.upload(LIST, **{"Idempotency-Key": "one-and-only"}) for _ in range(50))
        answers = await asyncio.gather(*sending)
        assert {answer.status_code for answer in answers} <= {202, 409}
        assert len({answer.content for answer in answers if answer.status_code == 202}) == 1
        assert await uploads_of(desk) == 1
        again = await desk.upload(LIST, **{"Idempotency-Key": "one-and-only"})
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")


async def test_two_processes_with_one_key_make_one_upload(module_roster_database_url: str) -> None:
    """What one process knows to be in hand the other does not: the database decides."""
    async with desks(module_roster_database_url, 1) as (desk,):
        other = create_app(Settings(database_url=module_roster_database_url))
        headers = {"X-Api-Key": desk.client.headers["X-Api-Key"]}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=other), base_url="http://roster", headers=headers, timeout=30
        ) as client:
            there = SchoolDesk(client, other, desk.school_id)
            answers = await asyncio.gather(*(at.upload(LIST, **{"Idempotency-Key": "k"}) for at in (desk, there) * 3))
        assert {answer.status_code for answer in answers} <= {202, 409}
        assert await uploads_of(desk) == 1
        await other.state.engine.dispose()


async def test_more_lists_waiting_than_a_key_or_a_school_may_have_are_told_to_wait(
    module_roster_database_url: str,
) -> None:
    async with desks(module_roster_database_url, 2) as (desk, neighbour):
        answers = await asyncio.gather(*(desk.upload(LIST) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [202, 202, 429, 429]
        third = next(answer for answer in answers if answer.status_code == 429)
        assert third.json()["code"] == "upload.too_many"
        assert int(third.headers["Retry-After"]) > 0
        assert "Hãy chờ" in third.json()["detail_vi"]
        assert (await neighbour.upload(LIST)).status_code == 202
        await make_reader(desk.app).work_off()
        assert (await desk.upload(LIST)).status_code == 202


@dataclass
class Line:
    """A connection on which a request was sent, by hand, so that it can be dropped."""

    writer: asyncio.StreamWriter

    @classmethod
    async def send(cls, port: int, request: httpx.Request) -> "Line":
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        head = f"{request.method} {request.url.raw_path.decode()} HTTP/1.1\r\n{headers}\r\n"
        writer.write(head.encode() + await request.aread())
        await writer.drain()
        return cls(writer)

    async def hang_up(self) -> None:
        self.writer.transport.abort()


async def test_who_hangs_up_while_waiting_for_a_lock_waits_no_longer(module_roster_database_url: str) -> None:
    async with desks(module_roster_database_url, 1) as (desk,), served(desk.app) as port:
        upload = await desk.preview(LIST)
        async with desk.app.state.sessions.begin() as holder:
            query = text("select 1 from roster.schools where id = :id for update")
            await holder.execute(query, {"id": desk.school_id})
            commit = desk.client.build_request("POST", f"/v1/roster-uploads/{upload['id']}/commit")
            line = await Line.send(port, commit)

            async def waits_for_the_lock() -> bool:
                return bool(await holder.scalar(text(WAITING)))

            await until(waits_for_the_lock)
            await line.hang_up()

            async def nobody_waits() -> bool:
                return not await waits_for_the_lock()

            await until(nobody_waits)
            await until(lambda: checked_out(desk.app) == 1)  # the holder's own
        assert (await desk.commit(upload)).status_code == 200


async def test_a_second_live_run_of_a_campaign_needs_to_be_meant(roster_database_url: str) -> None:
    async with planning_world(roster_database_url) as world:
        path = f"/v1/campaigns/{world.campaign_id}/matching-runs"
        admin = world.as_("admin")
        answers = await asyncio.gather(*(admin.post(path, json={}) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [202, 429, 429, 429]
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert (refused.json()["code"], int(refused.headers["Retry-After"]) > 0) == ("run.too_many", True)
        assert "force" in refused.json()["detail_vi"]
        assert (await admin.post(path, json={"force": True})).status_code == 202
        for run in (await admin.get(path)).json()["items"]:
            await admin.post(f"/v1/matching-runs/{run['id']}/cancel")
        assert (await admin.post(path, json={})).status_code == 202


@asynccontextmanager
async def watched(world: World, count: int) -> AsyncIterator[tuple[httpx.AsyncClient, list[httpx.Response]]]:
    """So many open event streams of one live run, by the overseer's key, over a real socket."""
    run_id = await world.request_run()
    headers = {"X-Api-Key": world.keys["overseer"]}
    async with (
        served(world.app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client,
    ):
        request = client.build_request("GET", f"/v1/matching-runs/{run_id}/events")
        streams = [await client.send(request, stream=True) for _ in range(count)]
        try:
            yield client, streams
        finally:
            for stream in streams:
                await stream.aclose()


async def test_streams_hold_no_connection_and_a_key_has_so_many_of_them(roster_database_url: str) -> None:
    async with planning_world(roster_database_url) as world, watched(world, 5) as (client, streams):
        assert {stream.status_code for stream in streams} == {200}
        sixth = await client.get(streams[0].request.url)
        assert (sixth.status_code, sixth.json()["code"]) == (429, "stream.too_many")
        await until(lambda: checked_out(world.app) == 0)
        (looks,) = world.app.state.run_watches._watches.values()
        assert looks.watchers == 5
        await streams[0].aclose()
        await until(lambda: world.app.state.turns.count() == 4)
        again = await client.send(client.build_request("GET", streams[0].request.url), stream=True)
        assert again.status_code == 200
        await again.aclose()


async def test_a_revoked_key_hears_no_more(roster_database_url: str) -> None:
    async with planning_world(roster_database_url) as world, watched(world, 1) as (client, (stream,)):
        async with world.session() as session:
            await session.execute(update(ApiKey).where(ApiKey.role == Role.OVERSEER).values(revoked_at=func.now()))
        lines = [line async for line in stream.aiter_lines()]
        assert "event: revoked" in lines
        assert "event: end" not in lines
        assert (await client.get(stream.request.url)).status_code == 401
