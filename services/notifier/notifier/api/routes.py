"""The routes. Each is a few lines; what they do stands in messages.py and receipts.py."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from commune_schemas.jobs import IDEMPOTENCY_HEADER
from commune_schemas.notices import Channel, NoticeKind, WithdrawalCause
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import select, text

from notifier.api import messages
from notifier.api.access import GatedRoute
from notifier.api.errors import PROBLEM_MEDIA_TYPE
from notifier.api.health import Health, describe_health, find_queue_state
from notifier.api.old_contacts import list_to_old_contacts
from notifier.api.receipts import find_gateway, open_receipt, take_receipt
from notifier.api.resending import find_address, resend
from notifier.api.schemas import (
    MessageBoard,
    MessageDetail,
    MessageFilter,
    MessagePage,
    MessageSummary,
    ReceiptAnswer,
    ResendRequest,
    ResentMessage,
    TemplatePreview,
    TemplateRead,
    ToOldContacts,
    UnreachedFilter,
    UnreachedPage,
)
from notifier.api.unreached import list_unreached
from notifier.database import SessionDep
from notifier.email_content import template_version
from notifier.gsm7 import count_segments
from notifier.kinds import channels_of
from notifier.metrics import write_metrics
from notifier.models import Message
from notifier.sample import sample_notice
from notifier.school_mail import write_mail
from notifier.sms_text import write_sms

PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {PROBLEM_MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}}
    for status, words in {
        400: "The body cannot be read",
        401: "No key, or one not known",
        403: "This key may not do this",
        404: "Not found",
        409: "Not possible in the present state",
        413: "Too large",
        422: "Not valid",
        429: "Asked for too often",
        503: "Temporarily unavailable",
    }.items()
}
router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute)
health = APIRouter(tags=["health"], route_class=GatedRoute)


@health.head("/health/live", include_in_schema=False)
@health.get("/health/live", operation_id="get_liveness")
async def get_liveness() -> dict[str, str]:
    return {"status": "ok"}


@health.head("/health", include_in_schema=False)
@health.get("/health", operation_id="get_health", responses={503: PROBLEMS[503]})
async def get_health(session: SessionDep) -> Health:
    """The database answers and is migrated; what the sender that was heard last says of the queue."""
    await session.execute(text("select 1 from notifier.messages limit 1"))
    return describe_health(await find_queue_state(session))


@health.get(
    "/metrics",
    operation_id="get_metrics",
    response_class=PlainTextResponse,
    responses={status: PROBLEMS[status] for status in (401, 503)},
)
async def get_metrics(session: SessionDep) -> Response:
    """For Prometheus: messages and attempts by outcome, time to provider, senders alive, the longest waiting."""
    return Response(await write_metrics(session), media_type=CONTENT_TYPE_LATEST)


@router.get("/messages", operation_id="list_messages", summary="Messages, oldest first", tags=["messages"])
async def list_messages(
    request: Request, session: SessionDep, wanted: Annotated[MessageFilter, Query()]
) -> MessagePage:
    """`to_old_contact`: 503 while roster-api is away, who knows the present contacts."""
    if not wanted.to_old_contact:
        return await messages.list_messages(session, wanted)
    state = request.app.state
    query = messages.filter_messages(wanted)
    found = await list_to_old_contacts(state.sessions, state.roster.list_contacts, query)
    return await messages.list_messages(session, wanted, of_these=[each.message_id for each in found])


@router.get(
    "/messages/to-old-contacts",
    operation_id="list_to_old_contacts",
    summary="Which of these went to another number or address than their recipients have now",
    tags=["messages"],
)
async def get_to_old_contacts(
    request: Request, message_id: Annotated[list[UUID], Query(min_length=1, max_length=200)]
) -> ToOldContacts:
    """503 while roster-api is away, who knows the present contacts."""
    state = request.app.state
    query = select(Message).where(Message.id.in_(message_id))
    found = await list_to_old_contacts(state.sessions, state.roster.list_contacts, query)
    return ToOldContacts(message_ids=[each.message_id for each in found])


@router.get("/messages/summary", operation_id="summarize_messages", summary="How many, by state", tags=["messages"])
async def summarize_messages(session: SessionDep, plan_id: UUID) -> MessageSummary:
    return await messages.summarize(session, plan_id)


@router.get(
    "/messages/board",
    operation_id="count_messages_by_place",
    summary="How many, by school and commune",
    tags=["messages"],
)
async def count_messages_by_place(session: SessionDep, plan_id: UUID) -> MessageBoard:
    return await messages.count_by_place(session, plan_id)


@router.get(
    "/messages/unreached",
    operation_id="list_unreached",
    summary="Whom no channel reached, and why: to be telephoned",
    tags=["messages"],
)
async def get_unreached(session: SessionDep, wanted: Annotated[UnreachedFilter, Query()]) -> UnreachedPage:
    return await list_unreached(session, wanted)


@router.get("/messages/{message_id}", operation_id="get_message", summary="One message, every try", tags=["messages"])
async def get_message(session: SessionDep, message_id: UUID) -> MessageDetail:
    return await messages.get_message(session, message_id)


@router.post(
    "/messages/{message_id}/resend",
    operation_id="resend_message",
    summary="Send a message again that failed, is unknown, or went to an old contact",
    tags=["messages"],
)
async def resend_message(
    request: Request,
    session: SessionDep,
    message_id: UUID,
    body: ResendRequest,
    idempotency_key: Annotated[str | None, Header(alias=IDEMPOTENCY_HEADER, max_length=200)] = None,
) -> ResentMessage:
    """A human decision: an unknown message may have arrived already. It goes to the recipient's present contact; one
    that arrived only where that is another than it went to."""
    state = request.app.state
    address = await find_address(
        state.sessions, state.roster.list_contacts, message_id=message_id, idempotency_key=idempotency_key
    )
    answer = await resend(
        session, message_id=message_id, reason=body.reason, idempotency_key=idempotency_key, address=address
    )
    request.state.audit_details = {"reason": {"hidden": True}, "status": answer["status"]}
    return ResentMessage.model_validate(answer)


@router.get("/templates", operation_id="list_templates", summary="What is sent, by kind", tags=["templates"])
async def list_templates() -> list[TemplateRead]:
    version = template_version()
    return [
        TemplateRead(kind=kind, channel=channel, version=version)
        for kind in NoticeKind
        for channel in channels_of(kind)
    ]


@router.get(
    "/templates/{kind}/preview", operation_id="preview_template", summary="As a person gets it", tags=["templates"]
)
async def preview_template(kind: NoticeKind, withdrawal: WithdrawalCause | None = None) -> TemplatePreview:
    """`withdrawal`: why it was taken off, for that kind alone; left out: the plan was made anew."""
    notice = sample_notice(kind, withdrawal=withdrawal)
    email = write_mail(notice, stamped_at=datetime.now(UTC), organizer_email="khong-tra-loi@truong.example")
    sms = write_sms(notice) if Channel.SMS in channels_of(kind) else ""
    return TemplatePreview(
        subject=email.subject, text=email.text, html=email.html, sms=sms, sms_segments=count_segments(sms)
    )


@router.post(
    "/receipts/{provider}", operation_id="take_receipt", summary="A provider's signed receipt", tags=["receipts"]
)
async def take_provider_receipt(
    provider: Annotated[str, Path(max_length=40)], request: Request, session: SessionDep
) -> ReceiptAnswer:
    """Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature over the raw body; or as the gateway's
    description says (`receipts` in NOTIFIER_PROVIDERS_FILE)."""
    gateway = find_gateway(request.app.state.settings, provider)
    content, client = await request.body(), request.client.host if request.client else None
    webhook_id, receipt = open_receipt(gateway, content, request.headers, client=client)
    if receipt is None:
        return ReceiptAnswer(effect="ignored: says nothing of arrival")
    raw = content if gateway.receipts is None else None
    effect = await take_receipt(session, provider=provider, webhook_id=webhook_id, receipt=receipt, content=raw)
    return ReceiptAnswer(effect=effect)
