"""Everything that is kept about an office's contact, an official or an account."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account, RoleAssignment
from roster_api.data_requests.export import Items, list_audit, list_requests_of, make_section, pick, pick_all
from roster_api.data_requests.models import SubjectKind
from roster_api.data_requests.repository import Whose
from roster_api.data_requests.schemas import PersonData
from roster_api.data_requests.stays import OF_KIND
from roster_api.data_requests.subjects import OFFICES, Subject
from roster_api.data_requests.training_export import list_groups_followed, list_training_of
from roster_api.database import Base
from roster_api.plans.frozen import open_contacts
from roster_api.plans.models import FrozenContact
from roster_api.registers.models import RegisterUpload
from roster_api.secondments.models import Secondment, SecondmentEvent, SecondmentRun
from roster_api.secondments.repository import list_joined
from roster_api.staff.models import StaffMember, Unit

OF_OFFICIAL = (
    "id", "code", "full_name", "position", "qualifications", "serving_since", "conduct", "conduct_note",
    "home_commune_code", "availability", "email", "phone", "created_at", "updated_at", "archived_at",
)  # fmt: skip
OF_ACCOUNT = ("id", "issuer", "subject", "email", "display_name", "created_at", "bound_at", "last_seen_at")
OF_ROLE = (
    "role", "province_code", "school_id", "commune_code", "unit_code", "valid_from", "valid_until", "granted_by",
    "revoked_at", "revoked_by",
)  # fmt: skip
ACTS_AT_MOST = 1000


async def collect_subject(session: AsyncSession, subject: Subject, *, messages: Items) -> PersonData:
    """`messages`: what the notifier has of them."""
    if subject.kind in OFFICES:
        found = await _of_contact(session, subject)
    elif subject.kind is SubjectKind.STAFF:
        found = await _of_official(session, subject.row)
    else:
        found = await _of_account(session, subject.row)
    found |= {
        "requests": await list_requests_of(session, Whose(subject.kind, subject.id)),
        "messages": messages,
        "audit": await list_audit(session, subject.id),
    }
    return PersonData(
        subject_kind=subject.kind,
        subject_id=subject.id,
        volunteer_id=None,
        collected_at=clock.now(),
        sections=[make_section(code, items) for code, items in found.items()],
        stays=list(OF_KIND[subject.kind]),
    )


async def _of_contact(session: AsyncSession, subject: Subject) -> dict[str, Items]:
    row = subject.row
    mine = {"office": subject.office, "full_name": row.contact_name, "phone": row.contact_phone}
    owner = {SubjectKind.SCHOOL_CONTACT: "school", SubjectKind.COMMUNE_CONTACT: "commune"}.get(subject.kind)
    query = sa.select(FrozenContact.id, FrozenContact.created_at).where(
        FrozenContact.owner_kind == (owner or ""), FrozenContact.owner_id == subject.id
    )
    moments = dict((await session.execute(query.order_by(FrozenContact.created_at))).all())
    opened = await open_contacts(session, set(moments))
    frozen = [
        {"created_at": at, "full_name": opened[key].name, "phone": opened[key].phone, "email": opened[key].email}
        for key, at in moments.items()
        if key in opened
    ]
    return {"contact": [mine | {"email": row.contact_email}], "frozen_contacts": frozen}


async def _of_official(session: AsyncSession, person: StaffMember) -> dict[str, Items]:
    unit = await session.get_one(Unit, person.unit_id)
    ids = list(await session.scalars(sa.select(Secondment.id).where(Secondment.staff_id == person.id)))
    return {
        "official": [pick(person, OF_OFFICIAL) | {"unit": unit.name, "branch": person.side}],
        "secondments": await _list_secondments(session, ids),
        "secondment_events": await _list_events(session, ids),
        "considered": await _list_considered(session, person.id),
        "training": await list_training_of(session, person.id),
        "registers": await _list_registers(session, person),
    }


async def _list_secondments(session: AsyncSession, ids: Sequence[UUID]) -> Items:
    names = (
        "kind",
        "status",
        "from_on",
        "until_on",
        "weekdays",
        "review_on",
        "legal_basis",
        "signer",
        "number",
        "started_on",
        "ended_on",
    )
    return [
        {"from_unit": sending.name, "to_unit": receiving.name, "post": post.title, "reason": row.reason_vi}
        | pick(row, names)
        for row, _person, post, sending, receiving in await list_joined(session, ids)
    ]


async def _list_events(session: AsyncSession, ids: Sequence[UUID]) -> Items:
    query = sa.select(SecondmentEvent).where(SecondmentEvent.secondment_id.in_(ids))
    rows = await session.scalars(query.order_by(SecondmentEvent.at, SecondmentEvent.number))
    return pick_all(
        rows.all(), ("kind", "at", "from_on", "until_on", "weekdays", "reason", "legal_basis", "recorded_by")
    )


async def _list_considered(session: AsyncSession, staff_id: UUID) -> Items:
    """Runs that asked whether they could be moved, and what was said of them."""
    named = SecondmentRun.considered.contains([{"staff_id": str(staff_id)}])
    query = sa.select(SecondmentRun.requested_at, SecondmentRun.considered).where(named)
    return [
        {"created_at": at, "is_candidate": each["is_candidate"], "reason": each["reason_vi"]}
        for at, considered in await session.execute(query.order_by(SecondmentRun.requested_at))
        for each in considered
        if each["staff_id"] == str(staff_id)
    ]


async def _list_registers(session: AsyncSession, person: StaffMember) -> Items:
    query = sa.select(RegisterUpload.file_name, RegisterUpload.created_at, RegisterUpload.rows).where(
        RegisterUpload.province_code == person.province_code, RegisterUpload.register_name == "staff",
        RegisterUpload.purged_at.is_(None),
    )  # fmt: skip
    return [
        {"file_name": name, "created_at": at, "status": row["status"], "row": row["values"]}
        for name, at, rows in await session.execute(query.order_by(RegisterUpload.created_at))
        for row in rows or ()
        if row.get("code") == person.code
    ]


async def _of_account(session: AsyncSession, account: Account) -> dict[str, Items]:
    roles = sa.select(RoleAssignment).where(RoleAssignment.account_id == account.id)
    held = (await session.scalars(roles.order_by(RoleAssignment.created_at, RoleAssignment.id))).all()
    return {
        "account": [pick(account, OF_ACCOUNT)],
        "roles": pick_all(held, OF_ROLE),
        "oversight_groups": await list_groups_followed(session, account.id),
        "acts": await _list_acts(session, account.id),
    }


async def _list_acts(session: AsyncSession, account_id: UUID) -> Items:
    """Every row that names them as who did something: each `*_by_id` of each table."""
    parts = [
        sa.select(
            sa.literal(table.name).label("table"),
            sa.literal(column.name.removesuffix("_id")).label("act"),
            sa.func.concat_ws("/", *(sa.cast(key, sa.Text) for key in table.primary_key)).label("row_id"),
        ).where(column == account_id)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_by_id")
    ]
    acts = sa.union_all(*parts).subquery()
    query = sa.select(acts).order_by(acts.c.table, acts.c.act, acts.c.row_id).limit(ACTS_AT_MOST)
    return [dict(row._mapping) for row in await session.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name
