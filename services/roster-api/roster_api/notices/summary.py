"""What publishing a plan would do, before anybody decides: whom it tells what, whom it reaches, what keeps it back."""

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.deliveries.refused import Refusals
from roster_api.notices.reach import measure_reach
from roster_api.plans.base import count_changes, find_base
from roster_api.plans.changes import Change, list_changes
from roster_api.plans.checks import list_missing_for, list_warnings
from roster_api.plans.models import Plan, PlanStatus
from roster_api.plans.reserve import list_unheard
from roster_api.plans.schemas import ChangedPerson, PlanChanges


async def describe_changes(session: AsyncSession, plan: Plan, *, refusals: Refusals) -> PlanChanges:
    """Whom this plan tells what, and what keeps it from being published."""
    changes = await list_changes(session, plan)
    base = await find_base(session, plan)
    is_open = plan.status in (PlanStatus.DRAFT, PlanStatus.APPROVED)
    reach = await measure_reach(session, plan, changes, refusals=refusals) if is_open else None
    return PlanChanges(
        base_plan_id=base.id if base else None,
        base_version=base.version if base else None,
        counts=count_changes(changes),
        people=[
            ChangedPerson(
                volunteer_id=change.volunteer_id,
                change=change.change,
                commune_code=change.now.commune_code if change.now else None,
                weekdays=change.now.weekdays if change.now else [],
                previous_commune_code=change.before.commune_code if change.before else None,
                previous_weekdays=change.before.weekdays if change.before else [],
            )
            for change in changes
            if change.change is not Change.UNCHANGED
        ],
        missing=await list_missing_for(session, plan) if is_open else [],
        warnings=await list_warnings(session, plan) if is_open else [],
        confirm=reach.confirm if reach else None,
        unreached=reach.unreached if reach else [],
        again=reach.again if reach else [],
        is_notifier_asked=reach.is_notifier_asked if reach else None,
        unable=reach.unable if reach else [],
        reserve=[person.id for person, _ in await list_unheard(session, plan)] if is_open else [],
    )
