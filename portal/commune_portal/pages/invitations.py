"""Whom a school's list says too little of: invited, reminded once, filled in for; and who has answered."""

import asyncio
from typing import Annotated, Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, of_answer
from commune_portal.record_forms import decimal_number, kilometres_of
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
TO_INVITE, TO_REMIND = "not_invited", "invited"
NO_LIMIT_M = 100_000_000
LEVELS = {"1": ("Biết cơ bản", "Basic"), "2": ("Làm được", "Able"), "3": ("Thành thạo", "Expert")}


@router.get("/schools/{school_id}/invitations", response_class=HTMLResponse)
async def show_invitations(request: Request, view: PersonDep, school_id: str) -> Response:
    return await render_invitations(request, view, school_id)


async def render_invitations(request: Request, view: View, school_id: str, refusal: ApiError | None = None) -> Response:
    state = request.query_params.get("state")
    school, people = await asyncio.gather(
        view.api.get("/v1/schools/{school_id}", school_id=school_id),
        view.api.get("/v1/schools/{school_id}/invitations", school_id=school_id, state=state, **as_query(request)),
    )
    facts = {"school": school, "rows": of_answer(request, people), "counts": people["counts"], "chosen": state}
    return view.render("invitations.html", status=refusal.status if refusal else 200, refusal=refusal, **facts)


@router.post("/schools/{school_id}/invitations")
async def invite(
    request: Request,
    view: PersonDep,
    school_id: str,
    once: Annotated[str, Form()] = "",
    person: Annotated[list[str] | None, Form()] = None,
    silent: Annotated[list[str] | None, Form()] = None,
    then: Annotated[str, Form()] = "",
) -> Response:
    """Everybody who is incomplete and was not asked; or those named: `person` is invited, `silent` reminded."""
    if then == "chosen":
        return await ask_chosen(request, view, school_id, once, person or [], silent or [])
    body = {"volunteer_ids": person} if person else {}
    try:
        done = await view.api.post("/v1/schools/{school_id}/invitations", body, once=once, school_id=school_id)
    except ApiError as refusal:
        if refusal.status not in {409, 422, 429}:
            raise
        return await render_invitations(request, view, school_id, refusal)
    words = view.say(
        f"Đã mời {done['people']} người bằng email và tin nhắn. {skipped_vi(done)}",
        f"{amount(done['people'], 'person is', 'people are')} invited by e-mail and text message. {skipped_en(done)}",
    )
    return view.go(f"/schools/{school_id}/invitations", words.strip())


async def ask_chosen(
    request: Request, view: View, school_id: str, once: str, invited: list[str], silent: list[str]
) -> Response:
    """Those who were ticked: invited who was not asked yet, reminded who is silent."""
    if not invited and not silent:
        return await render_invitations(request, view, school_id, nobody_chosen())
    done: dict[str, Any] = {"invited": 0, "reminded": 0, "skipped": []}
    try:
        if invited:
            body = {"volunteer_ids": invited}
            answer = await view.api.post("/v1/schools/{school_id}/invitations", body, once=once, school_id=school_id)
            done |= {"invited": answer["people"], "skipped": answer["skipped"]}
        if silent:
            body, key = {"volunteer_ids": silent}, f"{once}-reminded" if once else None
            answer = await view.api.post(
                "/v1/schools/{school_id}/invitations/reminders", body, once=key, school_id=school_id
            )
            done |= {"reminded": answer["people"], "skipped": done["skipped"] + answer["skipped"]}
    except ApiError as refusal:
        if refusal.status not in {409, 422, 429}:
            raise
        return await render_invitations(request, view, school_id, after_inviting(refusal, done))
    words = view.say(
        f"Đã mời {done['invited']} người, nhắc {done['reminded']} người. {skipped_vi(done)}",
        f"{amount(done['invited'], 'person is', 'people are')} invited, {done['reminded']} reminded."
        f" {skipped_en(done)}",
    )
    return view.go(f"/schools/{school_id}/invitations", words.strip())


def after_inviting(refusal: ApiError, done: dict[str, Any]) -> ApiError:
    """Why nobody was reminded, with how many were invited before it: both were asked for by one button."""
    if not done["invited"]:
        return refusal
    number = done["invited"]
    words = {
        "detail_vi": f"Đã mời {number} người, chưa nhắc ai: {refusal.words('vi')} {skipped_vi(done)}".strip(),
        "detail": f"{amount(number, 'person is', 'people are')} invited, nobody is reminded:"
        f" {refusal.words('en')} {skipped_en(done)}".rstrip(),
    }
    return ApiError(refusal.status, {key: it for key, it in refusal.problem.items() if key != "detail_en"} | words)


def nobody_chosen() -> ApiError:
    words = {
        "code": "portal.nobody_chosen",
        "detail_vi": "Chưa chọn ai: hãy đánh dấu những người cần mời hoặc nhắc.",
        "detail": "Nobody is chosen: tick those who are to be invited or reminded.",
    }
    return ApiError(422, words)


