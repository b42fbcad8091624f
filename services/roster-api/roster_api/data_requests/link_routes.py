"""Routes of a person's own data, by their link: for programs, and the page."""

from typing import Annotated, Any, Literal
from uuid import UUID

from commune_schemas.notices import Recipient, RecipientKind
from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.access import LinkDep, LinkRoute
from roster_api.answers.models import PersonalLink
from roster_api.answers.page import Line
from roster_api.answers.page_route import PageRoute
from roster_api.consents import service as consents
from roster_api.consents.models import Purpose
from roster_api.data_requests import service
from roster_api.data_requests.export import collect, describe_person
from roster_api.data_requests.models import DataRequest, RequestChannel, RequestKind
from roster_api.data_requests.page import NOT_UNDERSTOOD, render_mine
from roster_api.data_requests.repository import Whose
from roster_api.data_requests.schemas import (
    Correction,
    MyData,
    MyDataRequest,
    MyDataRequestRead,
    MyPreferences,
)
from roster_api.database import LateSessionDep, SessionDep
from roster_api.deliveries.asking import ask_messages_of
from roster_api.errors import UnavailableError
from roster_api.routing import domain_router, gated_router, problems
from roster_api.shapes import IdPath
from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.own_words import write_wishes

router = domain_router(tag="personal links", route_class=LinkRoute)
pages = gated_router(tag="personal links", route_class=PageRoute, include_in_schema=False)
BY_THE_PERSON = "the person"
Field = Annotated[str, Form(max_length=600)]


@router.get("/me/data", operation_id="get_my_data", summary="My data, consents and requests", responses=problems(429))
async def get_my_data(link: LinkDep, session: SessionDep, response: Response) -> MyData:
    response.headers["Cache-Control"] = "no-store"
    return await _describe_mine(session, link)


@router.put(
    "/me/preferences",
    operation_id="say_my_preferences",
    summary="By which channel and in which language I wish to be written to",
    responses=problems(429),
)
async def say_my_preferences(link: LinkDep, session: SessionDep, body: MyPreferences) -> MyPreferences:
    """Holds for every message not handed over yet. Where the wished channel fails for good, the other is used."""
    await write_wishes(session, link.volunteer_id, channel=body.channel, language=body.language)
    return body


@router.post(
    "/me/data-requests",
    operation_id="file_my_data_request",
    summary="I want to see everything, have it corrected, or erased",
    responses=problems(409, 429),
)
async def file_my_data_request(
    link: LinkDep, request: Request, session: SessionDep, body: MyDataRequest
) -> MyDataRequestRead:
    return MyDataRequestRead.model_validate(await _file(request, session, link, body))


@router.post(
    "/me/data-requests/{request_id}/withdraw",
    operation_id="withdraw_my_data_request",
    summary="I take my request back",
    responses=problems(409, 429),
)
async def withdraw_my_data_request(link: LinkDep, session: SessionDep, request_id: IdPath) -> MyDataRequestRead:
    withdrawn = await service.withdraw(session, volunteer_id=link.volunteer_id, request_id=request_id)
    return MyDataRequestRead.model_validate(withdrawn)


