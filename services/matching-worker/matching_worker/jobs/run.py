"""A matching run's job: take its lease, read its problem, plan it, hand in the result. Knows nothing of arq.

However a run ends here, it ends visibly: a result, a stated failure, or the lease let go so that another worker takes
the run. Running the job twice is harmless: the second claim is refused, and a lost lease writes nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog
from commune_schemas.documents import InfeasibleSolution
from commune_schemas.matching import Certificate, MatchingResult, RunStatus, StageDocuments
from commune_schemas.replanning import LeastChanges

from matching_worker.campaign.explanations import Explained, explain_run
from matching_worker.campaign.left_out import list_left_out
from matching_worker.campaign.plan import JointPlan, Solved
from matching_worker.campaign.planner import Planner
from matching_worker.campaign.results import list_placements, list_responsibilities, list_shortfalls
from matching_worker.campaign.shortage import list_short, with_shortage
from matching_worker.child.messages import dump_document
from matching_worker.child.process import ChildTerms
from matching_worker.child.warm import WarmChildren
from matching_worker.jobs.holding import describe_failure, hold_run
from matching_worker.model.certificate import conflict_data
from matching_worker.roster.client import LeaseLost, RosterAway, RosterClient, RosterRefused, RunUnavailable
from matching_worker.roster.lease import LeaseKeeper
from matching_worker.settings import Settings

log = structlog.get_logger()


async def solve_matching_run(run_id: UUID, *, roster: RosterClient, settings: Settings) -> None:
    """Solve one run from claim to result. Raises only CancelledError (the worker is being stopped)."""

    async def solve(keeper: LeaseKeeper) -> None:
        await solve_and_report(run_id, keeper=keeper, roster=roster, settings=settings)

    await hold_run(run_id, roster=roster, settings=settings, solve=solve)


async def solve_and_report(run_id: UUID, *, keeper: LeaseKeeper, roster: RosterClient, settings: Settings) -> None:
    """Fetch, plan, hand in; a failure of any kind is handed in as such, with its words."""
    try:
        problem = await roster.get_problem(run_id)
        async with WarmChildren() as warm:
            terms = ChildTerms(
                memory_mb=settings.matching_memory_mb, silence_seconds=settings.matching_silence_seconds, warm=warm
            )
            planner = Planner(problem, news=keeper.news, stop=keeper.stop, terms=terms)
            plan = await planner.plan()
            keeper.news.enter(
                "explain", share_done=95, vi="Viết giải thích cho từng xã.", en="Explaining every commune."
            )
            explained = await explain_run(plan, stop=keeper.stop, terms=terms)
        keeper.news.enter("upload", share_done=97, vi="Đang nộp phương án.", en="Handing in the plan.")
        result = make_result(plan, planner, explained, keeper=keeper, worker=settings.matching_name)
    except (LeaseLost, RosterAway, RosterRefused, RunUnavailable):
        raise
    except Exception as error:
        failure = describe_failure(error, lease_token=keeper.lease_token)
        log.exception("run.failed", run_id=str(run_id), kind=failure.kind)
        await roster.put_failure(run_id, failure)
        return
    await roster.put_result(run_id, result)
    log.info("run.finished", run_id=str(run_id), status=result.status.value)


def make_result(
    plan: JointPlan, planner: Planner, explained: Explained, *, keeper: LeaseKeeper, worker: str
) -> MatchingResult:
    certificate = make_certificate(plan, worker=worker, notes=explained.notes)
    solved = {school: documents_of(placed) for school, placed in plan.placed.items()}
    lead_plan = plan.lead_plan
    if plan.infeasible or lead_plan is None:
        return MatchingResult(
            lease_token=keeper.lease_token,
            status=RunStatus.INFEASIBLE,
            certificate=certificate,
            conflict=[member for infeasible in plan.infeasible for member in conflict_data(infeasible.outcome)],
            unkept_pins=planner.unkept_pins,
            duplicates=list(planner.people.duplicates),
            stage_a=documents_of(plan.responsibility),
            stage_b=solved,
        )
    short = list_short(planner.translation.problem, plan)
    return MatchingResult(
        lease_token=keeper.lease_token,
        status=RunStatus.CANCELLED if keeper.stop.is_set() else RunStatus.SUCCEEDED,
        certificate=certificate,
        responsibilities=list_responsibilities(planner.translation, lead_plan),
        placements=list_placements(planner.translation, plan.placements),
        shortfalls=list_shortfalls(planner.translation, plan.placements),
        set_aside=planner.translation.days.set_aside,
        unkept_pins=planner.unkept_pins,
        duplicates=list(planner.people.duplicates),
        left_out=list_left_out(planner.translation.problem, plan),
        remarks=[*explained.remarks, *short],
        stage_a=documents_of(plan.responsibility),
        stage_b=solved,
        explanations=with_shortage(explained.communes, short),
    )


def make_certificate(plan: JointPlan, *, worker: str, notes: Sequence[str] = ()) -> Certificate:
    stages = [solved.certificate for solved in plan.solved]
    statuses = {stage.status for stage in stages}
    status = "infeasible" if "infeasible" in statuses else "optimal" if statuses == {"optimal"} else "feasible"
    return Certificate(
        status=status,
        stages=stages,
        unmet_lower_bound=plan.unmet_lower_bound,
        unmet_upper_bound=plan.unmet_upper_bound,
        created_at=datetime.now(UTC),
        worker=worker,
        least_changes=None
        if plan.least_leads is None
        else LeastChanges(leads=plan.least_leads, people=plan.least_people),
        notes=list(notes),
    )


def documents_of(solved: Solved) -> StageDocuments:
    plan = solved.outcome.solution or InfeasibleSolution(conflict=conflict_data(solved.outcome))
    return StageDocuments(problem=dump_document(solved.problem), solution=dump_document(plan))
