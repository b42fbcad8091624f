"""Many volunteers who cannot serve any more, in one request: all of them, or none and why."""

from collections.abc import Sequence
from uuid import UUID

from commune_schemas.problem import FieldError
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, pointer_error
from roster_api.volunteers import repository
from roster_api.volunteers.models import Volunteer, VolunteerStatus
from roster_api.volunteers.schemas import WithdrawalResult


async def withdraw_volunteers(
    session: AsyncSession, *, principal: Principal, volunteer_ids: Sequence[UUID], reason: str | None = None
) -> list[WithdrawalResult]:
    """One result an id, in their order; being withdrawn already is fine, and an id named twice is one person.

    409 with an error for each id that is unknown to the principal or archived; then nobody is withdrawn.
    """
    ids = list(dict.fromkeys(volunteer_ids))
    rows = await repository.find_volunteers_for_update(session, principal=principal, ids=ids)
    errors = [error for number, one in enumerate(volunteer_ids) if (error := _refusal(number, rows.get(one)))]
    if errors:
        raise ConflictError(
            "volunteers.none_withdrawn",
            vi=f"Chưa ai được rút: {len(errors)} người trong danh sách không rút được. Sửa danh sách rồi gửi lại.",
            en=f"Nobody was withdrawn: {len(errors)} of the list cannot be. Mend the list, then send it again.",
            errors=errors,
        )
    results = [
        WithdrawalResult(volunteer_id=one, was=VolunteerStatus(rows[one].status), status=VolunteerStatus.WITHDRAWN)
        for one in ids
    ]
    for row in rows.values():
        if row.status == VolunteerStatus.WITHDRAWN.value:
            write_reason(row, reason)
        else:
            row.status = VolunteerStatus.WITHDRAWN.value
            write_withdrawal(row, principal, reason)
    await session.flush()
    return results


def write_withdrawal(row: Volunteer, principal: Principal | None, reason: str | None) -> None:
    """Who said it, when and why. `principal`: None for who serves again: nothing of it is kept."""
    row.withdrawn_at = clock.now() if principal else None
    row.withdrawn_by = principal.label if principal else None
    row.withdrawal_reason = reason if principal else None


def write_reason(row: Volunteer, reason: str | None) -> None:
    """Of who is withdrawn already, where one is given now."""
    if row.status == VolunteerStatus.WITHDRAWN.value and reason and reason != row.withdrawal_reason:
        row.withdrawal_reason = reason


def _refusal(number: int, row: Volunteer | None) -> FieldError | None:
    pointer = f"/volunteer_ids/{number}"
    if row is None:
        return pointer_error(
            pointer, code="volunteer.unknown", vi="Không có người này.", en="There is no such volunteer."
        )
    if row.status == VolunteerStatus.ARCHIVED.value:
        return pointer_error(
            pointer,
            code="volunteer.transition",
            vi="Người này đã ra khỏi danh sách, không rút được nữa.",
            en="This volunteer is off the roster and cannot be withdrawn.",
        )
    return None
