"""Solve in a child process, and outlive whatever becomes of it: killed, crashed, stopped, starved or gone silent.

`solve_in_child` gives an Outcome or raises: SolverFailed when the child ended without one and no checked incumbent is
left, ProblemError when the document is no consistent problem. It never hangs and never leaves a child behind, but for
those kept warm (warm.py) until their keeper closes.
"""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog
from pydantic import BaseModel

from matching_worker.child.main import OUT_OF_MEMORY_STATUS
from matching_worker.child.messages import dump_document, dump_limits, load_outcome, load_progress
from matching_worker.child.spawn import Errors, end_process, start_process
from matching_worker.child.stages import AnyProblem, Stage, get_stage
from matching_worker.child.warm import WarmChildren
from matching_worker.model.outcome import Limits, Outcome, ProblemError, Progress, Status

log = structlog.get_logger()

WATCH_SECONDS = 0.25
STARTUP_SECONDS = 30.0
KEPT_INCUMBENTS = 3
CLOCK_OF_COUNTED = 20.0
"""Times its counted limit that a solve may take by the clock before it is stopped after all."""
WORTH_A_SECOND_TRY = frozenset({"solver_died", "hung"})
OUT_OF_MEMORY_WORDS = ("bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory")

Listener = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    del progress


class SolverFailed(RuntimeError):  # noqa: N818 - what happened to the solver
    """The solver ended without a plan. `kind` is one of RunFailure's kinds, or 'hung'; words in both languages."""

    def __init__(self, kind: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.kind = kind
        self.vi = vi
        self.en = en


@dataclass(frozen=True)
class ChildTerms:
    """What a child may use, and how long it is waited for."""

    memory_mb: int = 2048
    silence_seconds: float = 20.0
    grace_seconds: float = 5.0
    """After a wish to stop, or past the time limit, before the child is killed."""
    warm: WarmChildren | None = field(default=None, compare=False)
    """Where children wait between solves; None: each is started for its solve and ends with it."""


@dataclass
class Child:
    """One child and what is known of it."""

    process: asyncio.subprocess.Process
    stage: Stage
    listener: Listener
    last_sign: float = field(default_factory=time.monotonic)
    started: float | None = None
    """When solving began; the time limit does not count starting up, which the limit on silence covers."""
    last_message: dict[str, Any] | None = None
    incumbents: list[Progress] = field(default_factory=list)
    failure: SolverFailed | None = None
    errors: Errors = field(default_factory=Errors)

    @property
    def is_ready(self) -> bool:
        """Answered as it should, and fit for another request."""
        answered = self.last_message is not None and self.last_message["type"] != "failure"
        return answered and self.failure is None and self.process.returncode is None

    def kill(self, failure: SolverFailed | None = None) -> None:
        self.failure = self.failure or failure
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def resident_mb(self) -> float:
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024

    async def say(self, line: bytes) -> None:
        stdin = self.process.stdin
        assert stdin is not None  # noqa: S101 - opened as a pipe
        with contextlib.suppress(ConnectionError):
            stdin.write(line + b"\n")
            await stdin.drain()

    async def hear(self) -> None:
        """Read the child's lines until the last one on this request, or until it closes its end."""
        stdout = self.process.stdout
        assert stdout is not None  # noqa: S101 - opened as a pipe
        while line := await stdout.readline():
            self.last_sign = time.monotonic()
            try:
                message = json.loads(line)
            except ValueError:
                continue  # a line cut off by the child's death
            if message["type"] == "progress":
                progress = load_progress(message, self.stage.solution_type)
                if progress.solution is not None:
                    self.incumbents = [progress, *self.incumbents][:KEPT_INCUMBENTS]
                self.listener(progress)
            elif message["type"] == "started":
                self.started = self.last_sign
            elif message["type"] != "alive":
                self.last_message = message
                return


async def watch(child: Child, *, limits: Limits, terms: ChildTerms, stop: asyncio.Event) -> None:
    """End the child when it has gone silent, grown too large, outstayed its time, or is no longer wanted."""
    longest = CLOCK_OF_COUNTED if limits.counted else 1.25
    allowed = None if limits.time_seconds is None else limits.time_seconds * longest + terms.grace_seconds
    asked_at: float | None = None
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        now = time.monotonic()
        solving_for = 0.0 if child.started is None else now - child.started
        if child.resident_mb() > terms.memory_mb:
            child.kill(out_of_memory(terms.memory_mb))
        elif now - child.last_sign > silence_allowed(child, terms):
            child.kill(gone_silent(now - child.last_sign))
        elif asked_at is not None and min(now - asked_at, solving_for) > terms.grace_seconds:
            child.kill(overran(solving_for))
        elif asked_at is None and (stop.is_set() or (allowed is not None and solving_for > allowed)):
            await child.say(b"stop")
            asked_at = now


def silence_allowed(child: Child, terms: ChildTerms) -> float:
    """Starting up is silent, and slow on a busy machine."""
    return terms.silence_seconds if child.started is not None else max(terms.silence_seconds, STARTUP_SECONDS)


async def run_child(
    problem: AnyProblem,
    *,
    limits: Limits,
    warm_start: BaseModel | None,
    terms: ChildTerms,
    listener: Listener,
    stop: asyncio.Event,
    question: BaseModel | None = None,
) -> Child:
    """Run one child to its end; the Child then holds its last message, its incumbents, and why it was killed if so."""
    request = {
        "parent_pid": os.getpid(),
        "memory_mb": terms.memory_mb,
        "problem": dump_document(problem),
        "limits": dump_limits(limits),
        "warm_start": None if warm_start is None else dump_document(warm_start),
        "question": None if question is None else dump_document(question),
        "stays": terms.warm is not None,
    }
    process, errors = (terms.warm and terms.warm.take()) or await start_process()
    child = Child(process, get_stage(problem), listener, errors=errors)
    tasks = [
        asyncio.create_task(child.say(json.dumps(request).encode())),
        asyncio.create_task(watch(child, limits=limits, terms=terms, stop=stop)),
    ]
    try:
        await child.hear()
        if not child.is_ready:
            await process.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if terms.warm is None or not child.is_ready or not terms.warm.keep(process, errors, child.resident_mb()):
            await end_process(process, errors)
    return child


async def solve_in_child(
    problem: AnyProblem,
    *,
    limits: Limits,
    warm_start: BaseModel | None = None,
    terms: ChildTerms = ChildTerms(),
    listener: Listener = ignore,
    stop: asyncio.Event | None = None,
) -> Outcome:
    """Solve a document in a child process. A child that died or hung is tried once more, from its incumbent."""
    stop = stop or asyncio.Event()
    started = time.monotonic()
    incumbents: list[Progress] = []
    tries_left = 2
    while True:
        child = await run_child(
            problem, limits=limits, warm_start=warm_start, terms=terms, listener=listener, stop=stop
        )
        if child.last_message is not None and child.last_message["type"] == "outcome":
            return load_outcome(child.last_message, child.stage.solution_type)
        failure = explain_end(child)
        log.warning("solver.failed", problem=problem.id, kind=failure.kind, status=child.process.returncode)
        incumbents = [*child.incumbents, *incumbents]
        tries_left -= 1
        time_left = limits.time_seconds if limits.counted else remaining(limits, started)
        if tries_left == 0 or failure.kind not in WORTH_A_SECOND_TRY or stop.is_set() or time_left == 0:
            return await asyncio.to_thread(fall_back, problem, incumbents, failure, time.monotonic() - started)
        if not limits.counted:  # else the second try must find what the first would have found
            limits = replace(limits, time_seconds=time_left)
            warm_start = incumbents[0].solution if incumbents else warm_start


def remaining(limits: Limits, started: float) -> float | None:
    return None if limits.time_seconds is None else max(0.0, limits.time_seconds - (time.monotonic() - started))


def fall_back(problem: AnyProblem, incumbents: list[Progress], failure: SolverFailed, seconds: float) -> Outcome:
    """The newest incumbent that verify() accepts, as a feasible outcome that says what happened; else the failure."""
    stage = get_stage(problem)
    for incumbent in incumbents:
        assert incumbent.solution is not None  # noqa: S101 - only such are kept
        verdict = stage.verify(problem, incumbent.solution)
        if verdict.accepted:
            bound = incumbent.bound or {}
            return Outcome(
                status=Status.FEASIBLE,
                solution=incumbent.solution,
                objective=verdict.objective,
                bound={name: min(value, bound.get(name, 0)) for name, value in verdict.objective.items()},
                solver="unknown",
                seconds=seconds,
                notes=(
                    f"{failure.vi} Giữ phương án tốt nhất đã kiểm tra. / {failure.en} The best checked plan is kept.",
                ),
            )
    raise failure


def explain_end(child: Child) -> SolverFailed:
    """Why a child ended without an outcome. Raises ProblemError when the document was at fault."""
    if child.failure is not None:
        return child.failure
    message = child.last_message
    if message is not None and message["type"] == "bad_problem":
        raise ProblemError(message["pointer"], message["vi"], message["en"])
    words = child.errors.tail.decode(errors="replace")
    status = child.process.returncode
    if status == OUT_OF_MEMORY_STATUS or any(word in words for word in OUT_OF_MEMORY_WORDS):
        return out_of_memory(None)
    if message is not None:
        error = message["error"]
        return SolverFailed("internal", f"Bộ giải gặp lỗi: {error}", f"The solver failed: {error}")
    how = signal.Signals(-status).name if status is not None and status < 0 else f"status {status}"
    return SolverFailed(
        "solver_died", f"Tiến trình giải đột ngột kết thúc ({how}).", f"The solver's process ended suddenly ({how})."
    )


def out_of_memory(limit_mb: int | None) -> SolverFailed:
    limit = "" if limit_mb is None else f" {limit_mb} MB"
    return SolverFailed(
        "out_of_memory",
        f"Bộ giải vượt quá giới hạn bộ nhớ{limit}.",
        f"The solver needed more than its memory limit{limit}.",
    )


def gone_silent(seconds: float) -> SolverFailed:
    return SolverFailed(
        "hung",
        f"Bộ giải không còn phản hồi trong {seconds:.0f} giây.",
        f"The solver showed no sign of life for {seconds:.0f} seconds.",
    )


def overran(seconds: float) -> SolverFailed:
    return SolverFailed(
        "timeout",
        f"Bộ giải không dừng khi được yêu cầu, sau {seconds:.0f} giây.",
        f"The solver did not stop when asked to, after {seconds:.0f} seconds.",
    )
