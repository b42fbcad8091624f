"""A problem frozen before, under today's decisions: what a run of it finds is comparable with the plan it gave then."""

from uuid import UUID

from commune_schemas.matching import MatchingProblem
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.matching_runs.freeze import Known, list_decisions, list_schools


async def freeze_again(session: AsyncSession, problem: MatchingProblem, *, run_id: UUID) -> MatchingProblem:
    """Needs, people and days stay as they were then; pins and forbids are those that hold now."""
    codes = {school.code for school in problem.schools}
    schools = await list_schools(session, problem.province_code)
    known = Known(
        {school_id: school for school_id, school in schools.items() if school.code in codes},
        {commune.code for commune in problem.communes},
        {volunteer.id for volunteer in problem.volunteers},
    )
    decided = await list_decisions(session, problem.campaign_id, known)
    return problem.model_copy(update={"run_id": run_id, **decided})
