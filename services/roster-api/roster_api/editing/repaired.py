"""A plan in which a vacancy was filled, judged before it counts: who could step in was worked out for an older one."""

import asyncio
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.editing.board import read_board
from roster_api.editing.effects import Effect, Names, list_broken
from roster_api.editing.facts import Facts
from roster_api.editing.judging import judge
from roster_api.editing.loading import FactsCache, load
from roster_api.errors import ConflictError, pointer_error
from roster_api.plans.contents import read_content
from roster_api.plans.models import Plan


async def refuse_broken_repair(
    session: AsyncSession, cache: FactsCache, *, base: Plan, repaired: Plan, leaver_id: UUID
) -> None:
    """409 with every hard rule that the repair breaks, by number and in words; or when it cannot be judged."""
    loaded = await load(session, cache, repaired)
    facts = _without_team(loaded.facts, leaver_id)
    before = read_board(await read_content(session, base))
    was = await asyncio.to_thread(judge, before, facts, loaded.forbidden)
    now = await asyncio.to_thread(judge, loaded.board, facts, loaded.forbidden)
    effect = Effect(before, loaded.board, was, now, frozenset())
    broken = list_broken(effect, Names(loaded.names, facts).of)
    errors = [pointer_error("/volunteer_ids", code=f"rule.{rule.rule}", vi=rule.vi, en=rule.en) for rule in broken]
    if errors:
        vi, en = (" ".join(words) for words in zip(*((rule.vi, rule.en) for rule in broken), strict=True))
        raise ConflictError("replacement.breaks_rule", vi=vi, en=en, errors=errors)


def _without_team(facts: Facts, leaver_id: UUID) -> Facts:
    """Who leaves is of no team any more: those who stay go on without them."""
    people = [
        person.model_copy(update={"team": None}) if person.id == leaver_id else person
        for person in facts.problem.volunteers
    ]
    return replace(facts, problem=facts.problem.model_copy(update={"volunteers": people}))
