"""Decisions about data requests: filed by the person or for them, carried out or refused by Home Affairs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.data_requests import repository
from roster_api.data_requests.clock import find_due
from roster_api.data_requests.erasure import erase_person
from roster_api.data_requests.models import (
    DataRequest,
    NewsKind,
    RequestChannel,
    RequestKind,
    RequestState,
    SubjectKind,
)
from roster_api.data_requests.repository import Row, Whose
from roster_api.data_requests.schemas import (
    ContactCorrection,
    DataRequestDetail,
    DataRequestFilter,
    DataRequestRead,
    MyDataRequest,
    SubjectRequestCreate,
)
from roster_api.data_requests.stays import OF_KIND
from roster_api.data_requests.subject_erasure import erase_subject
from roster_api.data_requests.subjects import Subject, correct, find_province_code, get_subject, lock_subject
from roster_api.data_requests.telling import tell
from roster_api.errors import ConflictError, NotFoundError, TooManyError, invalid_field
from roster_api.paging import Page, Paging
from roster_api.volunteers.humans import list_twins
from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.repository import find_volunteers_for_update
from roster_api.volunteers.schemas import VolunteerPatch
from roster_api.volunteers.service import write_changes

log = structlog.get_logger(__name__)
FILED_A_DAY = 6
"""Of one person: each kind twice."""


async def file(
    session: AsyncSession,
    *,
    whose: Whose,
    asked: MyDataRequest,
    channel: RequestChannel,
    proof: str,
    filed_by: str,
    working_days: int,
    province_code: str | None = None,
) -> DataRequest:
    """The open request of this kind: a second one adds nothing, but for a correction it says what is to change now.

    The clock is the first one's. 409 for who is erased, 429 beyond FILED_A_DAY. `province_code`: of everybody but
    volunteers, whose Home Affairs answers. The caller has seen that they may ask about this person.
    """
    if await _lock_and_see_whether_erased(session, whose):
        raise ConflictError(
            "data_request.erased", vi="Dữ liệu của người này đã được xóa.", en="This person's data is erased already."
        )
    wanted = asked.correction.model_dump(exclude_none=True) if asked.correction else None
    known = await repository.find_open(session, whose=whose, kind=asked.kind)
    if known is not None:
        known.wanted = wanted or known.wanted
        await session.flush()
        return known
    now = clock.now()
    await _refuse_too_many(session, whose, since=now - timedelta(days=1))
    request = DataRequest(
        **whose.as_columns(), province_code=province_code, kind=asked.kind.value, channel=channel.value, proof=proof,
        filed_by=filed_by, filed_at=now, due_at=find_due(now, working_days=working_days),
    )  # fmt: skip
    session.add(request)
    request.wanted = wanted
    await session.flush()
    await tell(session, request, NewsKind.RECEIVED)
    log.info("data_request.filed", request_id=str(request.id), kind=request.kind, due_at=request.due_at.isoformat())
    return request


async def file_for_subject(
    session: AsyncSession, *, principal: Principal, kind: SubjectKind, subject_id: str, asked: SubjectRequestCreate,
    working_days: int,
) -> DataRequest:  # fmt: skip
    """Of an office's contact, an official or an account. 404 outside the principal's bounds."""
    subject = await get_subject(session, principal=principal, kind=kind, subject_id=subject_id)
    if kind is SubjectKind.ACCOUNT and asked.correction is not None and asked.correction.phone is not None:
        raise invalid_field(
            "/correction/phone", code="data_request.no_phone", vi="Tài khoản không có số điện thoại.",
            en="An account has no phone.",
        )  # fmt: skip
    return await file(
        session, whose=Whose(kind, subject_id), asked=asked, channel=RequestChannel(asked.channel), proof=asked.proof,
        filed_by=principal.label, working_days=working_days,
        province_code=await find_province_code(session, subject),
    )  # fmt: skip


async def _lock_and_see_whether_erased(session: AsyncSession, whose: Whose) -> bool:
    if whose.kind is SubjectKind.VOLUNTEER:
        return (await repository.lock_person(session, UUID(whose.id))).erased_at is not None
    return (await lock_subject(session, kind=whose.kind, subject_id=whose.id)).is_erased


async def _refuse_too_many(session: AsyncSession, whose: Whose, *, since: datetime) -> None:
    if await repository.count_filed_since(session, whose=whose, since=since) >= FILED_A_DAY:
        raise TooManyError(
            "data_request.too_many",
            vi="Hôm nay đã có nhiều yêu cầu. Hãy thử lại ngày mai, hoặc gọi cho đầu mối của trường.",
            en="There were many requests today. Try again tomorrow, or call your school's contact.",
            headers={"Retry-After": "3600"},
        )


async def list_requests(
    session: AsyncSession, *, principal: Principal, filters: DataRequestFilter, paging: Paging
) -> Page[DataRequestRead]:
    rows, total = await repository.list_requests(session, principal=principal, filters=filters, paging=paging)
    return Page(items=[_read(row) for row in rows], total=total, limit=paging.limit, offset=paging.offset)


async def get_request(
    session: AsyncSession, *, principal: Principal, request_id: UUID, for_update: bool = False
) -> Row:
    """404 for a request about somebody outside the principal's scope."""
    row = await repository.find_request(session, principal=principal, request_id=request_id, for_update=for_update)
    if row is None:
        raise NotFoundError
    return row


def _read(row: Row) -> DataRequestRead:
    return DataRequestRead.model_validate(_fields(row))


