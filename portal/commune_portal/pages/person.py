"""One person of a school's roster: where they go, days away, what they agreed to, their links, whether they serve."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from commune_portal.campaign_view import find_current, in_force, list_plans
from commune_portal.client import ApiError
from commune_portal.forms import day_or_none
from commune_portal.menu import CALLERS
from commune_portal.pages.invitations import NO_LIMIT_M
from commune_portal.pages.plans import load_fields
from commune_portal.refusals import attempt, not_sure
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/volunteers/{volunteer_id}"
CONTACT = ("full_name", "phone", "email")
EMPTY_ROWS = 2
"""Of days away, below those that are known."""


@router.get(PAGE, response_class=HTMLResponse)
async def show_person(view: PersonDep, volunteer_id: str) -> Response:
    return await render_person(view, volunteer_id)


async def render_person(
    view: View, volunteer_id: str, *, typed: FormData | None = None, refusal: ApiError | None = None
) -> Response:
    person = await view.api.read("/v1/volunteers/{volunteer_id}", volunteer_id=volunteer_id)
    is_caller = view.role in CALLERS
    school, campaign, fields, consents, links = await asyncio.gather(
        view.api.get("/v1/schools/{school_id}", school_id=person["school_id"]),
        find_current(view.api),
        load_fields(view),
        view.api.get("/v1/volunteers/{volunteer_id}/consents", volunteer_id=volunteer_id) if is_caller else none(),
        view.api.get("/v1/volunteers/{volunteer_id}/links", volunteer_id=volunteer_id) if is_caller else none(),
    )
    plan = await find_plan(view, campaign)
    return view.render(
        "person.html",
        status=refusal.status if refusal else 200,
        person=person.content,
        etag=person.etag,
        school=school,
        campaign=campaign,
        plan=plan,
        place=await find_place(view, plan, volunteer_id),
        fields=fields,
        consents=consents,
        links=links["items"] if links else [],
        absences=rows_typed(typed) if typed and typed.get("then") == "absences" else rows_known(person.content),
        no_limit=NO_LIMIT_M,
        typed=typed or {},
        refusal=refusal,
    )


async def none() -> None:
    """For whom there is nothing to ask."""


async def find_plan(view: View, campaign: dict[str, Any] | None) -> dict[str, Any] | None:
    """The campaign's plan in force."""
    return in_force(await list_plans(view.api, campaign["id"])) if campaign else None


async def find_place(view: View, plan: dict[str, Any] | None, volunteer_id: str) -> dict[str, Any] | None:
    """Theirs in the plan; None where there is none, or none that one may see."""
    if plan is None:
        return None
    found = await view.api.find("/v1/plans/{plan_id}/placements", plan_id=plan["id"], volunteer_id=volunteer_id)
    return found["items"][0] if found and found["items"] else None


def rows_known(person: dict[str, Any]) -> list[dict[str, str]]:
    """Days away that a form may change; `elsewhere` follows from a decision."""
    own = [each for each in person["absences"] if each["kind"] != "elsewhere"]
    return [{name: each[name] or "" for name in ("kind", "starts_on", "ends_on", "note")} for each in own] + [
        {"kind": "leave", "starts_on": "", "ends_on": "", "note": ""} for _ in range(EMPTY_ROWS)
    ]


def rows_typed(form: FormData) -> list[dict[str, str]]:
    names = ("kind", "starts_on", "ends_on", "note")
    columns = [[str(value).strip() for value in form.getlist(name)] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]


@router.post(PAGE)
async def change_person(request: Request, view: PersonDep, volunteer_id: str) -> Response:
    """`then` names what: contact, absences, consent, links, or whether they serve."""
    form = await request.form()
    _, refusal = await attempt(DEEDS.get(str(form.get("then")), change_state)(view, volunteer_id, form))
    if refusal:
        return await render_person(view, volunteer_id, typed=form, refusal=refusal)
    return view.go(f"/volunteers/{volunteer_id}", view.say("Đã ghi.", "Recorded."))


async def change_contact(view: View, volunteer_id: str, form: FormData) -> None:
    body = {name: str(form.get(name) or "").strip() or None for name in CONTACT}
    await view.api.patch(
        "/v1/volunteers/{volunteer_id}", body, etag=str(form.get("etag", "")), volunteer_id=volunteer_id
    )


async def change_absences(view: View, volunteer_id: str, form: FormData) -> None:
    """All of them at once; a row without days and words is none."""
    items: list[dict[str, str | None]] = [
        {**row, "starts_on": day_or_none(row["starts_on"]), "ends_on": day_or_none(row["ends_on"])}
        for row in rows_typed(form)
        if row["starts_on"] or row["ends_on"] or row["note"]
    ]
    await view.api.put(
        "/v1/volunteers/{volunteer_id}/absences",
        {"items": items},
        etag=str(form.get("etag", "")),
        volunteer_id=volunteer_id,
    )


async def record_consent(view: View, volunteer_id: str, form: FormData) -> None:
    """`what`: purpose and the text's version, as they stood on the page."""
    purpose, _, version = str(form.get("what", "")).partition(":")
    body = {
        "purpose": purpose,
        "text_version": version,
        "is_given": form.get("is_given") == "yes",
        "channel": str(form.get("channel", "")),
        "proof": str(form.get("proof", "")).strip(),
    }
    once = str(form.get("once") or "") or None
    await view.api.post("/v1/volunteers/{volunteer_id}/consents", body, once=once, volunteer_id=volunteer_id)


async def reissue_links(view: View, volunteer_id: str, form: FormData) -> None:
    once = str(form.get("once") or "") or None
    await view.api.post("/v1/volunteers/{volunteer_id}/links/reissue", {}, once=once, volunteer_id=volunteer_id)


async def revoke_links(view: View, volunteer_id: str, form: FormData) -> None:
    if form.get("sure") != "yes":
        raise not_sure()
    await view.api.post("/v1/volunteers/{volunteer_id}/links/revoke", {}, volunteer_id=volunteer_id)


async def change_state(view: View, volunteer_id: str, form: FormData) -> None:
    """Withdrawing and archiving end their service at the next plan; coming back needs nothing."""
    then = form.get("then")
    if then == "restore":
        await view.api.post("/v1/volunteers/{volunteer_id}/restore", None, volunteer_id=volunteer_id)
        return
    if form.get("sure") != "yes":
        raise not_sure()
    if then == "archive":
        await view.api.post("/v1/volunteers/{volunteer_id}/archive", None, volunteer_id=volunteer_id)
    else:
        why = {"reason": str(form.get("reason") or "").strip() or None}
        await view.api.post("/v1/volunteers/{volunteer_id}/withdraw", why, volunteer_id=volunteer_id)


DEEDS = {
    "contact": change_contact,
    "absences": change_absences,
    "consent": record_consent,
    "reissue": reissue_links,
    "revoke": revoke_links,
}
