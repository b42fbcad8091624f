"""A question about a plan, put to a child process: only there are solver libraries loaded, within limits."""

import asyncio
from typing import Any

from pydantic import BaseModel

from matching_worker.child.process import ChildTerms, explain_end, ignore, run_child
from matching_worker.child.stages import AnyProblem
from matching_worker.model.outcome import Limits


async def ask_in_child(
    question: BaseModel,
    problem: AnyProblem,
    solution: BaseModel,
    *,
    limits: Limits,
    terms: ChildTerms,
    stop: asyncio.Event | None = None,
) -> dict[str, Any]:
    """Have a question (ChildQuestion) about a plan answered: its data, vi and en. Raises as solve_in_child does."""
    child = await run_child(
        problem,
        limits=limits,
        warm_start=solution,
        terms=terms,
        listener=ignore,
        stop=stop or asyncio.Event(),
        question=question,
    )
    if child.last_message is None or child.last_message["type"] != "answer":
        raise explain_end(child)
    return child.last_message
