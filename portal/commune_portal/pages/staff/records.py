"""One unit, one member of the staff, one post: added and changed by Home Affairs; what somebody learnt is recorded."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import Api, ApiError, Versioned
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN
from commune_portal.pages.places import find_province
from commune_portal.pages.plans import load_fields
from commune_portal.pages.records.contact_fields import CONTACT, PLACE_EN, PLACE_VI
from commune_portal.pages.staff.register import AVAILABILITIES, KINDS, SIDES, list_units
from commune_portal.record_forms import Field, Kind, RecordForm, Values, body_of, values_of, words_for
from commune_portal.record_pages import render_form
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
Register = Literal["units", "people", "posts"]
NEW, EDIT = "/staff/{register}/new", "/staff/{register}/{record_id}/edit"
CONDUCTS = ("excellent", "good", "completed", "not_completed")
CODE = Field(
    "code", "Mã", "Code", hint_vi="Chữ không dấu, số; giữ mãi, không đổi được.",
    hint_en="Plain letters and digits; it stays for ever.", is_required=True,
)  # fmt: skip
UNIT = Field("unit_id", "Đơn vị", "Unit", Kind.CHOICE, is_required=True)
FIELDS: dict[Register, tuple[Field, ...]] = {
    "units": (
        Field("name", "Tên đơn vị", "Name", is_required=True),
        Field("kind", "Loại", "Kind", Kind.CHOICE, is_required=True),
        Field("commune_code", "Ở xã, phường", "In the commune", Kind.CHOICE),
        Field("quota_party", "Biên chế khối Đảng", "Norm, Party side", Kind.NUMBER),
        Field("quota_government", "Biên chế khối chính quyền", "Norm, government side", Kind.NUMBER),
        Field("place", "Vị trí", "Where it is", Kind.PLACE, PLACE_VI, PLACE_EN),
        *CONTACT,
    ),
    "people": (
        UNIT,
        Field("full_name", "Họ và tên", "Full name", is_required=True),
        Field("side", "Khối", "Side", Kind.CHOICE, is_required=True),
        Field("position", "Chức danh", "Position"),
        Field("serving_since", "Công tác từ ngày", "Serving since", Kind.DAY),
        Field("availability", "Điều động", "May be moved", Kind.CHOICE, is_required=True),
        Field("conduct", "Xếp loại", "Conduct", Kind.CHOICE),
        Field("conduct_note", "Nhận xét", "Note on conduct"),
        Field("home_commune_code", "Nơi ở", "Home commune", Kind.CHOICE),
        Field("phone", "Điện thoại", "Phone", Kind.PHONE),
        Field("email", "Email", "E-mail", Kind.EMAIL),
    ),
    "posts": (
        Field("title", "Tên vị trí", "Title", is_required=True),
        Field("field_code", "Lĩnh vực", "Field", Kind.CHOICE, is_required=True),
        Field("quota", "Cần mấy người", "How many it needs", Kind.NUMBER, is_required=True),
        Field("filled", "Đang có mấy người", "How many it has", Kind.NUMBER, is_required=True),
        Field(
            "priority",
            "Mức ưu tiên, từ 1 đến 9",
            "Priority, from 1 to 9",
            Kind.NUMBER,
            "Số lớn được bố trí trước.",
            "The higher, the sooner it is filled.",
            is_required=True,
        ),
    ),
}
"""What may be changed later."""
FIRST: dict[Register, tuple[Field, ...]] = {"units": (CODE,), "people": (CODE,), "posts": (CODE, UNIT)}
"""What a new one has besides."""
USUAL = {"availability": "none", "side": "government", "quota": "1", "filled": "0", "priority": "5"}
TITLES = {
    "units": ("Đơn vị", "Unit", "Thêm đơn vị", "Add a unit"),
    "people": ("Cán bộ", "Member of the staff", "Thêm cán bộ", "Add a member of the staff"),
    "posts": ("Vị trí", "Post", "Thêm vị trí", "Add a post"),
}


@dataclass(frozen=True)
class Deeds:
    """What the API does for one register."""

    read: Callable[[Api, str], Awaitable[Versioned]]
    add: Callable[[Api, dict[str, Any], str | None], Awaitable[Any]]
    change: Callable[[Api, str, dict[str, Any], str], Awaitable[Any]]


DEEDS: dict[Register, Deeds] = {
    "units": Deeds(
        lambda api, key: api.read("/v1/units/{unit_id}", unit_id=key),
        lambda api, body, once: api.post("/v1/units", body, once=once),
        lambda api, key, body, etag: api.patch("/v1/units/{unit_id}", body, etag=etag, unit_id=key),
    ),
    "people": Deeds(
        lambda api, key: api.read("/v1/staff/{staff_id}", staff_id=key),
        lambda api, body, once: api.post("/v1/staff", body, once=once),
        lambda api, key, body, etag: api.patch("/v1/staff/{staff_id}", body, etag=etag, staff_id=key),
    ),
    "posts": Deeds(
        lambda api, key: api.read("/v1/posts/{post_id}", post_id=key),
        lambda api, body, once: api.post("/v1/posts", body, once=once),
        lambda api, key, body, etag: api.patch("/v1/posts/{post_id}", body, etag=etag, post_id=key),
    ),
}


@router.get(NEW, response_class=HTMLResponse)
async def show_new(request: Request, view: PersonDep, register: Register) -> Response:
    return await render_new(view, register, USUAL | dict(request.query_params))


async def render_new(view: View, register: Register, values: Values, refusal: ApiError | None = None) -> Response:
    form = await make_form(view, register, (*FIRST[register], *FIELDS[register]), view.say(*TITLES[register][2:]))
    return render_form(view, form, values, refusal=refusal)


async def make_form(view: View, register: Register, fields: tuple[Field, ...], title: str, key: str = "") -> RecordForm:
    if view.role != ADMIN:
        raise ApiError(404, {})
    communes, units, names = await asyncio.gather(
        view.api.list_seen("/v1/communes", province_code=await find_province(view)), list_units(view), load_fields(view)
    )
    places = [(each["code"], each["full_name"]) for each in communes]
    options: dict[str, list[tuple[str, str]]] = {
        "kind": words_for(view, "kind_of_unit", KINDS),
        "commune_code": places,
        "home_commune_code": places,
        "unit_id": [(each["id"], each["name"]) for each in units],
        "side": words_for(view, "side", SIDES),
        "availability": words_for(view, "availability", AVAILABILITIES),
        "conduct": words_for(view, "conduct", CONDUCTS),
        "field_code": list(names.items()),
    }
    back = (f"/staff/{register}", view.say(*TITLES[register][:2]))
    more = [(f"/out-of-use/{register}/{key}", view.say("Ngừng dùng", "Take out of use"))] if key else []
    if key and register == "units":
        more.append((f"/data-subjects/unit_contact/{key}", view.say("Dữ liệu của đầu mối", "The contact's data")))
    return RecordForm(fields, title=title, back=back, options=options, more=more)


@router.post(NEW)
async def add(request: Request, view: PersonDep, register: Register) -> Response:
    typed = await read_typed(request)
    body = body_of(typed, (*FIRST[register], *FIELDS[register]))
    if register == "units":
        body["province_code"] = await find_province(view)
    made, refusal = await attempt(DEEDS[register].add(view.api, body, typed.get("once")))
    if refusal:
        return await render_new(view, register, typed, refusal)
    to = f"/staff/people/{made['id']}" if register == "people" else f"/staff/{register}"
    return view.go(to, view.say("Đã thêm.", "Added."))


@router.get(EDIT, response_class=HTMLResponse)
async def show_record(view: PersonDep, register: Register, record_id: str) -> Response:
    if view.role != ADMIN:
        raise ApiError(404, {})
    record = await DEEDS[register].read(view.api, record_id)
    return await render_record(view, register, record, values_of(record.content, FIELDS[register]), record.etag)


async def render_record(
    view: View, register: Register, record: Versioned, values: Values, etag: str, refusal: ApiError | None = None
) -> Response:
    title = str(record.content.get("full_name") or record.content.get("title") or record.content.get("name"))
    form = await make_form(view, register, FIELDS[register], title, record["id"])
    return render_form(view, form, values, etag=etag, refusal=refusal, now=record)


@router.post(EDIT)
async def change(request: Request, view: PersonDep, register: Register, record_id: str) -> Response:
    typed = await read_typed(request)
    etag = typed.get("etag", "")
    body = body_of(typed, FIELDS[register])
    _, refusal = await attempt(DEEDS[register].change(view.api, record_id, body, etag))
    if refusal:
        record = await DEEDS[register].read(view.api, record_id)
        return await render_record(view, register, record, typed, etag, refusal)
    to = f"/staff/people/{record_id}" if register == "people" else f"/staff/{register}"
    return view.go(to, view.say("Đã lưu.", "Saved."))
