"""Stage E's job: take a border round's problem, solve it in a child, check the proposal and its proof, hand it in.

A proposal needs no lease: whoever computes it finds the same, and roster-api keeps the first. However it ends here it
ends visibly, or roster-api gives the round to another worker.
"""

import asyncio
from uuid import UUID

import structlog
from commune_schemas.documents import BorderDocument, BorderSolution
from commune_schemas.matching import StageCertificate, StageDocuments
from commune_schemas.national import BorderFailure, BorderProblem, BorderResult
from commune_verify.border import proved_bound, verify

from matching_worker.campaign.border_translate import list_supports, make_document
from matching_worker.child.failures import describe_reason
from matching_worker.child.messages import dump_document
from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.model.certificate import certify
from matching_worker.model.outcome import Limits, Outcome, Status
from matching_worker.roster.client import RosterAway, RosterClient, RosterRefused, RunUnavailable
from matching_worker.settings import Settings

log = structlog.get_logger()


async def solve_border_round(border_round_id: UUID, *, roster: RosterClient, settings: Settings) -> None:
    """Solve one border round. Raises only CancelledError (the worker is being stopped)."""
    name = str(border_round_id)
    try:
        await roster.take_border_round(border_round_id, worker=settings.matching_name)
        problem = await roster.get_border_problem(border_round_id)
        terms = ChildTerms(memory_mb=settings.matching_memory_mb, silence_seconds=settings.matching_silence_seconds)
        result = await find_proposal(problem, terms=terms)
        await roster.put_border_result(border_round_id, result)
    except (RunUnavailable, RosterAway, RosterRefused) as reason:
        log.info("border.left", border_round_id=name, reason=f"{type(reason).__name__}: {reason}")
        return
    log.info("border.solved", border_round_id=name, result=type(result).__name__)


async def find_proposal(problem: BorderProblem, *, terms: ChildTerms) -> BorderResult | BorderFailure:
    """The checked proposal with its proof, or why there is none."""
    try:
        document = await asyncio.to_thread(make_document, problem)
        limits = Limits(time_seconds=problem.time_limit_seconds, seed=problem.seed)
        outcome = await solve_in_child(document, limits=limits, terms=terms)
        certificate = await asyncio.to_thread(certify_proposal, document, outcome, limits=limits)
    except Exception as error:  # noqa: BLE001 - whatever it is, people are told
        kind, vi, en = describe_reason(error)
        log.warning("border.failed", border_round_id=str(problem.border_round_id), kind=kind)
        return BorderFailure(kind=kind, detail_vi=vi[:2000], detail_en=en[:2000])
    plan = outcome.solution
    assert isinstance(plan, BorderSolution)  # noqa: S101 - certified
    documents = StageDocuments(problem=dump_document(document), solution=dump_document(plan))
    return BorderResult(certificate=certificate, supports=list_supports(document, plan), documents=documents)


def certify_proposal(document: BorderDocument, outcome: Outcome, *, limits: Limits) -> StageCertificate:
    """Raises SolverFailed when verify() refuses the plan, or when its prices do not prove the bound it states."""
    plan = outcome.solution
    assert isinstance(plan, BorderSolution)  # noqa: S101 - stage E always has a plan
    certificate = certify("E", document, outcome, limits=limits, verdict=verify(document, plan))
    is_proved = outcome.status is not Status.OPTIMAL or proved_bound(document, plan) == dict(outcome.bound)
    if not (certificate.verified and is_proved):
        raise SolverFailed(
            "verification",
            "Đề xuất không qua được kiểm tra độc lập.",
            "The proposal failed the independent check.",
        )
    return certificate
