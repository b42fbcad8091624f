"""Decisions about data requests: filed by the person or for them, carried out or refused by Home Affairs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.data_requests import repository
from roster_api.data_requests.clock import find_due
from roster_api.data_requests.erasure import STAYS, erase_person
from roster_api.data_requests.models import DataRequest, RequestChannel, RequestKind, RequestState
from roster_api.data_requests.repository import Row
from roster_api.data_requests.schemas import (
    Correction,
    DataRequestDetail,
    DataRequestFilter,
    DataRequestRead,
    MyDataRequest,
)
from roster_api.errors import ConflictError, NotFoundError, TooManyError
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
    volunteer_id: UUID,
    asked: MyDataRequest,
    channel: RequestChannel,
    proof: str,
    filed_by: str,
    working_days: int,
) -> DataRequest:
    """The open request of this kind: a second one adds nothing, but for a correction it says what is to change now.

    The clock is the first one's. 409 for who is erased, 429 beyond FILED_A_DAY.
    """
    person = await repository.lock_person(session, volunteer_id)
    if person.erased_at is not None:
        raise ConflictError(
            "data_request.erased", vi="Dữ liệu của người này đã được xóa.", en="This person's data is erased already."
        )
    wanted = asked.correction.model_dump(exclude_none=True) if asked.correction else None
    known = await repository.find_open(session, volunteer_id=volunteer_id, kind=asked.kind)
    if known is not None:
        known.wanted = wanted or known.wanted
        await session.flush()
        return known
    now = datetime.now(UTC)
    await _refuse_too_many(session, volunteer_id, since=now - timedelta(days=1))
    request = DataRequest(
        volunteer_id=volunteer_id, kind=asked.kind.value, channel=channel.value, proof=proof, filed_by=filed_by,
        filed_at=now, due_at=find_due(now, working_days=working_days),
    )  # fmt: skip
    session.add(request)
    request.wanted = wanted
    await session.flush()
    log.info("data_request.filed", request_id=str(request.id), kind=request.kind, due_at=request.due_at.isoformat())
    return request


async def _refuse_too_many(session: AsyncSession, volunteer_id: UUID, *, since: datetime) -> None:
    if await repository.count_filed_since(session, volunteer_id=volunteer_id, since=since) >= FILED_A_DAY:
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
    request, person, school = row
    names = [name for name in DataRequestRead.model_fields if hasattr(request, name)]
    is_late = request.state == RequestState.OPEN.value and request.due_at <= datetime.now(UTC)
    return {name: getattr(request, name) for name in names} | {
        "full_name": person.full_name,
        "school_id": school.id,
        "school_name": school.name,
        "is_late": is_late,
    }


async def describe(session: AsyncSession, principal: Principal, row: Row) -> DataRequestDetail:
    request, person, _ = row
    shows = principal.may_see_contacts_of_school(person.school_id) and request.wanted is not None
    twins = (await list_twins(session, [person.id])).get(person.id, set()) if person.erased_at is None else set()
    seen = await find_volunteers_for_update(session, principal=principal, ids=twins) if twins else {}
    counts = {name: value for name, value in (request.outcome or {}).items() if isinstance(value, dict)}
    return DataRequestDetail.model_validate(
        _fields(row)
        | {
            "correction": Correction.model_validate(request.wanted) if shows else None,
            "outcome": counts or None,
            "other_rows": sorted(seen),
            "stays": STAYS if request.kind == RequestKind.ERASURE.value else (),
        }
    )


async def carry_out(session: AsyncSession, *, principal: Principal, request_id: UUID) -> Row:
    """Done: seen, corrected or erased, in this transaction. Doing it again changes nothing."""
    found = await get_request(session, principal=principal, request_id=request_id)
    person = await repository.lock_person(session, found[1].id)
    row = await get_request(session, principal=principal, request_id=request_id, for_update=True)
    request = row[0]
    if request.state in {RequestState.DONE.value, RequestState.ERASING.value}:
        return row
    _refuse_unless_open(request)
    state = RequestState.DONE
    if request.kind == RequestKind.ERASURE.value:
        await erase_person(session, request, person)
        state = RequestState.ERASING
    elif request.kind == RequestKind.CORRECTION.value:
        await _correct(session, request, person)
    await _decide(session, request, state=state, by=principal.label)
    return row


async def _correct(session: AsyncSession, request: DataRequest, person: Volunteer) -> None:
    """The fields that were named. Words alone are for whoever decides: they correct what is meant by hand, first."""
    fields = Correction.model_validate(request.wanted or {}).fields
    if fields:
        await write_changes(session, person, VolunteerPatch.model_validate(fields))


async def refuse(session: AsyncSession, *, principal: Principal, request_id: UUID, reason: str) -> Row:
    row = await get_request(session, principal=principal, request_id=request_id, for_update=True)
    request = row[0]
    if (request.state, request.reason) == (RequestState.REFUSED.value, reason):
        return row
    _refuse_unless_open(request)
    request.reason = reason
    await _decide(session, request, state=RequestState.REFUSED, by=principal.label)
    return row


async def withdraw(session: AsyncSession, *, volunteer_id: UUID, request_id: UUID) -> DataRequest:
    """By the person: 404 for another's."""
    await repository.lock_person(session, volunteer_id)
    mine = {one.id: one for one in await repository.list_of_person(session, volunteer_id)}
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
        await session.flush()
        log.info("data_request.erased", request_id=str(request.id), messages=messages)


def _refuse_unless_open(request: DataRequest) -> None:
    if request.state != RequestState.OPEN.value:
        raise ConflictError(
            "data_request.decided",
            vi="Yêu cầu này đã được giải quyết hoặc đã được rút.",
            en="This request is decided already, or was withdrawn.",
        )


async def _decide(session: AsyncSession, request: DataRequest, *, state: RequestState, by: str) -> None:
    request.state, request.decided_by, request.decided_at = state.value, by, datetime.now(UTC)
    request.wanted = None
    await session.flush()
    log.info("data_request.decided", request_id=str(request.id), kind=request.kind, state=state.value)


async def list_mine(session: AsyncSession, volunteer_id: UUID) -> Sequence[DataRequest]:
    return await repository.list_of_person(session, volunteer_id)
