"""Solving without a process of its own, for tests of what is planned and not of how a child is run."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from matching_worker.child import asking, process
from matching_worker.child.main import Channel, ChannelMonitor, answer, solve
from matching_worker.child.messages import dump_document, dump_limits, load_progress
from matching_worker.child.process import Child, ChildTerms, Listener
from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.model.outcome import Limits
from pydantic import BaseModel


class Heard(Channel):
    """What a child would write to its parent, heard at once."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "progress":
            self._child.listener(load_progress(message, self._child.stage.solution_type))


async def run_here(
    problem: AnyProblem,
    *,
    limits: Limits,
    warm_start: BaseModel | None,
    terms: ChildTerms,
    listener: Listener,
    stop: asyncio.Event,
    question: BaseModel | None = None,
) -> Child:
    """As process.run_child, by the child's own functions and messages, in a thread."""
    request = {
        "problem": dump_document(problem),
        "limits": dump_limits(limits),
        "warm_start": None if warm_start is None else dump_document(warm_start),
        "question": None if question is None else dump_document(question),
    }
    child = Child(cast("asyncio.subprocess.Process", None), get_stage(problem), listener)
    channel = Heard(child)
    monitor = ChannelMonitor(channel)
    work = solve if question is None else answer
    last = await asyncio.to_thread(work, json.loads(json.dumps(request)), channel, monitor)
    child.last_message = json.loads(json.dumps(last))
    return child


@contextlib.contextmanager
def solving_in_process() -> Iterator[None]:
    """No child process is started in this block; one takes longer to start than a small problem to solve."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (process, asking):
            patch.setattr(module, "run_child", run_here)
        yield
