"""A school's lists: sent, looked at as the file looks, mended, put on the roster, taken back."""

import asyncio
from typing import Annotated, Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.column_choices import mapping_of
from commune_portal.doubles import by_row
from commune_portal.downloads import pass_on
from commune_portal.menu import ADMIN
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, of_answer
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View
from commune_portal.wording import WORDS

router = APIRouter()
LARGEST = 20 * 1024 * 1024
FOR_ALL = ("role", "year", "skills", "free_weekdays")
"""What may be said for every row at once."""


@router.get("/lists", response_class=HTMLResponse)
async def show_own_lists(view: PersonDep) -> Response:
    return view.go(f"/schools/{view.school_id}/lists" if view.school_id else "/schools")


@router.get("/schools/{school_id}/lists", response_class=HTMLResponse)
async def show_lists(request: Request, view: PersonDep, school_id: str) -> Response:
    return await render_lists(request, view, school_id)


async def render_lists(request: Request, view: View, school_id: str, refusal: ApiError | None = None) -> Response:
    school, uploads = await asyncio.gather(
        view.api.get("/v1/schools/{school_id}", school_id=school_id),
        view.api.get("/v1/schools/{school_id}/roster-uploads", school_id=school_id, **as_query(request)),
    )
    facts = {"school": school, "rows": of_answer(request, uploads), "refusal": refusal}
    return view.render("lists.html", status=refusal.status if refusal else 200, **facts)


@router.post("/schools/{school_id}/lists")
async def send_list(
    request: Request, view: PersonDep, school_id: str, file: UploadFile, once: Annotated[str, Form()] = ""
) -> Response:
    content = await file.read(LARGEST + 1)
    try:
        upload = await view.api.upload(
            "/v1/schools/{school_id}/roster-uploads", (file.filename or "", content), once=once, school_id=school_id
        )
    except ApiError as refusal:
        if refusal.status not in {400, 409, 413, 415, 422, 429}:
            raise
        return await render_lists(request, view, school_id, refusal)
    return view.go(f"/lists/{upload['id']}")


@router.get("/roster-template.xlsx")
async def download_template(view: PersonDep) -> Response:
    return pass_on(await view.api.download("/v1/roster-template.xlsx"))


@router.get("/lists/{upload_id}", response_class=HTMLResponse)
async def show_list(request: Request, view: PersonDep, upload_id: str) -> Response:
    return await render_list(request, view, upload_id)


async def render_list(
    request: Request, view: View, upload_id: str, refusal: ApiError | None = None, asked: dict[str, Any] | None = None
) -> Response:
    """`asked`: the commit that was refused, so that its choices stand in the form again."""
    upload = await view.api.get("/v1/roster-uploads/{upload_id}", upload_id=upload_id)
    school = await view.api.get("/v1/schools/{school_id}", school_id=upload["school_id"])
    if upload["progress"] is not None:
        page = view.render("list_being_read.html", upload=upload, school=school)
        page.headers["Refresh"] = "2"
        return page
    status = request.query_params.get("status")
    rows = await view.api.get(
        "/v1/roster-uploads/{upload_id}/rows", upload_id=upload_id, status=status, **as_query(request)
    )
    return view.render(
        "list.html",
        status=refusal.status if refusal else 200,
        upload=upload,
        school=school,
        rows=of_answer(request, rows),
        chosen=status,
        kinds=by_kind(upload["errors"]),
        meanings=[(meaning, view.word("meaning", meaning)) for meaning in WORDS["meaning"]],
        for_all=[(name, view.word("meaning", name)) for name in FOR_ALL],
        doubles=by_row(upload["doubts"]),
        fields=await load_fields(view),
        elsewhere=await list_elsewhere(view, upload),
        refusal=refusal,
        asked=asked or {},
    )


async def list_elsewhere(view: View, upload: dict[str, Any]) -> list[dict[str, Any]]:
    """People of a committed list who are on another school's too: for Home Affairs alone."""
    if view.role != ADMIN or upload["status"] != "committed":
        return []
    found: list[dict[str, Any]] = await view.api.get("/v1/roster-uploads/{upload_id}/elsewhere", upload_id=upload["id"])
    return found


def by_kind(errors: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Errors grouped by what is wrong, the most frequent first: one cause is mended once."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for error in errors:
        groups.setdefault(error["code"], []).append(error)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


@router.post("/lists/{upload_id}/mapping")
async def change_mapping(request: Request, view: PersonDep, upload_id: str) -> Response:
    upload = await view.api.get("/v1/roster-uploads/{upload_id}", upload_id=upload_id)
    body = mapping_of(await request.form(), upload, FOR_ALL)
    try:
        etag = str((await request.form()).get("etag") or "*")
        await view.api.put("/v1/roster-uploads/{upload_id}/mapping", body, etag=etag, upload_id=upload_id)
    except ApiError as refusal:
        if refusal.status not in {409, 412, 422, 429}:
            raise
        return await render_list(request, view, upload_id, refusal)
    return view.go(
        f"/lists/{upload_id}",
        view.say("Danh sách được đọc lại theo cột bạn chọn.", "The list is read again by the columns you chose."),
    )


@router.post("/lists/{upload_id}/commit")
async def commit_list(
    request: Request,
    view: PersonDep,
    upload_id: str,
    once: Annotated[str, Form()] = "",
    remove_missing: Annotated[str, Form()] = "",
    confirm_mass_removal: Annotated[str, Form()] = "",
    only_good_rows: Annotated[str, Form()] = "",
) -> Response:
    body = {
        "remove_missing": remove_missing == "yes",
        "confirm_mass_removal": confirm_mass_removal == "yes",
        "only_good_rows": only_good_rows == "yes",
    }
    try:
        done = await view.api.post("/v1/roster-uploads/{upload_id}/commit", body, once=once, upload_id=upload_id)
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_list(request, view, upload_id, refusal, body)
    if done["progress"] is not None:
        return view.go(f"/lists/{upload_id}")
    counts = done["counts"]
    words = view.say(
        f"Đã ghi vào danh sách của trường: {counts['new']} người mới, {counts['changed']} người thay đổi.",
        f"On your school's roster now: {amount(counts['new'], 'new person', 'new people')},"
        f" {counts['changed']} changed.",
    )
    return view.go(f"/lists/{upload_id}", words)


@router.post("/lists/{upload_id}/undo")
async def undo_list(request: Request, view: PersonDep, upload_id: str, once: Annotated[str, Form()] = "") -> Response:
    try:
        await view.api.post("/v1/roster-uploads/{upload_id}/undo", once=once, upload_id=upload_id)
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_list(request, view, upload_id, refusal)
    return view.go(
        f"/lists/{upload_id}",
        view.say("Đã hoàn tác: danh sách của trường như trước.", "Taken back: the roster is as it was."),
    )


@router.post("/lists/{upload_id}/cancel")
async def give_list_up(
    request: Request, view: PersonDep, upload_id: str, once: Annotated[str, Form()] = ""
) -> Response:
    _, refusal = await attempt(
        view.api.post("/v1/roster-uploads/{upload_id}/cancel", None, once=once or None, upload_id=upload_id)
    )
    if refusal:
        return await render_list(request, view, upload_id, refusal)
    words = view.say("Đã bỏ tệp này; chưa có gì được ghi.", "The list is given up; nothing of it was recorded.")
    return view.go(f"/lists/{upload_id}", words)


@router.get("/lists/{upload_id}/annotated")
async def download_annotated(view: PersonDep, upload_id: str) -> Response:
    return pass_on(await view.api.download("/v1/roster-uploads/{upload_id}/annotated", upload_id=upload_id))
