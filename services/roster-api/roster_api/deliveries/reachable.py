"""Who recipients of messages are at this moment: whose, of which province, and how they are reached."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import RecipientKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.communes.models import Commune
from roster_api.schools.models import School
from roster_api.staff.models import StaffMember, Unit
from roster_api.volunteers.models import Volunteer

OFF_THE_LIST = "(đã rời danh sách)"
IdsByKind = dict[RecipientKind, set[str]]


@dataclass(frozen=True)
class Reachable:
    """Who somebody is, and which telephone rings for them. `school`: whose they are."""

    name: str
    province_code: str | None
    phone: str | None
    email: str | None
    school: School | None = None
    volunteer_id: UUID | None = None


def is_theirs(principal: Principal, who: Reachable) -> bool:
    """Home Affairs answer for their province, a coordinator for the own school."""
    if principal.role is Role.SCHOOL_COORDINATOR:
        return who.school is not None and who.school.id == principal.school_id
    return principal.province_code in {None, who.province_code}


def contact_of_school(school: School) -> tuple[str, str | None]:
    return school.contact_name or school.name, school.contact_phone


async def list_reachable(
    session: AsyncSession, recipients: Iterable[tuple[RecipientKind, str]]
) -> dict[tuple[RecipientKind, str], Reachable]:
    """By kind and id; who is not known is left out."""
    wanted: IdsByKind = defaultdict(set)
    for kind, recipient_id in recipients:
        wanted[kind].add(recipient_id)
    found: dict[tuple[RecipientKind, str], Reachable] = {}
    people = sa.select(Volunteer, School).join(School, School.id == Volunteer.school_id)
    of_people = Volunteer.id.in_(_uuids(wanted[RecipientKind.VOLUNTEER]))
    for person, school in await session.execute(people.where(of_people)):
        found[RecipientKind.VOLUNTEER, str(person.id)] = Reachable(
            person.full_name or OFF_THE_LIST, school.province_code, person.phone, person.email, school, person.id
        )
    of_schools = School.id.in_(_uuids(wanted[RecipientKind.SCHOOL]))
    for school in await session.scalars(sa.select(School).where(of_schools)):
        name, phone = contact_of_school(school)
        found[RecipientKind.SCHOOL, str(school.id)] = Reachable(
            name, school.province_code, phone, school.contact_email, school
        )
    return found | await _list_offices(session, wanted)


async def _list_offices(session: AsyncSession, wanted: IdsByKind) -> dict[tuple[RecipientKind, str], Reachable]:
    found: dict[tuple[RecipientKind, str], Reachable] = {}
    communes = sa.select(Commune).where(Commune.code.in_(wanted[RecipientKind.COMMUNE]))
    for commune in await session.scalars(communes):
        name = commune.contact_name or commune.full_name
        found[RecipientKind.COMMUNE, commune.code] = Reachable(
            name, commune.province_code, commune.contact_phone, commune.contact_email
        )
    units = sa.select(Unit).where(Unit.id.in_(_uuids(wanted[RecipientKind.UNIT])))
    for unit in await session.scalars(units):
        name = unit.contact_name or unit.name
        found[RecipientKind.UNIT, str(unit.id)] = Reachable(
            name, unit.province_code, unit.contact_phone, unit.contact_email
        )
    staff = sa.select(StaffMember).where(StaffMember.id.in_(_uuids(wanted[RecipientKind.STAFF])))
    for member in await session.scalars(staff):
        found[RecipientKind.STAFF, str(member.id)] = Reachable(
            member.full_name, member.province_code, member.phone, member.email
        )
    of_accounts = wanted[RecipientKind.ACCOUNT]
    accounts = sa.select(Account).where(Account.id.in_(_uuids(of_accounts)))
    bound = sa.select(RoleAssignment.account_id, RoleAssignment.province_code)
    provinces = dict((await session.execute(bound.where(RoleAssignment.account_id.in_(_uuids(of_accounts))))).all())
    for account in await session.scalars(accounts):
        found[RecipientKind.ACCOUNT, str(account.id)] = Reachable(
            account.display_name, provinces.get(account.id), None, account.email
        )
    return found


def _uuids(ids: set[str]) -> list[UUID]:
    return [UUID(each) for each in ids]
