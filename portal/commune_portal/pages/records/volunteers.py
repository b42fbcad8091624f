"""Somebody on a school's roster: added by hand, and everything but their contact, absences and consent changed.

Those three have their forms on the person's own page.
"""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError, Versioned
from commune_portal.forms import read_typed
from commune_portal.menu import CALLERS
from commune_portal.pages.invitations import LEVELS
from commune_portal.pages.plans import load_fields
from commune_portal.record_forms import Field, Kind, RecordForm, Values, body_of, values_of, words_for
from commune_portal.record_pages import render_form
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
NEW, EDIT = "/schools/{school_id}/volunteers/new", "/volunteers/{volunteer_id}/edit"
ROLES = ("lecturer", "teacher", "student", "official")
TRANSPORTS = ("motorbike", "car", "bus", "none")
CHANNELS = ("email", "sms")
CONTACT = (
    Field("full_name", "Họ và tên", "Full name", is_required=True),
    Field(
        "phone", "Điện thoại di động", "Mobile phone", Kind.PHONE, "Để nhận tin nhắn.", "Texts are sent there.",
    ),
    Field("email", "Email", "E-mail", Kind.EMAIL),
)  # fmt: skip
ABOUT = (
    Field("role", "Vai trò", "Role", Kind.CHOICE, is_required=True),
    Field("external_ref", "Mã cán bộ hoặc sinh viên", "Staff or student code"),
    Field(
        "free_weekdays", "Ngày rảnh hằng tuần", "Free days every week", Kind.WEEKDAYS,
        "Chưa có ngày nào thì chưa được xếp.", "Whoever has none is not placed.",
    ),
    Field("max_days", "Nhiều nhất mấy ngày mỗi tuần", "Days a week at most", Kind.CHOICE, is_required=True),
    Field("skills", "Lĩnh vực biết làm", "Fields they know", Kind.LEVELS),
    Field(
        "max_distance_m", "Đi xa nhất mấy km", "Farthest, in km", Kind.KM, "Tính từ trường.", "From the school.",
    ),
    Field(
        "team", "Nhóm", "Team", hint_vi="Những người cùng nhóm về cùng một xã.",
        hint_en="People of one team go to one commune.",
    ),
    Field("home_commune_code", "Xã, phường nơi ở", "Home commune", Kind.CHOICE),
    Field("transport", "Phương tiện", "Transport", Kind.CHOICE),
    Field("preferred_channel", "Chỉ nhận tin qua", "Wishes to be written to by", Kind.CHOICE),
    Field("preferred_language", "Ngôn ngữ của tin", "Language of messages", Kind.CHOICE),
)  # fmt: skip
MOST = {"max_days": "5"}
"""What a new person's form begins with."""


@router.get(NEW, response_class=HTMLResponse)
async def show_new_volunteer(view: PersonDep, school_id: str) -> Response:
    return await render_new(view, school_id, MOST)


async def render_new(view: View, school_id: str, values: Values, refusal: ApiError | None = None) -> Response:
    refuse_others(view)
    school = await view.api.get("/v1/schools/{school_id}", school_id=school_id)
    title = view.say("Thêm người vào danh sách của ", "Add somebody to the roster of ") + str(school["name"])
    back = (f"/volunteers?school={school_id}", view.say("Người tham gia", "People"))
    buttons = [
        ("", view.say("Thêm", "Add")),
        ("another", view.say("Thêm, rồi thêm người nữa", "Add, then somebody else")),
    ]
    form = await make_form(view, (*CONTACT, *ABOUT), title, back, school["province_code"], buttons)
    return render_form(view, form, values, refusal=refusal)


@router.post(NEW)
async def add_volunteer(request: Request, view: PersonDep, school_id: str) -> Response:
    typed = await read_typed(request)
    body = body_of(typed, (*CONTACT, *ABOUT)) | {"school_id": school_id}
    person, refusal = await attempt(view.api.post("/v1/volunteers", body, once=typed.get("once")))
    if refusal is not None:
        return await render_new(view, school_id, typed, refusal)
    words = view.say(f"Đã thêm {person['full_name']}.", f"{person['full_name']} is added.")
    another = f"/schools/{school_id}/volunteers/new"
    return view.go(another if typed.get("then") == "another" else f"/volunteers/{person['id']}", words)


@router.get(EDIT, response_class=HTMLResponse)
async def show_volunteer_form(view: PersonDep, volunteer_id: str) -> Response:
    person = await view.api.read("/v1/volunteers/{volunteer_id}", volunteer_id=volunteer_id)
    return await render_edit(view, person, values_of(person.content, ABOUT), person.etag)


async def render_edit(
    view: View, person: Versioned, values: Values, etag: str, refusal: ApiError | None = None
) -> Response:
    refuse_others(view)
    school = await view.api.get("/v1/schools/{school_id}", school_id=person["school_id"])
    back = (f"/volunteers/{person['id']}", str(person["full_name"]))
    form = await make_form(view, ABOUT, str(person["full_name"]), back, school["province_code"])
    return render_form(view, form, values, etag=etag, refusal=refusal, now=person)


@router.post(EDIT)
async def change_volunteer(request: Request, view: PersonDep, volunteer_id: str) -> Response:
    typed = await read_typed(request)
    etag = typed.get("etag", "")
    _, refusal = await attempt(
        view.api.patch("/v1/volunteers/{volunteer_id}", body_of(typed, ABOUT), etag=etag, volunteer_id=volunteer_id)
    )
    if refusal is not None:
        person = await view.api.read("/v1/volunteers/{volunteer_id}", volunteer_id=volunteer_id)
        return await render_edit(view, person, typed, etag, refusal)
    return view.go(f"/volunteers/{volunteer_id}", view.say("Đã lưu.", "Saved."))


def refuse_others(view: View) -> None:
    """To those who may only read the people of a school the form is not there."""
    if view.role not in CALLERS:
        raise ApiError(404, {})


async def make_form(
    view: View,
    fields: Sequence[Field],
    title: str,
    back: tuple[str, str],
    province: str,
    buttons: Sequence[tuple[str, str]] = (),
) -> RecordForm:
    known, communes = await asyncio.gather(
        load_fields(view), view.api.list_seen("/v1/communes", province_code=province)
    )
    levels = [(level, view.say(*words)) for level, words in LEVELS.items()]
    options = {
        "role": words_for(view, "volunteer_role", ROLES),
        "max_days": [(str(days), str(days)) for days in range(1, 6)],
        "skills": list(known.items()),
        "home_commune_code": [(each["code"], each["full_name"]) for each in communes],
        "transport": words_for(view, "transport", TRANSPORTS),
        "preferred_channel": words_for(view, "channel", CHANNELS),
        "preferred_language": [("vi", "Tiếng Việt"), ("en", "English")],
    }
    return RecordForm(fields, title, back, options, buttons=buttons, levels=levels)
