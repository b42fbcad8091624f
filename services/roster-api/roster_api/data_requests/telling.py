"""What is written about a request: asked for by a row and an outbox row, in the transaction of what happened."""

from uuid import uuid4

import sqlalchemy as sa
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.data_requests.models import DataRequest, DataRequestNews, NewsKind
from roster_api.outbox import service as outbox


async def tell(session: AsyncSession, request: DataRequest, kind: NewsKind) -> bool:
    """Of a locked or new request, flushed. False if that was asked for before: nobody is told twice."""
    same = (DataRequestNews.request_id == request.id, DataRequestNews.kind == kind.value)
    if await session.scalar(sa.select(DataRequestNews.id).where(*same)) is not None:
        return False
    news = DataRequestNews(id=uuid4(), request_id=request.id, kind=kind.value)
    session.add(news)
    await session.flush()
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.DATA_REQUEST.value, "source_id": str(news.id)},
        id_argument="outbox_id",
    )
    return True
