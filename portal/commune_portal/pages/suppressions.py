"""Addresses that mail came back from: nothing is sent there, until one is let go with a reason."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/settings/suppressions", response_class=HTMLResponse)
async def show_suppressions(request: Request, view: PersonDep) -> Response:
    return await render_suppressions(request, view)


@router.post("/settings/suppressions/{suppression_id}")
async def release_address(request: Request, view: PersonDep, suppression_id: str) -> Response:
    typed = await read_typed(request)
    try:
        released = await view.api.post(
            "/v1/suppressions/{suppression_id}/release",
            {"reason": typed.get("reason", "")},
            suppression_id=suppression_id,
        )
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_suppressions(
            request, view, typed={suppression_id: typed.get("reason", "")}, refusal=refusal
        )
    words = view.say(
        f"Sẽ lại gửi cho {released['name']}. Tin đã hỏng trước đó: gửi lại ở trang tin gửi của phương án.",
        f"{released['name']} is written to again. What failed before: send it again on the plan's page of messages.",
    )
    return view.go("/settings/suppressions", words)


async def render_suppressions(
    request: Request, view: View, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    """`typed`: the reason by the row it was typed at."""
    is_released = request.query_params.get("show") == "released"
    answer = await view.api.get("/v1/suppressions", is_released="true" if is_released else "false", **as_query(request))
    return view.render(
        "suppressions.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, answer),
        is_cut=answer.get("is_cut", False),
        is_released=is_released,
        typed=typed or {},
        refusal=refusal,
    )
