"""The difference between two versions of a plan, person by person, by what each was told."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from commune_schemas.placement_details import PlacementDetails
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.plans import repository
from roster_api.plans.details import list_placed, list_told
from roster_api.plans.frozen import read_told
from roster_api.plans.models import Plan, PlanStatus


class Change(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class PersonChange:
    """`now` is None when withdrawn, `before` when new."""

    volunteer_id: UUID
    change: Change
    now: PlacementDetails | None
    before: PlacementDetails | None


async def list_changes(session: AsyncSession, plan: Plan) -> list[PersonChange]:
    """Everyone in this plan or in the one it follows, by volunteer id.

    A published plan is compared, for ever alike, with the plan in force when it was published; a draft with the plan in
    force now, as if it were published at this moment.
    """
    if plan.status in (PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED):
        now = await _list_kept(session, plan.id)
        before = await _list_kept(session, plan.previous_plan_id) if plan.previous_plan_id else {}
    else:
        campaign = await repository.get_campaign(session, plan.campaign_id)
        placed = await list_placed(session, plan.id)
        now = await list_told(session, plan=plan, campaign=campaign, placed=placed)
        in_force = await repository.find_plan_in_force(session, plan.campaign_id)
        before = await _list_kept(session, in_force.id) if in_force else {}
    return [_change(person, now.get(person), before.get(person)) for person in sorted({*now, *before})]


def _change(volunteer_id: UUID, now: PlacementDetails | None, before: PlacementDetails | None) -> PersonChange:
    if before is None:
        change = Change.NEW
    elif now is None:
        change = Change.WITHDRAWN
    else:
        change = Change.UNCHANGED if now.tells_the_same_as(before) else Change.CHANGED
    return PersonChange(volunteer_id=volunteer_id, change=change, now=now, before=before)


async def _list_kept(session: AsyncSession, plan_id: UUID) -> dict[UUID, PlacementDetails]:
    """What people were told when that plan was published."""
    rows = await repository.list_all_placements(session, plan_id)
    return await read_told(session, rows)