def _fields(row: Row) -> dict[str, object]:
    request, school = row.request, row.school
    names = [name for name in DataRequestRead.model_fields if hasattr(request, name)]
    is_late = request.state == RequestState.OPEN.value and request.due_at <= clock.now()
    name, office = (row.subject.name, row.subject.office) if row.subject else ("", "")
    return {name: getattr(request, name) for name in names} | {
        "subject_id": row.whose.id,
        "full_name": row.person.full_name if row.person else name or office,
        "school_id": school.id if school else _school_of(row.whose),
        "school_name": school.name if school else office,
        "is_late": is_late,
    }


def _school_of(whose: Whose) -> UUID | None:
    return UUID(whose.id) if whose.kind is SubjectKind.SCHOOL_CONTACT else None


async def describe(session: AsyncSession, principal: Principal, row: Row) -> DataRequestDetail:
    request, person = row.request, row.person
    shows = request.wanted is not None and request.kind == RequestKind.CORRECTION.value
    seen: Collection[UUID] = ()
    if person is not None:
        shows = shows and principal.may_see_contacts_of_school(person.school_id)
        twins = (await list_twins(session, [person.id])).get(person.id, set()) if person.erased_at is None else set()
        seen = await find_volunteers_for_update(session, principal=principal, ids=twins) if twins else ()
    counts = {name: value for name, value in (request.outcome or {}).items() if isinstance(value, dict)}
    return DataRequestDetail.model_validate(
        _fields(row)
        | {
            "correction": ContactCorrection.model_validate(request.wanted) if shows else None,
            "outcome": counts or None,
            "other_rows": sorted(seen),
            "stays": OF_KIND[row.whose.kind] if request.kind == RequestKind.ERASURE.value else (),
        }
    )


async def describe_filed(session: AsyncSession, principal: Principal, filed: DataRequest) -> DataRequestDetail:
    """Whoever took a request in sees it, also one that the lists do not show them."""
    row = await repository.load_row(session, filed)
    return await describe(session, principal, row)


async def carry_out(session: AsyncSession, *, principal: Principal, request_id: UUID) -> Row:
    """Done: seen, corrected or erased, in this transaction. Doing it again changes nothing."""
    found = await get_request(session, principal=principal, request_id=request_id)
    whose = found.whose
    person = await repository.lock_person(session, found.person.id) if found.person else None
    subject = None if person else await lock_subject(session, kind=whose.kind, subject_id=whose.id)
    row = await get_request(session, principal=principal, request_id=request_id, for_update=True)
    request = row.request
    if request.state in {RequestState.DONE.value, RequestState.ERASING.value}:
        return row
    _refuse_unless_open(request)
    state, wanted = RequestState.DONE, None
    if request.kind == RequestKind.ERASURE.value:
        if person is not None:
            await erase_person(session, request, person)
        elif subject is not None:
            await erase_subject(session, request, subject)
            wanted = request.wanted
        state = RequestState.ERASING
    elif request.kind == RequestKind.CORRECTION.value:
        await _correct(session, request, person or subject)
    await _decide(session, request, state=state, by=principal.label, wanted=wanted)
    return row


async def _correct(session: AsyncSession, request: DataRequest, whom: Volunteer | Subject | None) -> None:
    """The fields that were named. Words alone are for whoever decides: they correct what is meant by hand, first."""
    fields = ContactCorrection.model_validate(request.wanted or {}).fields
    if isinstance(whom, Volunteer) and fields:
        await write_changes(session, whom, VolunteerPatch.model_validate(fields))
    elif isinstance(whom, Subject):
        correct(whom, fields)
        await session.flush()


async def refuse(session: AsyncSession, *, principal: Principal, request_id: UUID, reason: str) -> Row:
    row = await get_request(session, principal=principal, request_id=request_id, for_update=True)
    request = row.request
    if (request.state, request.reason) == (RequestState.REFUSED.value, reason):
        return row
    _refuse_unless_open(request)
    request.reason = reason
    await _decide(session, request, state=RequestState.REFUSED, by=principal.label)
    return row


async def withdraw(session: AsyncSession, *, volunteer_id: UUID, request_id: UUID) -> DataRequest:
    """By the person: 404 for another's."""
    await repository.lock_person(session, volunteer_id)
    mine = {one.id: one for one in await list_mine(session, volunteer_id)}
    request = mine.get(request_id)
    if request is None:
        raise NotFoundError
    if request.state != RequestState.WITHDRAWN.value:
        _refuse_unless_open(request)
        await _decide(session, request, state=RequestState.WITHDRAWN, by="the person")
    return request


async def finish_erasure(session: AsyncSession, request: DataRequest, *, messages: int) -> None:
    """The notifier has emptied its own. Saying so again changes nothing."""
    if request.state == RequestState.ERASING.value:
        request.state = RequestState.DONE.value
        request.outcome = {**(request.outcome or {}), "stood_in": [], "notifier": {"messages": messages}}
        request.wanted = None
        await session.flush()
        log.info("data_request.erased", request_id=str(request.id), messages=messages)


def _refuse_unless_open(request: DataRequest) -> None:
    if request.state != RequestState.OPEN.value:
        raise ConflictError(
            "data_request.decided",
            vi="Yêu cầu này đã được giải quyết hoặc đã được rút.",
            en="This request is decided already, or was withdrawn.",
        )


async def _decide(
    session: AsyncSession, request: DataRequest, *, state: RequestState, by: str, wanted: dict[str, Any] | None = None
) -> None:
    request.state, request.decided_by, request.decided_at = state.value, by, clock.now()
    request.wanted = wanted
    await session.flush()
    if state in {RequestState.DONE, RequestState.REFUSED}:  # who is erased has no address any more, who withdrew knows
        await tell(session, request, NewsKind.ANSWERED)
    log.info("data_request.decided", request_id=str(request.id), kind=request.kind, state=state.value)


async def list_mine(session: AsyncSession, volunteer_id: UUID) -> Sequence[DataRequest]:
    return await repository.list_of(session, Whose.of_volunteer(volunteer_id))
