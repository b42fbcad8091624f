"""The routes of webhooks: who is told of what, a new secret with an overlap, what became of each call, replays."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID, uuid4

from commune_schemas.base import PlainNumbers
from commune_schemas.webhooks import (
    EVENT_TYPES,
    WebhookCall,
    WebhookCallPage,
    WebhookPage,
    WebhookRead,
    WebhookReplay,
    WebhookWithSecret,
)
from commune_service.outbound import RefusedAddressError, look_up
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from notifier.api.access import GatedRoute
from notifier.api.errors import InvalidValueError, ProblemError, not_found
from notifier.api.moments import Moment
from notifier.api.routes import PROBLEMS
from notifier.database import SessionDep
from notifier.webhooks.models import WebhookDelivery, WebhookEvent, WebhookSubscription
from notifier.webhooks.secrets import make_secret, seal_secret
from notifier.webhooks.sending import disable, outbound_rule

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute, tags=["webhooks"])


class WebhookCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\x00]+$")]
    event_types: Annotated[list[str], Field(min_length=1, max_length=20)]
    description: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""

    @field_validator("event_types")
    @classmethod
    def _are_known(cls, types: list[str]) -> list[str]:
        unknown = sorted(set(types) - EVENT_TYPES.keys())
        if unknown:
            given, known = ", ".join(name[:100] for name in unknown), ", ".join(EVENT_TYPES)
            raise InvalidValueError(
                vi=f"Không có loại sự kiện này: {given}. Các loại có: {known}.",
                en=f"There is no such type of event: {given}. Known are: {known}.",
            )
        return sorted(set(types))


class SecretRotation(PlainNumbers):
    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class Replay(BaseModel):
    model_config = ConfigDict(extra="forbid")

    since: Moment
    """Every event of its types that happened from this moment on is told again, with the same id."""


@router.get("/webhooks", operation_id="list_webhooks", summary="Who is told of what")
async def list_webhooks(session: SessionDep) -> WebhookPage:
    rows = (await session.scalars(select(WebhookSubscription).order_by(WebhookSubscription.created_at))).all()
    return WebhookPage(items=[WebhookRead.model_validate(row) for row in rows], total=len(rows))


@router.post("/webhooks", operation_id="create_webhook", summary="Tell a program of what happens", status_code=201)
async def create_webhook(request: Request, session: SessionDep, body: WebhookCreate) -> WebhookWithSecret:
    """422 for an address that may not be called: not https, or inside our own networks."""
    try:
        await look_up(body.url, outbound_rule(request.app.state.settings))
    except (RefusedAddressError, OSError) as error:
        raise _refused(error) from None
    row_id, secret = uuid4(), make_secret()
    row = WebhookSubscription(
        id=row_id,
        url=body.url,
        event_types=body.event_types,
        description=body.description,
        secret_sealed=seal_secret(row_id, secret),
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    request.state.audit_details = {"webhook": str(row_id)}
    return _with_secret(row, secret)


@router.post("/webhooks/{webhook_id}/rotate", operation_id="rotate_webhook_secret", summary="A new secret")
async def rotate_webhook_secret(session: SessionDep, webhook_id: UUID, body: SecretRotation) -> WebhookWithSecret:
    """During the overlap both secrets sign each call, so the receiver may change whenever it likes."""
    row = await _get(session, webhook_id)
    secret = make_secret()
    row.previous_secret_sealed = row.secret_sealed
    row.previous_until = datetime.now(UTC) + timedelta(hours=body.overlap_hours)
    row.secret_sealed = seal_secret(row.id, secret)
    await session.flush()
    return _with_secret(row, secret)


@router.post("/webhooks/{webhook_id}/enable", operation_id="enable_webhook", summary="Call it again")
async def enable_webhook(session: SessionDep, webhook_id: UUID) -> WebhookRead:
    """What waits is told at once; what failed is told by a replay."""
    row = await _get(session, webhook_id)
    row.disabled_at = row.disabled_reason = row.failing_since = None
    await session.flush()
    return WebhookRead.model_validate(row)


@router.post("/webhooks/{webhook_id}/disable", operation_id="disable_webhook", summary="Call it no more for now")
async def disable_webhook(session: SessionDep, webhook_id: UUID) -> WebhookRead:
    """What happens meanwhile waits, until it is enabled. One that is disabled already keeps its reason."""
    row = await _get(session, webhook_id)
    if row.disabled_at is None:
        await disable(session, row, reason="by_hand")
        await session.refresh(row)
    return WebhookRead.model_validate(row)


@router.delete("/webhooks/{webhook_id}", operation_id="delete_webhook", summary="Tell it no more", status_code=204)
async def delete_webhook(session: SessionDep, webhook_id: UUID) -> None:
    await _get(session, webhook_id)
    await session.execute(delete(WebhookSubscription).where(WebhookSubscription.id == webhook_id))


@router.get("/webhooks/{webhook_id}/deliveries", operation_id="list_webhook_deliveries", summary="Calls, newest first")
async def list_webhook_deliveries(
    session: SessionDep,
    webhook_id: UUID,
    status: Literal["pending", "delivered", "failed"] | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> WebhookCallPage:
    await _get(session, webhook_id)
    columns = [getattr(WebhookDelivery, name) for name in WebhookCall.model_fields if name not in _OF_EVENT]
    query = (
        select(WebhookEvent.type, WebhookEvent.happened_at, *columns)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.subscription_id == webhook_id)
    )
    if status is not None:
        query = query.where(WebhookDelivery.status == status)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = await session.execute(query.order_by(WebhookEvent.happened_at.desc()).limit(limit).offset(offset))
    items = [WebhookCall.model_validate(row) for row in rows]
    return WebhookCallPage(items=items, total=total, limit=limit, offset=offset)


@router.post("/webhooks/{webhook_id}/replay", operation_id="replay_webhook", summary="Tell again from a moment on")
async def replay_webhook(session: SessionDep, webhook_id: UUID, body: Replay) -> WebhookReplay:
    """Events are kept for 30 days."""
    row = await _get(session, webhook_id)
    events = select(WebhookEvent.id).where(
        WebhookEvent.happened_at >= body.since, WebhookEvent.type.in_(row.event_types)
    )
    found = (await session.scalars(events)).all()
    anew = {"status": "pending", "attempts": 0, "next_attempt_at": func.now(), "delivered_at": None}
    if found:
        rows = [{"subscription_id": row.id, "event_id": event_id} for event_id in found]
        await session.execute(insert(WebhookDelivery).on_conflict_do_nothing(), rows)
        mine = (WebhookDelivery.subscription_id == row.id, WebhookDelivery.event_id.in_(events))
        await session.execute(update(WebhookDelivery).where(*mine).values(anew))
    return WebhookReplay(events=len(found))


_OF_EVENT = ("type", "happened_at")


def _with_secret(row: WebhookSubscription, secret: str) -> WebhookWithSecret:
    return WebhookWithSecret(**WebhookRead.model_validate(row).model_dump(), secret=secret)


async def _get(session: SessionDep, webhook_id: UUID) -> WebhookSubscription:
    row = await session.get(WebhookSubscription, webhook_id, with_for_update=True)
    if row is None:
        raise not_found()
    return row


def _refused(error: Exception) -> ProblemError:
    why = str(error) if isinstance(error, RefusedAddressError) else "the name leads nowhere"
    vi = "Địa chỉ này không được gọi: phải là https và nằm ngoài mạng nội bộ."
    return ProblemError(422, "webhook.address", vi=vi, en=f"This address is not called: {why}.")
