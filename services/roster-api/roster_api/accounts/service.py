"""Decisions about accounts: who is asked in, and what they may hold."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.accounts import SignedIn, act_as, choose_assignment
from roster_api.access.models import RoleAssignment
from roster_api.access.principal import Role
from roster_api.accounts import repository
from roster_api.accounts.schemas import AccountName, HeldRole, Me


async def describe_me(session: AsyncSession, signed_in: SignedIn, *, acting_as: str | None) -> Me:
    """403 for a role that was named and is not held; whoever holds several and names none is shown them."""
    held = signed_in.assignments
    chosen = choose_assignment(signed_in, acting_as) if acting_as is not None or len(held) == 1 else None
    if acting_as is not None and chosen is not None:
        act_as(signed_in, chosen)
    names = await repository.name_scopes(session, held)
    return Me(
        account=AccountName.model_validate(signed_in.account),
        assignments=[_held_role(each, names) for each in held],
        acting_as=chosen.id if chosen else None,
        strong_authentication=signed_in.token.is_strong,
    )


def _held_role(assignment: RoleAssignment, names: dict[UUID, str]) -> HeldRole:
    return HeldRole(
        id=assignment.id,
        role=Role(assignment.role),
        scope_kind=assignment.scope_kind,
        scope_id=assignment.scope_id,
        scope_name=names[assignment.id],
        valid_from=assignment.valid_from,
        valid_until=assignment.valid_until,
    )
