"""Erasing an office's contact, an official or an account: what is emptied here, in the request's transaction.

As of volunteers: the entry of the audit says that somebody was erased, and the notifier empties its own by a job.
"""

import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.jobs import FORGET_PERSON
from commune_schemas.notices import Recipient, RecipientKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import RoleAssignment
from roster_api.audit.changes import changes_of
from roster_api.data_requests.erasure import ERASED_NAME, ERASED_REASON
from roster_api.data_requests.models import DataRequest, SubjectKind
from roster_api.data_requests.subjects import OFFICES, Subject
from roster_api.errors import ConflictError
from roster_api.notices.unsubscribing import forget_unsubscribed
from roster_api.outbox import service as outbox
from roster_api.plans.frozen import open_contacts
from roster_api.plans.models import FrozenContact
from roster_api.registers.models import RegisterUpload
from roster_api.rosters.models import UploadStatus
from roster_api.secondments.models import Secondment, SecondmentEvent, SecondmentRun, SecondmentStatus
from roster_api.staff.models import Availability, StaffMember
from roster_api.staff.service import name_keys

RECIPIENTS = {
    SubjectKind.SCHOOL_CONTACT: RecipientKind.SCHOOL,
    SubjectKind.COMMUNE_CONTACT: RecipientKind.COMMUNE,
    SubjectKind.UNIT_CONTACT: RecipientKind.UNIT,
    SubjectKind.STAFF: RecipientKind.STAFF,
    SubjectKind.ACCOUNT: RecipientKind.ACCOUNT,
}
OVER = (SecondmentStatus.RETURNED.value, SecondmentStatus.ENDED_EARLY.value, SecondmentStatus.DISCARDED.value)
IN_HAND = {UploadStatus.UPLOADED.value, UploadStatus.READING.value, UploadStatus.IN_REVIEW.value}
OF_REGISTER = dict.fromkeys(("content", "rows", "refusal", "mapping", "mapping_asked", "choices", "undo"))
OF_OTHERS = frozenset(
    {"posts", "post", "commune", "field", "fields", "unit", "unit_code", "rule", "kind", "dist_m", "forbid", "policy"}
)
"""Fields of a run's documents that hold other codes than people's: one of those may be spelt alike."""
WORDS = frozenset({"vi", "en", "reason_vi", "reason_en"})
NO_ADDRESS = "{}@erased.invalid"


def recipient_of(kind: SubjectKind, subject_id: str) -> Recipient:
    """Whom their messages are to."""
    return Recipient(kind=RECIPIENTS[kind], id=subject_id)


async def erase_subject(session: AsyncSession, request: DataRequest, subject: Subject) -> None:
    """409 while something in force needs them: a role that holds, a decision that runs, a register in review."""
    counts: dict[str, int] = {
        "unsubscriptions": await forget_unsubscribed(session, recipient_of(subject.kind, subject.id))
    }
    wanted: dict[str, Any] | None = None
    if subject.kind in OFFICES:
        wanted = {name: getattr(subject.row, f"contact_{name}") for name in ("name", "phone", "email")}
        counts["frozen_contacts"] = await _destroy_frozen(session, subject)
        for name in wanted:
            setattr(subject.row, f"contact_{name}", None)
        counts["contact"] = 1
    elif subject.kind is SubjectKind.STAFF:
        counts |= await _erase_official(session, subject.row)
    else:
        await _erase_account(session, subject.row)
        counts["account"] = 1
    changes_of(session).note_values(subject.row.__tablename__, subject.id, "erase", {})
    request.outbox_id = await outbox.append(
        session, topic=FORGET_PERSON, args={"request_id": str(request.id)}, id_argument="outbox_id"
    )
    request.outcome, request.wanted = {"roster": counts}, wanted
    await session.flush()


async def _destroy_frozen(session: AsyncSession, subject: Subject) -> int:
    """The keys of what published plans say of this contact; an earlier contact of the office is somebody else."""
    owner = {SubjectKind.SCHOOL_CONTACT: "school", SubjectKind.COMMUNE_CONTACT: "commune"}.get(subject.kind)
    if owner is None:
        return 0
    of_office = (FrozenContact.owner_kind == owner, FrozenContact.owner_id == subject.id)
    ids = set(await session.scalars(sa.select(FrozenContact.id).where(*of_office)))
    row = subject.row
    theirs = [
        contact_id
        for contact_id, contact in (await open_contacts(session, ids)).items()
        if (contact.phone and contact.phone == row.contact_phone)
        or (contact.email and contact.email == row.contact_email)
        or (contact.name and contact.name == row.contact_name)
    ]
    gone = sa.update(FrozenContact).where(FrozenContact.id.in_(theirs)).values(wrapped_key=None)
    await session.execute(gone.execution_options(synchronize_session=False))
    return len(theirs)


