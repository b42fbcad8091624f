"""Changing a plan by hand: first what a change would do, at every level; then the change, with its reason; and back."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, QueryParams

from commune_portal.client import ApiError
from commune_portal.edit_words import Names, list_done
from commune_portal.pages.plans import PlanView, load_plan
from commune_portal.paging import holds, sort_people, vietnamese_order
from commune_portal.view import PersonDep, View

router = APIRouter()
MOST_CHOICES = 300
"""Of one list to choose from; a search narrows it."""
FIELDS = {
    "move_person": ("volunteer_id", "commune_code"),
    "swap_people": ("volunteer_id", "other_id"),
    "give_place": ("leaver_id", "volunteer_id"),
    "set_weekdays": ("volunteer_id", "weekdays"),
    "send_home": ("volunteer_id",),
    "move_commune": ("commune_code", "school_code"),
    "swap_communes": ("commune_code", "other_code"),
}
"""What a change of each kind cannot do without."""
OPTIONAL = {"move_person": ("weekdays", "whole_team"), "give_place": ("weekdays",), "send_home": ("whole_team",)}
REFUSED = {409, 412, 422, 428}


@dataclass(frozen=True)
class Choices:
    """Whom and what a change may name. `waiting`: active people whom the plan places nowhere."""

    placed: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    communes: list[dict[str, Any]]
    schools: list[dict[str, Any]]


def read_edit(given: QueryParams | FormData) -> dict[str, Any] | None:
    """The change that a page's address or a form names; None while something is lacking."""
    kind = str(given.get("kind", ""))
    edit: dict[str, Any] = {"kind": kind}
    for name in (*FIELDS.get(kind, ()), *OPTIONAL.get(kind, ())):
        if name == "weekdays":
            value: Any = sorted({int(str(day)) for day in given.getlist(name) if str(day) in "01234" and day}) or None
        elif name == "whole_team":
            value = True if given.get(name) == "yes" else None
        else:
            value = str(given.get(name, "")).strip() or None
        if value is not None:
            edit[name] = value
    if kind == "move_commune" and given.get("people") == "stay":
        edit["people"] = "stay"
    return edit if kind in FIELDS and all(name in edit for name in FIELDS[kind]) else None


@router.get("/plans/{plan_id}/edit", response_class=HTMLResponse)
async def show_editing(request: Request, view: PersonDep, plan_id: str) -> Response:
    return await render_editing(view, plan_id, request.query_params)


async def render_editing(
    view: View, plan_id: str, given: QueryParams | FormData, refusal: ApiError | None = None
) -> Response:
    """The form of one kind of change, filled in; below it what the change would do, once nothing is lacking."""
    version, shown = await asyncio.gather(
        view.api.read("/v1/plans/{plan_id}", plan_id=plan_id), load_plan(view, plan_id)
    )
    edit = read_edit(given)
    choices, history, (preview, problem) = await asyncio.gather(
        list_choices(view, shown),
        view.api.list_all("/v1/plans/{plan_id}/edits", plan_id=plan_id),
        ask_first(view, plan_id, edit),
    )
    refusal = refusal or problem
    kind = str(given.get("kind", ""))
    return view.render(
        "edit.html",
        status=refusal.status if refusal else 200,
        shown=shown,
        plan=shown.plan,
        title=shown.title(view),
        kind=kind if kind in FIELDS else "move_person",
        given=given,
        days={str(day) for day in given.getlist("weekdays")},
        edit=edit,
        preview=preview,
        refusal=refusal,
        etag=version.etag,
        done=list_done(view, history, Names.of(shown.places, [*choices.placed, *choices.waiting])),
        choices=narrow(choices, shown, given),
        most=MOST_CHOICES,
    )


async def ask_first(
    view: View, plan_id: str, edit: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, ApiError | None]:
    """(what the change would do, why it makes no sense): one of them, or neither while nothing is asked."""
    if edit is None:
        return None, None
    try:
        return await view.api.post("/v1/plans/{plan_id}/edits/preview", {"edits": [edit]}, plan_id=plan_id), None
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return None, refusal


async def list_choices(view: View, shown: PlanView) -> Choices:
    placed, people = await asyncio.gather(
        view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=shown.plan["id"]),
        view.api.list_seen("/v1/volunteers", status="active"),
    )
    schools = {each["id"]: each for each in shown.places.schools.values()}
    here = {each["volunteer_id"] for each in placed}
    waiting = [
        each | {"volunteer_id": each["id"], "school_code": schools[each["school_id"]]["code"]}
        for each in people
        if each["id"] not in here and each["school_id"] in schools
    ]
    by_name = sorted(shown.places.communes.values(), key=lambda each: vietnamese_order(each["name"]))
    return Choices(sort_people(placed), sort_people(waiting), by_name, list(shown.places.schools.values()))


