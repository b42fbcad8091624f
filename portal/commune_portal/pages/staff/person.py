"""One member of the staff: the post, qualifications, courses attended, what they learnt by themselves."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, whole_number
from commune_portal.menu import ADMIN
from commune_portal.pages.plans import load_fields
from commune_portal.pages.staff.register import list_units
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/staff/people/{staff_id}"
COLUMNS = ("field_code", "level", "since", "evidence")
EMPTY_ROWS = 2


@router.get(PAGE, response_class=HTMLResponse)
async def show_member(view: PersonDep, staff_id: str) -> Response:
    return await render_member(view, staff_id)


async def render_member(
    view: View, staff_id: str, *, typed: FormData | None = None, refusal: ApiError | None = None
) -> Response:
    member, learnt, units, fields = await asyncio.gather(
        view.api.read("/v1/staff/{staff_id}", staff_id=staff_id),
        view.api.find("/v1/staff/{staff_id}/learning", staff_id=staff_id),
        list_units(view),
        load_fields(view),
    )
    known = [{name: str(each.get(name) or "") for name in COLUMNS} for each in member["qualifications"]]
    rows = [*known, *(dict.fromkeys(COLUMNS, "") for _ in range(EMPTY_ROWS))]
    return view.render(
        "staff_person.html",
        status=refusal.status if refusal else 200,
        member=member.content,
        etag=member.etag,
        learnt=learnt or {"courses": [], "learning": []},
        units={each["id"]: each["name"] for each in units},
        fields=fields,
        rows=rows_of(typed) if typed and typed.get("then") == "qualifications" else rows,
        may_change=view.role == ADMIN,
        typed=typed or {},
        refusal=refusal,
    )


def rows_of(form: FormData) -> list[dict[str, str]]:
    columns = [[str(value).strip() for value in form.getlist(name)] for name in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=False)]


@router.post(PAGE)
async def change_member(request: Request, view: PersonDep, staff_id: str) -> Response:
    """`then`: qualifications, all of them; otherwise one more thing learnt."""
    form = await request.form()
    deed = keep_qualifications if form.get("then") == "qualifications" else record_learning
    _, refusal = await attempt(deed(view, staff_id, form))
    if refusal:
        return await render_member(view, staff_id, typed=form, refusal=refusal)
    return view.go(f"/staff/people/{staff_id}", view.say("Đã ghi.", "Recorded."))


async def keep_qualifications(view: View, staff_id: str, form: FormData) -> None:
    """A row without a field is none."""
    items = [
        {
            "field_code": row["field_code"],
            "level": whole_number(row["level"]) or 1,
            "since": whole_number(row["since"]),
            "evidence": row["evidence"] or None,
        }
        for row in rows_of(form)
        if row["field_code"]
    ]
    etag = str(form.get("etag", ""))
    await view.api.patch("/v1/staff/{staff_id}", {"qualifications": items}, etag=etag, staff_id=staff_id)


async def record_learning(view: View, staff_id: str, form: FormData) -> None:
    body: dict[str, Any] = {
        "kind": str(form.get("kind", "")),
        "learnt_on": day_or_none(str(form.get("learnt_on", ""))),
        "field_code": str(form.get("of_field") or "") or None,
        "words": str(form.get("words", "")).strip(),
    }
    once = str(form.get("once") or "") or None
    await view.api.post("/v1/staff/{staff_id}/learning", body, once=once, staff_id=staff_id)
