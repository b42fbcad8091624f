"""Whose data a request is about: found within the asker's bounds, named, locked, corrected."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.access.scope import Conditions, province_scope
from roster_api.communes.models import Commune
from roster_api.data_requests.models import SubjectKind
from roster_api.errors import NotFoundError
from roster_api.schools.models import School
from roster_api.staff.models import StaffMember, Unit
from roster_api.staff.service import name_keys

TABLES: dict[SubjectKind, type[Any]] = {
    SubjectKind.SCHOOL_CONTACT: School,
    SubjectKind.COMMUNE_CONTACT: Commune,
    SubjectKind.UNIT_CONTACT: Unit,
    SubjectKind.STAFF: StaffMember,
    SubjectKind.ACCOUNT: Account,
}
OFFICES = frozenset({SubjectKind.SCHOOL_CONTACT, SubjectKind.COMMUNE_CONTACT, SubjectKind.UNIT_CONTACT})


@dataclass(frozen=True)
class Subject:
    """`row`: of the table that their data stands in. `office`: the name of who they are the contact of, or ''."""

    kind: SubjectKind
    id: str
    row: Any

    @property
    def name(self) -> str:
        if self.kind in OFFICES:
            return str(self.row.contact_name or "")
        return str(self.row.display_name if self.kind is SubjectKind.ACCOUNT else self.row.full_name)

    @property
    def office(self) -> str:
        if self.kind not in OFFICES:
            return ""
        return str(self.row.full_name if self.kind is SubjectKind.COMMUNE_CONTACT else self.row.name)

    @property
    def is_erased(self) -> bool:
        return getattr(self.row, "erased_at", None) is not None


async def get_subject(session: AsyncSession, *, principal: Principal, kind: SubjectKind, subject_id: str) -> Subject:
    """404 for who is missing, or outside the principal's bounds."""
    table = TABLES[kind]
    condition = _is_named(kind, subject_id)
    if condition is None or not _may_ask_about(principal, kind, subject_id):
        raise NotFoundError
    row = await session.scalar(sa.select(table).where(condition, *_scope(principal, kind)))
    if row is None:
        raise NotFoundError
    return Subject(kind, subject_id, row)


async def lock_subject(session: AsyncSession, *, kind: SubjectKind, subject_id: str) -> Subject:
    """Whoever asks, decides or changes the same one meanwhile waits. For who has seen that they may ask."""
    condition = _is_named(kind, subject_id)
    row = (
        None if condition is None else await session.scalar(sa.select(TABLES[kind]).where(condition).with_for_update())
    )
    if row is None:
        raise NotFoundError
    return Subject(kind, subject_id, row)


def _key_of(kind: SubjectKind) -> Any:
    return Commune.code if kind is SubjectKind.COMMUNE_CONTACT else TABLES[kind].id


def _is_named(kind: SubjectKind, subject_id: str) -> sa.ColumnElement[bool] | None:
    """None for what is no id."""
    if kind is SubjectKind.COMMUNE_CONTACT:
        return Commune.code == subject_id
    try:
        key = UUID(subject_id)
    except ValueError:
        return None
    is_same: sa.ColumnElement[bool] = TABLES[kind].id == key
    return is_same if str(key) == subject_id else None


def _may_ask_about(principal: Principal, kind: SubjectKind, subject_id: str) -> bool:
    """A school takes in what its own contact asks, a commune its own; Home Affairs everybody's."""
    if principal.role is Role.SCHOOL_COORDINATOR:
        return kind is SubjectKind.SCHOOL_CONTACT and subject_id == str(principal.school_id)
    if principal.role is Role.COMMUNE_OFFICER:
        return kind is SubjectKind.COMMUNE_CONTACT and subject_id == principal.commune_code
    return principal.is_admin


def _scope(principal: Principal, kind: SubjectKind) -> Conditions:
    if kind is not SubjectKind.ACCOUNT:
        return province_scope(principal, TABLES[kind].province_code)
    if principal.province_code is None:
        return []
    mine = RoleAssignment.account_id == Account.id
    elsewhere = RoleAssignment.province_code.is_distinct_from(principal.province_code)
    here = RoleAssignment.province_code == principal.province_code
    return [sa.exists().where(mine, here), sa.not_(sa.exists().where(mine, elsewhere))]


async def find_province_code(session: AsyncSession, subject: Subject) -> str | None:
    """Whose Home Affairs answers: an account's with roles in one province is that one's, any other the nation's."""
    if subject.kind is not SubjectKind.ACCOUNT:
        return str(subject.row.province_code)
    query = sa.select(RoleAssignment.province_code).where(RoleAssignment.account_id == subject.row.id).distinct()
    codes = list(await session.scalars(query))
    return codes[0] if len(codes) == 1 else None


async def load_subjects(
    session: AsyncSession, named: Iterable[tuple[SubjectKind, str]]
) -> dict[tuple[SubjectKind, str], Subject]:
    """Whatever the bounds: for who has seen that there is a request about them."""
    ids: dict[SubjectKind, set[str]] = defaultdict(set)
    for kind, subject_id in named:
        ids[kind].add(subject_id)
    found: dict[tuple[SubjectKind, str], Subject] = {}
    for kind, wanted in ids.items():
        keys: Sequence[Any] = list(wanted) if kind is SubjectKind.COMMUNE_CONTACT else [UUID(each) for each in wanted]
        for row in await session.scalars(sa.select(TABLES[kind]).where(_key_of(kind).in_(keys))):
            key = str(row.code if kind is SubjectKind.COMMUNE_CONTACT else row.id)
            found[kind, key] = Subject(kind, key, row)
    return found


def correct(subject: Subject, fields: dict[str, str]) -> None:
    """Name, phone, e-mail; an account has no phone, and its e-mail is the issuer's until it signed in."""
    row = subject.row
    if subject.kind in OFFICES:
        names = {"full_name": "contact_name", "phone": "contact_phone", "email": "contact_email"}
    elif subject.kind is SubjectKind.STAFF:
        names = {"full_name": "full_name", "phone": "phone", "email": "email"}
    else:
        names = {"full_name": "display_name", "email": "email"}
    for field, value in fields.items():
        if field in names:
            setattr(row, names[field], value.casefold() if names[field] == "email" and _is_account(subject) else value)
    if subject.kind is SubjectKind.STAFF and "full_name" in fields:
        for name, key in name_keys(StaffMember, row.full_name, row.code).items():
            setattr(row, name, key)


def _is_account(subject: Subject) -> bool:
    return subject.kind is SubjectKind.ACCOUNT
