"""Reads what a plan is judged by: its run's problem and documents (kept in memory a while), its rows, decisions."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument
from commune_schemas.matching import MatchingProblem
from fastapi import Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.decisions.models import DecisionKind
from roster_api.editing import repository
from roster_api.editing.board import Board, read_board
from roster_api.editing.facts import Facts, Forbidden, read_facts
from roster_api.errors import ConflictError
from roster_api.matching_runs.repository import get_problem
from roster_api.plans.contents import read_content
from roster_api.plans.models import Plan

RUNS_KEPT = 8


class FactsCache:
    """What runs froze never changes: the newest few stay read."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, Facts] = OrderedDict()

    async def get(self, session: AsyncSession, run_id: UUID) -> Facts:
        if run_id not in self._kept:
            problem = await get_problem(session, run_id)
            documents = {
                row.school_code: (row.problem, row.solution) for row in await repository.list_documents(session, run_id)
            }
            self._kept[run_id] = await asyncio.to_thread(_read, problem, documents)
        self._kept.move_to_end(run_id)
        facts = self._kept[run_id]
        while len(self._kept) > RUNS_KEPT:
            self._kept.popitem(last=False)
        return facts


async def get_facts_cache(request: Request) -> FactsCache:
    """One an application."""
    cache: FactsCache | None = getattr(request.app.state, "facts_cache", None)
    if cache is None:
        cache = request.app.state.facts_cache = FactsCache()
    return cache


def _read(problem: dict[str, Any], documents: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> Facts:
    try:
        stage_a = documents.pop("")
        return read_facts(
            MatchingProblem.model_validate(problem),
            stage_a=(InstanceDocument.model_validate(stage_a[0]), InstanceSolution.model_validate(stage_a[1])),
            stage_b={school: PlacementDocument.model_validate(pair[0]) for school, pair in documents.items()},
        )
    except (KeyError, ValidationError) as fault:
        raise ConflictError(
            "plan.not_editable",
            vi="Phương án này không còn tài liệu của lần chạy để kiểm tra, nên không sửa bằng tay được. Hãy chạy lại.",
            en="The documents of this plan's run, by which edits are judged, are not there. Run the matching again.",
        ) from fault


@dataclass(frozen=True)
class Loaded:
    """A plan ready to be judged, as of `edit_version`."""

    plan_id: UUID
    run_id: UUID
    edit_version: int
    facts: Facts
    board: Board
    forbidden: Forbidden
    schools: dict[str, UUID]
    names: dict[str, str]
    """Of everybody who takes part."""


async def load(session: AsyncSession, cache: FactsCache, plan: Plan) -> Loaded:
    """409 when the run's documents are not there."""
    facts = await cache.get(session, plan.run_id)
    schools = await repository.list_school_ids(session, facts.problem.province_code)
    codes = {school_id: code for code, school_id in schools.items()}
    forbids = await repository.list_forbids(session, plan.campaign_id)
    forbidden = Forbidden(
        schools=frozenset(
            (row.commune_code, codes[row.school_id])
            for row in forbids
            if row.kind == DecisionKind.RESPONSIBILITY_FORBID and row.school_id in codes
        ),
        people=frozenset((str(row.volunteer_id), row.commune_code) for row in forbids if row.volunteer_id),
    )
    names = await repository.list_names(session, [person.id for person in facts.problem.volunteers])
    return Loaded(
        plan_id=plan.id,
        run_id=plan.run_id,
        edit_version=plan.edit_version,
        facts=facts,
        board=read_board(await read_content(session, plan)),
        forbidden=forbidden,
        schools=schools,
        names={str(person): name for person, name in names.items()},
    )
