"""Stage D's job: take a run of oversight groups, solve its document in a child, check it, explain it, hand it in."""

import asyncio
from functools import partial
from uuid import UUID

import structlog
from commune_schemas.documents import GroupsDocument, GroupsSolution, InfeasibleSolution
from commune_schemas.groups import GroupExplanation, GroupsProblem, GroupsResult
from commune_schemas.matching import RunStatus, StageCertificate, StageDocuments
from commune_verify.groups import verify

from matching_worker.child.group_explanations import GroupsQuestion
from matching_worker.child.messages import dump_document
from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.jobs.explaining import Reasons, explain_plan
from matching_worker.jobs.holding import hold_and_report
from matching_worker.model.certificate import certify, conflict_data
from matching_worker.model.outcome import Limits, Outcome, Progress, Status
from matching_worker.roster.client import GROUPS, RosterClient
from matching_worker.roster.lease import LeaseKeeper
from matching_worker.settings import Settings

log = structlog.get_logger()
STAGE = "D"
REASONS = Reasons(GroupsQuestion(), GroupExplanation, ("xã", "communes"))


async def solve_group_run(run_id: UUID, *, roster: RosterClient, settings: Settings) -> None:
    """From claim to result. Raises only CancelledError (the worker is being stopped)."""
    solve = partial(solve_and_hand_in, run_id, roster=roster, settings=settings)
    await hold_and_report(run_id, roster=roster, settings=settings, base=GROUPS, solve=solve)


async def solve_and_hand_in(run_id: UUID, keeper: LeaseKeeper, *, roster: RosterClient, settings: Settings) -> None:
    problem = await roster.get_groups_problem(run_id)
    terms = ChildTerms(memory_mb=settings.matching_memory_mb, silence_seconds=settings.matching_silence_seconds)
    keeper.news.enter(STAGE, share_done=5, vi="Chia các xã thành nhóm.", en="Dividing the communes into groups.")
    result = await find_result(problem, keeper=keeper, terms=terms)
    keeper.news.enter("upload", share_done=97, vi="Đang nộp phương án.", en="Handing in the plan.")
    await roster.put_groups_result(run_id, result)
    log.info("groups.finished", run_id=str(run_id), status=result.status.value)


async def find_result(problem: GroupsProblem, *, keeper: LeaseKeeper, terms: ChildTerms) -> GroupsResult:
    """The checked grouping with its proof and reasons, or what clashes. SolverFailed where the check refuses it."""

    def hear(progress: Progress) -> None:
        keeper.news.hear(STAGE, progress)

    document, limits = problem.document, Limits(time_seconds=problem.time_limit_seconds, seed=problem.seed)
    outcome = await solve_in_child(document, limits=limits, terms=terms, listener=hear, stop=keeper.stop)
    certificate = await asyncio.to_thread(certify_groups, document, outcome, limits=limits)
    status, explained = RunStatus.INFEASIBLE, dict[str, GroupExplanation]()
    if isinstance(outcome.solution, GroupsSolution):
        keeper.news.enter("explain", share_done=60, vi="Viết lý do cho từng xã.", en="Explaining every commune.")
        explained, notes = await explain_plan(
            REASONS, document, outcome.solution, everything=len(document.communes), limits=limits, terms=terms,
            stop=keeper.stop,
        )  # fmt: skip
        certificate = certificate.model_copy(update={"notes": [*certificate.notes, *notes]})
        status = RunStatus.CANCELLED if keeper.stop.is_set() else RunStatus.SUCCEEDED
    plan = outcome.solution or InfeasibleSolution(conflict=conflict_data(outcome))
    return GroupsResult(
        lease_token=keeper.lease_token,
        status=status,
        certificate=certificate,
        documents=StageDocuments(problem=dump_document(document), solution=dump_document(plan)),
        explanations=explained,
    )


def certify_groups(document: GroupsDocument, outcome: Outcome, *, limits: Limits) -> StageCertificate:
    """Raises SolverFailed when verify() refuses the grouping, and where there is neither one nor a proof of none."""
    plan = outcome.solution
    if plan is None and outcome.status is not Status.INFEASIBLE:
        vi = "Hết thời gian mà chưa có cách chia nào. Hãy nới mức cân bằng (balance_pct) hoặc thời gian."
        raise SolverFailed("no_plan", vi, "No grouping in that time. Allow more imbalance (balance_pct), or more time.")
    verdict = verify(document, plan) if isinstance(plan, GroupsSolution) else None
    certificate = certify(STAGE, document, outcome, limits=limits, verdict=verdict)
    if not certificate.verified:
        vi, en = "Không có phương án nào qua được kiểm tra độc lập.", "No plan passed the independent check."
        raise SolverFailed("verification", vi, en)
    return certificate
