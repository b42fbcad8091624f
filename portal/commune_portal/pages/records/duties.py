"""The catalogue: fields of expertise, and the duties in them with their guidance."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError, Versioned
from commune_portal.forms import read_typed
from commune_portal.menu import PLANNERS
from commune_portal.record_forms import Field, Kind, RecordForm, Values, body_of, values_of
from commune_portal.record_pages import render_form
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
NAMES = (
    Field("name_vi", "Tên tiếng Việt", "Name in Vietnamese", is_required=True),
    Field("name_en", "Tên tiếng Anh", "Name in English", is_required=True),
)
CODE_VI = "Chữ không dấu, số, gạch dưới; giữ mãi, không đổi được."
CODE_EN = "Plain letters, digits, underscores; it stays for ever."
CODE = Field("code", "Mã", "Code", hint_vi=CODE_VI, hint_en=CODE_EN, is_required=True)
GUIDANCE = Field(
    "guidance_vi", "Hướng dẫn từng bước", "Guidance, step by step", Kind.WORDS,
    "Người được phân công đọc trong thư, trên trang cá nhân.",
    "Those who are sent read it in their mail and on their page.",
)  # fmt: skip
OF_FIELD = Field("field_code", "Thuộc lĩnh vực", "Field", Kind.CHOICE, is_required=True)
NEW_FIELD, NEW_DUTY = (CODE, *NAMES), (CODE, OF_FIELD, *NAMES, GUIDANCE)
OLD_FIELD, OLD_DUTY = NAMES, (*NAMES, GUIDANCE)


@router.get("/duties", response_class=HTMLResponse)
async def show_duties(view: PersonDep) -> Response:
    fields, duties = await asyncio.gather(view.api.list_all("/v1/fields"), view.api.list_all("/v1/duties"))
    names = {each["code"]: view.pick(each, "name") for each in fields}
    return view.render("duties.html", fields=fields, duties=duties, names=names, may_change=view.role in PLANNERS)


@router.get("/duties/new", response_class=HTMLResponse)
async def show_new_duty(view: PersonDep) -> Response:
    return await render_duty(view, NEW_DUTY, {})


@router.post("/duties/new")
async def add_duty(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    _, refusal = await attempt(view.api.post("/v1/duties", body_of(typed, NEW_DUTY), once=typed.get("once")))
    if refusal is not None:
        return await render_duty(view, NEW_DUTY, typed, refusal=refusal)
    return saved(view)


@router.get("/duties/{code}/edit", response_class=HTMLResponse)
async def show_duty(view: PersonDep, code: str) -> Response:
    duty = await view.api.read("/v1/duties/{code}", code=code)
    return await render_duty(view, OLD_DUTY, values_of(duty.content, OLD_DUTY), etag=duty.etag)


@router.post("/duties/{code}/edit")
async def change_duty(request: Request, view: PersonDep, code: str) -> Response:
    typed = await read_typed(request)
    etag = typed.get("etag", "")
    _, refusal = await attempt(view.api.patch("/v1/duties/{code}", body_of(typed, OLD_DUTY), etag=etag, code=code))
    if refusal is not None:
        now = await view.api.read("/v1/duties/{code}", code=code)
        return await render_duty(view, OLD_DUTY, typed, etag=etag, refusal=refusal, now=now)
    return saved(view)


async def render_duty(
    view: View,
    fields: tuple[Field, ...],
    values: Values,
    *,
    etag: str = "",
    refusal: ApiError | None = None,
    now: Versioned | None = None,
) -> Response:
    refuse_others(view)
    known = await view.api.list_all("/v1/fields")
    title = view.say("Nhiệm vụ và hướng dẫn", "A duty and its guidance")
    options = {"field_code": [(each["code"], view.pick(each, "name")) for each in known]}
    form = RecordForm(fields, title, back(view), options)
    return render_form(view, form, values, etag=etag, refusal=refusal, now=now)


@router.get("/fields/new", response_class=HTMLResponse)
async def show_new_field(view: PersonDep) -> Response:
    return render_field(view, NEW_FIELD, {})


@router.post("/fields/new")
async def add_field(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    _, refusal = await attempt(view.api.post("/v1/fields", body_of(typed, NEW_FIELD), once=typed.get("once")))
    if refusal is not None:
        return render_field(view, NEW_FIELD, typed, refusal=refusal)
    return saved(view)


@router.get("/fields/{code}/edit", response_class=HTMLResponse)
async def show_field(view: PersonDep, code: str) -> Response:
    field = await read_field(view, code)
    return render_field(view, OLD_FIELD, values_of(field.content, OLD_FIELD), etag=field.etag)


async def read_field(view: View, code: str) -> Versioned:
    """The API has no answer of one field; its version stands in the list."""
    known: list[dict[str, Any]] = await view.api.list_all("/v1/fields")
    field = next((each for each in known if each["code"] == code), None)
    if field is None:
        raise ApiError(404, {})
    return Versioned(field, f'"{field["row_version"]}"')


@router.post("/fields/{code}/edit")
async def change_field(request: Request, view: PersonDep, code: str) -> Response:
    typed = await read_typed(request)
    etag = typed.get("etag", "")
    _, refusal = await attempt(view.api.patch("/v1/fields/{code}", body_of(typed, OLD_FIELD), etag=etag, code=code))
    if refusal is not None:
        now = await read_field(view, code)
        return render_field(view, OLD_FIELD, typed, etag=etag, refusal=refusal, now=now)
    return saved(view)


def render_field(
    view: View,
    fields: tuple[Field, ...],
    values: Values,
    *,
    etag: str = "",
    refusal: ApiError | None = None,
    now: Versioned | None = None,
) -> Response:
    refuse_others(view)
    title = view.say("Lĩnh vực chuyên môn", "A field of expertise")
    form = RecordForm(fields, title, back(view), {})
    return render_form(view, form, values, etag=etag, refusal=refusal, now=now)


def refuse_others(view: View) -> None:
    """The form is not there for who may not change the catalogue."""
    if view.role not in PLANNERS:
        raise ApiError(404, {})


def back(view: View) -> tuple[str, str]:
    return "/duties", view.say("Nhiệm vụ và lĩnh vực", "Duties and fields")


def saved(view: View) -> Response:
    return view.go("/duties", view.say("Đã lưu.", "Saved."))
