"""Decisions about volunteers: who is on a roster, and in which state.

active <-> withdrawn (cannot serve; stays known), either -> archived (off the roster) -> restored to active.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.communes.models import Commune
from roster_api.errors import ConflictError, InvalidError, NotFoundError, invalid_field, pointer_error
from roster_api.etags import check_version
from roster_api.fields.repository import list_field_codes
from roster_api.schools.repository import find_school
from roster_api.state_words import refuse_state
from roster_api.volunteers import repository
from roster_api.volunteers.bulk import name_keys
from roster_api.volunteers.models import Volunteer, VolunteerStatus
from roster_api.volunteers.own_words import let_go
from roster_api.volunteers.schemas import (
    HIDDEN,
    AbsenceWrite,
    VolunteerCreate,
    VolunteerPatch,
    VolunteerRead,
)
from roster_api.volunteers.withdrawing import write_reason, write_withdrawal


def read_volunteer(row: Volunteer, *, principal: Principal) -> VolunteerRead:
    """Phone, e-mail and notes on absences only to those who may see them."""
    answer = VolunteerRead.model_validate(row)
    if principal.may_see_contacts_of_school(row.school_id):
        return answer
    absences = [absence.model_copy(update={"note": None}) for absence in answer.absences]
    withdrawal = answer.withdrawal and answer.withdrawal.model_copy(update={"reason": None})
    return answer.model_copy(update={**HIDDEN, "absences": absences, "withdrawal": withdrawal})


async def get_volunteer(
    session: AsyncSession, *, principal: Principal, volunteer_id: UUID, for_update: bool = False
) -> Volunteer:
    """404 for a volunteer who is missing or outside the principal's scope."""
    row = await repository.find_volunteer(
        session, principal=principal, volunteer_id=volunteer_id, for_update=for_update
    )
    if row is None:
        raise NotFoundError
    return row


async def refuse_unknown_home(session: AsyncSession, code: str | None) -> None:
    if code is not None and await session.get(Commune, code) is None:
        raise invalid_field(
            "/home_commune_code", code="commune.unknown", vi="Không có xã này.", en="There is no such commune."
        )


async def refuse_unknown_fields(session: AsyncSession, skills: dict[str, int]) -> None:
    known = set(await list_field_codes(session))
    errors = [
        pointer_error(
            f"/skills/{field}",
            code="field.unknown",
            vi=f"Không có lĩnh vực '{field}'.",
            en=f"No field '{field}'.",
        )
        for field in skills
        if field not in known
    ]
    if errors:
        raise InvalidError(
            "field.unknown", vi="Có mã lĩnh vực không đúng.", en="Some field codes are unknown.", errors=errors
        )


async def _refuse_shared_phone(
    session: AsyncSession, *, school_id: UUID, phone: str | None, besides: UUID | None = None
) -> None:
    """409 when another active person of the school has this number: one of them would get the other's messages."""
    if phone is None:
        return
    other = await repository.find_active_with_phone(session, school_id=school_id, phone=phone, besides=besides)
    if other is not None:
        raise ConflictError(
            "volunteer.phone_taken",
            vi="Một người khác đang tham gia của trường đã có số điện thoại này. Nếu là cùng một người, hãy sửa người"
            " đó; nếu là hai người, mỗi người cần số riêng.",
            en="Another active volunteer of the school has this phone. If it is the same person, change that one; if"
            " there are two, each needs a number of their own.",
            errors=[
                pointer_error(
                    "/phone",
                    code="volunteer.phone_taken",
                    vi="Số điện thoại này đã có người khác của trường dùng.",
                    en="Another volunteer of the school has this phone.",
                )
            ],
            facts={"volunteer_id": str(other)},
        )


async def create_volunteer(session: AsyncSession, *, principal: Principal, body: VolunteerCreate) -> Volunteer:
    school = await find_school(session, principal=principal, school_id=body.school_id)
    if school is None or school.archived_at is not None:
        raise invalid_field("/school_id", code="school.unknown", vi="Không có trường này.", en="No such school.")
    await refuse_unknown_fields(session, body.skills)
    await refuse_unknown_home(session, body.home_commune_code)
    await _refuse_shared_phone(session, school_id=school.id, phone=body.phone)
    values = body.model_dump() | {"role": body.role.value}
    row = Volunteer(**values, **name_keys(body.full_name))
    session.add(row)
    await session.flush()
    return row


