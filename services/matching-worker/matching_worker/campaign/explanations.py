"""The explanations of a run: asked of a child process once the plan stands, and never able to spoil the plan.

What is missing is said in the notes of the certificate.
"""

import asyncio
import time
from dataclasses import dataclass, field, replace

import structlog
from commune_schemas.matching import CommuneExplanation, StageDocuments
from commune_schemas.remarks import Remark

from matching_worker.campaign.plan import JointPlan
from matching_worker.child.asking import ask_in_child
from matching_worker.child.failures import describe_reason
from matching_worker.child.messages import dump_document
from matching_worker.child.plan_explanations import PlanQuestion
from matching_worker.child.process import ChildTerms
from matching_worker.model.outcome import Limits

log = structlog.get_logger()

LONGEST_SECONDS = 15.0
"""Of computing, however large the province; whoever wants more asks for advice on the commune."""

STOPPED = ("lần ghép đã bị dừng", "the run was stopped")
LATE = ("hết thời gian", "time ran out")


@dataclass(frozen=True)
class Explained:
    communes: dict[str, CommuneExplanation] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """Schools that lead nothing, and leads far away; communes without an explanation have none."""


async def explain_run(
    plan: JointPlan, *, stop: asyncio.Event, terms: ChildTerms, seconds: float = LONGEST_SECONDS
) -> Explained:
    """Every commune's explanation, or as many as the time allowed, with a note on the rest. Raises nothing."""
    lead_plan = plan.lead_plan
    if lead_plan is None or plan.infeasible:
        return Explained()
    if stop.is_set():
        return with_note(plan, {}, *STOPPED)
    question = PlanQuestion(
        placements={
            school: StageDocuments(
                problem=dump_document(solved.problem), solution=dump_document(solved.outcome.solution)
            )
            for school, solved in plan.placed.items()
            if solved.outcome.solution is not None
        }
    )
    started = time.monotonic()
    try:
        said = await ask_in_child(
            question,
            plan.responsibility.problem,
            lead_plan,
            limits=Limits(time_seconds=seconds),
            terms=terms,
            stop=stop,
        )
        communes = {code: CommuneExplanation.model_validate(told) for code, told in said["data"]["communes"].items()}
        remarks = tuple(Remark.model_validate(told) for told in said["data"]["remarks"])
    except Exception as error:  # noqa: BLE001 - a plan without explanations is still a plan; the note says what happened
        kind, vi, en = describe_reason(error)
        log.warning("run.unexplained", kind=kind, reason=f"{type(error).__name__}: {error}")
        return with_note(plan, {}, vi.rstrip("."), en.rstrip("."))
    log.info("run.explained", communes=len(communes), seconds=round(time.monotonic() - started, 2))
    return replace(with_note(plan, communes, *(STOPPED if stop.is_set() else LATE)), remarks=remarks)


def with_note(plan: JointPlan, communes: dict[str, CommuneExplanation], vi: str, en: str) -> Explained:
    """The explanations, and a note where some are missing."""
    everyone = len(plan.responsibility.problem.communes)  # type: ignore[union-attr]
    missing = everyone - len(communes)
    return Explained(communes, tuple(name_missing(missing, everyone, things=("xã", "communes"), why=(vi, en))))


def name_missing(missing: int, everything: int, *, things: tuple[str, str], why: tuple[str, str]) -> list[str]:
    """The note of a certificate that lacks explanations; none where none is missing."""
    vi = f"Chưa có giải thích cho {missing} trên {everything} {things[0]}: {why[0]}."
    en = f"{missing} of {everything} {things[1]} have no explanation: {why[1]}."
    return [f"{vi} / {en}"] if missing else []
