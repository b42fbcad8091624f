"""What is known of a plan's worth: as computed, the run's proof; changed by hand, its values and the run's bounds."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from commune_schemas.amounts import amount
from commune_schemas.matching import Certificate, RunStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.editing import repository
from roster_api.editing.effects import Names
from roster_api.editing.judging import Judgement, Levels
from roster_api.editing.loading import FactsCache, Loaded
from roster_api.editing.models import OptimumRun
from roster_api.editing.rule_words import describe_broken, level_words
from roster_api.editing.schemas import CertificateLevel, PlanCertificate
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.refreeze import freeze_again
from roster_api.matching_runs.repository import find_run
from roster_api.matching_runs.requests import start_run
from roster_api.plans.models import Plan
from roster_api.plans.repository import get_campaign


async def ask_for_optimum(session: AsyncSession, cache: FactsCache, plan: Plan, *, by: str) -> MatchingRun:
    """A run of the plan's own problem under the pins that hold now; its certificate says what the best is."""
    facts = await cache.get(session, plan.run_id)
    problem = await freeze_again(session, facts.problem, run_id=uuid4())
    run = await start_run(
        session,
        campaign=await get_campaign(session, plan.campaign_id),
        problem=problem,
        scenario=f"Tối ưu với các ghim của dự thảo {plan.draft_number}",
        note=None,
        by=by,
    )
    own = await find_run(session, plan.run_id)
    run.need_versions = own.need_versions if own else {}
    session.add(OptimumRun(plan_id=plan.id, run_id=run.id, edit_version=plan.edit_version, asked_by=by))
    await session.flush()
    return run


async def describe_certificate(session: AsyncSession, plan: Plan, loaded: Loaded, judged: Judgement) -> PlanCertificate:
    run = await find_run(session, plan.run_id)
    found = await repository.find_optimum(session, plan.id)
    optimum = found[1] if found else None
    levels = _list_levels(judged.levels, _sum(run), _sum(optimum) if _has_plan(optimum) else ({}, {}))
    name = Names(loaded.names, loaded.facts).of
    vi, en = _words(plan, levels, optimum)
    return PlanCertificate(
        plan_id=plan.id,
        run_id=plan.run_id,
        changed_by_hand=plan.hand_changes > 0,
        hand_changes=plan.hand_changes,
        is_verified=plan.is_verified and not judged.violations,
        broken=[describe_broken(violation, name) for violation in judged.violations],
        levels=levels,
        optimum_run_id=optimum.id if optimum else None,
        optimum_status=optimum.status if optimum else None,
        optimum_is_of_this=found is not None and found[0].edit_version == plan.edit_version,
        vi=vi,
        en=en,
    )


def _has_plan(run: MatchingRun | None) -> bool:
    return run is not None and run.status in (RunStatus.SUCCEEDED, RunStatus.CANCELLED) and run.certificate is not None


def _sum(run: MatchingRun | None) -> tuple[Levels, Levels]:
    """(values, bounds) by stage and level, stage B's summed over the schools."""
    values: Levels = {}
    bounds: Levels = {}
    if run is None or run.certificate is None:
        return values, bounds
    for stage in Certificate.model_validate(run.certificate).stages:
        for target, source in ((values, stage.objective), (bounds, stage.bound)):
            for level, value in source.items():
                target[stage.stage, level] = target.get((stage.stage, level), 0) + value
    return values, bounds


def _list_levels(
    mine: Mapping[tuple[str, str], int], run: tuple[Levels, Levels], best: tuple[Levels, Levels]
) -> list[CertificateLevel]:
    levels = []
    for (stage, level), value in mine.items():
        vi, en = level_words(level)
        key = (stage, level)
        bound = best[1].get(key, run[1].get(key) if not best[0] else None)
        levels.append(
            CertificateLevel(
                stage=stage,
                level=level,
                vi=vi,
                en=en,
                value=value,
                bound=run[1].get(key),
                optimum=best[0].get(key),
                optimum_bound=best[1].get(key),
                gap=None if bound is None else _gap(value, bound),
            )
        )
    return levels


def _gap(value: int, bound: int) -> float:
    """Relative; negative where a change by hand sacrificed a level above and this one is better than the bound."""
    return 0.0 if value == bound else round((value - bound) / max(1, abs(value)), 6)


def _words(plan: Plan, levels: Sequence[CertificateLevel], optimum: MatchingRun | None) -> tuple[str, str]:
    if not plan.hand_changes:
        return "Như lần chạy đã tính.", "As its run computed it."
    vi, en = f"Đã sửa bằng tay {plan.hand_changes} lần", f"Changed by hand {amount(plan.hand_changes, 'time')}"
    if optimum is None:
        return f"{vi}; chưa tính tối ưu với cùng các ghim.", f"{en}; the optimum under the same pins was not asked for."
    if not _has_plan(optimum):
        return f"{vi}; đang tính tối ưu với cùng các ghim.", f"{en}; the optimum under the same pins is being computed."
    worse = [level for level in levels if level.optimum is not None and level.value != level.optimum]
    if not worse:
        return f"{vi}; bằng tối ưu với cùng các ghim.", f"{en}; as good as the optimum under the same pins."
    parts_vi = "; ".join(f"{level.vi} {level.value} (tối ưu {level.optimum})" for level in worse)
    parts_en = "; ".join(f"{level.en} {level.value} (optimum {level.optimum})" for level in worse)
    return f"{vi}; so với tối ưu với cùng các ghim: {parts_vi}.", f"{en}; against the optimum: {parts_en}."
