"""What Home Affairs settles of a campaign: its name and time, the rules of its plans, its opening and closing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, read_typed, whole_number
from commune_portal.menu import ADMIN
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/settings"
NUMBERS = ("min_people", "students_per_lecturer", "theta_pct")
CHOICES = {
    "use": ("need", "people", "days"),
    "supervision": ("commune", "school", "none"),
    "lecturer_bound": ("hard", "level"),
}
REFUSED = {403, 409, 412, 422}


@router.get(PAGE, response_class=HTMLResponse)
async def show_campaign_settings(view: PersonDep, campaign_id: str) -> Response:
    return await render_settings(view, campaign_id)


async def render_settings(
    view: View, campaign_id: str, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    if view.role != ADMIN:
        raise ApiError(404, {})
    campaign = await view.api.read("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    return view.render(
        "campaign_settings.html",
        status=refusal.status if refusal else 200,
        campaign=campaign.content,
        policy=campaign["policy"],
        etag=campaign.etag,
        choices=CHOICES,
        typed=typed or {},
        refusal=refusal,
    )


@router.post(PAGE)
async def keep_campaign_settings(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = await read_typed(request)
    once, then = typed.get("once"), typed.get("then")
    try:
        if then == "open":
            await view.api.post("/v1/campaigns/{campaign_id}/open", None, once=once, campaign_id=campaign_id)
        elif then == "close":
            await view.api.post("/v1/campaigns/{campaign_id}/close", None, once=once, campaign_id=campaign_id)
        else:
            await change(view, campaign_id, typed)
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_settings(view, campaign_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/settings", view.say("Đã lưu.", "Saved."))


async def change(view: View, campaign_id: str, typed: dict[str, str]) -> None:
    """As the version that was seen; what the form does not show of the policy stays as it is."""
    now = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    policy: dict[str, Any] = dict(now["policy"])
    policy |= {name: typed[name] for name in CHOICES if typed.get(name)}
    policy |= {name: whole_number(typed[name]) for name in NUMBERS if typed.get(name)}
    policy["contiguity"] = typed.get("contiguity") == "yes"
    body: dict[str, Any] = {"policy": policy, "name": typed.get("name", "")}
    body |= {name: day_or_none(typed.get(name, "")) for name in ("starts_on", "ends_on")}
    body |= {name: typed.get(name, "") for name in ("start_time", "end_time")}
    await view.api.patch("/v1/campaigns/{campaign_id}", body, etag=typed.get("etag", ""), campaign_id=campaign_id)
