"""Who of a school is incomplete, invited, silent or has answered: what its coordinator looks at."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import NotFoundError
from roster_api.invitations import repository
from roster_api.invitations.schemas import InvitationPage, InvitationPerson, InvitationState
from roster_api.paging import Paging
from roster_api.schools.repository import find_school


async def list_people(
    session: AsyncSession, principal: Principal, *, school_id: UUID, state: InvitationState | None, paging: Paging
) -> InvitationPage:
    """404 for a school outside the principal's scope. Phone and e-mail only to those who may see them."""
    if await find_school(session, principal=principal, school_id=school_id) is None:
        raise NotFoundError
    rows, total, counts = await repository.list_people(
        session, school_id=school_id, state=state, limit=paging.limit, offset=paging.offset
    )
    shows = principal.may_see_contacts_of_school(school_id)
    items = [_person(row, shows_contacts=shows) for row in rows]
    counts = {each: counts.get(each, 0) for each in InvitationState}
    return InvitationPage(items=items, total=total, limit=paging.limit, offset=paging.offset, counts=counts)


def _person(row: Any, *, shows_contacts: bool) -> InvitationPerson:
    person = row[0]
    return InvitationPerson(
        volunteer_id=person.id,
        full_name=person.full_name,
        phone=person.phone if shows_contacts else None,
        email=person.email if shows_contacts else None,
        is_incomplete=person.is_incomplete,
        state=row.state,
        invitation_id=row.invitation_id,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        reminded_at=row.reminded_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
    )
