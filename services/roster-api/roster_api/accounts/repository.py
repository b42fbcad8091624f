"""All SQL about accounts and their roles, and the names of what the roles are bound to."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.bounds import Bounds
from roster_api.access.granting import given_by
from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.access.scope import Conditions, province_scope
from roster_api.communes.models import Commune
from roster_api.contacts import digest_email
from roster_api.paging import Paging, fetch_page
from roster_api.provinces.models import Province
from roster_api.schools.models import School

NATION = "Việt Nam"


def assignment_scope(principal: Principal) -> Conditions:
    """Roles in the own place that one could give; an auditor sees all of the own place."""
    conditions = province_scope(principal, RoleAssignment.province_code)
    if principal.school_id is not None:
        conditions.append(RoleAssignment.school_id == principal.school_id)
    if principal.role is not Role.AUDITOR:
        conditions.append(RoleAssignment.role.in_([role.value for role in given_by(principal)]))
    return conditions


async def list_accounts(
    session: AsyncSession, *, principal: Principal, q: str | None, role: Role | None, revoked: bool, paging: Paging
) -> tuple[list[Account], int]:
    """Who holds a role the asker may see, or (revoked) held one that was taken away; newest first."""
    seen = [RoleAssignment.account_id == Account.id, *assignment_scope(principal)]
    seen.append(RoleAssignment.revoked_at.is_not(None) if revoked else RoleAssignment.revoked_at.is_(None))
    if role is not None:
        seen.append(RoleAssignment.role == role.value)
    query = select(Account).where(exists().where(*seen))
    if q:
        query = query.where(Account.display_name.icontains(q, autoescape=True))
    return await fetch_page(session, query.order_by(Account.created_at.desc(), Account.id), paging=paging)


async def list_assignments(
    session: AsyncSession, *, principal: Principal, account_ids: Sequence[UUID]
) -> list[RoleAssignment]:
    """Of these accounts, those the asker may see, oldest first."""
    query = select(RoleAssignment).where(RoleAssignment.account_id.in_(account_ids), *assignment_scope(principal))
    return list(await session.scalars(query.order_by(RoleAssignment.created_at, RoleAssignment.id)))


async def lock_visible_account(session: AsyncSession, *, principal: Principal, account_id: UUID) -> Account | None:
    """The account, if it holds or held a role that the asker may see."""
    seen = exists().where(RoleAssignment.account_id == Account.id, *assignment_scope(principal))
    return await session.scalar(select(Account).where(Account.id == account_id, seen).with_for_update())


async def lock_assignment(
    session: AsyncSession, *, principal: Principal, account_id: UUID, assignment_id: UUID
) -> RoleAssignment | None:
    return await session.scalar(
        select(RoleAssignment)
        .where(RoleAssignment.id == assignment_id, RoleAssignment.account_id == account_id)
        .where(*assignment_scope(principal))
        .with_for_update()
    )


async def ensure_account(session: AsyncSession, *, issuer: str, email: str, display_name: str) -> Account:
    """The account of that address, made if there is none, locked: whoever invites at the same time waits."""
    same = (Account.issuer == issuer, Account.email_digest == digest_email(email))
    known = select(Account).where(*same).with_for_update()
    account = await session.scalar(known)
    if account is None:
        new = Account(issuer=issuer, email=email, display_name=display_name)
        names = ("id", "issuer", "email_sealed", "email_digest", "display_name")
        row = {name: getattr(new, name) for name in names}
        await session.execute(insert(Account).values(row).on_conflict_do_nothing(constraint="uq_accounts_issuer_email"))
        account = (await session.scalars(known)).one()
    return account


async def find_held(
    session: AsyncSession, *, account_id: UUID, role: Role, bounds: Bounds, of: Mapping[str, object]
) -> RoleAssignment | None:
    """The same role at the same place (`of`: unit, group), given and neither taken away nor over."""
    goes_on = RoleAssignment.valid_until.is_(None) | (RoleAssignment.valid_until > func.now())
    same = {**vars(bounds), **of}
    places = [getattr(RoleAssignment, name).is_not_distinct_from(value) for name, value in same.items()]
    query = select(RoleAssignment).where(RoleAssignment.account_id == account_id, RoleAssignment.role == role.value)
    return await session.scalar(query.where(*places, goes_on, RoleAssignment.revoked_at.is_(None)).limit(1))


async def name_scopes(session: AsyncSession, assignments: Sequence[RoleAssignment]) -> dict[UUID, str]:
    """By assignment, the name of its school, commune, unit or province, with its kind."""
    held = list(assignments)
    schools = select(School.id, School.name).where(School.id.in_({each.school_id for each in held} - {None}))
    communes = select(Commune.code, Commune.full_name).where(
        Commune.code.in_({each.commune_code for each in held} - {None})
    )
    provinces = select(Province.code, Province.full_name).where(
        Province.code.in_({each.province_code for each in held} - {None})
    )
    names: dict[object, str] = {}
    for query in (schools, communes, provinces):
        names.update((row[0], row[1]) for row in await session.execute(query))
    return {
        each.id: each.unit_code or names.get(each.school_id or each.commune_code or each.province_code, NATION)
        for each in held
    }
