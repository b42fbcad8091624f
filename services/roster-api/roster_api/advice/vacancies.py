"""Vacancies ask by themselves who could step in; what the worker answers goes to the school's contact."""

from typing import Any
from uuid import UUID

import structlog
from commune_schemas.advice import ReplacementsQuestion
from commune_schemas.notices import StandIn
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.advice.models import Advice
from roster_api.advice.questions import ask
from roster_api.answers.models import Vacancy
from roster_api.answers.vacancies import keep_stand_ins, list_not_asked_for_update, list_waiting_for_update
from roster_api.errors import ProblemError
from roster_api.matching_runs.repository import find_run
from roster_api.plans.models import Plan
from roster_api.volunteers.naming import list_names

log = structlog.get_logger(__name__)

SYSTEM = Principal(role=Role.ADMIN, label="hệ thống")


async def ask_for_vacancies(session: AsyncSession) -> int:
    """Puts the question of each vacancy nobody has asked about. Called by the relay once a round."""
    vacancies = await list_not_asked_for_update(session)
    for vacancy in vacancies:
        vacancy.asked_at = clock.now()
        await _ask(session, vacancy)
    await session.flush()
    return len(vacancies)


async def _ask(session: AsyncSession, vacancy: Vacancy) -> None:
    plan = await session.get(Plan, vacancy.plan_id)
    run = await find_run(session, plan.run_id) if plan else None
    if run is None:
        await keep_stand_ins(session, [vacancy], stand_ins=[])
        return
    try:
        advice = await ask(
            session, SYSTEM, run, ReplacementsQuestion(kind="replacements", volunteer_id=vacancy.volunteer_id)
        )
    except ProblemError as problem:  # the run does not know this person: nothing can be worked out, and that is said
        log.info("vacancy.no_advice", answer_id=str(vacancy.answer_id), code=problem.code)
        await keep_stand_ins(session, [vacancy], stand_ins=[])
        return
    vacancy.advice_id = advice.id
    await session.flush()
    if advice.answer is not None:
        await tell_vacancies(session, advice)


async def tell_vacancies(session: AsyncSession, advice: Advice) -> None:
    """A question that has ended: the vacancies that wait for it have their stand-ins; none where it has no answer."""
    if advice.question["kind"] != "replacements":
        return
    names = await list_names(session, advice.answer or {})
    offers = advice.answer["data"].get("replacements", []) if advice.answer else []
    stand_ins = [_stand_in(one, names) for one in offers]
    await keep_stand_ins(session, await list_waiting_for_update(session, advice.id), stand_ins=stand_ins)


def _stand_in(one: dict[str, Any], names: dict[UUID, str]) -> StandIn:
    days = sorted({day for own in one["days"].values() for day in own})
    return StandIn(
        people=", ".join(names.get(UUID(person), person) for person in one["people"]),
        weekdays=days,
        unmet_days=one["effect"].get("unmet", 0),
        travel_km=one["effect"].get("travel_km", 0),
    )
