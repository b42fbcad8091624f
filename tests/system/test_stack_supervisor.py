"""The supervisor: programs start in order, come back after a crash, and end when told, whatever they think of it."""

import os
from pathlib import Path

import psutil
import pytest
from commune_stack.programs import NotReadyError, Process, Program
from commune_stack.supervisor import Supervisor, supervised

from tests.support.deadlines import until

WAIT = "while :; do sleep 0.02; done"


def a_program(name: str, script: str, *, waits_for: Path | None = None, stop_seconds: float = 5) -> Program:
    """A shell script; ready when the file it is waited for exists."""

    async def is_there() -> bool:
        return waits_for is None or os.access(waits_for, os.F_OK)

    return Program(name=name, argv=("/bin/sh", "-c", script), probe=is_there, stop_timeout_seconds=stop_seconds)


def pid_of(process: Process) -> int:
    assert process.pid is not None
    return process.pid


async def test_programs_start_in_order_and_stop_in_the_reverse(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    programs = [
        a_program(
            name,
            f"trap 'echo stop {name} >> {diary}; exit' TERM; "
            f"sleep 0.05; echo start {name} >> {diary}; touch {tmp_path}/{name}; {WAIT}",
            waits_for=tmp_path / name,
        )
        for name in ("first", "second")
    ]
    async with supervised(tmp_path, programs):
        pass
    assert diary.read_text().splitlines() == ["start first", "start second", "stop second", "stop first"]


async def test_a_crashed_program_comes_back_and_its_log_tells_of_it(tmp_path: Path) -> None:
    async with supervised(tmp_path, [a_program("server", f"echo hello; {WAIT}")]) as running:
        process = running["server"]
        await until(lambda: "hello" in process.log.read_text())
        pid = pid_of(process)
        process.kill()
        await running.wait_ready()
        assert pid_of(process) != pid
        assert process.restarts == 1
        await until(lambda: process.log.read_text().count("hello") == 2)
        assert "ended with status -9; started again" in process.log.read_text()


async def test_what_is_stopped_stays_down_until_started(tmp_path: Path) -> None:
    async with supervised(tmp_path, [a_program("server", WAIT)]) as running:
        process = running["server"]
        process.pause()
        await until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)
        await process.stop()
        assert process.pid is None
        await process.start()
        await running.wait_ready()
        assert process.pid is not None


async def test_a_program_deaf_to_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    program = a_program("deaf", f"trap '' TERM; sleep 600 & {WAIT}", stop_seconds=0.1)
    async with supervised(tmp_path, [program]) as running:
        leader = psutil.Process(running["deaf"].pid)
        await until(lambda: any(child.name() == "sleep" for child in leader.children()))
        family = [leader, *leader.children()]
    assert psutil.wait_procs(family, timeout=5)[1] == []


async def test_a_program_that_never_answers_is_reported_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, ready_timeout_seconds=0.5)
    program = a_program("broken", "echo cannot find my database; exit 3", waits_for=tmp_path / "never")
    with pytest.raises(NotReadyError, match=r"broken not ready[\s\S]*broken\.log[\s\S]*cannot find my database"):
        await supervisor.start([program])
    await supervisor.stop()


async def test_a_failed_step_stops_the_start(tmp_path: Path) -> None:
    step = Program(name="migrate", argv=("/bin/sh", "-c", "echo lock timeout; exit 1"), is_step=True)
    with pytest.raises(NotReadyError, match=r"migrate ended with status 1[\s\S]*lock timeout"):
        async with supervised(tmp_path, [step, a_program("server", f"touch {tmp_path}/started; {WAIT}")]):
            raise AssertionError("unreachable")
    assert not (tmp_path / "started").exists()


async def test_children_know_whose_they_are(tmp_path: Path) -> None:
    """The mark by which a later run finds what a killed one left behind."""
    there = tmp_path / "there"  # a process that has only begun to load has no environment to be read yet
    program = a_program("server", f"touch {there}; {WAIT}", waits_for=there)
    async with supervised(tmp_path, [program]) as running:
        environment = psutil.Process(running["server"].pid).environ()
        assert environment["COMMUNE_STACK_DIRECTORY"] == str(tmp_path)
        assert os.getpgid(pid_of(running["server"])) == running["server"].pid, "Ctrl-C at the terminal is ours alone"
