"""Inviting the incomplete, and reminding the silent once: rows and the outbox row in one transaction, or nothing."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import structlog
from commune_schemas.amounts import amount
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.audit.changes import changes_of
from roster_api.consents.service import list_withdrawn
from roster_api.errors import ConflictError, InvalidError, NotFoundError, pointer_error
from roster_api.invitations import repository
from roster_api.invitations.models import InvitationRound, RoundKind
from roster_api.invitations.repository import Asked
from roster_api.invitations.schemas import InvitationState, InvitedRead, SkippedPerson
from roster_api.outbox import service as outbox
from roster_api.schools.models import School

log = structlog.get_logger(__name__)
SHOWN = 200
OPEN = {InvitationState.INVITED, InvitationState.REMINDED}
NO_CONTACT = ("invitation.no_contact", "Không có số điện thoại lẫn email: hãy bổ sung, hoặc khai thay.",
              "There is neither a phone nor an e-mail: add one, or fill in for them.")  # fmt: skip
WITHDREW = ("invitation.withdrew", "Người này đã rút lại đồng ý nhận tin: hãy gọi, hoặc khai thay.",
            "Withdrew the consent to be written to: telephone, or fill in for them.")  # fmt: skip
ALREADY = ("invitation.already", "Đã được mời và liên kết còn hiệu lực: có thể nhắc một lần.",
           "Invited already, and the link is open: may be reminded once.")  # fmt: skip


async def invite(
    session: AsyncSession, principal: Principal, *, school_id: UUID, ids: Sequence[UUID] | None, days: int
) -> InvitedRead:
    """Everybody chosen, or incomplete and not asked yet, is sent a link. 409 when that is nobody; then nothing happens.

    Whoever answered, declined, or let a link run out is asked again only by name.
    """
    await _lock(session, principal, school_id)
    people = await _list_chosen(session, school_id=school_id, ids=ids)
    if ids is None:
        people = [one for one in people if one.is_incomplete and one.state in OPEN | {InvitationState.NOT_INVITED}]
    withdrawn = await list_withdrawn(session, [one.id for one in people])
    skipped = [found for one in people if (found := _reason(one, withdrawn))]
    left_out = {one.volunteer_id for one in skipped}
    wanted = [one.id for one in people if one.id not in left_out]
    if not wanted:
        raise ConflictError(
            "invitation.nobody",
            vi=f"Không còn ai để mời: {_count_vi(skipped)}.",
            en=f"Nobody is left to invite: {_count_en(skipped)}.",
            facts={"skipped": [one.model_dump(mode="json") for one in skipped[:SHOWN]]},
        )
    row = await _open_round(session, principal, school_id=school_id, kind=RoundKind.INVITATION)
    invited = await repository.add_invitations(
        session, school_id=school_id, round_id=row.id, ids=wanted, days=days
    )  # fmt: skip
    return await _send(session, row, invited, skipped)


async def remind(
    session: AsyncSession, principal: Principal, *, school_id: UUID, ids: Sequence[UUID] | None, days: int
) -> InvitedRead:
    """Who was invited and has not answered is told once more, and no oftener: 409 says who was reminded when."""
    await _lock(session, principal, school_id)
    people = await _list_chosen(session, school_id=school_id, ids=ids)
    silent = [one for one in people if one.state is InvitationState.INVITED and (ids is not None or one.is_incomplete)]
    withdrawn = await list_withdrawn(session, [one.id for one in silent])
    skipped = [_skip(one, WITHDREW) for one in silent if one.id in withdrawn]
    skipped += [_skip(one, NO_CONTACT) for one in silent if one.id not in withdrawn and not one.has_contact]
    left_out = {one.volunteer_id for one in skipped}
    wanted = [one.invitation_id for one in silent if one.id not in left_out and one.invitation_id is not None]
    if not wanted:
        reminded = sum(one.state is InvitationState.REMINDED for one in people)
        raise ConflictError(
            "invitation.nobody_to_remind",
            vi=f"Không còn ai để nhắc: {reminded} người chưa trả lời đều đã được nhắc một lần. Hãy gọi điện, hoặc khai"
            " thay.",
            en=f"Nobody is left to remind: {amount(reminded, 'person was', 'people were')} reminded once, and did not"
            " answer. Telephone, or fill in for them.",
            facts={"reminded": reminded},
        )
    row = await _open_round(session, principal, school_id=school_id, kind=RoundKind.REMINDER)
    told = await repository.mark_reminded(session, reminder_id=row.id, invitation_ids=wanted, days=days)
    return await _send(session, row, told, skipped)


async def _lock(session: AsyncSession, principal: Principal, school_id: UUID) -> School:
    school = await repository.lock_school(session, principal=principal, school_id=school_id)
    if school is None:
        raise NotFoundError
    return school


async def _list_chosen(session: AsyncSession, *, school_id: UUID, ids: Sequence[UUID] | None) -> list[Asked]:
    """422 that names whoever is not an active person of the school."""
    people = await repository.list_asked(session, school_id=school_id, ids=ids)
    known = {one.id for one in people}
    errors = [
        pointer_error(
            f"/volunteer_ids/{number}", code="volunteer.unknown",
            vi="Trường không có người này đang tham gia.", en="The school has no such active person.",
        )
        for number, one in enumerate(ids or ()) if one not in known
    ]  # fmt: skip
    if errors:
        raise InvalidError(
            "volunteer.unknown",
            vi=f"Có {len(errors)} người không thuộc danh sách đang tham gia của trường; chưa ai được mời hay nhắc.",
            en=f"{amount(len(errors), 'person is', 'people are')} not active on the school's roster;"
            " nobody was invited or reminded.",
            errors=errors,
        )
    return people


def _reason(one: Asked, withdrawn: set[UUID]) -> SkippedPerson | None:
    if one.state in OPEN:
        return _skip(one, ALREADY)
    if one.id in withdrawn:
        return _skip(one, WITHDREW)
    return None if one.has_contact else _skip(one, NO_CONTACT)


def _skip(one: Asked, words: tuple[str, str, str]) -> SkippedPerson:
    code, vi, en = words
    return SkippedPerson.model_validate(
        {"volunteer_id": one.id, "full_name": one.full_name, "code": code, "vi": vi, "en": en}
    )


def _counts(skipped: Sequence[SkippedPerson]) -> dict[str, int]:
    return {code: sum(one.code == code for one in skipped) for code, _, _ in (ALREADY, NO_CONTACT, WITHDREW)}


def _count_vi(skipped: Sequence[SkippedPerson]) -> str:
    already, silent, withdrew = _counts(skipped).values()
    return f"{already} người đã được mời, {silent} người không có liên hệ, {withdrew} người đã rút đồng ý nhận tin"


def _count_en(skipped: Sequence[SkippedPerson]) -> str:
    already, silent, withdrew = _counts(skipped).values()
    return f"{already} are invited, {silent} have no contact, {withdrew} withdrew the consent to be written to"


async def _open_round(
    session: AsyncSession, principal: Principal, *, school_id: UUID, kind: RoundKind
) -> InvitationRound:
    row = InvitationRound(id=uuid4(), school_id=school_id, kind=kind.value, asked_by=principal.label)
    session.add(row)
    await session.flush()
    return row


async def _send(
    session: AsyncSession, row: InvitationRound, people: Sequence[UUID], skipped: Sequence[SkippedPerson]
) -> InvitedRead:
    """By an outbox row of the same transaction: told by both channels once, or nobody is invited at all."""
    noted = changes_of(session)
    noted.subjects.update(dict.fromkeys(str(one) for one in people))
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.INVITATION.value, "source_id": str(row.id)},
        id_argument="outbox_id",
    )
    log.info("invitations.sent", round_id=str(row.id), kind=row.kind, people=len(people), skipped=len(skipped))
    return InvitedRead(id=row.id, people=len(people), skipped=list(skipped[:SHOWN]), skipped_people=len(skipped))
