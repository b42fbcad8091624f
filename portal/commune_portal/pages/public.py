"""The plan in force for everybody, where the province says so: map and list by commune, nobody's name, kept by caches.

Nothing on the page follows from who looks: no session, no cookie; the language stands in the address.
"""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from starlette.datastructures import QueryParams

from commune_portal.client import Api, Caller
from commune_portal.map.drawing import Picture, colours_of, draw_map
from commune_portal.map.shapes import read_shapes
from commune_portal.paging import holds
from commune_portal.view import View

router = APIRouter()
KEPT_SECONDS = 60.0
CACHE = "public, max-age=300"


class PublicView(View):
    """Of nobody in particular: whoever is signed in is not looked at."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.language = "en" if request.query_params.get("lang") == "en" else "vi"

    @property
    def is_signed_in(self) -> bool:
        return False

    @property
    def api(self) -> Api:
        state = self.request.app.state
        return Api(state.http_of_api, Caller(""), state.kept)

    def take_notice(self) -> str:
        return ""


async def open_public_view(request: Request) -> PublicView:
    return PublicView(request)


EverybodyDep = Annotated[PublicView, Depends(open_public_view)]


@router.api_route("/public/{code}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def show_public_plan(request: Request, view: EverybodyDep, code: str) -> Response:
    plan = await view.api.get_kept("/v1/public/provinces/{code}/plan", seconds=KEPT_SECONDS, code=code)
    shapes_read = await view.api.get_kept("/v1/public/provinces/{code}/boundaries", seconds=KEPT_SECONDS, code=code)
    shapes = read_shapes(shapes_read, f"public {plan['published_at']} {len(shapes_read['features'])}")
    schools = {each["code"]: each for each in plan["schools"]}
    leading = tuple(code for code, each in schools.items() if each["communes"])
    picture = Picture(
        leading,
        address="#row-{code}",
        label=view.say("Bản đồ trường phụ trách xã", "Map of which school answers for which commune"),
    )
    leads = {each["code"]: each["lead"] for each in plan["communes"] if each["lead"]}
    wanted = request.query_params
    page = view.render(
        "public.html",
        plan=plan,
        schools=schools,
        leading=leading,
        colours=colours_of(leading),
        rows=[each for each in plan["communes"] if is_wanted(each, schools, wanted)],
        is_schematic=shapes.is_schematic,
        map=Markup(draw_map(code, shapes, leads, picture)),  # noqa: S704 - every text in it was escaped
    )
    etag = f'"{hashlib.sha256(page.body).hexdigest()[:32]}"'
    kept = {"ETag": etag, "Cache-Control": CACHE}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=kept)
    page.headers.update(kept)
    return page


def is_wanted(row: dict[str, Any], schools: dict[str, dict[str, Any]], wanted: QueryParams) -> bool:
    named = [row["lead"], *row["supports"]] if row["lead"] else row["supports"]
    return holds(wanted.get("q", ""), row["name"], *(schools[code]["name"] for code in named))
