"""What the communes need: the province's list with totals, and one commune's declaration."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.meanwhile import NOTHING, differing, is_stale
from commune_portal.menu import ADMIN, COMMUNE, GROUP_OVERSEER, PLANNERS
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
WEEKDAYS = 5


@router.get("/campaigns/{campaign_id}/needs", response_class=HTMLResponse)
async def show_needs(request: Request, view: PersonDep, campaign_id: str) -> Response:
    wanted = request.query_params
    campaign, needs, duties, fields = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/needs",
            campaign_id=campaign_id,
            q=wanted.get("q"),
            lacks_it_staff=wanted.get("lacks_it_staff"),
            duty_code=wanted.get("duty_code"),
            state=wanted.get("state"),
            **as_query(request),
        ),
        list_duties(view),
        load_fields(view),
    )
    rows, totals = of_answer(request, needs), needs["totals"]
    facts = {"duties": duties, "fields": fields, "rows": rows, "totals": totals}
    return view.render("needs.html", campaign=campaign, **facts)


async def list_duties(view: View) -> list[dict[str, Any]]:
    return await view.api.list_all("/v1/duties")


@router.get("/campaigns/{campaign_id}/needs/{code}", response_class=HTMLResponse)
async def show_need(view: PersonDep, campaign_id: str, code: str) -> Response:
    need = await find_need(view, campaign_id, code)
    return await render_need(view, campaign_id, code, values_of(need), need=need)


async def render_need(
    view: View,
    campaign_id: str,
    code: str,
    values: dict[str, str],
    *,
    need: dict[str, Any] | None,
    refusal: ApiError | None = None,
) -> Response:
    """`values`: the form's; `need`: as it stands, None before there is one."""
    campaign, commune, duties = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/communes/{code}", code=code),
        list_duties(view),
    )
    return view.render(
        "need.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        commune=commune,
        duties=duties,
        values=values,
        need=need,
        versions=await list_versions(view, campaign_id, code, need),
        meanwhile=differing(view, values_of(need), values) if need and is_stale(refusal) else NOTHING,
        refusal=refusal,
        may_change=view.role == ADMIN or (view.role == COMMUNE and view.commune_code == code),
    )


async def list_versions(view: View, campaign_id: str, code: str, need: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What the need was, the newest first: for the commune and those who review."""
    if need is None or view.role not in PLANNERS | {COMMUNE}:
        return []
    return await view.api.list_seen(
        "/v1/campaigns/{campaign_id}/needs/{commune_code}/versions", campaign_id=campaign_id, commune_code=code
    )


def values_of(need: dict[str, Any] | None) -> dict[str, str]:
    """The declaration as the form's fields have it."""
    if need is None:
        return {}
    values = {"note": need["note"], "lacks_it_staff": "yes" if need["lacks_it_staff"] else ""}
    values["min_people"] = "" if need["min_people"] is None else str(need["min_people"])
    for item in need["items"]:
        values[f"people-{item['duty_code']}"] = str(item["people"])
        values[f"days-{item['duty_code']}"] = str(item["days_per_week"])
    return values | {f"presence-{day}": str(people) for day, people in enumerate(need["presence"])}


@router.post("/campaigns/{campaign_id}/needs/{code}")
async def declare_need(request: Request, view: PersonDep, campaign_id: str, code: str) -> Response:
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    version = typed.get("version")
    is_draft = view.role == COMMUNE and typed.get("then") != "submit"
    try:
        await refuse_half_rows(view, typed)
        await view.api.put(
            "/v1/campaigns/{campaign_id}/needs/{commune_code}",
            body_of(typed),
            campaign_id=campaign_id,
            commune_code=code,
            etag=f'"{version}"' if version else None,
            is_new=not version,
            draft="true" if is_draft else None,
        )
    except ApiError as refusal:
        if refusal.status not in {409, 412, 422}:
            raise
        need = await find_need(view, campaign_id, code)
        return await render_need(view, campaign_id, code, typed, need=need, refusal=refusal)
    words = (
        view.say("Đã lưu nháp; chưa gửi.", "Saved as a draft; not sent yet.") if is_draft else words_of_sending(view)
    )
    return view.go(f"/campaigns/{campaign_id}/needs/{code}", words)


def words_of_sending(view: View) -> str:
    if view.role == ADMIN:
        return view.say("Đã ghi nhu cầu của xã.", "The commune's need is recorded.")
    return view.say("Đã gửi nhu cầu cho Sở Nội vụ xem xét.", "The need is sent to Home Affairs for review.")


async def find_need(view: View, campaign_id: str, code: str) -> dict[str, Any] | None:
    """None before there is one. To a commune's officer another commune is not there, declared or not."""
    if view.commune_code not in {None, code}:
        raise ApiError(404, {})
    try:
        found: dict[str, Any] = await view.api.get(
            "/v1/campaigns/{campaign_id}/needs/{commune_code}", campaign_id=campaign_id, commune_code=code
        )
    except ApiError as error:
        if error.status != httpx.codes.NOT_FOUND or view.role == GROUP_OVERSEER:
            raise  # to an overseer of a group, other groups' communes are not there
        return None
    return found


@router.post("/campaigns/{campaign_id}/needs/{code}/accept")
async def accept_need(view: PersonDep, campaign_id: str, code: str, version: Annotated[str, Form()] = "") -> Response:
    """The province takes it as it was submitted; a version that moved meanwhile is refused by the API."""
    await view.api.post(
        "/v1/campaigns/{campaign_id}/needs/{commune_code}/review",
        {"decision": "accept"},
        etag=f'"{version}"',
        campaign_id=campaign_id,
        commune_code=code,
    )
    words = view.say("Đã chấp nhận nhu cầu của xã.", "The commune's need is accepted.")
    return view.go(f"/campaigns/{campaign_id}/needs?state=submitted", words)


async def refuse_half_rows(view: View, typed: Mapping[str, str]) -> None:
    """422 that names the duties with days and without people: dropped, they would look as if they were asked for."""
    days = {name.removeprefix("days-") for name, value in typed.items() if name.startswith("days-") and value.strip()}
    half = {code for code in days if not typed.get(f"people-{code}", "").strip()}
    if not half:
        return
    duties = [duty for duty in await list_duties(view) if duty["code"] in half]
    vi, en = (", ".join(duty[name] for duty in duties) for name in ("name_vi", "name_en"))
    raise ApiError(
        422,
        {
            "detail_vi": f"Có số ngày mà chưa có số người: {vi}. Hãy ghi số người; nếu không cần thì xóa số ngày.",
            "detail": f"Days without people: {en}. Write how many people, or take the days away.",
        },
    )


def body_of(typed: dict[str, str]) -> dict[str, Any]:
    """What was typed, as the API takes it; a duty without people is not asked for."""
    items = [
        {
            "duty_code": name.removeprefix("people-"),
            "people": whole(people),
            "days_per_week": whole(typed.get(f"days-{name.removeprefix('people-')}") or "1"),
        }
        for name, people in typed.items()
        if name.startswith("people-") and people.strip() not in {"", "0"}
    ]
    least = typed.get("min_people", "").strip()
    presence = [whole(typed.get(f"presence-{day}") or "0") for day in range(WEEKDAYS)]
    lacks = typed.get("lacks_it_staff") == "yes"
    need = {"lacks_it_staff": lacks, "presence": presence, "note": typed.get("note", ""), "items": items}
    return need | {"min_people": whole(least) if least else None}


def whole(text: str) -> int | str:
    """The number, or what was typed: the API says what is wrong with it."""
    return int(text) if text.strip().isdecimal() else text