@pages.api_route("/a/{token}/data", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def show_my_data(token: str, request: Request, link: LinkDep, session: SessionDep) -> HTMLResponse:
    return render_mine(await _describe_mine(session, link), token=token, working_days=_days(request))


@pages.api_route("/a/{token}/data.json", methods=["GET", "HEAD"], response_class=Response)
async def download_my_data(request: Request, link: LinkDep, late: LateSessionDep) -> Response:
    """Everything, as a file. While the notifier is away what it has is left out, and that is said."""
    words = await _ask_messages(request, link.volunteer_id)
    session = await late.open()
    person = await session.get_one(Volunteer, link.volunteer_id)
    everything = await collect(session, person, messages=words)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="du-lieu-cua-toi.json"',
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return JSONResponse(everything.model_dump(mode="json"), headers=headers)


@pages.post("/a/{token}/consents", response_class=HTMLResponse)
async def say_on_my_page(
    token: str,
    link: LinkDep,
    session: SessionDep,
    purpose: Annotated[Purpose, Form()],
    is_given: Annotated[bool, Form()],
) -> Response:
    said = consents.by_the_person(link.volunteer_id, purpose=purpose, is_given=is_given, link_id=link.id)
    await consents.record(session, said)
    return RedirectResponse(f"/a/{token}/data", status_code=303)


@pages.post("/a/{token}/preferences", response_class=HTMLResponse)
async def wish_on_my_page(
    token: str,
    link: LinkDep,
    session: SessionDep,
    channel: Annotated[Literal["email", "sms", ""], Form()] = "",
    language: Annotated[Literal["vi", "en", ""], Form()] = "",
) -> Response:
    await write_wishes(session, link.volunteer_id, channel=channel or None, language=language or None)
    return RedirectResponse(f"/a/{token}/data", status_code=303)


async def read_correction(
    full_name: Field = "", email: Field = "", phone: Field = "", words: Field = ""
) -> dict[str, str]:
    """What the form says is to change."""
    said = {"full_name": full_name, "email": email, "phone": phone, "words": words}
    return {name: text.strip() for name, text in said.items() if text.strip()}


@pages.post("/a/{token}/data-requests", response_class=HTMLResponse)
async def ask_on_my_page(
    token: str,
    request: Request,
    link: LinkDep,
    session: SessionDep,
    kind: Annotated[RequestKind, Form()],
    given: Annotated[dict[str, str], Depends(read_correction)],
) -> Response:
    """What cannot be understood is said on the page, with its reason."""
    try:
        correction = Correction.model_validate(given) if kind is RequestKind.CORRECTION else None
        asked = MyDataRequest(kind=kind, correction=correction)
    except ValidationError as refused:
        mine = await _describe_mine(session, link)
        fault = _explain(refused)
        return render_mine(mine, token=token, working_days=_days(request), status=422, extra=fault, typed=given)
    await _file(request, session, link, asked)
    return RedirectResponse(f"/a/{token}/data", status_code=303)


@pages.post("/a/{token}/data-requests/{request_id}/withdraw", response_class=HTMLResponse)
async def withdraw_on_my_page(token: str, link: LinkDep, session: SessionDep, request_id: UUID) -> Response:
    await service.withdraw(session, volunteer_id=link.volunteer_id, request_id=request_id)
    return RedirectResponse(f"/a/{token}/data", status_code=303)


async def _file(request: Request, session: AsyncSession, link: PersonalLink, asked: MyDataRequest) -> DataRequest:
    return await service.file(
        session,
        whose=Whose.of_volunteer(link.volunteer_id),
        asked=asked,
        channel=RequestChannel.PAGE,
        proof=str(link.id),
        filed_by=BY_THE_PERSON,
        working_days=_days(request),
    )


def _days(request: Request) -> int:
    days: int = request.app.state.settings.data_request_days
    return days


async def _describe_mine(session: AsyncSession, link: PersonalLink) -> MyData:
    person = await session.get_one(Volunteer, link.volunteer_id)
    requests = await service.list_mine(session, link.volunteer_id)
    return MyData(
        person=await describe_person(session, person),
        purposes=(await consents.describe(session, link.volunteer_id)).purposes,
        requests=[MyDataRequestRead.model_validate(each) for each in requests],
    )


async def _ask_messages(request: Request, volunteer_id: UUID) -> list[dict[str, Any]]:
    recipient = Recipient(kind=RecipientKind.VOLUNTEER, id=str(volunteer_id))
    try:
        return [each.as_item() for each in await ask_messages_of(request.app.state.settings, recipient=recipient)]
    except UnavailableError as away:
        return [{"status": away.vi}]


def _explain(refused: ValidationError) -> Line:
    """The first fault in its own words: those of ours have both languages, with a bar between."""
    words = str(refused.errors()[0]["msg"]).removeprefix("Value error, ")
    vi, bar, en = words.partition(" | ")
    return Line(vi, en, "warn") if bar else NOT_UNDERSTOOD
