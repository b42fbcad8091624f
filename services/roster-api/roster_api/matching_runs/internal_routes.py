"""Routes that only the matching worker calls. Every write carries the lease token."""

from uuid import UUID

from commune_schemas.leases import ClaimRequest, ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.matching import MatchingProblem, MatchingResult
from fastapi import Depends, Request, Response

from roster_api.database import SessionDep
from roster_api.error_answers import answer_problem
from roster_api.errors import InvalidError, NotFoundError
from roster_api.matching_runs import leases, repository
from roster_api.routing import DocumentRoute, domain_router, problems

RESULT_BYTES = 256_000_000
"""A national run's province carries all its documents."""


async def refuse_nul(request: Request) -> None:
    """422 for text that Postgres cannot hold; in JSON a NUL can only be written as this escape."""
    if b"\\u0000" in await request.body():
        raise InvalidError("text.nul", vi="Văn bản chứa ký tự NUL.", en="Some text holds a NUL character.")


router = domain_router(tag="internal", prefix="/v1/internal/matching-runs", route_class=DocumentRoute)
router.dependencies.append(Depends(refuse_nul))


@router.post("/{run_id}/claim", operation_id="claim_run", summary="Take the lease", responses=problems(409))
async def claim_run(run_id: UUID, claim: ClaimRequest, session: SessionDep) -> RunLease:
    return await leases.claim_run(session, run_id=run_id, worker=claim.worker)


@router.get("/{run_id}/problem", operation_id="get_matching_problem", summary="What to solve")
async def get_matching_problem(run_id: UUID, session: SessionDep) -> MatchingProblem:
    if await repository.find_run(session, run_id) is None:
        raise NotFoundError
    return MatchingProblem.model_validate(await repository.get_problem(session, run_id))


@router.put("/{run_id}/progress", operation_id="put_progress", summary="Renew the lease", responses=problems(409))
async def put_progress(run_id: UUID, progress: RunProgress, session: SessionDep) -> ProgressAnswer:
    return await leases.keep_progress(session, run_id=run_id, progress=progress)


@router.put(
    "/{run_id}/result",
    operation_id="put_result",
    summary="End the run",
    status_code=204,
    responses=problems(409),
    max_body_size=RESULT_BYTES,
)
async def put_result(run_id: UUID, result: MatchingResult, request: Request, session: SessionDep) -> Response:
    """422 for a result that breaks a rule: the run has failed then, and says which."""
    broken = await leases.keep_result(session, run_id=run_id, result=result)
    return Response(status_code=204) if broken is None else await answer_problem(request, broken)


@router.put(
    "/{run_id}/failure", operation_id="put_failure", summary="Give up", status_code=204, responses=problems(409)
)
async def put_failure(run_id: UUID, failure: RunFailure, session: SessionDep) -> None:
    await leases.keep_failure(session, run_id=run_id, failure=failure)
