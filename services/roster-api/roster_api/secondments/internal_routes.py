"""Routes of secondment runs that only the matching worker calls. Every write carries the lease token."""

from uuid import UUID

from commune_schemas.leases import ClaimRequest, ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.secondment import SecondmentProblem, SecondmentResult

from roster_api.database import SessionDep
from roster_api.routing import DocumentRoute, domain_router, problems
from roster_api.secondments import leases
from roster_api.secondments.leases import RUNS
from roster_api.work import solving

RESULT_BYTES = 64_000_000
router = domain_router(tag="internal", prefix="/v1/internal/secondment-runs", route_class=DocumentRoute)


@router.post("/{run_id}/claim", operation_id="claim_secondment_run", summary="Take the lease", responses=problems(409))
async def claim_secondment_run(run_id: UUID, claim: ClaimRequest, session: SessionDep) -> RunLease:
    return await solving.claim_run(session, RUNS, run_id=run_id, worker=claim.worker)


@router.get("/{run_id}/problem", operation_id="get_secondment_problem", summary="What to solve")
async def get_secondment_problem(run_id: UUID, session: SessionDep) -> SecondmentProblem:
    return await leases.get_problem(session, run_id=run_id)


@router.put(
    "/{run_id}/progress", operation_id="put_secondment_progress", summary="Renew the lease", responses=problems(409)
)
async def put_secondment_progress(run_id: UUID, progress: RunProgress, session: SessionDep) -> ProgressAnswer:
    return await solving.keep_progress(session, RUNS, run_id=run_id, progress=progress)


@router.put(
    "/{run_id}/result",
    operation_id="put_secondment_result",
    summary="End the run",
    status_code=204,
    responses=problems(409),
    max_body_size=RESULT_BYTES,
)
async def put_secondment_result(run_id: UUID, result: SecondmentResult, session: SessionDep) -> None:
    await leases.keep_result(session, run_id=run_id, result=result)


@router.put(
    "/{run_id}/failure",
    operation_id="put_secondment_failure",
    summary="Give up",
    status_code=204,
    responses=problems(409),
)
async def put_secondment_failure(run_id: UUID, failure: RunFailure, session: SessionDep) -> None:
    await solving.keep_failure(session, RUNS, run_id=run_id, failure=failure)
