"""A scenario's plan in figures: from stage A's documents as solved, and from the plan's own rows."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.figures import Figures, count_figures
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.matching_runs.models import RunDocument
from roster_api.plans.models import Plan
from roster_api.scenarios import repository
from roster_api.scenarios.schemas import ScenarioFigures

Places = Mapping[UUID, tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class InForce:
    """The plan that scenarios are held against."""

    leads: Mapping[str, str]
    places: Places


async def read_in_force(session: AsyncSession, plan: Plan | None) -> InForce | None:
    if plan is None:
        return None
    return InForce(await repository.list_leads(session, plan.id), await repository.list_places(session, plan.id))


async def read_figures(
    session: AsyncSession, plan: Plan, document: RunDocument, leads: Mapping[str, str], in_force: InForce | None
) -> ScenarioFigures:
    places = await repository.list_places(session, plan.id)
    figures, asked = await asyncio.to_thread(_count, document.problem, document.solution)
    there = Counter(commune for commune, _ in places.values())
    return ScenarioFigures(
        travel_km=figures.travel_km,
        pieces=figures.pieces,
        scattered=figures.scattered,
        farthest_lead_km=figures.farthest_lead_km,
        load_fullest=round(figures.fullest, 2),
        load_emptiest=round(figures.emptiest, 2),
        short_people=sum(max(0, people - there[commune]) for commune, people in asked.items()),
        communes_without_people=sum(not there[commune] for commune in asked),
        unmet_days=await repository.count_unmet(session, plan.id),
        people_placed=len(places),
        leads_changed=None if in_force is None else _count_changed(leads, in_force.leads),
        people_changed=None if in_force is None else _count_changed(places, in_force.places),
    )


def _count(problem: object, solution: object) -> tuple[Figures, dict[str, int]]:
    """Figures of stage A, and heads asked for by commune."""
    instance = InstanceDocument.model_validate(problem)
    return (
        count_figures(instance, InstanceSolution.model_validate(solution)),
        {commune.id: commune.min_people for commune in instance.communes},
    )


def _count_changed(now: Mapping[Any, object], before: Mapping[Any, object]) -> int:
    return sum(now.get(key) != before.get(key) for key in {*now, *before})
