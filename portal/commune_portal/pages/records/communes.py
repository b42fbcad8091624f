"""A commune's office, contact and remoteness; one after the other, as long as some lack theirs."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError, Versioned
from commune_portal.forms import read_typed
from commune_portal.lacking import lacks_contact
from commune_portal.menu import ADMIN, COMMUNE
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
PAGE = "/communes/{code}/edit"
BANDS = ("0", "1", "2", "3")
OFFICE = (
    Field(
        "office_address", "Địa chỉ trụ sở", "Office", hint_vi="Nơi người được phân công đến.",
        hint_en="Where those who are sent report.",
    ),
    *CONTACT,
)  # fmt: skip
OF_PROVINCE = (
    Field(
        "is_remote", "Chỉ hỗ trợ được từ xa (đảo, không đi về trong ngày)", "Served at a distance alone (an island)",
        Kind.YES,
    ),
    Field("reach_band", "Mức độ khó đi", "How hard to reach", Kind.CHOICE, is_required=True),
    Field(
        "road_factor", "Đường thật dài gấp mấy lần đường thẳng", "Kilometres of road for one of the straight line",
        Kind.DECIMAL, "Từ 1 đến 5; đồng bằng thường 1,3.", "From 1 to 5; in the plains about 1.3.", is_required=True,
    ),
    Field("place", "Vị trí trụ sở", "Where the office is", Kind.PLACE, PLACE_VI, PLACE_EN, is_required=True),
)  # fmt: skip
"""What Home Affairs alone decides."""


def fields_for(view: View, code: str) -> tuple[Field, ...]:
    """To anybody else the page is not there."""
    if view.role == ADMIN:
        return OFFICE + OF_PROVINCE
    if view.role == COMMUNE and view.commune_code == code:
        return OFFICE
    raise ApiError(404, {})


@router.get(PAGE, response_class=HTMLResponse)
async def show_commune_form(view: PersonDep, code: str) -> Response:
    fields = fields_for(view, code)
    commune = await view.api.read("/v1/communes/{code}", code=code)
    return await render_commune(view, commune, values_of(commune.content, fields), commune.etag)


async def render_commune(
    view: View, commune: Versioned, values: Values, etag: str, refusal: ApiError | None = None
) -> Response:
    buttons = [("", view.say("Lưu", "Save"))]
    if view.role == ADMIN:
        buttons.append(
            ("next", view.say("Lưu, sang xã còn thiếu tiếp theo", "Save, then the next that lacks its contact"))
        )
    form = RecordForm(
        fields_for(view, commune["code"]),
        title=view.say("Trụ sở và đầu mối của ", "Office and contact of ") + commune["full_name"],
        back=("/communes", view.say("Xã, phường", "Communes")),
        options={"reach_band": words_for(view, "reach_band", BANDS)},
        buttons=buttons,
        more=list_more(view, commune["code"]),
    )
    return render_form(view, form, values, etag=etag, refusal=refusal, now=commune)


def list_more(view: View, code: str) -> list[tuple[str, str]]:
    asked = (f"/data-subjects/commune_contact/{code}", view.say("Dữ liệu của đầu mối", "The contact's data"))
    out = (f"/out-of-use/communes/{code}", view.say("Ngừng dùng xã này", "Take it out of use"))
    return [asked, out] if view.role == ADMIN else [asked]


@router.post(PAGE)
async def change_commune(request: Request, view: PersonDep, code: str) -> Response:
    typed, fields = await read_typed(request), fields_for(view, code)
    etag = typed.get("etag", "")
    commune, refusal = await attempt(
        view.api.patch("/v1/communes/{code}", body_of(typed, fields), etag=etag, code=code)
    )
    if refusal is not None:
        now = await view.api.read("/v1/communes/{code}", code=code)
        return await render_commune(view, now, typed, etag, refusal)
    words = view.say(f"Đã lưu {commune['full_name']}.", f"{commune['full_name']} is saved.")
    return view.go(await find_next(view, commune) if typed.get("then") == "next" else "/communes", words)


async def find_next(view: View, commune: dict[str, Any]) -> str:
    """The next commune of the list without an office or a contact; after the last, the first; the list when none is."""
    communes = await view.api.list_all("/v1/communes", province_code=await find_province(view))
    codes = [each["code"] for each in communes]
    here = codes.index(commune["code"]) + 1 if commune["code"] in codes else 0
    lacking = [each for each in communes[here:] + communes[:here] if lacks_contact(each)]
    return f"/communes/{lacking[0]['code']}/edit" if lacking else "/communes"
