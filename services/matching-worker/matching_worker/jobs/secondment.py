"""Stage C's job: take a secondment run, solve its document in a child, check it, explain every post, hand it in."""

import asyncio
from functools import partial
from uuid import UUID

import structlog
from commune_schemas.documents import SecondmentDocument, SecondmentSolution
from commune_schemas.matching import RunStatus, StageCertificate, StageDocuments
from commune_schemas.secondment import PostExplanation, SecondmentProblem, SecondmentResult
from commune_verify.secondment import verify

from matching_worker.child.messages import dump_document
from matching_worker.child.post_explanations import PostsQuestion
from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.jobs.explaining import Reasons, explain_plan
from matching_worker.jobs.holding import hold_and_report
from matching_worker.model.certificate import certify
from matching_worker.model.outcome import Limits, Outcome, Progress
from matching_worker.roster.client import SECONDMENTS, RosterClient
from matching_worker.roster.lease import LeaseKeeper
from matching_worker.settings import Settings

log = structlog.get_logger()
STAGE = "C"
REASONS = Reasons(PostsQuestion(), PostExplanation, ("vị trí", "posts"))


async def solve_secondment_run(run_id: UUID, *, roster: RosterClient, settings: Settings) -> None:
    """From claim to result. Raises only CancelledError (the worker is being stopped)."""
    solve = partial(solve_and_hand_in, run_id, roster=roster, settings=settings)
    await hold_and_report(run_id, roster=roster, settings=settings, base=SECONDMENTS, solve=solve)


async def solve_and_hand_in(run_id: UUID, keeper: LeaseKeeper, *, roster: RosterClient, settings: Settings) -> None:
    problem = await roster.get_secondment_problem(run_id)
    terms = ChildTerms(memory_mb=settings.matching_memory_mb, silence_seconds=settings.matching_silence_seconds)
    keeper.news.enter(STAGE, share_done=5, vi="Chọn người cho từng vị trí.", en="Choosing people for the posts.")
    result = await find_result(problem, keeper=keeper, terms=terms)
    keeper.news.enter("upload", share_done=97, vi="Đang nộp phương án.", en="Handing in the plan.")
    await roster.put_secondment_result(run_id, result)
    log.info("secondment.finished", run_id=str(run_id), status=result.status.value)


async def find_result(problem: SecondmentProblem, *, keeper: LeaseKeeper, terms: ChildTerms) -> SecondmentResult:
    """The checked plan with its proof and its reasons. Raises SolverFailed where the check refuses it."""

    def hear(progress: Progress) -> None:
        keeper.news.hear(STAGE, progress)

    document, limits = problem.document, Limits(time_seconds=problem.time_limit_seconds, seed=problem.seed)
    outcome = await solve_in_child(document, limits=limits, terms=terms, listener=hear, stop=keeper.stop)
    certificate = await asyncio.to_thread(certify_plan, document, outcome, limits=limits)
    plan = outcome.solution
    assert isinstance(plan, SecondmentSolution)  # noqa: S101 - certified
    keeper.news.enter("explain", share_done=60, vi="Viết lý do cho từng vị trí.", en="Explaining every post.")
    explained, notes = await explain_plan(
        REASONS, document, plan, everything=len(document.posts), limits=limits, terms=terms, stop=keeper.stop
    )
    certificate = certificate.model_copy(update={"notes": [*certificate.notes, *notes]})
    documents = StageDocuments(problem=dump_document(document), solution=dump_document(plan))
    return SecondmentResult(
        lease_token=keeper.lease_token,
        status=RunStatus.CANCELLED if keeper.stop.is_set() else RunStatus.SUCCEEDED,
        certificate=certificate,
        documents=documents,
        explanations=explained,
    )


def certify_plan(document: SecondmentDocument, outcome: Outcome, *, limits: Limits) -> StageCertificate:
    """Raises SolverFailed when verify() refuses the plan."""
    plan = outcome.solution
    assert isinstance(plan, SecondmentSolution)  # noqa: S101 - stage C always has a plan
    certificate = certify(STAGE, document, outcome, limits=limits, verdict=verify(document, plan))
    if not certificate.verified:
        vi, en = "Phương án không qua được kiểm tra độc lập.", "The plan failed the independent check."
        raise SolverFailed("verification", vi, en)
    return certificate
