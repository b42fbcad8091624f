"""Decisions about scenarios: what one request starts, what its table says, and stopping all that has not ended."""

from itertools import combinations
from uuid import UUID, uuid4

from commune_schemas.matching import Certificate, RunStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.matching_runs.freeze import freeze_problem
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.no_effect import list_no_effect
from roster_api.matching_runs.presentation import find_stage_a
from roster_api.matching_runs.requests import cancel_run, start_run
from roster_api.matching_runs.schemas import NoEffect
from roster_api.plans.models import Plan
from roster_api.plans.repository import find_plan_in_force
from roster_api.scenarios import repository
from roster_api.scenarios.figures import InForce, read_figures, read_in_force
from roster_api.scenarios.models import ScenarioRun, ScenarioSet
from roster_api.scenarios.schemas import (
    ScenarioOut,
    ScenarioSetOut,
    ScenarioSetSummary,
    ScenariosRequest,
    ScenarioWish,
)
from roster_api.work.handing_out import LIVE

FROM_SCRATCH: dict[str, list[object]] = {"previous": [], "previous_placements": []}


async def request_scenarios(
    session: AsyncSession, *, campaign: Campaign, request: ScenariosRequest, by: str
) -> ScenarioSet:
    """All runs or none, in one transaction; each problem frozen from the same roster."""
    asked = ScenarioSet(
        campaign_id=campaign.id, from_scratch=request.start == "scratch", note=request.note, requested_by=by
    )
    session.add(asked)
    await session.flush()
    for position, wish in enumerate(request.scenarios):
        await _start(session, asked, campaign=campaign, wish=wish, request=request, position=position, by=by)
    return asked


async def _start(
    session: AsyncSession,
    asked: ScenarioSet,
    *,
    campaign: Campaign,
    wish: ScenarioWish,
    request: ScenariosRequest,
    position: int,
    by: str,
) -> None:
    named = wish.options.model_dump(mode="json", exclude_unset=True)
    options = wish.options
    if request.time_limit_seconds is not None and "time_limit_seconds" not in named:
        options = options.model_copy(update={"time_limit_seconds": request.time_limit_seconds})
    problem = await freeze_problem(session, campaign=campaign, run_id=uuid4(), options=options)
    if asked.from_scratch:
        problem = problem.model_copy(update=FROM_SCRATCH)
    run = await start_run(session, campaign=campaign, problem=problem, scenario=wish.name, note=request.note, by=by)
    vain = [one.model_dump() for one in list_no_effect(problem, named.keys())]
    run.no_effect = vain
    session.add(ScenarioRun(set_id=asked.id, position=position, run_id=run.id, named=named, no_effect=vain))
    await session.flush()


async def get_set(session: AsyncSession, *, campaign_id: UUID, set_id: UUID) -> ScenarioSet:
    found = await repository.find_set(session, campaign_id, set_id)
    if found is None:
        raise NotFoundError
    return found


async def describe_set(session: AsyncSession, asked: ScenarioSet) -> ScenarioSetOut:
    """The table; figures of those that have ended with a plan."""
    runs = await repository.list_runs(session, asked.id)
    plans = await repository.list_plans(session, [run.id for _, run in runs])
    in_force = await read_in_force(session, await find_plan_in_force(session, asked.campaign_id))
    rows = [await _describe(session, scenario, run, plans, in_force) for scenario, run in runs]
    digests = {run.scenario or "": plans[run.id].content_sha256 for _, run in runs if run.id in plans}
    for row in rows:
        mine = digests.get(row.name)
        row.same_as = [name for name, digest in digests.items() if mine and digest == mine and name != row.name]
    planned = [row.run_id for row in rows if row.plan_id]
    return ScenarioSetOut(
        **ScenarioSetSummary.model_validate(asked).model_dump(),
        is_done=all(run.status not in LIVE for _, run in runs),
        scenarios=rows,
        comparisons=[f"/v1/matching-runs/{one}/compare/{other}" for one, other in combinations(planned, 2)],
    )


async def _describe(
    session: AsyncSession,
    scenario: ScenarioRun,
    run: MatchingRun,
    plans: dict[UUID, Plan],
    in_force: InForce | None,
) -> ScenarioOut:
    plan = plans.get(run.id)
    document = await repository.find_stage_a(session, run.id) if plan else None
    leads = await repository.list_leads(session, plan.id) if plan else {}
    stage_a = find_stage_a(Certificate.model_validate(run.certificate) if run.certificate else None)
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else None
    return ScenarioOut(
        name=run.scenario or "",
        run_id=run.id,
        status=RunStatus(run.status),
        plan_id=plan.id if plan else None,
        options=scenario.named,
        no_effect=[NoEffect.model_validate(one) for one in scenario.no_effect],
        gap=max(stage_a.gap.values(), default=0.0) if stage_a else None,
        solving_seconds=seconds,
        figures=await read_figures(session, plan, document, leads, in_force) if plan and document else None,
        same_as=[],
        leads=leads,
    )


async def cancel_set(session: AsyncSession, asked: ScenarioSet, *, by: str) -> None:
    """Every run that waits or runs; those that have ended keep their plans. Again changes nothing."""
    for _, run in await repository.list_runs(session, asked.id):
        await cancel_run(session, run_id=run.id, by=by)
