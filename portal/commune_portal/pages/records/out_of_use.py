"""Records that are no longer used: taken out, with what that means, and brought back. Nothing is deleted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current
from commune_portal.client import Api, ApiError
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN
from commune_portal.pages.person import find_plan
from commune_portal.pages.places import find_province
from commune_portal.paging import as_query, of_answer
from commune_portal.refusals import attempt, not_sure
from commune_portal.view import PersonDep, View

router = APIRouter()
Kind = Literal["campaigns", "schools", "communes", "units", "people", "posts"]
PAGE = "/out-of-use/{kind}/{key}"
Deed = Callable[[Api, str], Awaitable[Any]]


@dataclass(frozen=True)
class Deeds:
    """What the API does for one kind. `back`: the list of what is used; `key`: by which one is named."""

    back: str
    key: str
    list_out: Callable[[Api, dict[str, Any]], Awaitable[Any]]
    read: Deed
    archive: Deed
    restore: Deed


DEEDS: dict[Kind, Deeds] = {
    "campaigns": Deeds(
        "/campaigns",
        "id",
        lambda api, page: api.get("/v1/campaigns", archived=True, **page),
        lambda api, key: api.get("/v1/campaigns/{campaign_id}", campaign_id=key),
        lambda api, key: api.post("/v1/campaigns/{campaign_id}/archive", None, campaign_id=key),
        lambda api, key: api.post("/v1/campaigns/{campaign_id}/restore", None, campaign_id=key),
    ),
    "schools": Deeds(
        "/schools",
        "id",
        lambda api, page: api.get("/v1/schools", archived=True, **page),
        lambda api, key: api.get("/v1/schools/{school_id}", school_id=key),
        lambda api, key: api.post("/v1/schools/{school_id}/archive", None, school_id=key),
        lambda api, key: api.post("/v1/schools/{school_id}/restore", None, school_id=key),
    ),
    "communes": Deeds(
        "/communes",
        "code",
        lambda api, page: api.get("/v1/communes", archived=True, **page),
        lambda api, key: api.get("/v1/communes/{code}", code=key),
        lambda api, key: api.post("/v1/communes/{code}/archive", None, code=key),
        lambda api, key: api.post("/v1/communes/{code}/restore", None, code=key),
    ),
    "units": Deeds(
        "/staff/units",
        "id",
        lambda api, page: api.get("/v1/units", archived=True, **page),
        lambda api, key: api.get("/v1/units/{unit_id}", unit_id=key),
        lambda api, key: api.post("/v1/units/{unit_id}/archive", None, unit_id=key),
        lambda api, key: api.post("/v1/units/{unit_id}/restore", None, unit_id=key),
    ),
    "people": Deeds(
        "/staff/people",
        "id",
        lambda api, page: api.get("/v1/staff", archived=True, **page),
        lambda api, key: api.get("/v1/staff/{staff_id}", staff_id=key),
        lambda api, key: api.post("/v1/staff/{staff_id}/archive", None, staff_id=key),
        lambda api, key: api.post("/v1/staff/{staff_id}/restore", None, staff_id=key),
    ),
    "posts": Deeds(
        "/staff/posts",
        "id",
        lambda api, page: api.get("/v1/posts", archived=True, **page),
        lambda api, key: api.get("/v1/posts/{post_id}", post_id=key),
        lambda api, key: api.post("/v1/posts/{post_id}/archive", None, post_id=key),
        lambda api, key: api.post("/v1/posts/{post_id}/restore", None, post_id=key),
    ),
}
MEANING: dict[Kind, tuple[str, str]] = {
    "campaigns": (
        "Chiến dịch không còn trong danh sách; kế hoạch, điểm danh, kinh phí của nó vẫn giữ nguyên.",
        "The campaign leaves the lists; its plans, attendance and allowances stay as they are.",
    ),
    "schools": (
        "Trường không tham gia lần tính nào nữa; điều phối không gửi danh sách được. Bản đã công bố không đổi.",
        "The school takes part in no more runs, and sends no lists. What is published stays as it is.",
    ),
    "communes": (
        "Xã không tham gia lần tính nào nữa. Bản đã công bố không đổi.",
        "The commune takes part in no more runs. What is published stays as it is.",
    ),
    "units": (
        "Đơn vị không còn trong danh sách và trong các lần lựa chọn.",
        "The unit leaves the lists, and takes part in no more selections.",
    ),
    "people": (
        "Người này không còn trong danh sách cán bộ và trong các lần lựa chọn.",
        "They leave the lists of staff, and are selected no more.",
    ),
    "posts": (
        "Vị trí không còn trong danh sách và không được bố trí người nữa.",
        "The post leaves the lists, and nobody is selected for it.",
    ),
}
"""What taking one out of use does, beyond its being kept."""


@router.get("/out-of-use/{kind}", response_class=HTMLResponse)
async def list_out_of_use(request: Request, view: PersonDep, kind: Kind) -> Response:
    if view.role != ADMIN:
        raise ApiError(404, {})
    deeds = DEEDS[kind]
    answer = await deeds.list_out(view.api, {"province_code": await find_province(view), **as_query(request)})
    named = {each[deeds.key]: name_of(each) for each in answer["items"]}
    facts: dict[str, Any] = {"rows": of_answer(request, answer), "named": named, "back": deeds.back, "kind": kind}
    return view.render("out_of_use_list.html", **facts)


@router.get(PAGE, response_class=HTMLResponse)
async def show_use(view: PersonDep, kind: Kind, key: str) -> Response:
    return await render_use(view, kind, key)


async def render_use(view: View, kind: Kind, key: str, refusal: ApiError | None = None) -> Response:
    if view.role != ADMIN:
        raise ApiError(404, {})
    record = await DEEDS[kind].read(view.api, key)
    is_out = record["archived_at"] is not None
    return view.render(
        "out_of_use.html",
        status=refusal.status if refusal else 200,
        name=name_of(record),
        is_out=is_out,
        placed=0 if is_out else await count_placed(view, kind, record),
        meaning=view.say(*MEANING[kind]),
        back=DEEDS[kind].back,
        kind=kind,
        refusal=refusal,
    )


async def count_placed(view: View, kind: Kind, record: dict[str, Any]) -> int:
    """People of the school, or awaited by the commune, whom the plan in force sends."""
    of_place = {"schools": "school_code", "communes": "commune_code"}.get(kind)
    plan = await find_plan(view, await find_current(view.api)) if of_place else None
    if of_place is None or plan is None:
        return 0
    return await view.api.count("/v1/plans/{plan_id}/placements", plan_id=plan["id"], **{of_place: record["code"]})


def name_of(record: dict[str, Any]) -> str:
    return str(record.get("full_name") or record.get("title") or record["name"])


@router.post(PAGE)
async def change_use(request: Request, view: PersonDep, kind: Kind, key: str) -> Response:
    typed = await read_typed(request)
    comes_back = typed.get("then") == "restore"
    if not comes_back and typed.get("sure") != "yes":
        return await render_use(view, kind, key, not_sure())
    _, refusal = await attempt((DEEDS[kind].restore if comes_back else DEEDS[kind].archive)(view.api, key))
    if refusal:
        return await render_use(view, kind, key, refusal)
    done = view.say("Đã dùng lại.", "It is in use again.") if comes_back else view.say("Đã ngừng dùng.", "Out of use.")
    return view.go(f"/out-of-use/{kind}/{key}", done)
