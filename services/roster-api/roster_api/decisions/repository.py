"""SQL of decisions and existing relations."""

from collections.abc import Sequence
from uuid import UUID

from commune_schemas.unkept import UnkeptPin
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import Conditions
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision, DecisionKind, ExistingRelation
from roster_api.decisions.schemas import DecisionFilter
from roster_api.paging import Paging, fetch_page
from roster_api.schools.models import School
from roster_api.text import search_key


def relation_scope(principal: Principal) -> Conditions:
    """Who is bound to a school sees its ties. (The campaign is in scope already.)"""
    if principal.role.is_of_school:
        return [ExistingRelation.school_id == principal.school_id]
    return []


async def list_decisions(
    session: AsyncSession, *, campaign_id: UUID, filters: DecisionFilter, paging: Paging
) -> tuple[list[Decision], int]:
    """Newest first; the ones that hold, or (withdrawn) those that no longer do."""
    query = select(Decision).where(Decision.campaign_id == campaign_id)
    query = query.where(Decision.withdrawn_at.is_not(None) if filters.withdrawn else Decision.withdrawn_at.is_(None))
    if filters.q:
        named = Commune.search_key.contains(search_key(filters.q), autoescape=True)
        query = query.where(Decision.commune_code.in_(select(Commune.code).where(named)))
    if filters.kind:
        query = query.where(Decision.kind == filters.kind.value)
    if filters.commune_code:
        query = query.where(Decision.commune_code == filters.commune_code)
    if filters.school_id:
        query = query.where(Decision.school_id == filters.school_id)
    if filters.volunteer_id:
        query = query.where(Decision.volunteer_id == filters.volunteer_id)
    return await fetch_page(session, query.order_by(Decision.decided_at.desc(), Decision.id), paging=paging)


async def find_decision(
    session: AsyncSession, *, campaign_id: UUID, decision_id: UUID, for_update: bool = False
) -> Decision | None:
    query = select(Decision).where(Decision.id == decision_id, Decision.campaign_id == campaign_id)
    row: Decision | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def mark_unkept(session: AsyncSession, *, campaign_id: UUID, run_id: UUID, unkept: Sequence[UnkeptPin]) -> None:
    """The pins of a campaign that hold, each with what the run that just ended says of it."""
    by_subject = {(pin.commune_code, str(pin.volunteer_id or pin.school_code)): pin for pin in unkept}
    codes = dict((await session.execute(select(School.id, School.code))).all())
    query = select(Decision).where(Decision.campaign_id == campaign_id, Decision.withdrawn_at.is_(None))
    pins = (DecisionKind.PLACEMENT_PIN.value, DecisionKind.RESPONSIBILITY_PIN.value)
    for row in await session.scalars(query.where(Decision.kind.in_(pins))):
        subject = codes[row.school_id] if row.school_id else str(row.volunteer_id)
        found = by_subject.get((row.commune_code, subject))
        row.unkept = None
        if found is not None:
            row.unkept = {"run_id": str(run_id), "rule": found.rule, "vi": found.vi, "en": found.en}
    await session.flush()


async def list_relations(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, q: str | None, paging: Paging
) -> tuple[list[ExistingRelation], int]:
    """By commune code; a coordinator sees the own school's."""
    query = select(ExistingRelation).where(ExistingRelation.campaign_id == campaign_id, *relation_scope(principal))
    if q:
        named = Commune.search_key.contains(search_key(q), autoescape=True)
        query = query.where(ExistingRelation.commune_code.in_(select(Commune.code).where(named)))
    order = (ExistingRelation.commune_code, ExistingRelation.school_id)
    return await fetch_page(session, query.order_by(*order), paging=paging)


async def find_relation(
    session: AsyncSession, *, campaign_id: UUID, commune_code: str, school_id: UUID
) -> ExistingRelation | None:
    return await session.get(ExistingRelation, (campaign_id, commune_code, school_id))