async def change_volunteer(
    session: AsyncSession, *, principal: Principal, volunteer_id: UUID, if_match: str, patch: VolunteerPatch
) -> Volunteer:
    row = await get_volunteer(session, principal=principal, volunteer_id=volunteer_id, for_update=True)
    check_version(row, if_match)
    await write_changes(session, row, patch)
    return row


async def write_changes(session: AsyncSession, row: Volunteer, patch: VolunteerPatch) -> None:
    """To a row that the caller has locked."""
    _refuse_erased(row)
    changes: dict[str, Any] = patch.changes()
    if "skills" in changes:
        await refuse_unknown_fields(session, changes["skills"])
    await refuse_unknown_home(session, changes.get("home_commune_code"))
    if changes.get("phone") not in (None, row.phone) and row.status == VolunteerStatus.ACTIVE.value:
        await _refuse_shared_phone(session, school_id=row.school_id, phone=changes["phone"], besides=row.id)
    if "full_name" in changes:
        changes |= name_keys(changes["full_name"])
    if "role" in changes:
        changes["role"] = changes["role"].value
    let_go(row, [name for name, value in changes.items() if value != getattr(row, name)])
    for name, value in changes.items():
        setattr(row, name, value)
    await session.flush()


def _refuse_erased(row: Volunteer) -> None:
    if row.erased_at is not None:
        raise ConflictError(
            "volunteer.erased",
            vi="Dữ liệu của người này đã được xóa theo yêu cầu. Nếu họ tham gia lại, hãy thêm như người mới.",
            en="This person's data was erased on request. If they take part again, add them as somebody new.",
        )


def absences_to_keep(absences: Iterable[AbsenceWrite]) -> list[dict[str, Any]]:
    """The column's value, by day."""
    return [
        {
            "starts_on": one.starts_on.isoformat(),
            "ends_on": one.last_day.isoformat(),
            "kind": one.kind.value,
            "note": one.note,
        }
        for one in sorted(absences, key=lambda one: one.starts_on)
    ]


async def declare_absences(
    session: AsyncSession,
    *,
    principal: Principal,
    volunteer_id: UUID,
    if_match: str | None,
    absences: list[AbsenceWrite],
) -> Volunteer:
    """Replaces the person's absences, all or none; the same again changes nothing. Plans already made stay."""
    row = await get_volunteer(session, principal=principal, volunteer_id=volunteer_id, for_update=True)
    _refuse_erased(row)
    if if_match is not None:
        check_version(row, if_match)
    declared = absences_to_keep(absences)
    if declared != row.absences:
        let_go(row, ["absences"])
        row.absences = declared
        await session.flush()
    return row


PERSON = ("Người này", "The person")
ALLOWED_BEFORE = {
    VolunteerStatus.ACTIVE: {VolunteerStatus.WITHDRAWN, VolunteerStatus.ARCHIVED},
    VolunteerStatus.WITHDRAWN: {VolunteerStatus.ACTIVE},
    VolunteerStatus.ARCHIVED: {VolunteerStatus.ACTIVE, VolunteerStatus.WITHDRAWN},
}


async def move_volunteer(
    session: AsyncSession, *, principal: Principal, volunteer_id: UUID, to: VolunteerStatus, reason: str | None = None
) -> Volunteer:
    """Withdraws, archives or restores; being there already is fine; an archived person cannot withdraw (409).

    `reason`: of a withdrawal; one that is given later takes the place of what was said before.
    """
    row = await get_volunteer(session, principal=principal, volunteer_id=volunteer_id, for_update=True)
    if row.status == to.value:
        write_reason(row, reason)
        await session.flush()
        return row
    _refuse_erased(row)
    if VolunteerStatus(row.status) not in ALLOWED_BEFORE[to]:
        before = tuple(status for status, after in ALLOWED_BEFORE.items() if to in after)
        raise refuse_state("volunteer.transition", thing=PERSON, state=row.status, wanted=before)
    if to is VolunteerStatus.ACTIVE:
        await _refuse_shared_phone(session, school_id=row.school_id, phone=row.phone, besides=row.id)
    row.status = to.value
    if to is not VolunteerStatus.ARCHIVED:
        write_withdrawal(row, principal if to is VolunteerStatus.WITHDRAWN else None, reason)
    await session.flush()
    return row
