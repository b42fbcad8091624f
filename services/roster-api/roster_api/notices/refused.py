"""Whose contacts were refused for good, of all whom publishing a plan may tell something: asked beforehand."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.calendar import make_calendar_uid
from roster_api.database import LateSession, LateSessionDep
from roster_api.deliveries.refused import NOT_ASKED, PersonContact, Refusals, ask_refusals
from roster_api.plans.models import Placement, Plan, PlanStatus
from roster_api.settings import Settings
from roster_api.volunteers.models import Volunteer

OPEN = (PlanStatus.DRAFT.value, PlanStatus.APPROVED.value)


class RefusalAsker:
    """Asks between the request's short transactions (`late`) and its own: no connection is held while the notifier
    answers. A plan may be of a transaction that is over."""

    def __init__(self, late: LateSession, settings: Settings) -> None:
        self.late = late
        self._settings = settings

    async def ask_before_publishing(self, plan: Plan) -> Refusals:
        """NOT_ASKED of a plan that cannot be published any more: nothing is counted of it."""
        return await self.ask_about(plan) if plan.status in OPEN else NOT_ASKED

    async def ask_about(self, plan: Plan, *, coming: Collection[UUID] = ()) -> Refusals:
        """Of the people in the plan, in the plan in force, and `coming`."""
        if self._settings.notifier_url is None:
            return NOT_ASKED
        async with self.late.short() as session:
            contacts = await list_contacts_about(session, plan, coming=coming)
        return await ask_refusals(self._settings, contacts)


async def get_asker(request: Request, late: LateSessionDep) -> RefusalAsker:
    return RefusalAsker(late, request.app.state.settings)


AskerDep = Annotated[RefusalAsker, Depends(get_asker)]


async def list_contacts_about(session: AsyncSession, plan: Plan, *, coming: Collection[UUID]) -> list[PersonContact]:
    in_force = sa.select(Plan.id).where(Plan.campaign_id == plan.campaign_id, Plan.status == PlanStatus.PUBLISHED.value)
    placed = sa.select(Placement.volunteer_id).where(
        sa.or_(Placement.plan_id == plan.id, Placement.plan_id.in_(in_force))
    )
    query = sa.select(Volunteer).where(sa.or_(Volunteer.id.in_(placed), Volunteer.id.in_(coming)))
    people = (await session.scalars(query.order_by(Volunteer.id))).all()
    return [  # whoever has no contact may have been told nothing all the same
        PersonContact(person.id, person.email, person.phone, make_calendar_uid(plan.campaign_id, person.id))
        for person in people
    ]
