"""Erasing a person: what is emptied here, in one transaction; what stays, and why.

Statements over tables, not rows by rows: an entry of the audit tells that a person was erased, and no value of theirs.
The notifier empties its own tables by a job, which comes again until it says that it is done.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.jobs import FORGET_PERSON
from commune_schemas.notices import Recipient, RecipientKind
from sqlalchemy.dialects.postgresql import ARRAY, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.links import revoke_links
from roster_api.answers.models import PlacementAnswer, Vacancy
from roster_api.attendance.models import AttendanceTick
from roster_api.audit.changes import changes_of
from roster_api.data_requests.models import DataRequest
from roster_api.decisions.models import Decision
from roster_api.errors import ConflictError
from roster_api.evaluations.models import Evaluation
from roster_api.invitations.repository import close_invitations
from roster_api.notices.unsubscribing import forget_unsubscribed
from roster_api.outbox import service as outbox
from roster_api.rosters.models import RosterUpload, RosterUploadRow, UploadStatus
from roster_api.service_papers.models import ServicePaper
from roster_api.volunteers.bulk import name_keys
from roster_api.volunteers.models import MAX_DISTANCE_M_DEFAULT, Volunteer, VolunteerStatus

ERASED_NAME = "(đã xóa dữ liệu)"
ERASED_REASON = "(đã xóa theo yêu cầu) · (erased on request)"
IN_HAND = (UploadStatus.UPLOADED.value, UploadStatus.READING.value, UploadStatus.COMMITTING.value)


async def erase_person(session: AsyncSession, request: DataRequest, person: Volunteer) -> dict[str, int]:
    """Empties every row about them, and asks for the same at the notifier. How many rows, by kind.

    409 while a list of their school is being read or written: it might bring them back.
    """
    await _refuse_while_a_list_is_in_hand(session, person.school_id)
    stood_in = await _list_stand_in_of(session, person.full_name)
    counts = {
        "uploads": await _purge_uploads(session, person),
        "links": len(await revoke_links(session, volunteer_id=person.id, campaign_id=None)),
        "unsubscriptions": await forget_unsubscribed(
            session, Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.id))
        ),
        "invitations": await close_invitations(session, volunteer_id=person.id),
        "reasons": await _run(session, _without_reasons(person.id)),
        "words_of_ticks": await _run(session, _without_words_of_ticks(person.id)),
        "stand_ins": await _run(session, _without_stand_ins(person.id, stood_in)),
        "evaluations": await _run(session, _without_evaluations(person.id)),
        "revoked_papers": await _run(session, _without_names_on_revoked(person.id)),
        "decisions": await _run(session, _without_words(person.id)),
        "person": await _run(session, _without_person(person.id)),
    }
    changes_of(session).note_values("volunteers", person.id, "erase", {})
    request.outbox_id = await outbox.append(
        session, topic=FORGET_PERSON, args={"request_id": str(request.id)}, id_argument="outbox_id"
    )
    request.outcome = {"roster": counts, "stood_in": [str(answer) for answer in stood_in]}
    await session.flush()
    await session.refresh(person)
    return counts


async def list_answers_about(session: AsyncSession, request: DataRequest) -> list[UUID]:
    """Sources of messages to schools that name the person: that they cannot go, or that they could step in."""
    own = await session.scalars(
        sa.select(PlacementAnswer.id).where(PlacementAnswer.volunteer_id == request.volunteer_id)
    )
    stood_in = [UUID(answer) for answer in (request.outcome or {}).get("stood_in", [])]
    return sorted({*own, *stood_in})


async def _refuse_while_a_list_is_in_hand(session: AsyncSession, school_id: UUID) -> None:
    query = sa.select(RosterUpload.id).where(
        RosterUpload.school_id == school_id, RosterUpload.status.in_(IN_HAND), RosterUpload.purged_at.is_(None)
    )
    if await session.scalar(query.limit(1)):
        raise ConflictError(
            "data_request.list_in_hand",
            vi="Trường này có danh sách đang được đọc hoặc ghi, có thể đưa người này trở lại. Đợi xong rồi làm lại.",
            en="A list of the school is being read or written: it might bring the person back. Wait, then repeat.",
        )


async def _purge_uploads(session: AsyncSession, person: Volunteer) -> int:
    """Every list that names them goes as a whole: a file cannot be emptied in part. What it came to stays."""
    names_them = sa.or_(RosterUploadRow.volunteer_id == person.id, RosterUploadRow.shown_name == person.full_name)
    naming = (
        sa.select(RosterUploadRow.upload_id)
        .join(RosterUpload, RosterUpload.id == RosterUploadRow.upload_id)
        .where(RosterUpload.school_id == person.school_id, names_them)
        .distinct()
    )
    ids = list(await session.scalars(naming))
    if not ids:
        return 0
    await session.execute(sa.delete(RosterUploadRow).where(RosterUploadRow.upload_id.in_(ids)))
    empty = dict.fromkeys(
        ("content", "undo", "mapping", "errors", "repairs", "doubts", "refusal", "choices", "mapping_asked")
    )
    gone = sa.update(RosterUpload).where(RosterUpload.id.in_(ids))
    values: dict[str, Any] = {**empty, "file_name": "", "purged_at": sa.func.now()}
    return await _run(session, gone.values(values))


async def _list_stand_in_of(session: AsyncSession, full_name: str) -> list[UUID]:
    """Answers of others for whom this name was given as one who could step in: such lists hold names alone."""
    names = sa.func.jsonb_path_query_array(Vacancy.stand_ins, sa.cast("$[*].people", JSONPATH))
    query = sa.select(Vacancy.answer_id).where(sa.cast(names, sa.Text).contains(full_name, autoescape=True))
    return list(await session.scalars(query))


def _without_reasons(volunteer_id: UUID) -> sa.Update:
    mine = (PlacementAnswer.volunteer_id == volunteer_id, PlacementAnswer.reason.is_not(None))
    return sa.update(PlacementAnswer).where(*mine).values(reason=None)


def _without_words_of_ticks(volunteer_id: UUID) -> sa.Update:
    mine = (AttendanceTick.volunteer_id == volunteer_id, AttendanceTick.reason.is_not(None))
    return sa.update(AttendanceTick).where(*mine).values(reason=None)


def _without_evaluations(volunteer_id: UUID) -> sa.Update:
    """What they said and what was said of them; the marks stay, for the averages."""
    mine = (Evaluation.volunteer_id == volunteer_id, Evaluation.words != "")
    return sa.update(Evaluation).where(*mine).values(words="", released_at=None)


def _without_stand_ins(volunteer_id: UUID, stood_in: list[UUID]) -> sa.Update:
    concerned = sa.or_(Vacancy.volunteer_id == volunteer_id, Vacancy.answer_id.in_(stood_in))
    return (
        sa.update(Vacancy)
        .where(concerned)
        .values(stand_ins=[], asked_at=sa.func.coalesce(Vacancy.asked_at, sa.func.now()))
    )


def _without_names_on_revoked(volunteer_id: UUID) -> sa.Update:
    """A paper that holds keeps its name, as the signed one does; nothing obliges keeping it on one that was revoked."""
    mine = (ServicePaper.volunteer_id == volunteer_id, ServicePaper.revoked_at.is_not(None))
    name = sa.func.to_jsonb(sa.cast(ERASED_NAME, sa.Text))
    content = sa.func.jsonb_set(ServicePaper.content, sa.cast("{full_name}", ARRAY(sa.Text)), name)
    return sa.update(ServicePaper).where(*mine).values(content=content)


def _without_words(volunteer_id: UUID) -> sa.Update:
    """An office's decision stands under the id; its reason may speak of the person."""
    about = sa.update(Decision).where(Decision.volunteer_id == volunteer_id)
    return about.values(reason=ERASED_REASON)


def _without_person(volunteer_id: UUID) -> sa.Update:
    empty: dict[str, Any] = dict.fromkeys(
        ("external_ref", "email_sealed", "email_digest", "phone_sealed", "phone_digest", "team", "home_commune_code",
         "transport", "preferred_channel", "preferred_language")
    )  # fmt: skip
    values = (
        empty
        | name_keys(ERASED_NAME)
        | {
            "full_name": ERASED_NAME,
            "skills": {},
            "free_weekdays": [],
            "absences": [],
            "own_words": {},
            "withdrawal_reason_sealed": None,
            "max_days": 0,
            "max_distance_m": MAX_DISTANCE_M_DEFAULT,
            "status": VolunteerStatus.ARCHIVED.value,
            "erased_at": sa.func.now(),
            "row_version": Volunteer.row_version + 1,
        }
    )
    return sa.update(Volunteer).where(Volunteer.id == volunteer_id).values(values)


async def _run(session: AsyncSession, statement: sa.Update) -> int:
    """How many rows it changed."""
    keys = list(statement.table.primary_key)
    changed = await session.execute(statement.returning(*keys).execution_options(synchronize_session=False))
    return len(changed.all())