async def _erase_official(session: AsyncSession, person: StaffMember) -> dict[str, int]:
    going_on = sa.select(Secondment.id).where(Secondment.staff_id == person.id, Secondment.status.not_in(OVER))
    if await session.scalar(going_on.limit(1)):
        raise ConflictError(
            "data_request.secondment_in_force",
            vi="Người này có quyết định điều động, biệt phái chưa kết thúc. Hãy kết thúc hoặc bỏ quyết định đó trước.",
            en="A secondment of this person is not over. End or discard it first.",
        )
    code, erased_code = person.code, f"xoa-{person.id.hex}"
    counts = {
        "registers": await _purge_registers(session, person.province_code, code),
        "runs": await _rename_in_runs(session, person, erased_code),
        "reasons": await _empty_reasons(session, person.id),
        "person": 1,
    }
    empty = ("position", "serving_since", "conduct", "conduct_note", "home_commune_code", "email", "phone")
    for name in empty:
        setattr(person, name, None)
    person.full_name, person.code, person.qualifications = ERASED_NAME, erased_code, []
    person.availability = Availability.NONE.value
    for name, key in name_keys(StaffMember, ERASED_NAME, erased_code).items():
        setattr(person, name, key)
    person.erased_at = sa.func.now()
    person.archived_at = person.archived_at or sa.func.now()
    await session.flush()
    await session.refresh(person)
    return counts


async def _purge_registers(session: AsyncSession, province_code: str, code: str) -> int:
    """Every register that names them goes as a whole, and what could not be read: who is in it, nobody knows."""
    query = sa.select(RegisterUpload.id, RegisterUpload.status, RegisterUpload.rows).where(
        RegisterUpload.province_code == province_code,
        RegisterUpload.register_name == "staff",
        RegisterUpload.purged_at.is_(None),
    )
    naming = []
    for upload_id, status, rows in await session.execute(query):
        if rows is not None and not any(row.get("code") == code for row in rows):
            continue
        if status in IN_HAND:
            raise ConflictError(
                "data_request.list_in_hand",
                vi="Một sổ cán bộ đang được đọc hoặc chờ xem lại có thể đưa người này trở lại. Hãy ghi hoặc hủy sổ đó.",
                en="A register that is read or in review may bring this person back. Commit or cancel it first.",
            )
        naming.append(upload_id)
    gone = sa.update(RegisterUpload).where(RegisterUpload.id.in_(naming))
    await session.execute(gone.values(**OF_REGISTER, file_name="", purged_at=sa.func.now()))
    return len(naming)


async def _rename_in_runs(session: AsyncSession, person: StaffMember, erased_code: str) -> int:
    """In frozen problems, answers and reasons people are codes: theirs is another now, the same in all of them."""
    is_considered = SecondmentRun.considered.contains([{"staff_id": str(person.id)}])
    columns = ("document", "considered", "solution", "explanations")
    query = sa.select(SecondmentRun.id, *(getattr(SecondmentRun, name) for name in columns)).where(is_considered)
    rows = (await session.execute(query.with_for_update())).all()
    for row in rows:
        values = {name: _renamed(getattr(row, name), person.code, erased_code) for name in columns}
        await session.execute(sa.update(SecondmentRun).where(SecondmentRun.id == row.id).values(values))
    return len(rows)


def _renamed(part: Any, code: str, erased_code: str, *, under: str = "") -> Any:
    """The same with another code for the person: wherever it stands for them, and where words name it."""
    if isinstance(part, dict):
        return {
            name: value if name in OF_OTHERS else _renamed(value, code, erased_code, under=name)
            for name, value in part.items()
        }
    if isinstance(part, list) and under == "moves" and all(isinstance(move, list) for move in part):
        return [[_renamed(move[0], code, erased_code), *move[1:]] for move in part]
    if isinstance(part, list):
        return [_renamed(each, code, erased_code, under=under) for each in part]
    if isinstance(part, str) and under in WORDS:
        return re.sub(rf"(?<![\w-]){re.escape(code)}(?![\w-])", erased_code, part)
    return erased_code if part == code else part


async def _empty_reasons(session: AsyncSession, staff_id: UUID) -> int:
    """A decision stands under the id; why this person may speak of them. What happened to it is only ever added to."""
    mine = sa.update(Secondment).where(Secondment.staff_id == staff_id).returning(Secondment.id)
    changed = await session.scalars(mine.values(reason_vi=ERASED_REASON, reason_en=ERASED_REASON))
    ids = list(changed.all())
    return len(ids)


async def list_occasions(session: AsyncSession, staff_id: str) -> list[UUID]:
    """Acts of telling that named this official to units."""
    query = (
        sa.select(SecondmentEvent.occasion_id)
        .join(Secondment, Secondment.id == SecondmentEvent.secondment_id)
        .where(Secondment.staff_id == UUID(staff_id), SecondmentEvent.occasion_id.is_not(None))
        .distinct()
    )
    return sorted(each for each in await session.scalars(query) if each is not None)


async def _erase_account(session: AsyncSession, account: Any) -> None:
    goes_on = sa.select(RoleAssignment.id).where(
        RoleAssignment.account_id == account.id, RoleAssignment.revoked_at.is_(None),
        sa.or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > sa.func.now()),
    )  # fmt: skip
    if await session.scalar(goes_on.limit(1)):
        raise ConflictError(
            "data_request.holds_roles",
            vi="Tài khoản này còn vai trò. Hãy thu hồi hết vai trò, rồi làm lại.",
            en="The account still holds roles. Revoke them all, then repeat.",
        )
    account.email = NO_ADDRESS.format(account.id)
    account.display_name, account.subject, account.bound_at = ERASED_NAME, None, None
    account.erased_at = sa.func.now()
    await session.flush()
    await session.refresh(account)
