"""The solver's own process (`python -m matching_worker.child.main`): a problem in, news and an outcome out.

Lines are described in messages.py. The child dies with its parent, keeps to its memory limit, and leaves its
standard output to the protocol alone: whatever a solver library prints goes to standard error. Asked to stay, it waits
for the next problem: to begin anew takes longer than most problems.
"""

import ctypes
import json
import os
import queue
import resource
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from commune_schemas.documents import ProblemDocument
from commune_service.imports import without_collector
from pydantic import TypeAdapter

from matching_worker.child.answers import ChildQuestion, answer_question
from matching_worker.child.messages import dump_outcome, dump_progress, load_limits
from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.model.outcome import ProblemError, Progress

BEAT_SECONDS = 0.25
ADDRESS_SPACE_ALLOWANCE_MB = 2048
"""Mapped but never touched: code, thread stacks, arenas. The resident limit is watched by the parent."""
OUT_OF_MEMORY_STATUS = 12
PR_SET_PDEATHSIG = 1


class Channel:
    """Standard output, taken away from everyone else and written a whole line at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)

    def send(self, message: dict[str, Any]) -> None:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            view = memoryview(line)
            while view:
                view = view[self._file.write(view) or 0 :]


class ChannelMonitor:
    """The Monitor a solve is given: passes on the newest news a few times a second, and hears the wish to stop."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._started = time.monotonic()
        self._stop = threading.Event()
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._pending: Progress | None = None
        self._pending_incumbent: Progress | None = None
        self._incumbent_sent = False
        self.is_at_work = False

    def begin(self) -> None:
        """A new request: nothing of the one before is left."""
        with self._lock:
            self._pending = self._pending_incumbent = None
            self._incumbent_sent = False
        self._stop.clear()
        self.is_at_work = True

    def end(self) -> None:
        """All news is on its way, and no more comes until the next request."""
        self.is_at_work = False
        self.flush()

    def report(self, progress: Progress) -> None:
        with self._lock:
            if progress.solution is None:
                self._pending = progress
            else:
                self._pending_incumbent = progress
            is_first_plan = progress.solution is not None and not self._incumbent_sent
        if is_first_plan:
            self.flush()

    def should_stop(self) -> bool:
        return self._stop.is_set()

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def start(self) -> None:
        """The solve begins now: what came before was starting up."""
        self._started = time.monotonic()

    def ask_to_stop(self) -> None:
        self._stop.set()

    def flush(self) -> bool:
        """Send what is waiting; False when there was nothing."""
        with self._sending:
            with self._lock:
                news = [item for item in (self._pending_incumbent, self._pending) if item is not None]
                self._incumbent_sent = self._incumbent_sent or self._pending_incumbent is not None
                self._pending = self._pending_incumbent = None
            for progress in news:
                self._channel.send(dump_progress(progress))
        return bool(news)


def beat(channel: Channel, monitor: ChannelMonitor) -> None:
    """Send the news, or a sign of life, for as long as the process lives and is at work."""
    while True:
        time.sleep(BEAT_SECONDS)
        if monitor.is_at_work and not monitor.flush():
            channel.send({"type": "alive"})


def listen(source: BinaryIO, monitor: ChannelMonitor, requests: "queue.SimpleQueue[bytes]") -> None:
    """Requests, and the parent's wish to stop. End of input means the parent is gone: nobody wants the answer."""
    for line in source:
        if line.strip() == b"stop":
            monitor.ask_to_stop()
        else:
            requests.put(line)
    os._exit(1)


def die_with(parent_pid: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)


def limit_memory(memory_mb: int) -> None:
    """Raises MemoryError when less is allowed than this process takes before it has begun."""
    resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
    if resident_pages * resource.getpagesize() > memory_mb * 1024 * 1024:
        raise MemoryError
    limit = (memory_mb + ADDRESS_SPACE_ALLOWANCE_MB) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def solve(request: dict[str, Any], channel: Channel, monitor: ChannelMonitor) -> dict[str, Any]:
    """Solve one request; what it returns is the child's last line."""
    try:
        adapter: TypeAdapter[AnyProblem] = TypeAdapter(ProblemDocument)
        problem = adapter.validate_python(request["problem"])
        stage = get_stage(problem)
        with without_collector():
            stage.load()
        channel.send({"type": "started"})
        monitor.start()
        warm_start = request["warm_start"]
        outcome = stage.solve(
            problem,
            limits=load_limits(request["limits"]),
            warm_start=None if warm_start is None else stage.solution_type.model_validate(warm_start),
            monitor=monitor,
        )
    except ProblemError as error:
        return {"type": "bad_problem", "pointer": error.pointer, "vi": error.vi, "en": error.en}
    return dump_outcome(outcome)


def answer(request: dict[str, Any], channel: Channel, monitor: ChannelMonitor) -> dict[str, Any]:
    """Answer a question about a plan; what it returns is the child's last line."""
    try:
        adapter: TypeAdapter[AnyProblem] = TypeAdapter(ProblemDocument)
        problem = adapter.validate_python(request["problem"])
        questions: TypeAdapter[ChildQuestion] = TypeAdapter(ChildQuestion)
        stage = get_stage(problem)
        with without_collector():
            stage.load()
        channel.send({"type": "started"})
        monitor.start()
        said = answer_question(
            questions.validate_python(request["question"]),
            problem,
            stage.solution_type.model_validate(request["warm_start"]),
            limits=load_limits(request["limits"]),
            monitor=monitor,
        )
    except ProblemError as error:
        return {"type": "bad_problem", "pointer": error.pointer, "vi": error.vi, "en": error.en}
    return {"type": "answer", "data": said.data, "vi": said.vi, "en": said.en}


def main() -> None:
    channel = Channel()
    monitor, requests = ChannelMonitor(channel), queue.SimpleQueue[bytes]()
    threading.Thread(target=listen, args=(sys.stdin.buffer, monitor, requests), daemon=True).start()
    threading.Thread(target=beat, args=(channel, monitor), daemon=True).start()
    while True:
        request = json.loads(requests.get())
        die_with(request["parent_pid"])
        monitor.begin()
        last = work_on(request, channel, monitor)
        monitor.end()
        channel.send(last)
        if last["type"] == "failure" or not request["stays"]:
            # Not sys.exit: a solver's own threads and destructors have been seen to hang on the way out.
            os._exit(0)


def work_on(request: dict[str, Any], channel: Channel, monitor: ChannelMonitor) -> dict[str, Any]:
    """The last line on this request, whatever becomes of it."""
    try:
        limit_memory(request["memory_mb"])
        work = solve if request["question"] is None else answer
        return work(request, channel, monitor)
    except MemoryError:
        os._exit(OUT_OF_MEMORY_STATUS)
    except Exception as error:  # noqa: BLE001 - the parent must hear of any end, whatever its cause
        return {"type": "failure", "error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
