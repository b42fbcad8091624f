"""The routes of mail that came back, of the addresses that are written to no more because of it, and of contacts that
were refused for good."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from commune_schemas.notices import Channel, RecipientKind
from commune_schemas.reaching import ContactsToJudge, RefusedContacts
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from notifier.api.access import GatedRoute
from notifier.api.errors import not_found
from notifier.api.routes import PROBLEMS
from notifier.bounces import take_mail
from notifier.database import SessionDep
from notifier.models import Suppression
from notifier.refused_contacts import list_refused
from notifier.suppression import SuppressionReason, release
from notifier.untold import list_known, list_untold, read_doubtful

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute, tags=["suppressions"])


class SuppressionRead(BaseModel):
    """`shown_address` is masked; None: the report named none, and whatever the address, nothing is sent there."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    channel: Channel
    recipient_kind: RecipientKind
    recipient_id: str
    message_id: UUID
    reason: SuppressionReason
    detail: str
    shown_address: str | None
    created_at: datetime
    released_at: datetime | None
    release_reason: str | None


class SuppressionPage(BaseModel):
    items: list[SuppressionRead]
    total: int
    limit: int
    offset: int


class SuppressionRelease(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]+$")]


class BounceAnswer(BaseModel):
    effect: str


@router.get("/suppressions", operation_id="list_suppressions", summary="Addresses written to no more, newest first")
async def list_suppressions(
    session: SessionDep,
    is_released: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> SuppressionPage:
    query = select(Suppression).where(Suppression.released_at.is_not(None) == is_released)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = await session.scalars(
        query.order_by(Suppression.created_at.desc(), Suppression.id).limit(limit).offset(offset)
    )
    items = [SuppressionRead.model_validate(row) for row in rows]
    return SuppressionPage(items=items, total=total, limit=limit, offset=offset)


@router.post(
    "/contacts/refused", operation_id="list_refused_contacts", summary="Which of these contacts were refused for good"
)
async def list_refused_contacts(request: Request, session: SessionDep, body: ContactsToJudge) -> RefusedContacts:
    """For who is about to write to them: who would be told again, and what they know. Nothing of what is asked is
    kept but that it was asked, and of how many."""
    request.state.audit_details = {"contacts": len(body.items)}
    history = await read_doubtful(session, body.items)
    return RefusedContacts(
        items=await list_refused(session, body.items),
        untold=list_untold(history, body.items),
        known=list_known(history, body.items),
    )


@router.get(
    "/suppressions/{suppression_id}", operation_id="get_suppression", summary="An address that is written to no more"
)
async def get_suppression(session: SessionDep, suppression_id: UUID) -> SuppressionRead:
    row = await session.get(Suppression, suppression_id)
    if row is None:
        raise not_found()
    return SuppressionRead.model_validate(row)


@router.post(
    "/suppressions/{suppression_id}/release",
    operation_id="release_suppression",
    summary="Write to this address again",
)
async def release_suppression(
    request: Request, session: SessionDep, suppression_id: UUID, body: SuppressionRelease
) -> SuppressionRead:
    """What failed meanwhile is sent again one by one (`resend`); what comes from now on goes there by itself."""
    row = await release(session, suppression_id, reason=body.reason)
    if row is None:
        raise not_found()
    request.state.audit_details = {"reason": {"hidden": True}, "recipient": row.recipient_id}
    return SuppressionRead.model_validate(row)


@router.post("/bounces", operation_id="take_bounce", summary="A mail that came back, as it is (message/rfc822)")
async def take_bounce(request: Request, session: SessionDep) -> BounceAnswer:
    """For a mail server that hands over by HTTP what a Maildir would hold (`notifier bounces`). Idempotent."""
    effect = await take_mail(session, await request.body())
    request.state.audit_details = {"effect": effect}
    return BounceAnswer(effect=effect)
