"""Routes of personal links, and the list of answers for those who organise. Opening a link changes nothing."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from commune_schemas.problem import Problem
from fastapi import Body, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import PrincipalDep
from roster_api.answers import service
from roster_api.answers.access import LinkDep, LinkRoute
from roster_api.answers.calendar import make_calendar_uid, write_calendar
from roster_api.answers.links import make_url
from roster_api.answers.models import Answer, PersonalLink
from roster_api.answers.page import MOVED_ON, render_mine
from roster_api.answers.page_route import PageRoute
from roster_api.answers.reminders import remind_silent
from roster_api.answers.schemas import (
    AnswerFilter,
    AnswerPage,
    ConfirmationRequest,
    MyPlacement,
    Reason,
    ReminderOut,
    ReminderRequest,
)
from roster_api.database import SessionDep
from roster_api.errors import ConflictError, NotFoundError
from roster_api.idempotency import OnceOnly
from roster_api.paging import PagingDep
from roster_api.plans.scope import RowScope
from roster_api.plans.visibility import find_school_id, get_visible_plan
from roster_api.routing import domain_router, gated_router, problems
from roster_api.text import Code

TOO_MANY: dict[int | str, dict[str, Any]] = {
    429: {"description": "Too many wrong links from this address, or answers by this link", "model": Problem}
}
pages = gated_router(tag="personal links", route_class=PageRoute, include_in_schema=False)
router = domain_router(tag="personal links", route_class=LinkRoute)


@pages.api_route("/a/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def show_my_page(token: str, link: LinkDep, session: SessionDep) -> HTMLResponse:
    return render_mine(await service.describe_mine(session, link), token=token)


@pages.api_route("/a/{token}/calendar.ics", methods=["GET", "HEAD"], response_class=Response)
async def get_calendar_by_link(request: Request, link: LinkDep, session: SessionDep) -> Response:
    """As calendar programs fetch it: by the address alone."""
    return await _respond_with_calendar(request, session, link)


@pages.post("/a/{token}", response_class=HTMLResponse)
async def answer_on_my_page(
    token: str,
    link: LinkDep,
    session: SessionDep,
    answer: Annotated[Answer, Form()],
    told_sha256: Annotated[str, Form(alias="told", max_length=64)],
    reason: Annotated[Reason, Form()] = "",
) -> Response:
    try:
        await service.give_answer(session, link, answer=answer, reason=reason, told_sha256=told_sha256)
    except ConflictError:
        return render_mine(await service.describe_mine(session, link), token=token, status=409, extra=MOVED_ON)
    return RedirectResponse(f"/a/{token}", status_code=303)


@router.get("/me/placement", operation_id="get_my_placement", summary="My placement", responses=TOO_MANY)
async def get_my_placement(link: LinkDep, session: SessionDep, response: Response) -> MyPlacement:
    response.headers["Cache-Control"] = "no-store"
    return await service.describe_mine(session, link)


@router.post(
    "/me/confirmation",
    operation_id="answer_my_placement",
    summary="I go / I cannot go",
    responses={**problems(409), **TOO_MANY},
)
async def answer_my_placement(link: LinkDep, session: SessionDep, body: ConfirmationRequest) -> MyPlacement:
    return await service.give_answer(
        session, link, answer=body.answer, reason=body.reason, told_sha256=body.told_sha256
    )


@router.get(
    "/me/calendar.ics",
    operation_id="get_my_calendar",
    summary="My days of service as a calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}, **TOO_MANY},
)
async def get_my_calendar(request: Request, link: LinkDep, session: SessionDep) -> Response:
    return await _respond_with_calendar(request, session, link)


async def _respond_with_calendar(request: Request, session: AsyncSession, link: PersonalLink) -> Response:
    settings = request.app.state.settings
    mine = await service.describe_mine(session, link)
    details = mine.placement or await service.find_withdrawn(session, link)
    if details is None:
        raise NotFoundError
    calendar = write_calendar(
        details,
        uid=make_calendar_uid(link.campaign_id, link.volunteer_id),
        sequence=mine.plan_version or 0,
        campaign_name=mine.campaign_name,
        answer_url=make_url(link.id, public_url=settings.public_url, secret=settings.link_secret.get_secret_value()),
        is_withdrawn=mine.placement is None,
        stamp=datetime.now(UTC),
    )
    return Response(
        calendar,
        media_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="lich-ho-tro-xa.ics"',
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )


@router.get(
    "/plans/{plan_id}/answers", operation_id="list_answers", summary="Who confirmed, who cannot go, who is silent"
)
async def list_answers(
    plan_id: UUID,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    school_code: Annotated[Code | None, Query()] = None,
    commune_code: Annotated[Code | None, Query()] = None,
    answer: AnswerFilter | None = None,
) -> AnswerPage:
    plan = await get_visible_plan(session, principal, plan_id)
    filters = RowScope(school_id=await find_school_id(session, school_code), commune_code=commune_code)
    return await service.list_answers(
        session, principal, plan, filters=filters, answer=answer, limit=paging.limit, offset=paging.offset
    )


@router.post(
    "/plans/{plan_id}/reminders",
    operation_id="remind_silent_people",
    summary="Remind, once, everyone who has not answered",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def remind_silent_people(
    plan_id: UUID,
    session: SessionDep,
    principal: PrincipalDep,
    body: Annotated[ReminderRequest, Body(default_factory=ReminderRequest)],
) -> ReminderOut:
    plan = await get_visible_plan(session, principal, plan_id)
    filters = RowScope(school_id=await find_school_id(session, body.school_code), commune_code=body.commune_code)
    return await remind_silent(session, principal, plan, filters=filters)
