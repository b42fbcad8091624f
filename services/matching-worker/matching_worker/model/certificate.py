"""The certificate of one solve: what was reached, what was proved, for which input, by what, under which limits.

Two solves of one document with the same seed and limits give certificates that differ in `seconds` alone.
"""

import hashlib
import json
import platform
from importlib.metadata import version
from typing import Any

from commune_schemas.documents import InfeasibleSolution
from commune_schemas.matching import StageCertificate
from commune_verify.verdict import Verdict
from pydantic import BaseModel

from matching_worker.model.outcome import Limits, Outcome, Status

COUNTED = (
    "Giây được đếm theo khối lượng tính toán, không theo đồng hồ: máy bận hay rảnh cũng cho cùng phương án. / "
    "Seconds are counted from the solver's work, not by the clock: busy or idle, the machine gives the same plan."
)
SOLVER_PACKAGES = ("highspy", "scipy", "matching-worker")


def canonical_sha256(document: BaseModel | dict[str, Any]) -> str:
    """SHA-256 of the document as JSON with sorted keys, no blanks, UTF-8: the same however the file was laid out."""
    data = document if isinstance(document, dict) else document.model_dump(mode="json", by_alias=True)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def solver_versions() -> dict[str, str]:
    versions = {package: version(package) for package in SOLVER_PACKAGES}
    return {"python": platform.python_version(), **versions}


def certify(
    stage: str,
    problem: BaseModel,
    outcome: Outcome,
    *,
    limits: Limits,
    verdict: Verdict | None,
    school: str | None = None,
) -> StageCertificate:
    """`verdict` is what verify() found in the outcome's plan; None when there is no plan (infeasible)."""
    verified = verdict is not None and verdict.accepted and dict(verdict.objective) == dict(outcome.objective)
    plan = outcome.solution or InfeasibleSolution(conflict=conflict_data(outcome))
    return StageCertificate(
        stage=stage,
        school_code=school,
        status=outcome.status.value,
        objective=dict(outcome.objective),
        bound=dict(outcome.bound),
        gap={level: round(gap, 6) for level, gap in outcome.gaps().items()},
        problem_sha256=canonical_sha256(problem),
        solution_sha256=canonical_sha256(plan),
        solver=outcome.solver,
        solver_versions=solver_versions(),
        seed=limits.seed,
        workers=limits.workers,
        time_limit_seconds=limits.time_seconds,
        seconds=round(outcome.seconds, 3),
        verified=verified or (outcome.status is Status.INFEASIBLE and outcome.solution is None),
        notes=[*outcome.notes, *([COUNTED] if limits.counted else [])],
    )


def conflict_data(outcome: Outcome) -> list[dict[str, Any]]:
    """The clashing set as JSON-ready data."""
    return [
        {"rule": member.rule, "subject": list(member.subject), "vi": member.vi, "en": member.en}
        for member in outcome.conflict
    ]
