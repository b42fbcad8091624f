"""What notifier says when it has prepared a source's messages."""

from uuid import UUID

from commune_schemas.notices import NoticesPrepared, SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import InvalidError, NotFoundError
from roster_api.outbox import service as outbox


async def finish_preparing(session: AsyncSession, *, outbox_id: UUID, prepared: NoticesPrepared) -> None:
    """Every notice of the source has its message rows: the outbox row is done. Saying so again changes nothing."""
    args = await outbox.find_args(session, outbox_id=outbox_id)
    if args is None:
        raise NotFoundError
    kind, source_id = args.get("source_kind"), args.get("source_id")
    if "plan_id" in args:  # a row of before sources had kinds
        kind, source_id = SourceKind.PLAN.value, args["plan_id"]
    if (kind, source_id) != (prepared.source_kind.value, str(prepared.source_id)):
        raise InvalidError(
            "outbox.other_source",
            vi="Dòng outbox này không thuộc nguồn thông báo đó.",
            en="That outbox row does not belong to that source of notices.",
        )
    await outbox.close(session, outbox_id=outbox_id)
