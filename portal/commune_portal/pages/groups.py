"""Oversight groups: who follows which communes. Runs, drafts changed by hand, publishing; an overseer's communes."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import LIVE, NAMES_SECONDS, find_current
from commune_portal.client import ApiError
from commune_portal.forms import read_typed, whole_number
from commune_portal.menu import ADMIN, OVERSEER, OVERSEERS
from commune_portal.paging import of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/groups"
WEIGHTS = ("need", "equal", "blockers")
REFUSED = {403, 409, 412, 422, 428}
GROUPERS = frozenset({ADMIN, "director"})


@router.get(PAGE, response_class=HTMLResponse)
async def show_groups(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_groups(request, view, campaign_id)


async def render_groups(
    request: Request, view: View, campaign_id: str, *, typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:  # fmt: skip
    may_change = view.role in GROUPERS
    campaign, groupings, runs, accounts = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/groupings", campaign_id=campaign_id),
        view.api.find("/v1/campaigns/{campaign_id}/group-runs", campaign_id=campaign_id, limit=5),
        view.api.list_seen("/v1/accounts") if may_change else _nobody(),
    )
    page = view.render(
        "groups.html", status=refusal.status if refusal else 200, campaign=campaign,
        rows=of_answer(request, groupings), runs=runs["items"] if runs else [], may_change=may_change,
        overseers=[each for each in accounts if any(a["role"] == OVERSEER for a in each["assignments"])],
        weights=WEIGHTS, live=LIVE, typed=typed or {}, refusal=refusal,
    )  # fmt: skip
    if runs and any(run["status"] in LIVE for run in runs["items"]):
        page.headers["Refresh"] = "3"
    return page


async def _nobody() -> list[dict[str, Any]]:
    return []


@router.post(PAGE)
async def ask_for_groups(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """Divides the communes among those chosen, or stops a run."""
    typed = await read_typed(request)
    chosen = [str(each) for each in (await request.form()).getlist("account")]
    once = typed.get("once")
    try:
        if typed.get("cancel"):
            run_id = typed["cancel"]
            await view.api.post("/v1/group-runs/{group_run_id}/cancel", None, once=once, group_run_id=run_id)
            return view.go(f"/campaigns/{campaign_id}/groups", view.say("Đã yêu cầu dừng.", "Asked to stop."))
        body: dict[str, Any] = {
            "overseers": [{"account_id": each} for each in chosen] + overseers_of(typed.get("others", "")),
            "weights": typed.get("weights"),
            "balance_pct": whole_number(typed.get("balance_pct") or "10"),
        }
        await view.api.post("/v1/campaigns/{campaign_id}/group-runs", body, once=once, campaign_id=campaign_id)
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        typed["account"] = " ".join(chosen)
        return await render_groups(request, view, campaign_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/groups", view.say("Đang chia nhóm.", "The groups are being made."))


def overseers_of(lines: str) -> list[dict[str, str]]:
    """'Name; e-mail' a line: those without an account. 422 that names the first line without one of them."""
    pairs = [line.partition(";") for line in lines.splitlines() if line.strip()]
    for number, (name, _, email) in enumerate(pairs, start=1):
        if not name.strip() or "@" not in email:
            vi = f"Dòng {number} của những người chưa có tài khoản: cần họ tên, dấu chấm phẩy, rồi email."
            en = f"Line {number} of those without an account: a name, a semicolon, an e-mail address."
            raise ApiError(422, {"detail_vi": vi, "detail": en})
    return [{"name": name.strip(), "email": email.strip()} for name, _, email in pairs]


@router.get("/groupings/{grouping_id}", response_class=HTMLResponse)
async def show_grouping(view: PersonDep, grouping_id: str) -> Response:
    return await render_grouping(view, grouping_id)


async def render_grouping(
    view: View, grouping_id: str, *, typed: dict[str, str] | None = None, preview: dict[str, Any] | None = None,
    refusal: ApiError | None = None,
) -> Response:  # fmt: skip
    grouping = await view.api.read("/v1/groupings/{grouping_id}", grouping_id=grouping_id)
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=grouping["campaign_id"])
    return view.render(
        "grouping.html", status=refusal.status if refusal else 200, grouping=grouping.content, etag=grouping.etag,
        campaign=campaign, may_change=view.role in GROUPERS, typed=typed or {}, preview=preview, refusal=refusal,
    )  # fmt: skip


@router.post("/groupings/{grouping_id}")
async def act_on_grouping(request: Request, view: PersonDep, grouping_id: str) -> Response:
    """Looks at a change, makes it, publishes, or gives the draft up."""
    typed = await read_typed(request)
    then, named = typed.get("then"), {"grouping_id": grouping_id}
    once, etag = typed.get("once"), typed.get("etag", "")
    try:
        if then == "publish":
            made = await view.api.post("/v1/groupings/{grouping_id}/publish", None, once=once, etag=etag, **named)
            words = view.say(f"Đã công bố bản {made['version']}.", f"Version {made['version']} is published.")
        elif then == "discard":
            made = await view.api.post("/v1/groupings/{grouping_id}/discard", None, once=once, **named)
            words = view.say("Đã bỏ dự thảo.", "The draft is given up.")
        elif then == "edit":
            despite = [each for each in ("D2", "D3", "D4") if typed.get("despite") == "yes"]
            body = change_of(typed) | {"reason": typed.get("reason", ""), "despite": despite}
            made = await view.api.post("/v1/groupings/{grouping_id}/edits", body, once=once, etag=etag, **named)
            words = view.say("Đã thay đổi.", "Changed.")
        else:
            preview = await view.api.post("/v1/groupings/{grouping_id}/edits/preview", change_of(typed), **named)
            return await render_grouping(view, grouping_id, typed=typed, preview=preview)
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_grouping(view, grouping_id, typed=typed, refusal=refusal)
    return view.go(f"/groupings/{made['id']}", words)


def change_of(typed: dict[str, str]) -> dict[str, Any]:
    """A commune moved, or two overseers who change places."""
    change: dict[str, Any] = {}
    if typed.get("commune_code"):
        change["moves"] = [{"commune_code": typed["commune_code"], "to": whole_number(typed.get("to", ""))}]
    if typed.get("first") and typed.get("second"):
        change["exchanges"] = [[whole_number(typed["first"]), whole_number(typed["second"])]]
    return change


@router.get("/my-communes", response_class=HTMLResponse)
async def show_my_communes(view: PersonDep) -> Response:
    """Of an overseer: the communes of the own group, and how each stands."""
    if view.role not in OVERSEERS:
        raise ApiError(404, {})
    campaign = await find_current(view.api)
    if campaign is None:
        return view.render("my_communes.html", campaign=None, group=None, communes=[])
    own = {"campaign_id": campaign["id"]}
    groupings, standing = await asyncio.gather(
        view.api.list_kept("/v1/campaigns/{campaign_id}/groupings", seconds=NAMES_SECONDS, **own),
        view.api.find("/v1/campaigns/{campaign_id}/standing", **own),
    )
    group = await find_own_group(view, groupings)
    codes = {each["commune_code"] for each in group["communes"]} if group else set()
    communes = [each for each in (standing["communes"] if standing else []) if each["commune_code"] in codes]
    return view.render("my_communes.html", campaign=campaign, group=group, communes=communes)


async def find_own_group(view: View, groupings: list[dict[str, Any]]) -> dict[str, Any] | None:
    """In the grouping in force, by the account; None where there is none, or none of theirs."""
    now = next((each for each in groupings if each["status"] == "published"), None)
    if now is None or view.me is None:
        return None
    grouping = await view.api.find("/v1/groupings/{grouping_id}", grouping_id=now["id"])
    mine = str(view.me["account"]["id"])
    groups: list[dict[str, Any]] = grouping["groups"] if grouping else []
    return next((each for each in groups if str(each["overseer"]["account_id"]) == mine), None)
