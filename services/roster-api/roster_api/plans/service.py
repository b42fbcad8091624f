"""Decisions about plans before they bind anyone: approve, discard, and what to show of them."""

from typing import Any
from uuid import UUID

from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.audit.people_read import note_people
from roster_api.errors import ConflictError, NotFoundError
from roster_api.plans import repository
from roster_api.plans.base import refuse_if_base_moved, refuse_unless_open
from roster_api.plans.details import DutiesOfCommunes, list_duties
from roster_api.plans.first_page import read_first_page
from roster_api.plans.four_eyes import is_approved_by_person, refuse_key
from roster_api.plans.models import Plan, PlanStatus
from roster_api.plans.schemas import (
    PlacementOut,
    PlanCounts,
    PlanOut,
    ResponsibilityOut,
    ShortfallOut,
)
from roster_api.plans.scope import RowScope, row_scope
from roster_api.plans.visibility import may_see_contacts, may_see_runs, may_see_status
from roster_api.state_words import refuse_state
from roster_api.volunteers.models import Volunteer


async def describe_plan(session: AsyncSession, plan: Plan, reader: Principal | None = None) -> PlanOut:
    """`reader`: whose school or commune alone is told why; None = everything, for who decides on plans."""
    counts = PlanCounts(**await repository.count_rows(session, plan.id))
    first_page = vars(await read_first_page(session, plan, reader))
    columns = {name: getattr(plan, name) for name in PlanOut.model_fields if name not in {"counts", *first_page}}
    return PlanOut(**columns, **first_page, counts=counts)


async def approve_plan(session: AsyncSession, *, plan_id: UUID, base_plan_id: UUID | None, by: str) -> Plan:
    """draft -> approved, upon the plan in force that the caller names. 409 when another is in force, or the campaign
    is not open: such a plan could never be published.

    Approving an approved plan changes nothing, unless it is upon another plan than before; any other status is 409.
    """
    campaign_id = (await _get(session, plan_id)).campaign_id
    campaign = await repository.lock_campaign_for_reading(session, campaign_id)
    plan = await _get_locked(session, plan_id)
    if plan.status not in (PlanStatus.DRAFT, PlanStatus.APPROVED):
        raise wrong_status(plan, PlanStatus.DRAFT)
    refuse_unless_open(campaign)
    person = await refuse_key(session, plan)
    await refuse_if_base_moved(session, plan, base_plan_id=base_plan_id)
    is_keys = person is not None and not await is_approved_by_person(session, plan)
    if plan.status == PlanStatus.DRAFT or plan.base_plan_id != base_plan_id or is_keys:
        plan.status, plan.approved_by, plan.base_plan_id = PlanStatus.APPROVED, by, base_plan_id
        plan.approved_at = await _now(session)
        await session.flush()
    return plan


async def discard_plan(session: AsyncSession, *, plan_id: UUID, by: str) -> Plan:
    """draft or approved -> discarded. Discarding again changes nothing; a plan that was published stays."""
    plan = await _get_locked(session, plan_id)
    if plan.status in (PlanStatus.DRAFT, PlanStatus.APPROVED):
        plan.status, plan.discarded_by = PlanStatus.DISCARDED, by
        plan.discarded_at = await _now(session)
        await session.flush()
    elif plan.status != PlanStatus.DISCARDED:
        raise wrong_status(plan, PlanStatus.DRAFT, PlanStatus.APPROVED)
    return plan


def wrong_status(plan: Plan, *wanted: PlanStatus) -> ConflictError:
    return refuse_state("plan.status", thing=("Phương án", "The plan"), state=plan.status, wanted=wanted)


async def list_plans(
    session: AsyncSession, principal: Principal, *, campaign_id: UUID, limit: int, offset: int
) -> tuple[list[PlanOut], int]:
    """Plans of a campaign, the newest computed first; who may see no drafts: the versions, the newest first."""
    sees_drafts = may_see_status(principal, PlanStatus.DRAFT)
    query = (repository.select_plans if sees_drafts else repository.select_versions)(campaign_id)
    rows, total = await repository.fetch_rows(session, query, limit=limit, offset=offset)
    return [await describe_plan(session, plan, principal) for (plan,) in rows], total


async def list_responsibilities(
    session: AsyncSession, principal: Principal, plan: Plan, *, limit: int, offset: int
) -> tuple[list[ResponsibilityOut], int]:
    query = repository.select_responsibilities(plan.id, row_scope(principal))
    rows, total = await repository.fetch_rows(session, query, limit=limit, offset=offset)
    explanations = f"/v1/matching-runs/{plan.run_id}/explanations"
    return [
        ResponsibilityOut(
            commune_code=commune.code,
            commune_name=commune.full_name,
            school_code=school.code,
            school_name=school.name,
            is_lead=row.is_lead,
            distance_m=row.distance_m,
            promised_days=row.promised_days,
            reason_vi=row.reason_vi,
            reason_en=row.reason_en,
            explanation=f"{explanations}?commune={commune.code}" if row.is_lead and may_see_runs(principal) else None,
        )
        for row, commune, school in rows
    ], total


async def list_placements(
    session: AsyncSession, principal: Principal, plan: Plan, *, filters: RowScope, limit: int | None, offset: int
) -> tuple[list[PlacementOut], int]:
    query = repository.select_placed_people(plan.id, row_scope(principal), filters)
    people, total = await repository.fetch_placed_people(session, query, limit=limit, offset=offset)
    note_people(session, [person["id"] for person in people])
    is_told = all(person["told_duties"] is not None for person in people)
    duties = DutiesOfCommunes({}) if is_told else await list_duties(session, plan.campaign_id)
    is_over = plan.status == PlanStatus.SUPERSEDED
    return [_placement(principal, person, duties, is_over=is_over) for person in people], total


def _placement(
    principal: Principal, person: dict[str, Any], duties: DutiesOfCommunes, *, is_over: bool
) -> PlacementOut:
    told: list[str] | None = person["told_duties"]
    code: str = person["commune_code"]
    shows = may_see_contacts(principal, school_id=person["school_id"], commune_code=code, is_over=is_over)
    return PlacementOut.model_validate(
        person
        | {
            "volunteer_id": person["id"],
            "email": Volunteer.email.of_columns(person) if shows else None,
            "phone": Volunteer.phone.of_columns(person) if shows else None,
            "duties": duties.names(code, person["work_days"]) if told is None else told,
        }
    )


async def list_shortfalls(
    session: AsyncSession, principal: Principal, plan: Plan, *, limit: int, offset: int
) -> tuple[list[ShortfallOut], int]:
    query = repository.select_shortfalls(plan.id, row_scope(principal))
    rows, total = await repository.fetch_rows(session, query, limit=limit, offset=offset)
    return [
        ShortfallOut(
            commune_code=commune.code,
            commune_name=commune.full_name,
            field_code=row.field_code,
            needed_days=row.needed_days,
            unmet_days=row.unmet_days,
        )
        for row, commune in rows
    ], total


async def _get(session: AsyncSession, plan_id: UUID) -> Plan:
    plan = await repository.find_plan(session, plan_id)
    if plan is None:
        raise NotFoundError
    return plan


async def _get_locked(session: AsyncSession, plan_id: UUID) -> Plan:
    plan = await repository.find_plan_for_update(session, plan_id)
    if plan is None:
        raise NotFoundError
    return plan


async def _now(session: AsyncSession) -> Any:
    return await ask_now(session)
