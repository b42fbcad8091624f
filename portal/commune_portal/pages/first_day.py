"""A province's first day: the list of its steps, and the import of its official communes."""

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.first_day import find_first_day
from commune_portal.forms import read_typed
from commune_portal.province import choose_province
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
IMPORT = "/first-day/communes"


@router.get("/first-day", response_class=HTMLResponse)
async def show_first_day(view: PersonDep) -> Response:
    first_day = await find_first_day(view, await choose_province(view))
    return view.render("first_day.html", first_day=first_day)


@router.get(IMPORT, response_class=HTMLResponse)
async def show_import(view: PersonDep) -> Response:
    return await render_import(view)


async def render_import(view: View, refusal: ApiError | None = None) -> Response:
    province = await view.api.get("/v1/provinces/{code}", code=await choose_province(view))
    status = refusal.status if refusal else 200
    return view.render("import_communes.html", status=status, province=province, refusal=refusal)


@router.post(IMPORT)
async def import_communes(request: Request, view: PersonDep) -> Response:
    """The official list as the API has it; the same again changes nothing."""
    typed, code = await read_typed(request), await choose_province(view)
    done, refusal = await attempt(
        view.api.post("/v1/provinces/{code}/communes/import", None, once=typed.get("once"), code=code)
    )
    if refusal is not None:
        return await render_import(view, refusal)
    new, changed, total = done["created"], done["updated"], done["total"]
    words = view.say(
        f"Đã nhập {total} xã, phường, đặc khu: {new} mới, {changed} cập nhật, {done['same']} như cũ.",
        f"{amount(total, 'commune')} imported: {new} new, {changed} brought up to date, {done['same']} as before.",
    )
    strange = ", ".join(done["not_in_source"])
    if strange:
        words += view.say(
            f" Không có trong danh mục, giữ nguyên: {strange}.",
            f" Not on the official list, left as they are: {strange}.",
        )
    return view.go(view.within("/communes"), words)
