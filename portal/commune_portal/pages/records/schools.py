"""A school: added by Home Affairs; its address and contact changed by its own coordinator, too."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError, Versioned
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN, SCHOOL
from commune_portal.pages.places import find_province
from commune_portal.pages.records.contact_fields import CONTACT, PLACE_EN, PLACE_VI
from commune_portal.record_forms import (
    Field,
    Kind,
    RecordForm,
    Values,
    body_of,
    values_of,
    words_for,
)
from commune_portal.record_pages import render_form
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
NEW, EDIT = "/schools/new", "/schools/{school_id}/edit"
KINDS = ("university", "academy", "college", "high_school", "agency", "other")
CODE = Field(
    "code", "Mã trường", "School's code", hint_vi="Ngắn, chữ không dấu, ví dụ DHKH; giữ mãi, không đổi được.",
    hint_en="Short, plain letters, such as DHKH; it stays for ever.", is_required=True,
)  # fmt: skip
OF_PROVINCE = (
    Field("name", "Tên trường", "Name", is_required=True),
    Field("kind", "Loại", "Kind", Kind.CHOICE, is_required=True),
    Field("place", "Vị trí", "Where it is", Kind.PLACE, PLACE_VI, PLACE_EN, is_required=True),
    Field("is_location_approximate", "Vị trí chỉ gần đúng", "The place is approximate", Kind.YES),
    Field(
        "is_remote_capable", "Hỗ trợ được từ xa các xã đảo", "Can serve island communes at a distance", Kind.YES,
    ),
)  # fmt: skip
OWN = (Field("address", "Địa chỉ", "Address"), *CONTACT)


def fields_for(view: View, school_id: str | None) -> tuple[Field, ...]:
    """To anybody else the page is not there. `school_id`: None for a new school."""
    if view.role == ADMIN:
        return (*OF_PROVINCE, *OWN) if school_id else (CODE, *OF_PROVINCE, *OWN)
    if view.role == SCHOOL and school_id and view.school_id == school_id:
        return OWN
    raise ApiError(404, {})


@router.get(NEW, response_class=HTMLResponse)
async def show_new_school(view: PersonDep) -> Response:
    return render_school(view, None, {})


@router.post(NEW)
async def add_school(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    body = body_of(typed, fields_for(view, None)) | {"province_code": await find_province(view)}
    school, refusal = await attempt(view.api.post("/v1/schools", body, once=typed.get("once")))
    if refusal is not None:
        return render_school(view, None, typed, refusal=refusal)
    words = view.say(
        f"Đã thêm {school['name']}. Bây giờ hãy mời điều phối của trường.",
        f"{school['name']} is added. Now let its coordinator in.",
    )
    return view.go(f"/schools/{school['id']}", words)


@router.get(EDIT, response_class=HTMLResponse)
async def show_school_form(view: PersonDep, school_id: str) -> Response:
    fields = fields_for(view, school_id)
    school = await view.api.read("/v1/schools/{school_id}", school_id=school_id)
    return render_school(view, school.content, values_of(school.content, fields), etag=school.etag)


@router.post(EDIT)
async def change_school(request: Request, view: PersonDep, school_id: str) -> Response:
    typed, fields = await read_typed(request), fields_for(view, school_id)
    etag = typed.get("etag", "")
    _, refusal = await attempt(
        view.api.patch("/v1/schools/{school_id}", body_of(typed, fields), etag=etag, school_id=school_id)
    )
    if refusal is not None:
        now = await view.api.read("/v1/schools/{school_id}", school_id=school_id)
        return render_school(view, now.content, typed, etag=etag, refusal=refusal, now=now)
    return view.go(f"/schools/{school_id}", view.say("Đã lưu.", "Saved."))


def render_school(
    view: View,
    school: dict[str, Any] | None,
    values: Values,
    *,
    etag: str = "",
    refusal: ApiError | None = None,
    now: Versioned | None = None,
) -> Response:
    """`school`: None for a new one."""
    lists = ("/schools", view.say("Trường", "Schools"))
    form = RecordForm(
        fields_for(view, school["id"] if school else None),
        title=school["name"] if school else view.say("Thêm trường", "Add a school"),
        back=(f"/schools/{school['id']}", school["name"]) if school else lists,
        options={"kind": words_for(view, "kind_of_school", KINDS)},
    )
    return render_form(view, form, values, etag=etag, refusal=refusal, now=now)