def skipped_vi(done: dict[str, Any]) -> str:
    names = ", ".join(each["full_name"] for each in done["skipped"] if each["code"] != "invitation.already")
    return f"Không mời được: {names}." if names else ""


def skipped_en(done: dict[str, Any]) -> str:
    names = ", ".join(each["full_name"] for each in done["skipped"] if each["code"] != "invitation.already")
    return f"Not invited: {names}." if names else ""


@router.post("/schools/{school_id}/invitations/remind")
async def remind(request: Request, view: PersonDep, school_id: str, once: Annotated[str, Form()] = "") -> Response:
    try:
        done = await view.api.post("/v1/schools/{school_id}/invitations/reminders", {}, once=once, school_id=school_id)
    except ApiError as refusal:
        if refusal.status not in {409, 422, 429}:
            raise
        return await render_invitations(request, view, school_id, refusal)
    words = view.say(
        f"Đã nhắc {done['people']} người. Mỗi người chỉ được nhắc một lần; sau đó hãy gọi điện, hoặc khai thay.",
        f"{amount(done['people'], 'person is', 'people are')} reminded. Each is reminded once; after that,"
        " telephone, or fill in for them.",
    )
    return view.go(f"/schools/{school_id}/invitations", words)


@router.post("/schools/{school_id}/invitations/revoke")
async def revoke(request: Request, view: PersonDep, school_id: str, invitation: Annotated[str, Form()]) -> Response:
    _, refusal = await attempt(view.api.post("/v1/invitations/{invitation_id}/revoke", None, invitation_id=invitation))
    if refusal:
        return await render_invitations(request, view, school_id, refusal)
    words = view.say("Liên kết mời đã bị thu hồi.", "The invitation's link opens nothing any more.")
    return view.go(f"/schools/{school_id}/invitations?state=revoked", words)


@router.get("/volunteers/{volunteer_id}/fill-in", response_class=HTMLResponse)
async def show_filling_in(view: PersonDep, volunteer_id: str) -> Response:
    return await render_filling_in(view, volunteer_id)


async def render_filling_in(
    view: View, volunteer_id: str, typed: Any = None, refusal: ApiError | None = None
) -> Response:
    person = await view.api.get("/v1/volunteers/{volunteer_id}", volunteer_id=volunteer_id)
    school, fields = await asyncio.gather(
        view.api.get("/v1/schools/{school_id}", school_id=person["school_id"]), load_fields(view)
    )
    communes = await view.api.list_seen("/v1/communes", province_code=school["province_code"])
    return view.render(
        "fill_in.html",
        status=refusal.status if refusal else 200,
        person=person,
        school=school,
        fields=fields,
        levels=LEVELS,
        communes=communes,
        values=values_typed(typed) if typed is not None else values_known(person),
        refusal=refusal,
    )


def values_known(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "days": [str(day) for day in person["free_weekdays"]],
        "max_days": str(person["max_days"] or 1),
        "levels": {code: str(level) for code, level in person["skills"].items()},
        "max_km": kilometres_of(person["max_distance_m"]),
        "home": person["home_commune_code"] or "",
        "transport": person["transport"] or "",
        "channel": "spoken",
        "proof": "",
    }


def values_typed(form: Any) -> dict[str, Any]:
    levels = {name.removeprefix("level_"): str(form[name]) for name in form if name.startswith("level_")}
    names = ("max_days", "max_km", "home", "transport", "channel", "proof")
    texts = {name: str(form.get(name) or "").strip() for name in names}
    return {"days": [str(day) for day in form.getlist("day")], "levels": levels, **texts}


@router.post("/volunteers/{volunteer_id}/fill-in")
async def fill_in(request: Request, view: PersonDep, volunteer_id: str) -> Response:
    """What the person said on paper or aloud. Days away that are known stay: they have no field here."""
    form = await request.form()
    person = await view.api.get("/v1/volunteers/{volunteer_id}", volunteer_id=volunteer_id)
    body = body_of(values_typed(form), person)
    try:
        await view.api.post(
            "/v1/volunteers/{volunteer_id}/own-words",
            body,
            once=str(form.get("once") or ""),
            volunteer_id=volunteer_id,
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_filling_in(view, volunteer_id, form, refusal)
    words = view.say(f"Đã khai thay {person['full_name']}.", f"You filled in for {person['full_name']}.")
    return view.go(f"/schools/{person['school_id']}/invitations", words)


def body_of(values: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    kept = ("starts_on", "ends_on", "kind", "note")
    absences = [{name: each[name] or "" for name in kept} for each in person["absences"]]
    return {
        "free_weekdays": values["days"],
        "max_days": values["max_days"],
        "skills": {code: level for code, level in values["levels"].items() if level},
        "max_distance_km": decimal_number(values["max_km"]),
        "home_commune_code": values["home"] or None,
        "transport": values["transport"] or None,
        "absences": {"items": absences},
        "channel": values["channel"],
        "proof": values["proof"],
    }
