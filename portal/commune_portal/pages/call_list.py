"""Whom no channel reached: why, and which number to telephone."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep

router = APIRouter()


@router.get("/call-list", response_class=HTMLResponse)
async def show_call_list(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    answer = await view.api.get(
        "/v1/call-list",
        school_code=wanted.get("school") or None,
        commune_code=wanted.get("commune") or None,
        **as_query(request),
    )
    return view.render("call_list.html", rows=of_answer(request, answer), calls=answer)
