"""Children that open files and large bodies: gone when nobody waits, without a key, replaced when all are lost."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from roster_api.children.nursery import NURSERY, Child, Nursery, Program
from roster_api.rosters.reading.limited import Opener

from tests.roster_api.rosters.workbooks import person, roster
from tests.support.deadlines import until

PARENT = """
import sys
from roster_api.children.nursery import Nursery, Program
nursery = Nursery()
held = nursery.start(Program.FILE)
print(held[0], nursery._server.pid, flush=True)
sys.stdin.read()
"""


def is_alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def server_of(nursery: Nursery) -> int:
    assert nursery._server is not None
    return nursery._server.pid


async def test_whoever_stops_waiting_for_a_file_leaves_no_process_behind() -> None:
    child = await Child.start(Program.FILE)
    assert is_alive(child._process_id)
    await child.kill()
    await until(lambda: not is_alive(child._process_id))
    assert is_alive(server_of(NURSERY)), "the next file needs no new one"


async def test_a_child_that_is_killed_refuses_its_file_and_no_other() -> None:
    opener, content = Opener(), roster(*[person(number) for number in range(1, 40)])
    first, second = await asyncio.gather(opener.read(content), opener.read(content))
    assert first[0] == second[0] == "xlsx"
    victim = await Child.start(Program.FILE)
    os.kill(victim._process_id, signal.SIGKILL)
    assert await victim.lines.read() == b""
    await victim.kill()
    assert (await opener.read(content))[0] == "xlsx"


async def test_when_what_starts_the_children_was_killed_the_next_file_is_read_all_the_same() -> None:
    await Opener().prepare()
    lost = server_of(NURSERY)
    os.kill(lost, signal.SIGKILL)
    assert (await Opener().read(roster(person(1))))[0] == "xlsx"
    assert server_of(NURSERY) != lost


def test_children_end_with_their_parent_however_that_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child, server = map(int, parent.stdout.readline().split())
        assert is_alive(child)
        assert is_alive(server)
        parent.kill()
        parent.wait()
        asyncio.run(until(lambda: not is_alive(child) and not is_alive(server)))


@pytest.mark.parametrize("program", Program)
def test_no_child_can_read_a_key_or_a_setting(monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
    monkeypatch.setenv("ROSTER_SOLVER_KEY", "secret-of-the-solver")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    nursery = Nursery()
    child, connection = nursery.start(program)
    for process_id in (child, server_of(nursery)):
        shown = Path(f"/proc/{process_id}/environ").read_bytes()
        assert b"secret" not in shown
    connection.close()
    nursery.close()


LIMITED = {"address space", "cpu time", "core file size"}


@pytest.mark.parametrize("program", Program)
async def test_every_child_limits_itself_before_it_is_sent_anything(program: Program) -> None:
    child = await Child.start(program)
    try:
        await until(lambda: limited_of(child._process_id) >= LIMITED)
    finally:
        await child.kill()


def limited_of(process_id: int) -> set[str]:
    """What a process may not have without end."""
    lines = Path(f"/proc/{process_id}/limits").read_text().splitlines()[1:]
    return {line[4:26].strip().removeprefix("x ") for line in lines if line[26:].split()[0] != "unlimited"}
