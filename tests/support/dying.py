"""Requests and sweeps carried out by processes that are killed at their commit, and what a database holds, to compare.

`python -m tests.support.dying` puts the application together once; every line it reads, a Task, is then done by a fork
of it, which dies as the task says. What it prints is how that process ended.
"""

import asyncio
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr
from roster_api.app import create_app, keep_state
from roster_api.database import Base
from roster_api.settings import Settings
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, configure_mappers

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
REFUSED = 400
"""What a status of 400 or more is told less of: 503 is 103."""
SEVERAL_COMMITS = 200
LAST_USE = frozenset({"api_keys"})
"""Tables that change by themselves: when a key was last used."""


@dataclass(frozen=True)
class Task:
    """A request, or a sweep of the relay (`module:name`), and its end.

    `before`: SIGKILL as its writing transaction would be committed. `after`: SIGKILL once all is done and nobody has
    heard. `backend`: its connection's process in Postgres is terminated instead, as it would commit.
    """

    database_url: str
    end: Literal["before", "after", "backend"]
    key: str = ""
    method: str = "POST"
    path: str = ""
    body: Any = None
    file: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    sweep: str = ""
    settings: dict[str, str] = field(default_factory=dict)


class Dying:
    """A started helper: `carry_out` says how each task's process ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    async def carry_out(self, task: Task) -> int:
        """KILLED; 0 where it came to its end alive; the status it was refused with, less REFUSED; or SEVERAL_COMMITS
        and how many writing transactions it had, where there was more than one."""
        return await asyncio.to_thread(self._carry_out, json.dumps(asdict(task)))

    def _carry_out(self, line: str) -> int:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(line + "\n")
        stdin.flush()
        return int(stdout.readline())


@contextmanager
def dying() -> Iterator[Dying]:
    command = [sys.executable, "-m", "tests.support.dying"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Dying(process)
        finally:
            process.kill()


async def photograph(session: AsyncSession, *, besides: frozenset[str] = frozenset()) -> dict[str, str]:
    """By table how many rows, and what is in them."""
    each = (
        f"select '{table.name}', count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') "  # noqa: S608 - names of our own tables
        f"from {table.fullname} t"
        for table in Base.metadata.sorted_tables
        if table.name not in LAST_USE | besides
    )
    return dict((await session.execute(sa.text(" union all ".join(each)))).all())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Ambush:
    """Counts this process's transactions that wrote, and ends it, or their connection, at the first."""

    def __init__(self, end: str) -> None:
        self.commits = 0
        self.end = end
        sa.event.listen(Session, "after_flush", lambda session, _context: session.info.update(wrote=True))
        sa.event.listen(Session, "do_orm_execute", self.note_statement)
        sa.event.listen(Session, "before_commit", self.strike)

    def note_statement(self, state: Any) -> None:
        if not state.is_select:
            state.session.info["wrote"] = True

    def strike(self, session: Session) -> None:
        """Not at a savepoint's end: nothing is written by that."""
        if session.in_nested_transaction():
            return
        session.flush()
        if not session.info.pop("wrote", False):
            return
        self.commits += 1
        if self.end == "before":
            die()
        if self.end == "backend":
            session.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))


async def perform(app: FastAPI, task: Task) -> int:
    """The answer's status; of a sweep 200."""
    secret = {name: SecretStr(value) if name.endswith("_key") else value for name, value in task.settings.items()}
    settings = Settings(database_url=task.database_url, database_pool=1)
    keep_state(app, settings.model_copy(update=secret))
    if task.sweep:
        module, _, name = task.sweep.partition(":")
        async with app.state.sessions.begin() as session:
            await getattr(importlib.import_module(module), name)(session)
        return 200
    headers = ({"X-Api-Key": task.key} if task.key else {}) | task.headers
    content = {"files": {"file": ("so.csv", task.file.encode(), "text/csv")}} if task.file else {"json": task.body}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://roster.example", headers=headers) as client:
        return (await client.request(task.method, task.path, **content)).status_code


def die_of(app: FastAPI, task: Task) -> int:
    """In the fork. How it ends where it is not killed."""
    ambush = Ambush(task.end)
    status = asyncio.run(perform(app, task))
    if status >= REFUSED:
        return status - REFUSED
    if ambush.commits > 1:
        return SEVERAL_COMMITS + ambush.commits
    if task.end == "after" and ambush.commits:
        die()
    return 0


def serve() -> None:
    nowhere = Task("postgresql://nowhere/none", "after", path="/nowhere")
    app = create_app(Settings(database_url=nowhere.database_url))
    asyncio.run(perform(app, nowhere))  # every route is put together as it is asked whether it is meant
    configure_mappers()
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is logged is no answer
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(die_of(app, Task(**json.loads(line))))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


if __name__ == "__main__":
    serve()
