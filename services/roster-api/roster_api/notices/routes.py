"""Routes of publishing and what it would do, and those notifier reads."""

from typing import Annotated
from uuid import UUID

from commune_schemas.notices import NoticePage, NoticesPrepared, SourceKind
from commune_schemas.reaching import FIELDS_HEADER, ContactCards, ContactQuestions
from fastapi import Query, Request

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep, SessionDep
from roster_api.notices import contacts, service, sources, unsubscribing
from roster_api.notices.publication import publish_plan as publish
from roster_api.notices.refused import AskerDep
from roster_api.notices.summary import describe_changes
from roster_api.paging import LIMIT_MAXIMUM
from roster_api.plans.schemas import PlanChanges, PlanOut, PublicationBody
from roster_api.plans.service import describe_plan
from roster_api.plans.visibility import get_visible_plan
from roster_api.routing import domain_router, problems

router = domain_router(tag="publishing")
internal = domain_router(tag="internal", prefix="/v1/internal")


@router.post(
    "/plans/{plan_id}/publish",
    operation_id="publish_plan",
    summary="Make an approved plan binding and tell everyone concerned",
    responses=problems(409),
)
async def publish_plan(
    plan_id: UUID, late: LateSessionDep, asker: AskerDep, principal: PrincipalDep, body: PublicationBody
) -> PlanOut:
    """The notifier is asked first whose contacts were refused for good; without its answer publishing goes on, and
    `is_notifier_asked` says so."""
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
    refusals = await asker.ask_before_publishing(plan)
    session = await late.open()
    plan = await publish(
        session, plan_id=plan.id, base_plan_id=body.base_plan_id, confirm=body.confirm, refusals=refusals,
        by=principal.label,
    )  # fmt: skip
    return await describe_plan(session, plan)


@router.get("/plans/{plan_id}/changes", operation_id="get_plan_changes", summary="Who would be told what by publishing")
async def get_plan_changes(
    plan_id: UUID, late: LateSessionDep, asker: AskerDep, principal: PrincipalDep
) -> PlanChanges:
    async with late.short() as session:
        plan = await get_visible_plan(session, principal, plan_id)
    refusals = await asker.ask_before_publishing(plan)
    session = await late.open()
    return await describe_changes(session, await get_visible_plan(session, principal, plan_id), refusals=refusals)


@internal.get("/sources/{kind}/{source_id}/notices", operation_id="list_notices", summary="Who is to be told what")
async def list_notices(
    kind: SourceKind,
    source_id: UUID,
    session: SessionDep,
    unchanged: bool = False,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAXIMUM)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> NoticePage:
    return await sources.list_notices(
        session, kind=kind, source_id=source_id, unchanged=unchanged, limit=limit, offset=offset
    )


@internal.post("/contacts", operation_id="list_contacts", summary="How recipients are reached at this moment")
async def list_contacts(request: Request, session: SessionDep, questions: ContactQuestions) -> ContactCards:
    """To a notifier of before a field was added, the cards without it (X-Contact-Fields names those it knows)."""
    settings = request.app.state.settings
    cards = await contacts.list_contacts(session, settings, questions=questions.items)
    items = await unsubscribing.add_unsubscribing(
        session, cards.items, public_url=settings.public_url, secret=settings.link_secret.get_secret_value()
    )
    known = frozenset(name.strip() for name in request.headers.get(FIELDS_HEADER, "").split(","))
    return ContactCards(items=[card.limited_to(known) for card in items])


@internal.post(
    "/outbox/{outbox_id}/done",
    operation_id="finish_outbox_row",
    summary="All notices of the source are prepared",
    status_code=204,
)
async def finish_outbox_row(outbox_id: UUID, prepared: NoticesPrepared, session: SessionDep) -> None:
    await service.finish_preparing(session, outbox_id=outbox_id, prepared=prepared)
