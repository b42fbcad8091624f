"""Who came: a commune's week to tick, online or not; the printed list and the sheet; who came instead of somebody."""

import asyncio
import json
from collections import Counter
from datetime import date, timedelta, timezone
from typing import Annotated, Any

from commune_schemas.amounts import amount
from commune_service import clock
from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response

from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.menu import ADMIN, COMMUNE, SCHOOL
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/attendance/{code}"
LOCAL = timezone(timedelta(hours=7))
OUTCOMES = ("present", "absent")
"""What the week's form says; who came instead has a page of its own."""
MOST_TICKS = 500
MOST_STAND_INS = 20
"""The API names no more at once."""
SIDES = {COMMUNE: "commune", SCHOOL: "school", ADMIN: "province"}
"""Whose word each role's ticks are."""


def week_of(on: str) -> date:
    """The Monday of a day's week; of today's for what is no day."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = clock.today()
    return day - timedelta(days=day.weekday())


@router.get("/campaigns/{campaign_id}/attendance", response_class=HTMLResponse)
async def show_totals(view: PersonDep, campaign_id: str) -> Response:
    campaign, totals = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/attendance/totals", campaign_id=campaign_id),
    )
    return view.render("attendance_totals.html", campaign=campaign, totals=totals)


@router.get(PAGE, response_class=HTMLResponse)
async def show_attendance(view: PersonDep, campaign_id: str, code: str, on: str = "") -> Response:
    return await render_attendance(view, campaign_id, code, monday=week_of(on))


async def render_attendance(
    view: View, campaign_id: str, code: str, *, monday: date, refusal: ApiError | None = None
) -> Response:
    sunday = monday + timedelta(days=6)
    campaign, commune, days = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/communes/{code}", code=code),
        view.api.list_all(
            "/v1/campaigns/{campaign_id}/attendance",
            campaign_id=campaign_id,
            commune_code=code,
            first_on=monday.isoformat(),
            last_on=sunday.isoformat(),
        ),
    )
    today = clock.today().isoformat()
    by_day: dict[str, list[dict[str, Any]]] = {}
    for day in days:
        own = day["views"].get(SIDES.get(view.role, ""))
        by_day.setdefault(day["serves_on"], []).append(day | {"own": own, "is_due": day["serves_on"] <= today})
    return view.render(
        "attendance.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        commune=commune,
        by_day=by_day,
        monday=monday.isoformat(),
        sunday=sunday.isoformat(),
        before=(monday - timedelta(days=7)).isoformat(),
        after=(monday + timedelta(days=7)).isoformat(),
        is_due=any(each["is_due"] for rows in by_day.values() for each in rows),
        may_tick=view.role in {ADMIN, SCHOOL} or (view.role == COMMUNE and view.commune_code == code),
        other="school" if view.role == COMMUNE else "commune",
        refusal=refusal,
    )


@router.post(PAGE)
async def tick_week(request: Request, view: PersonDep, campaign_id: str, code: str) -> Response:
    """What was chosen of each day; what stands already is not said again."""
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    monday, now = week_of(typed.get("monday", "")), clock.now().isoformat()
    ticks = [
        {
            "key": f"{typed.get('once', '')}-{number}",
            "volunteer_id": name.split("/")[1],
            "serves_on": name.split("/")[2],
            "outcome": outcome,
            "reason": typed.get(name.replace("outcome/", "reason/"), "") if outcome == "absent" else "",
            "ticked_at": now,
        }
        for number, (name, outcome) in enumerate(typed.items())
        if name.startswith("outcome/") and outcome in OUTCOMES and is_news(typed, name.partition("/")[2], outcome)
    ]
    address = f"/campaigns/{campaign_id}/attendance/{code}?on={monday.isoformat()}"
    without = [tick for tick in ticks if tick["outcome"] == "absent" and not tick["reason"].strip()]
    ticks = [tick for tick in ticks if tick not in without]
    lacking = words_of_lacking(view, len(without), count_loose_reasons(typed))
    if not ticks:
        return view.go(address, lacking or view.say("Không có gì thay đổi.", "Nothing was changed."))
    try:
        answer = await send_ticks(view, campaign_id, ticks)
    except ApiError as refusal:
        if refusal.status != 422:
            raise
        return await render_attendance(view, campaign_id, code, monday=monday, refusal=refusal)
    return view.go(address, f"{summary_of(view, answer)} {lacking}".strip())


def is_news(typed: dict[str, str], day: str, outcome: str) -> bool:
    """Another word than what stands, or the same absence for another reason."""
    is_other_reason = typed.get(f"reason/{day}", "").strip() != typed.get(f"why/{day}", "")
    return outcome != typed.get(f"was/{day}") or (outcome == "absent" and is_other_reason)


def count_loose_reasons(typed: dict[str, str]) -> int:
    """Reasons that were typed newly where nobody is said to be absent."""
    days = {name.partition("/")[2]: value.strip() for name, value in typed.items() if name.startswith("reason/")}
    return sum(
        bool(reason) and reason != typed.get(f"why/{day}", "") and typed.get(f"outcome/{day}") != "absent"
        for day, reason in days.items()
    )


def words_of_lacking(view: View, absences: int, reasons: int) -> str:
    """What of the form was not recorded; nothing where all was."""
    words = []
    if absences:
        words.append(
            view.say(
                f"{absences} lượt vắng chưa có lý do, chưa ghi.",
                f"{amount(absences, 'absence needs', 'absences need')} a reason.",
            )
        )
    if reasons:
        vi = f"{reasons} lý do chưa ghi, vì chưa chọn Vắng."
        words.append(
            view.say(
                vi, f"{amount(reasons, 'reason is', 'reasons are')} not recorded: nobody is said to be absent there."
            )
        )
    return " ".join(words)


async def send_ticks(view: View, campaign_id: str, ticks: list[dict[str, Any]]) -> dict[str, Any]:
    answer: dict[str, Any] = await view.api.post(
        "/v1/campaigns/{campaign_id}/attendance", {"ticks": ticks}, campaign_id=campaign_id
    )
    return answer


def summary_of(view: View, answer: dict[str, Any]) -> str:
    done = view.say(f"Đã ghi {answer['recorded']} lượt.", f"{answer['recorded']} recorded.")
    refused = Counter(view.pick(each) for each in answer["items"] if each["result"] == "refused")
    not_done = view.say("lượt không ghi được", "not recorded")
    return " ".join([done, *(f"{count} {not_done}: {why}" for why, count in sorted(refused.items()))])


@router.post(f"{PAGE}/ticks")
async def take_ticks(view: PersonDep, campaign_id: str, ticks: Annotated[str, Form()]) -> JSONResponse:
    """What a page kept while there was no network. The answer says of each key what became of it; 422 of none."""
    try:
        kept = json.loads(ticks)
    except ValueError:
        kept = None
    if not isinstance(kept, list) or not 0 < len(kept) <= MOST_TICKS:
        return JSONResponse({"items": []}, 422)
    try:
        answer = await send_ticks(view, campaign_id, kept)
    except ApiError as refusal:
        return JSONResponse({"items": [], "words": refusal.words(view.language)}, refusal.status)
    items = [{"key": each["key"], "result": each["result"], "words": view.pick(each)} for each in answer["items"]]
    return JSONResponse({"items": items})


@router.get(f"{PAGE}/replaced", response_class=HTMLResponse)
async def show_replaced(
    view: PersonDep, campaign_id: str, code: str, volunteer_id: str, on: str, q: str = ""
) -> Response:
    """Who came instead, looked up by a part of the name."""
    campaign, commune, days = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/communes/{code}", code=code),
        view.api.list_all(
            "/v1/campaigns/{campaign_id}/attendance",
            campaign_id=campaign_id,
            commune_code=code,
            first_on=on,
            last_on=on,
        ),
    )
    whose = next((each["full_name"] for each in days if each["volunteer_id"] == volunteer_id), "")
    people: list[dict[str, Any]] = []
    q = q.strip()
    if len(q) > 1:
        people = await view.api.get(
            "/v1/campaigns/{campaign_id}/attendance/{commune_code}/stand-ins",
            campaign_id=campaign_id,
            commune_code=code,
            on=on,
            q=q,
        )
    facts: dict[str, Any] = {"volunteer_id": volunteer_id, "on": on, "q": q, "people": people, "whose": whose}
    return view.render("attendance_replaced.html", campaign=campaign, commune=commune, most=MOST_STAND_INS, **facts)


@router.post(f"{PAGE}/replaced")
async def say_replaced(
    view: PersonDep,
    campaign_id: str,
    code: str,
    volunteer_id: Annotated[str, Form()],
    on: Annotated[str, Form()],
    came: Annotated[str, Form()],
    once: Annotated[str, Form()] = "",
) -> Response:
    tick = {
        "key": once,
        "volunteer_id": volunteer_id,
        "serves_on": on,
        "outcome": "replaced",
        "replaced_by_volunteer_id": came,
        "ticked_at": clock.now().isoformat(),
    }
    answer = await send_ticks(view, campaign_id, [tick])
    return view.go(f"/campaigns/{campaign_id}/attendance/{code}?on={week_of(on)}", summary_of(view, answer))


@router.get(f"{PAGE}/sheet.xlsx")
async def get_sheet(view: PersonDep, campaign_id: str, code: str, first_on: str, last_on: str) -> Response:
    return pass_on(
        await view.api.download(
            "/v1/campaigns/{campaign_id}/attendance/{commune_code}/sheet.xlsx",
            campaign_id=campaign_id,
            commune_code=code,
            first_on=first_on,
            last_on=last_on,
        )
    )


@router.post(f"{PAGE}/sheet")
async def send_sheet(
    view: PersonDep, campaign_id: str, code: str, file: UploadFile, monday: Annotated[str, Form()] = ""
) -> Response:
    """The sheet filled in; a cell that is not understood comes back with its address."""
    try:
        answer = await view.api.upload(
            "/v1/campaigns/{campaign_id}/attendance/{commune_code}/sheet",
            (file.filename or "phieu.xlsx", await file.read()),
            campaign_id=campaign_id,
            commune_code=code,
        )
    except ApiError as refusal:
        if refusal.status not in {413, 422}:
            raise
        return await render_attendance(view, campaign_id, code, monday=week_of(monday), refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/attendance/{code}?on={week_of(monday)}", summary_of(view, answer))


@router.get(f"{PAGE}/sign-in", response_class=HTMLResponse)
async def show_sign_in(view: PersonDep, campaign_id: str, code: str, first_on: str, last_on: str) -> Response:
    """The list to print, with its own strict policy."""
    page = await view.api.download(
        "/v1/campaigns/{campaign_id}/attendance/{commune_code}/sign-in.html",
        campaign_id=campaign_id,
        commune_code=code,
        first_on=first_on,
        last_on=last_on,
    )
    policy = page.headers.get("Content-Security-Policy", "default-src 'none'")
    return HTMLResponse(page.text, headers={"Content-Security-Policy": policy})
