"""The notices about a request of somebody about their own data: to them, and to Home Affairs while it waits."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    DataRequestNotice,
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Role
from roster_api.data_requests.models import DataRequest, DataRequestNews, NewsKind, RequestState
from roster_api.data_requests.repository import load_row
from roster_api.data_requests.subject_erasure import recipient_of
from roster_api.errors import NotFoundError
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

TO_HOME_AFFAIRS = frozenset({NewsKind.DUE, NewsKind.LATE})
VERSIONS = {kind: number for number, kind in enumerate(NewsKind, start=1)}
"""A later word to the same recipient about the same request overtakes an earlier one that was not sent."""


async def list_notices_of_data_request(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """By recipient. What is answered already is due no more: then nobody is reminded."""
    news = await session.get(DataRequestNews, source_id)
    if news is None:
        raise NotFoundError
    request = await session.get_one(DataRequest, news.request_id)
    rows: list[DataRequestNotice] = []
    if not unchanged and NewsKind(news.kind) not in TO_HOME_AFFAIRS:
        rows = [await _to_the_person(session, news, request)]
    elif not unchanged and request.state == RequestState.OPEN.value:
        rows = [
            _notice(news, request, Recipient(kind=RecipientKind.ACCOUNT, id=str(each.id)), name=each.display_name)
            for each in await _list_who_answers(session, request)
        ]
    return NoticePage(items=rows[offset : offset + limit], total=len(rows), limit=limit, offset=offset)


async def _to_the_person(session: AsyncSession, news: DataRequestNews, request: DataRequest) -> DataRequestNotice:
    row = await load_row(session, request)
    if row.person is not None:
        recipient = Recipient(kind=RecipientKind.VOLUNTEER, id=str(row.person.id))
        return _notice(news, request, recipient, name=row.person.full_name)
    name = (row.subject.name or row.subject.office) if row.subject else ""
    return _notice(news, request, recipient_of(row.whose.kind, row.whose.id), name=name)


def _notice(news: DataRequestNews, request: DataRequest, recipient: Recipient, *, name: str) -> DataRequestNotice:
    kind = NewsKind(news.kind)
    is_due = kind in TO_HOME_AFFAIRS
    answer = "refused" if request.state == RequestState.REFUSED.value else "done"
    return DataRequestNotice.model_validate(
        {
            "source": Source(kind=SourceKind.DATA_REQUEST, id=news.id, version=VERSIONS[kind]),
            "recipient": recipient,
            "kind": NoticeKind.DATA_REQUEST_DUE if is_due else NoticeKind.DATA_REQUEST,
            "thread": f"data-request/{request.id}",
            "recipient_name": name,
            "news": answer if kind is NewsKind.ANSWERED else kind.value,
            "asked": request.kind,
            "request_id": request.id,
            "filed_at": request.filed_at,
            "due_at": request.due_at,
            "reason": request.reason or "" if kind is NewsKind.ANSWERED else "",
        }
    )


async def _list_who_answers(session: AsyncSession, request: DataRequest) -> Sequence[Account]:
    """Home Affairs of the province at this moment; where nobody holds that role, the nation's."""
    province_code = request.province_code
    if request.volunteer_id is not None:
        of_school = sa.select(School.province_code).join(Volunteer, Volunteer.school_id == School.id)
        province_code = await session.scalar(of_school.where(Volunteer.id == request.volunteer_id))
    for code in dict.fromkeys((province_code, None)):
        query = (
            sa.select(Account)
            .join(RoleAssignment, RoleAssignment.account_id == Account.id)
            .where(
                RoleAssignment.role == Role.ADMIN.value,
                RoleAssignment.province_code.is_not_distinct_from(code),
                RoleAssignment.holds_now(),
            )
            .distinct()
            .order_by(Account.id)
        )
        found = (await session.scalars(query)).all()
        if found:
            return found
    return []