def narrow(choices: Choices, shown: PlanView, given: QueryParams | FormData) -> Choices:
    """Those whom a search names, and whoever is chosen already; who could take a leaver's days before the others."""
    wanted = str(given.get("q", ""))
    chosen = {str(given.get(name, "")) for name in ("volunteer_id", "other_id", "leaver_id")}

    def pick(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            each
            for each in people
            if each["volunteer_id"] in chosen
            or holds(
                wanted, each["full_name"], shown.places.school(each["school_code"]), each.get("commune_name"),
            )
        ]  # fmt: skip

    leaver = next((each for each in choices.placed if each["volunteer_id"] == given.get("leaver_id")), None)
    waiting = pick(choices.waiting)
    if leaver is not None:
        days = set(leaver["weekdays"])
        waiting.sort(
            key=lambda each: (-len(days & set(each["free_weekdays"])), each["school_code"] != leaver["school_code"])
        )
    return Choices(pick(choices.placed), waiting, choices.communes, choices.schools)


@router.post("/plans/{plan_id}/edit")
async def make_edit(request: Request, view: PersonDep, plan_id: str) -> Response:
    """On the draft as it was looked at; of any other plan, on a draft begun from it."""
    form = await request.form()
    edit = read_edit(form)
    reason = str(form.get("reason", "")).strip()
    if edit is None or len(reason) < 3:
        words = {
            "code": "portal.no_reason",
            "detail_vi": "Hãy chọn đủ thông tin của thay đổi và ghi lý do.",
            "detail": "Choose what the change needs, and give the reason.",
        }
        return await render_editing(view, plan_id, form, ApiError(422, words))
    try:
        edited = await view.api.post(
            "/v1/plans/{plan_id}/edits",
            {"edits": [edit], "reason": reason},
            once=str(form.get("once") or "") or None,
            etag=str(form.get("etag", "")),
            plan_id=plan_id,
        )
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_editing(view, plan_id, form, refusal)
    draft = edited["plan"]
    words_done = view.say("Đã sửa.", "Changed.")
    if draft["id"] != plan_id:
        words_done += view.say(
            f" Bản này không sửa trực tiếp được, nên thay đổi nằm ở dự thảo {draft['draft_number']}.",
            f" This plan cannot be changed itself, so the change stands in draft {draft['draft_number']}.",
        )
    return view.go(f"/plans/{draft['id']}/edit", f"{words_done} {view.pick(edited['preview'], 'summary')}".strip())


OnceField = Annotated[str, Form()]


@router.post("/plans/{plan_id}/edit/undo")
async def undo(view: PersonDep, plan_id: str, etag: Annotated[str, Form()], once: OnceField = "") -> Response:
    try:
        await view.api.post("/v1/plans/{plan_id}/undo", once=once or None, etag=etag, plan_id=plan_id)
    except ApiError as refusal:
        return await show_refusal(view, plan_id, refusal)
    return view.go(f"/plans/{plan_id}/edit", view.say("Đã hoàn tác.", "Undone."))


@router.post("/plans/{plan_id}/edit/redo")
async def redo(view: PersonDep, plan_id: str, etag: Annotated[str, Form()], once: OnceField = "") -> Response:
    try:
        await view.api.post("/v1/plans/{plan_id}/redo", once=once or None, etag=etag, plan_id=plan_id)
    except ApiError as refusal:
        return await show_refusal(view, plan_id, refusal)
    return view.go(f"/plans/{plan_id}/edit", view.say("Đã làm lại.", "Done again."))


async def show_refusal(view: View, plan_id: str, refusal: ApiError) -> Response:
    if refusal.status not in REFUSED:
        raise refusal
    return await render_editing(view, plan_id, QueryParams(), refusal)


@router.post("/plans/{plan_id}/copy")
async def copy_to_draft(view: PersonDep, plan_id: str, once: OnceField = "") -> Response:
    """The way back: what was published once, or given up, as a draft."""
    draft = await view.api.post("/v1/plans/{plan_id}/drafts", once=once or None, plan_id=plan_id)
    return view.go(
        f"/plans/{draft['id']}/decide",
        view.say(
            f"Dự thảo {draft['draft_number']} đã được lập từ bản đó. Hãy xem ai sẽ được báo gì rồi mới duyệt.",
            f"Draft {draft['draft_number']} says what that version said. See who would be told what, then approve it.",
        ),
    )
