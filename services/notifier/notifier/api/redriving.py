"""Sending many messages again at once, and how soon messages reach their providers: for operators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from commune_schemas.base import PlainNumbers
from commune_schemas.notices import Channel, MessageStatus, SourceKind
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select, text

from notifier.api.access import GatedRoute
from notifier.api.errors import ProblemError
from notifier.api.old_contacts import list_to_old_contacts
from notifier.api.resending import resend
from notifier.api.routes import PROBLEMS
from notifier.database import SessionDep
from notifier.models import Message

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute)
AT_ONCE = 500
TARGET_SECONDS = 10
FAILED_WORDS = ("tin thất bại", "failed messages")


class Redrive(PlainNumbers):
    """Failed messages that fit all of what is given; or, with `to_old_contact`, those that went to another number or
    address than their recipients have now. The unknown are never sent again in bulk: they may be there."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]+$")]
    confirm: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many you expect; 409 tells how many there are."""
    to_old_contact: bool = False
    plan_id: UUID | None = None
    channel: Channel | None = None
    reason_code: Annotated[str | None, Field(max_length=100, pattern=r"^[a-z_.]+$")] = None
    commune_code: Annotated[str | None, Field(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")] = None


class Redriven(BaseModel):
    """`refused`: by code, those that may not be sent again (too often today, forgotten); `left`: ask again for them."""

    again: int
    refused: dict[str, int]
    left: int


class ServiceLevelRead(BaseModel):
    """Of a channel's messages whose provider took them in these hours, from row to hand-over, in seconds; what an
    officer had sent again and what was simulated are left out."""

    channel: Channel
    messages: int
    p50: float | None
    p95: float | None
    p99: float | None
    share_within_10_s: float | None


class ServiceLevel(BaseModel):
    since: datetime
    hours: int
    channels: list[ServiceLevelRead]


@router.post(
    "/messages/redrive",
    operation_id="redrive_messages",
    summary="Send failed ones again, or those that went to old contacts",
    tags=["messages"],
)
async def redrive_messages(request: Request, session: SessionDep, body: Redrive) -> Redriven:
    """Each to its recipient's contact as it is when it goes out. At most 500 at once. 503 while roster-api is away."""
    targets, total = await _list_targets(request, body)
    if total != body.confirm:
        raise _other_number(total, body)
    refused: dict[str, int] = {}
    for message_id, address in targets:
        try:
            await resend(session, message_id=message_id, reason=body.reason, idempotency_key=None, address=address)
        except ProblemError as problem:
            refused[problem.code] = refused.get(problem.code, 0) + 1
    again = len(targets) - sum(refused.values())
    request.state.audit_details = {"reason": {"hidden": True}, "again": again}
    return Redriven(again=again, refused=refused, left=total - len(targets))


async def _list_targets(request: Request, body: Redrive) -> tuple[list[tuple[UUID, str | None]], int]:
    """(the first of them, each with its address where that was asked for; how many there are)."""
    state = request.app.state
    query = select(Message).where(Message.superseded_at.is_(None))
    for name in ("channel", "reason_code", "commune_code"):
        wanted = getattr(body, name)
        if wanted is not None:
            query = query.where(getattr(Message, name) == wanted)
    if body.plan_id is not None:
        query = query.where(Message.source_kind == SourceKind.PLAN, Message.source_id == body.plan_id)
    if body.to_old_contact:
        found = await list_to_old_contacts(state.sessions, state.roster.list_contacts, query)
        return [(each.message_id, each.address) for each in found[:AT_ONCE]], len(found)
    failed = query.where(Message.status == MessageStatus.FAILED.value)
    async with state.sessions.begin() as session:
        total = await session.scalar(select(func.count()).select_from(failed.subquery())) or 0
        ids = failed.with_only_columns(Message.id).order_by(Message.created_at, Message.id).limit(AT_ONCE)
        return [(message_id, None) for message_id in await session.scalars(ids)], total


def _other_number(total: int, body: Redrive) -> ProblemError:
    vi, en = ("tin đã gửi tới liên hệ cũ", "messages to old contacts") if body.to_old_contact else FAILED_WORDS
    return ProblemError(
        409,
        "redrive.confirm",
        vi=f"Hiện có {total} {vi} khớp với yêu cầu này, không phải {body.confirm}. Hãy xem lại rồi gửi lại.",
        en=f"{total} {en} fit this now, not {body.confirm}. Look again, then confirm that number.",
    )


@router.get("/service-level", operation_id="get_service_level", summary="How soon messages are sent", tags=["messages"])
async def get_service_level(session: SessionDep, hours: Annotated[int, Query(ge=1, le=24 * 31)] = 24) -> ServiceLevel:
    """Published by the service itself, from its rows."""
    rows = await session.execute(SPEED, {"hours": hours, "target": TARGET_SECONDS})
    measured = {row["channel"]: row for row in rows.mappings()}
    since = await session.scalar(text("select now() - make_interval(hours => :hours)"), {"hours": hours})
    nothing = {"messages": 0, "p50": None, "p95": None, "p99": None, "share_within_10_s": None}
    channels = [ServiceLevelRead(**{"channel": c, **nothing, **dict(measured.get(c.value, {}))}) for c in Channel]
    return ServiceLevel.model_validate({"since": since, "hours": hours, "channels": channels})


SPEED = text(
    "select channel, count(*) as messages, percentile_cont(0.5) within group (order by w) as p50,"
    " percentile_cont(0.95) within group (order by w) as p95, percentile_cont(0.99) within group (order by w) as p99,"
    " avg((w <= :target)::int)::float8 as share_within_10_s from"
    " (select channel, extract(epoch from sent_at - created_at)::float8 as w from notifier.messages m"
    " where sent_at > now() - make_interval(hours => :hours) and not is_sandbox"
    " and not exists (select 1 from notifier.resends r where r.message_id = m.id)) t group by channel"
)
