"""The reasons of a finished plan of stage C or D: asked of a child process, and never able to spoil the plan."""

import asyncio
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from pydantic import BaseModel

from matching_worker.campaign.explanations import LATE, STOPPED, name_missing
from matching_worker.child.asking import ask_in_child
from matching_worker.child.failures import describe_reason
from matching_worker.child.process import ChildTerms
from matching_worker.child.stages import AnyProblem
from matching_worker.model.outcome import Limits

log = structlog.get_logger()
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Reasons(Generic[M]):
    """What a stage explains: the child's question, the shape of an answer, and what is explained, in both languages."""

    question: BaseModel
    shape: type[M]
    things: tuple[str, str]


async def explain_plan(
    reasons: Reasons[M], problem: AnyProblem, plan: BaseModel, *, everything: int, limits: Limits, terms: ChildTerms,
    stop: asyncio.Event,
) -> tuple[dict[str, M], list[str]]:  # fmt: skip
    """Reasons by name, and the certificate's note where they are fewer than `everything`. Raises nothing."""
    explained: dict[str, M] = {}
    why = STOPPED
    if not stop.is_set():
        try:
            answer: dict[str, Any] = await ask_in_child(
                reasons.question, problem, plan, limits=limits, terms=terms, stop=stop
            )
            explained = {name: reasons.shape.model_validate(told) for name, told in answer["data"].items()}
            why = STOPPED if stop.is_set() else LATE
        except Exception as error:  # noqa: BLE001 - a plan without reasons is still a plan; the note says what happened
            kind, vi, en = describe_reason(error)
            log.warning("run.unexplained", problem=problem.id, kind=kind, reason=f"{type(error).__name__}: {error}")
            why = (vi.rstrip("."), en.rstrip("."))
    return explained, name_missing(everything - len(explained), everything, things=reasons.things, why=why)
