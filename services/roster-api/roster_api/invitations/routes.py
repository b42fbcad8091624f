"""Routes of invitations: the school's, and the page of whoever is invited. Opening the page changes nothing."""

from typing import Annotated, Any

from fastapi import Body, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from roster_api.access.principal import PrincipalDep
from roster_api.answers.page import Line
from roster_api.database import SessionDep
from roster_api.errors import InvalidError
from roster_api.etags import set_etag
from roster_api.idempotency import OnceOnly
from roster_api.invitations import answering, listing, page, rounds
from roster_api.invitations.form import read_form
from roster_api.invitations.links import InvitationDep, InvitationRoute
from roster_api.invitations.schemas import (
    FilledIn,
    InvitationPage,
    InvitationRead,
    InvitationRequest,
    InvitationState,
    InvitedRead,
)
from roster_api.paging import PagingDep
from roster_api.routing import domain_router, gated_router, problems
from roster_api.shapes import IdPath
from roster_api.volunteers.schemas import VolunteerRead
from roster_api.volunteers.service import read_volunteer

router = domain_router(tag="invitations")
pages = gated_router(tag="invitations", route_class=InvitationRoute, include_in_schema=False)
MOST_FIELDS = 1000
Chosen = Annotated[InvitationRequest, Body(default_factory=InvitationRequest)]


@router.get(
    "/schools/{school_id}/invitations",
    operation_id="list_invitations",
    summary="Who is incomplete, invited, reminded, and who has answered",
)
async def list_invitations(
    school_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    state: InvitationState | None = None,
) -> InvitationPage:
    return await listing.list_people(session, principal, school_id=school_id, state=state, paging=paging)


@router.post(
    "/schools/{school_id}/invitations",
    operation_id="invite_people",
    summary="Ask people for what the list does not say: everybody incomplete, or those named",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def invite_people(
    school_id: IdPath, request: Request, session: SessionDep, principal: PrincipalDep, body: Chosen
) -> InvitedRead:
    """Each gets an e-mail and a text message with a link of their own, once. Who is passed over is named with why."""
    days = request.app.state.settings.invitation_days
    return await rounds.invite(session, principal, school_id=school_id, ids=body.volunteer_ids, days=days)


@router.post(
    "/schools/{school_id}/invitations/reminders",
    operation_id="remind_invited_people",
    summary="Remind, once, whoever was invited and has not answered",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def remind_invited_people(
    school_id: IdPath, request: Request, session: SessionDep, principal: PrincipalDep, body: Chosen
) -> InvitedRead:
    days = request.app.state.settings.invitation_days
    return await rounds.remind(session, principal, school_id=school_id, ids=body.volunteer_ids, days=days)


@router.post(
    "/volunteers/{volunteer_id}/own-words",
    operation_id="fill_in_for_person",
    summary="Fill in for a person, from paper or what they said aloud",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def fill_in_for_person(
    volunteer_id: IdPath, body: FilledIn, session: SessionDep, principal: PrincipalDep, response: Response
) -> VolunteerRead:
    """Needs where the person's consent stands (`proof`). No later list writes over it, as if the person had said it."""
    person = await answering.fill_in(session, principal, volunteer_id=volunteer_id, filled=body)
    set_etag(response, person.row_version)
    return read_volunteer(person, principal=principal)


@router.post(
    "/invitations/{invitation_id}/revoke",
    operation_id="revoke_invitation",
    summary="Take an invitation's link out of use",
)
async def revoke_invitation(invitation_id: IdPath, session: SessionDep, principal: PrincipalDep) -> InvitationRead:
    """At once and for good; what was said by it stays. The person may be invited again, by name."""
    return await answering.revoke(session, principal, invitation_id=invitation_id)


@pages.api_route("/i/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def show_invitation(invitation: InvitationDep, session: SessionDep) -> HTMLResponse:
    return page.render(await page.load_mine(session, invitation), invitation)


@pages.post("/i/{token}", response_class=HTMLResponse)
async def answer_invitation(token: str, request: Request, invitation: InvitationDep, session: SessionDep) -> Response:
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    if form.get("do") == "decline":
        await answering.decline(session, invitation)
        return _show_again(token)
    mine = await page.load_mine(session, invitation)
    notes = {(one["starts_on"], one["ends_on"], one["kind"]): one["note"] for one in mine.person.absences}
    words, filled = read_form(form, notes=notes)
    if words is None:
        return page.render(mine, invitation, filled, status=422)
    try:
        await answering.give(session, invitation, words, wants_messages=filled.wants_messages)
    except InvalidError as refused:
        filled.errors |= _by_part(refused)
        return page.render(mine, invitation, filled, status=422)
    return _show_again(token)


def _show_again(token: str) -> Response:
    return RedirectResponse(f"/i/{token}", status_code=303)


def _by_part(refused: InvalidError) -> dict[str, Any]:
    return {error.pointer.strip("/").split("/")[0]: Line(error.vi, error.en) for error in refused.errors}
