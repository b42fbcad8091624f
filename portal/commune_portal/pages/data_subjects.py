"""What somebody asked about their own data on paper or aloud, taken in; and everything that is kept about them."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import Api, ApiError
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN, CALLERS, COMMUNE, SCHOOL
from commune_portal.pages.data_requests import KINDS
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
Subject = Literal["volunteer", "school_contact", "commune_contact", "unit_contact", "staff", "account"]
PAGE = "/data-subjects/{kind}/{subject_id}"
CHANNELS = ("paper", "spoken", "email")
CORRECTED = ("full_name", "phone", "email", "words")


async def find_account(api: Api, key: str) -> dict[str, Any]:
    accounts = api.each("/v1/accounts")
    found = [each async for each in accounts if str(each["id"]) == key]
    if not found:
        raise ApiError(404, {})
    return found[0] | {"full_name": found[0]["display_name"] or found[0]["email"]}


READ: dict[Subject, Callable[[Api, str], Awaitable[Any]]] = {
    "volunteer": lambda api, key: api.get("/v1/volunteers/{volunteer_id}", volunteer_id=key),
    "school_contact": lambda api, key: api.get("/v1/schools/{school_id}", school_id=key),
    "commune_contact": lambda api, key: api.get("/v1/communes/{code}", code=key),
    "unit_contact": lambda api, key: api.get("/v1/units/{unit_id}", unit_id=key),
    "staff": lambda api, key: api.get("/v1/staff/{staff_id}", staff_id=key),
    "account": find_account,
}
BACK: dict[Subject, str] = {
    "volunteer": "/volunteers/{}",
    "school_contact": "/schools/{}",
    "commune_contact": "/communes/{}/edit",
    "unit_contact": "/staff/units/{}/edit",
    "staff": "/staff/people/{}",
    "account": "/settings/people",
}


def may_ask(view: View, kind: Subject, key: str) -> bool:
    """A school for its people and its own contact, a commune for its own; Home Affairs for everybody."""
    if view.role == SCHOOL:
        return kind == "volunteer" or (kind == "school_contact" and key == view.school_id)
    if view.role == COMMUNE:
        return kind == "commune_contact" and key == view.commune_code
    return view.role == ADMIN


@router.get(PAGE, response_class=HTMLResponse)
async def show_subject(view: PersonDep, kind: Subject, subject_id: str) -> Response:
    return await render_subject(view, kind, subject_id)


async def render_subject(
    view: View, kind: Subject, key: str, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    if not may_ask(view, kind, key):
        raise ApiError(404, {})
    record = await READ[kind](view.api, key)
    is_office = kind.endswith("_contact")
    return view.render(
        "data_subject.html",
        status=refusal.status if refusal else 200,
        name=record["contact_name"] if is_office else record["full_name"],
        office=(record.get("full_name") or record.get("name")) if is_office else "",
        back=BACK[kind].format(key),
        base=f"/data-subjects/{kind}/{key}",
        kinds=KINDS,
        channels=CHANNELS,
        typed=typed or {},
        refusal=refusal,
    )


@router.post(PAGE)
async def take_in(request: Request, view: PersonDep, kind: Subject, subject_id: str) -> Response:
    typed = await read_typed(request)
    once = typed.get("once")
    body = request_of(typed)
    if kind == "volunteer":
        deed = view.api.post("/v1/volunteers/{volunteer_id}/data-requests", body, once=once, volunteer_id=subject_id)
    else:
        deed = view.api.post(
            "/v1/data-subjects/{subject_kind}/{subject_id}/requests",
            body,
            once=once,
            subject_kind=kind,
            subject_id=subject_id,
        )
    asked, refusal = await attempt(deed)
    if refusal:
        return await render_subject(view, kind, subject_id, typed=typed, refusal=refusal)
    words = view.say("Đã nhận; thời hạn trả lời bắt đầu tính.", "Taken in; its time to be answered has begun.")
    return view.go(f"/settings/data-requests/{asked['id']}" if view.role in CALLERS else "/", words)


def request_of(typed: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: typed.get(name, "") for name in ("kind", "channel", "proof")}
    if body["kind"] == "correction":
        body["correction"] = {name: typed[name] for name in CORRECTED if typed.get(name)}
    return body


@router.get(f"{PAGE}/everything", response_class=HTMLResponse)
async def show_everything(view: PersonDep, kind: Subject, subject_id: str) -> Response:
    """Everything that is kept about them, to be read and printed, under the strict policy the API gave it."""
    if kind == "volunteer":
        page = await view.api.download("/v1/volunteers/{volunteer_id}/data.html", volunteer_id=subject_id)
    else:
        page = await view.api.download(
            "/v1/data-subjects/{subject_kind}/{subject_id}/data.html", subject_kind=kind, subject_id=subject_id
        )
    policy = page.headers.get("Content-Security-Policy", "default-src 'none'")
    return HTMLResponse(page.text, headers={"Content-Security-Policy": policy})
