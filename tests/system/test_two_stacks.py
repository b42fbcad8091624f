"""Two stacks started together: neither takes the other's port, nor takes the other's answer for its own readiness."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest
from commune_stack.places import throwaway_directory
from commune_stack.ports import free_port, give_back_port
from commune_stack.programs import Process, Program, answers
from commune_stack.serving import served
from commune_stack.stack import Stack
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

pytestmark = pytest.mark.long

CHOOSE = """
import sys
from commune_stack.ports import free_port
print([free_port(int(sys.argv[1])) for _ in range(20)], flush=True)
sys.stdin.read()
"""


def test_ports_chosen_in_two_processes_at_once_are_all_different() -> None:
    wished = free_port()
    give_back_port(wished)
    command = [sys.executable, "-c", CHOOSE, str(wished)]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    chosen: list[int] = []
    for process in running:
        assert process.stdout is not None
        chosen += json.loads(process.stdout.readline())
    for process in running:
        process.communicate()
    assert len(set(chosen)) == len(chosen) == 40
    assert chosen.count(wished) <= 1
    assert free_port(wished) == wished, "what ended keeps nothing"
    give_back_port(wished)


async def test_a_port_that_is_kept_may_be_bound_by_its_server_and_again_after_a_crash() -> None:
    port = free_port()
    for _ in range(2):
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
        server.close()
        await server.wait_closed()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        assert stranger.getsockname()[1] != port
    give_back_port(port)


async def well(_request: object) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def test_a_stranger_who_answers_in_its_place_does_not_make_a_program_ready(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def well_and_asked(request: object) -> PlainTextResponse:
        asked.set()
        return await well(request)

    async with served(Starlette(routes=[Route("/health", well_and_asked)])) as port:
        program = Program(
            name="late", argv=("/bin/sleep", "60"), probe=answers(f"http://127.0.0.1:{port}/health"), ports=(port,)
        )
        process = Process(program, log=tmp_path / "log", mark={})
        await process.start()
        for _ in range(3):
            asked.clear()
            await asyncio.wait_for(asked.wait(), 10)
        assert not process.is_ready
        await process.stop()


def ports_of(process: Process) -> set[int]:
    """Where it listens."""
    connections = psutil.Process(process.pid).net_connections("tcp4")
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}


@pytest.mark.timeout(300)
async def test_two_lasting_stacks_started_together_each_have_servers_of_their_own() -> None:
    """Both wish for the same ports."""
    with throwaway_directory() as here, throwaway_directory() as there:
        stacks = [
            Stack(place.path, environment={}, durable=True, matching_workers=0, notifier_workers=0)
            for place in (here, there)
        ]
        try:
            await asyncio.gather(*(stack.start() for stack in stacks))
            async with httpx.AsyncClient(timeout=30) as client:
                for stack, other in (stacks, reversed(stacks)):
                    address = f"{stack.addresses.roster_api}/v1/provinces"
                    own = await client.get(address, headers={"X-Api-Key": stack.keys.admin})
                    foreign = await client.get(address, headers={"X-Api-Key": other.keys.admin})
                    assert (own.status_code, foreign.status_code) == (200, 401)
            processes = [process for stack in stacks for process in stack.supervisor.processes.values()]
            listening = [ports_of(process) for process in processes]
            assert sum(map(len, listening)) == len(set().union(*listening)) == 18
            assert [process.restarts for process in processes] == [0] * len(processes)
        finally:
            for stack in stacks:
                await stack.stop()
