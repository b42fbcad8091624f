"""Settings for Home Affairs: the audit log, how the province publishes. People, keys and requests are elsewhere."""

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import NAMES_SECONDS
from commune_portal.client import ApiError
from commune_portal.downloads import stream_on
from commune_portal.forms import day_or_none, end_of_day, read_typed, whole_number
from commune_portal.map.shapes import load_shapes
from commune_portal.meanwhile import NOTHING, differing, is_stale
from commune_portal.paging import as_query, of_answer
from commune_portal.province import choose_province
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
OBJECT_KINDS = (
    "accounts", "allowance-statements", "api-keys", "campaigns", "communes", "data-requests", "matching-runs", "plans",
    "roster-uploads", "schools", "secondments", "staff", "volunteers",
)  # fmt: skip
"""Kinds of object that the log can be filtered by: the first part of the route."""


@router.get("/settings", response_class=HTMLResponse)
async def show_settings(view: PersonDep) -> Response:
    return view.go("/settings/people")


@router.get("/settings/audit", response_class=HTMLResponse)
async def show_audit(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    entries = await view.api.get("/v1/audit", **audit_filters(request), **as_query(request))
    by_days = {name: wanted.get(name, "") for name in ("from", "to")}
    return view.render("audit.html", rows=of_answer(request, entries), days=by_days, kinds=OBJECT_KINDS)


def audit_filters(request: Request) -> dict[str, str | None]:
    """As the API names them; days are typed as they are written here, and mean Vietnam's."""
    wanted = request.query_params
    by = {name: wanted.get(name) for name in ("subject", "action", "actor_key_id", "actor_account_id", "object_kind")}
    since, until = day_or_none(wanted.get("from", "")), day_or_none(wanted.get("to", ""))
    return by | {"since": f"{since}T00:00:00+07:00" if since else None, "until": end_of_day(until)}


@router.get("/settings/audit/export")
async def export_audit(request: Request, view: PersonDep) -> Response:
    """The entries that the filter lets through, as a file."""
    return await stream_on(view.api.stream("/v1/audit/export", headers={}, **audit_filters(request)))


@router.get("/settings/publishing", response_class=HTMLResponse)
async def show_publishing(view: PersonDep) -> Response:
    return await render_publishing(view)


RULES = ("is_plan_public", "four_eyes", "pays_on_school_word")


async def render_publishing(
    view: View, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    province = await view.api.read("/v1/provinces/{code}", code=await choose_province(view))
    price = province["sms_price_vnd"]
    saved = {name: "yes" if province[name] else "" for name in RULES}
    saved["sms_price_vnd"] = "" if price is None else str(price)
    words = {"yes": view.say("Có", "Yes"), "": view.say("Không", "No")}
    meanwhile = differing(view, saved, typed or {}) if is_stale(refusal) else NOTHING
    return view.render(
        "publishing.html",
        status=refusal.status if refusal else 200,
        province=province.content,
        values=saved if typed is None else typed,
        version=province.etag,
        meanwhile={name: words[saved[name]] if name in RULES else now for name, now in meanwhile.items()},
        refusal=refusal,
    )


@router.get("/settings/boundaries", response_class=HTMLResponse)
async def show_boundaries(view: PersonDep) -> Response:
    return await render_boundaries(view)


async def render_boundaries(
    view: View, *, report: dict[str, Any] | None = None, refusal: ApiError | None = None
) -> Response:
    code = await choose_province(view)
    province, shapes, communes = await asyncio.gather(
        view.api.get("/v1/provinces/{code}", code=code),
        load_shapes(view, code),
        view.api.list_kept("/v1/communes", seconds=NAMES_SECONDS, province_code=code),
    )
    facts: dict[str, Any] = {
        "report": report,
        "refusal": refusal,
        "names": {c["code"]: c["full_name"] for c in communes},
    }
    status = refusal.status if refusal else 200
    return view.render("boundaries.html", status=status, province=province, shapes=shapes, **facts)


@router.post("/settings/boundaries")
async def send_boundaries(view: PersonDep, file: UploadFile) -> Response:
    """A GeoJSON file, each commune's outline with its code."""
    code = await choose_province(view)
    try:
        body = json.loads(await file.read())
        report = await view.api.put("/v1/provinces/{code}/boundaries", body, code=code)
    except ValueError:
        vi, en = "Tệp không phải GeoJSON (UTF-8).", "The file is no GeoJSON (UTF-8)."
        return await render_boundaries(view, refusal=ApiError(422, {"detail_vi": vi, "detail_en": en}))
    except ApiError as refusal:
        if refusal.status not in {409, 413, 422}:
            raise
        return await render_boundaries(view, refusal=refusal)
    return await render_boundaries(view, report=report)


@router.post("/settings/publishing")
async def keep_publishing(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    body: dict[str, Any] = {name: typed.get(name) == "yes" for name in RULES}
    body["sms_price_vnd"] = whole_number(typed.get("sms_price_vnd", ""))
    code = await choose_province(view)
    _, refusal = await attempt(
        view.api.put("/v1/provinces/{code}/publishing", body, code=code, etag=typed.get("version"))
    )
    if refusal:
        return await render_publishing(view, typed=typed, refusal=refusal)
    return view.go(view.within("/settings/publishing"), view.say("Đã lưu.", "Saved."))
