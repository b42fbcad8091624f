"""Sheets of units, people and posts: sent, looked at row by row, recorded or given up."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.pages.places import find_province
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
REGISTERS = ("units", "staff", "posts")
ROWS = ("error", "changed", "new", "same")


@router.get("/staff/sheets", response_class=HTMLResponse)
async def show_sheets(request: Request, view: PersonDep) -> Response:
    return await render_sheets(request, view)


async def render_sheets(request: Request, view: View, *, chosen: str = "", refusal: ApiError | None = None) -> Response:
    code = await find_province(view) or "00"
    uploads = await view.api.get("/v1/provinces/{code}/register-uploads", code=code, **as_query(request))
    return view.render(
        "staff_sheets.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, uploads),
        registers=REGISTERS,
        chosen=chosen,
        refusal=refusal,
    )


@router.post("/staff/sheets")
async def send_sheet(
    request: Request,
    view: PersonDep,
    file: UploadFile,
    kind: Annotated[str, Form()],
    once: Annotated[str, Form()] = "",
) -> Response:
    try:
        upload = await view.api.upload(
            "/v1/provinces/{code}/registers/{register}",
            (file.filename or "bang.xlsx", await file.read()),
            once=once,
            code=await find_province(view) or "00",
            register=kind,
        )
    except ApiError as refusal:
        if refusal.status not in {409, 413, 422}:
            raise
        return await render_sheets(request, view, chosen=kind, refusal=refusal)
    return view.go(f"/staff/sheets/{upload['id']}")


@router.get("/staff/sheets/{upload_id}", response_class=HTMLResponse)
async def show_sheet(request: Request, view: PersonDep, upload_id: str) -> Response:
    return await render_sheet(request, view, upload_id)


async def render_sheet(request: Request, view: View, upload_id: str, *, refusal: ApiError | None = None) -> Response:
    wanted = request.query_params.get("status", "")
    upload, rows = await asyncio.gather(
        view.api.get("/v1/register-uploads/{register_upload_id}", register_upload_id=upload_id),
        view.api.get(
            "/v1/register-uploads/{register_upload_id}/rows",
            register_upload_id=upload_id,
            status=wanted if wanted in ROWS else None,
            **as_query(request),
        ),
    )
    return view.render(
        "staff_sheet.html",
        status=refusal.status if refusal else 200,
        upload=upload,
        rows=of_answer(request, rows),
        kinds=ROWS,
        refusal=refusal,
    )


@router.post("/staff/sheets/{upload_id}")
async def decide_sheet(
    request: Request,
    view: PersonDep,
    upload_id: str,
    then: Annotated[str, Form()],
    only_good_rows: Annotated[str, Form()] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    try:
        if then == "cancel":
            await view.api.post(
                "/v1/register-uploads/{register_upload_id}/cancel", None, once=once, register_upload_id=upload_id
            )
        else:
            await view.api.post(
                "/v1/register-uploads/{register_upload_id}/commit",
                {"only_good_rows": only_good_rows == "yes"},
                once=once,
                register_upload_id=upload_id,
            )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_sheet(request, view, upload_id, refusal=refusal)
    done = view.say("Đã hủy bảng này.", "The sheet is given up.")
    if then != "cancel":
        done = view.say("Đã ghi vào sổ.", "Recorded in the register.")
    return view.go(f"/staff/sheets/{upload_id}", done)


@router.get("/staff/sheets/{upload_id}/annotated")
async def get_sheet_back(view: PersonDep, upload_id: str) -> Response:
    """The same file with a column of errors."""
    return pass_on(
        await view.api.download("/v1/register-uploads/{register_upload_id}/annotated", register_upload_id=upload_id)
    )
