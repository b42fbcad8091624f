"""Routes of webhooks: programs that are told what becomes of every province's messages, so they are the nation's."""

from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from commune_schemas.webhooks import (
    EVENT_TYPES,
    WebhookCallPage,
    WebhookPage,
    WebhookRead,
    WebhookReplay,
    WebhookWithSecret,
)
from fastapi import Depends, Request, Response

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.audit.changes import changes_of
from roster_api.database import LateSession, LateSessionDep
from roster_api.idempotency import OnceDep, keep_answer_secret
from roster_api.message_settings.asking import ask, of, refuse_province
from roster_api.message_settings.webhook_schemas import (
    EventType,
    ReplayRequest,
    RotationRequest,
    WebhookList,
    WebhookRequest,
)
from roster_api.paging import PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath


async def get_national(principal: PrincipalDep) -> Principal:
    """403 for whoever is bound to a province."""
    refuse_province(principal, vi="Webhook", en="Webhooks")
    return principal


router = domain_router(tag="webhooks", prefix="/v1/webhooks")
NationalDep = Annotated[Principal, Depends(get_national)]


@router.get("", operation_id="list_webhooks", summary="Which programs are told of what")
async def list_webhooks(request: Request, principal: NationalDep) -> WebhookList:
    """Never their secrets. `disabled_reason` says why nothing is called."""
    found = await ask(request.app.state.settings, principal, "GET", "/v1/webhooks")
    page = WebhookPage.model_validate_json(found)
    types = [EventType(type=name, vi=vi, en=en) for name, (vi, en) in EVENT_TYPES.items()]
    return WebhookList(items=page.items, total=page.total, event_types=types)


@router.post(
    "", operation_id="create_webhook", summary="Tell a program of what happens", status_code=201,
    responses=problems(409),
)  # fmt: skip
async def create_webhook(
    request: Request,
    response: Response,
    late: LateSessionDep,
    once: OnceDep,
    principal: NationalDep,
    body: WebhookRequest,
) -> WebhookWithSecret:
    """The secret is in this answer and nowhere else. 422 for an address that may not be called."""
    _show_once(request, response)
    made = await ask(request.app.state.settings, principal, "POST", "/v1/webhooks", body=body.model_dump())
    webhook = WebhookWithSecret.model_validate_json(made)
    session = await late.open()
    await once.settle(session)
    changes_of(session).note_values("webhooks", webhook.id, "create", {"host": (None, urlsplit(body.url).hostname)})
    return webhook


@router.post(
    "/{webhook_id}/rotate", operation_id="rotate_webhook_secret", summary="A new secret", responses=problems(409)
)
async def rotate_webhook_secret(
    webhook_id: IdPath,
    request: Request,
    response: Response,
    late: LateSessionDep,
    once: OnceDep,
    principal: NationalDep,
    body: RotationRequest,
) -> WebhookWithSecret:
    """During the overlap both secrets sign each call, so the receiver may change whenever it likes."""
    _show_once(request, response)
    path = of("webhooks", webhook_id, "rotate")
    answer = await ask(request.app.state.settings, principal, "POST", path, body=body.model_dump())
    session = await late.open()
    await once.settle(session)
    changed = {"overlap_hours": (None, body.overlap_hours)}
    changes_of(session).note_values("webhooks", webhook_id, "rotate", changed)
    return WebhookWithSecret.model_validate_json(answer)


@router.post("/{webhook_id}/disable", operation_id="disable_webhook", summary="Call it no more for now")
async def disable_webhook(
    webhook_id: IdPath, request: Request, late: LateSessionDep, principal: NationalDep
) -> WebhookRead:
    """What happens meanwhile waits, until it is enabled."""
    answer = await ask(request.app.state.settings, principal, "POST", of("webhooks", webhook_id, "disable"))
    await _note(late, webhook_id, is_enabled=False)
    return WebhookRead.model_validate_json(answer)


@router.post("/{webhook_id}/enable", operation_id="enable_webhook", summary="Call it again")
async def enable_webhook(
    webhook_id: IdPath, request: Request, late: LateSessionDep, principal: NationalDep
) -> WebhookRead:
    """What waits is told at once; what failed is told by a replay."""
    answer = await ask(request.app.state.settings, principal, "POST", of("webhooks", webhook_id, "enable"))
    await _note(late, webhook_id, is_enabled=True)
    return WebhookRead.model_validate_json(answer)


@router.post("/{webhook_id}/replay", operation_id="replay_webhook", summary="Tell again from a moment on")
async def replay_webhook(
    webhook_id: IdPath, request: Request, late: LateSessionDep, principal: NationalDep, body: ReplayRequest
) -> WebhookReplay:
    """Events are kept for 30 days. The receiver knows by their ids what it had before."""
    path, asked = of("webhooks", webhook_id, "replay"), body.model_dump(mode="json")
    answer = await ask(request.app.state.settings, principal, "POST", path, body=asked)
    session = await late.open()
    changed = {"since": (None, body.since.isoformat())}
    changes_of(session).note_values("webhooks", webhook_id, "replay", changed)
    return WebhookReplay.model_validate_json(answer)


@router.get("/{webhook_id}/deliveries", operation_id="list_webhook_deliveries", summary="Its calls, newest first")
async def list_webhook_deliveries(
    webhook_id: IdPath,
    request: Request,
    principal: NationalDep,
    paging: PagingDep,
    status: Literal["pending", "delivered", "failed"] | None = None,
) -> WebhookCallPage:
    query = {"status": status, "limit": paging.limit, "offset": paging.offset}
    path = of("webhooks", webhook_id, "deliveries")
    found = await ask(request.app.state.settings, principal, "GET", path, query=query)
    return WebhookCallPage.model_validate_json(found)


async def _note(late: LateSession, webhook_id: UUID, *, is_enabled: bool) -> None:
    changes_of(await late.open()).note_values("webhooks", webhook_id, "update", {"is_enabled": (None, is_enabled)})


def _show_once(request: Request, response: Response) -> None:
    keep_answer_secret(request)
    response.headers["Cache-Control"] = "no-store"
