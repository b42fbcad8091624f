"""Sheets of units, people and posts: sent, looked at row by row, their columns said, recorded, taken back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.column_choices import mapping_of
from commune_portal.downloads import pass_on
from commune_portal.pages.places import find_province
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
REGISTERS = ("units", "staff", "posts")
PARTS_OF_NEEDS = {
    "items": ("nhiệm vụ", "duties"), "presence": ("có mặt các ngày", "presence"), "state": ("tình trạng", "state"),
}  # fmt: skip
"""What a row of needs may change and has no column of the same name."""
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
        if refusal.status not in {409, 413, 422, 429}:
            raise
        return await render_sheets(request, view, chosen=kind, refusal=refusal)
    return view.go(f"/staff/sheets/{upload['id']}")


@router.get("/staff/sheets/{upload_id}", response_class=HTMLResponse)
async def show_sheet(request: Request, view: PersonDep, upload_id: str) -> Response:
    return await render_sheet(request, view, upload_id)


async def render_sheet(request: Request, view: View, upload_id: str, *, refusal: ApiError | None = None) -> Response:
    upload = await view.api.get("/v1/register-uploads/{register_upload_id}", register_upload_id=upload_id)
    if upload["status"] in {"uploaded", "reading"}:
        page = view.render("staff_sheet_being_read.html", upload=upload)
        page.headers["Refresh"] = "2"
        return page
    wanted = request.query_params.get("status", "")
    rows = await view.api.get(
        "/v1/register-uploads/{register_upload_id}/rows",
        register_upload_id=upload_id,
        status=wanted if wanted in ROWS else None,
        **as_query(request),
    )
    meanings = [(column["meaning"], column["label"]) for column in upload["columns"]]
    return view.render(
        "staff_sheet.html",
        status=refusal.status if refusal else 200,
        upload=upload,
        rows=of_answer(request, rows),
        kinds=ROWS,
        meanings=[*meanings, ("left_out", view.word("meaning", "left_out"))],
        labels=dict(meanings) | {name: view.say(*words) for name, words in PARTS_OF_NEEDS.items()},
        for_all=[pair for pair in meanings if pair[0] not in {"code", "commune", "commune_again"}],
        refusal=refusal,
    )


@router.post("/staff/sheets/{upload_id}/mapping")
async def change_columns(request: Request, view: PersonDep, upload_id: str) -> Response:
    upload = await view.api.get("/v1/register-uploads/{register_upload_id}", register_upload_id=upload_id)
    form = await request.form()
    body = mapping_of(form, upload, [column["meaning"] for column in upload["columns"]])
    try:
        await view.api.put(
            "/v1/register-uploads/{register_upload_id}/mapping",
            body,
            etag=str(form.get("etag") or "*"),
            register_upload_id=upload_id,
        )
    except ApiError as refusal:
        if refusal.status not in {409, 412, 422}:
            raise
        return await render_sheet(request, view, upload_id, refusal=refusal)
    return view.go(
        f"/staff/sheets/{upload_id}",
        view.say("Bảng được đọc lại theo cột bạn chọn.", "The sheet is read again by the columns you chose."),
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
        if then == "commit":
            await view.api.post(
                "/v1/register-uploads/{register_upload_id}/commit",
                {"only_good_rows": only_good_rows == "yes"},
                once=once,
                register_upload_id=upload_id,
            )
        elif then == "undo":
            await view.api.post(
                "/v1/register-uploads/{register_upload_id}/undo", None, once=once, register_upload_id=upload_id
            )
        else:
            await view.api.post(
                "/v1/register-uploads/{register_upload_id}/cancel", None, once=once, register_upload_id=upload_id
            )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_sheet(request, view, upload_id, refusal=refusal)
    done = {
        "commit": view.say("Đã ghi vào sổ.", "Recorded in the register."),
        "undo": view.say("Đã hoàn tác: sổ như trước khi ghi.", "Taken back: the register is as it was."),
    }.get(then, view.say("Đã hủy bảng này.", "The sheet is given up."))
    return view.go(f"/staff/sheets/{upload_id}", done)


@router.get("/staff/sheets/{upload_id}/annotated")
async def get_sheet_back(view: PersonDep, upload_id: str) -> Response:
    """The same file with a column of errors."""
    return pass_on(
        await view.api.download("/v1/register-uploads/{register_upload_id}/annotated", register_upload_id=upload_id)
    )
