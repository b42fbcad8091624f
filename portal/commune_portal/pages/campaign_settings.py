"""What Home Affairs settles of a campaign: its name and time, the rules of its plans, its opening and closing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_fields import NAME, POLICY, TIME, options_of_policy
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.meanwhile import compare, is_stale
from commune_portal.menu import ADMIN
from commune_portal.record_forms import RecordForm, Values, body_of, values_of
from commune_portal.refusals import attempt, not_sure
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/settings"


@router.get(PAGE, response_class=HTMLResponse)
async def show_campaign_settings(view: PersonDep, campaign_id: str) -> Response:
    return await render_settings(view, campaign_id)


async def render_settings(
    view: View, campaign_id: str, *, typed: Values | None = None, refusal: ApiError | None = None
) -> Response:
    """`typed`: what was refused, shown as it was typed. Days and hours are fields while the campaign is a draft."""
    if view.role != ADMIN:
        raise ApiError(404, {})
    read = await view.api.read("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    campaign = read.content
    about, rules = [NAME, *(TIME if campaign["status"] == "draft" else ())], POLICY
    values = values_of(campaign, about) | values_of(campaign["policy"], rules) if typed is None else typed
    options, back = options_of_policy(view), (f"/campaigns/{campaign_id}", str(campaign["name"]))
    forms = RecordForm(about, "", back, {}), RecordForm(rules, "", back, options)
    is_late = typed is not None and is_stale(refusal)
    records = zip(forms, (campaign, campaign["policy"]), strict=True)
    changed = [compare(view, form, record, values) for form, record in records if is_late]
    return view.render(
        "campaign_settings.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        about=forms[0],
        rules=forms[1],
        meanwhile={name: words for each in changed for name, words in each.items()},
        values=values,
        etag=read.etag if is_late else values.get("etag") or read.etag,
        refusal=refusal,
    )


@router.post(PAGE)
async def keep_campaign_settings(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = await read_typed(request)
    once, then = typed.get("once"), typed.get("then")
    if then == "open":
        deed = view.api.post("/v1/campaigns/{campaign_id}/open", None, once=once, campaign_id=campaign_id)
    elif then == "close" and typed.get("sure") != "yes":
        return await render_settings(view, campaign_id, refusal=not_sure())
    elif then == "close":
        deed = view.api.post("/v1/campaigns/{campaign_id}/close", None, once=once, campaign_id=campaign_id)
    else:
        etag, body = typed.get("etag", ""), body_of_settings(typed)
        deed = view.api.patch("/v1/campaigns/{campaign_id}", body, etag=etag, campaign_id=campaign_id)
    _, refusal = await attempt(deed)
    if refusal is not None:
        kept = None if then in {"open", "close"} else typed
        return await render_settings(view, campaign_id, typed=kept, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/settings", view.say("Đã lưu.", "Saved."))


def body_of_settings(typed: Values) -> dict[str, Any]:
    """The fields that the form had: what is not named stays as it is, days and hours of an open campaign among it."""
    about = [field for field in (NAME, *TIME) if field.name in typed]
    return body_of(typed, about) | {"policy": body_of(typed, POLICY)}
