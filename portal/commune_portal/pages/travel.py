"""Measured distances from schools to communes, brought in as a table; authoritative from the next run on."""

import csv
import io
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.province import choose_province
from commune_portal.record_forms import decimal_number
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/settings/travel"
COLUMNS = {"school_code", "commune_code", "km", "minutes"}
MOST_BYTES = 5_000_000


@router.get(PAGE, response_class=HTMLResponse)
async def show_travel(view: PersonDep) -> Response:
    return await render_travel(view)


async def render_travel(
    view: View,
    *,
    typed: dict[str, str] | None = None,
    report: dict[str, Any] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    province = await view.api.get("/v1/provinces/{code}", code=await choose_province(view))
    facts = {"typed": typed or {}, "report": report, "refusal": refusal, "wrong": list_wrong(view, refusal)}
    return view.render("travel.html", status=refusal.status if refusal else 200, province=province, **facts)


def list_wrong(view: View, refusal: ApiError | None) -> list[str]:
    """Errors of single rows, by the row as the file shows it where none is empty: the first below the heading is 2."""
    found = []
    for error in refusal.errors if refusal else []:
        part = error["pointer"].split("/")
        row = int(part[2]) + 2 if len(part) > 2 and part[2].isdecimal() else None
        where = view.say(f"Dòng {row} (không kể dòng trống): ", f"Row {row} (empty ones aside): ") if row else ""
        found.append(where + view.pick(error))
    return found


@router.post(PAGE)
async def send_travel(request: Request, view: PersonDep) -> Response:
    code = await choose_province(view)
    typed, file = await read_typed(request), (await request.form()).get("file")
    content = await file.read(MOST_BYTES) if isinstance(file, UploadFile) else b""
    items = read_table(content)
    body: dict[str, Any] = {"items": items or []}
    if typed.get("km_per_hour"):
        body["km_per_hour"] = decimal_number(typed["km_per_hour"])
    if items is None:
        return await render_travel(view, typed=typed, refusal=no_table())
    report, refusal = await attempt(view.api.put("/v1/provinces/{code}/travel", body, code=code))
    return await render_travel(view, typed=typed, report=report, refusal=refusal)


def no_table() -> ApiError:
    words = {
        "detail_vi": "Tệp cần là bảng .csv (UTF-8), dòng đầu có các cột school_code, commune_code và km hoặc minutes.",
        "detail": "The file has to be a .csv table (UTF-8) whose first row names school_code, commune_code, and km or "
        "minutes.",
    }
    return ApiError(422, words)


def read_table(content: bytes) -> list[dict[str, Any]] | None:
    """The rows of a csv with commas, semicolons or tabs, without the empty ones; None for what is no such table."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    heading = text.split("\n", 1)[0]
    mark = max(";\t,", key=heading.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=mark)
    names = {str(name).strip().casefold() for name in reader.fieldnames or ()}
    if not {"school_code", "commune_code"} <= names or not names & {"km", "minutes"}:
        return None
    rows = []
    for row in reader:
        cells = {str(name).strip().casefold(): str(value or "").strip() for name, value in row.items() if name}
        item: dict[str, Any] = {name: cells.get(name, "") for name in ("school_code", "commune_code")}
        rows.append(item | {name: decimal_number(cells.get(name, "")) for name in ("km", "minutes")})
    return rows
