"""A new campaign: a draft with the usual days, hours and rules, to be changed before it is opened."""

from commune_service import clock
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_fields import NAME, NEW_POLICY, SANDBOX, TIME, rules_in_words, values_of_new
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.province import choose_province
from commune_portal.record_forms import RecordForm, Values, body_of
from commune_portal.record_pages import render_form
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
NEW = "/campaigns/new"
FIELDS = (NAME, *TIME, SANDBOX)


@router.get(NEW, response_class=HTMLResponse)
async def show_new_campaign(view: PersonDep) -> Response:
    await choose_province(view)
    return render_new(view, values_of_new(view, clock.today()))


def render_new(view: View, values: Values, refusal: ApiError | None = None) -> Response:
    form = RecordForm(
        FIELDS,
        title=view.say("Lập chiến dịch", "Draft a campaign"),
        back=("/campaigns", view.say("Chiến dịch", "Campaigns")),
        options={},
        help=[
            view.say(
                "Đây là bản nháp: ngày, giờ và quy tắc còn sửa được cho đến khi mở chiến dịch.",
                "This is a draft: days, hours and rules can change until the campaign is opened.",
            ),
            view.say(
                "Ngày lễ của Việt Nam tự được trừ; ngày nghỉ và ngày làm bù khác khai ở lịch của chiến dịch.",
                "Vietnam's holidays are left out by themselves; other days are declared in the campaign's calendar.",
            ),
        ],
        buttons=[("", view.say("Lập bản nháp", "Draft it"))],
        facts=(
            view.say("Phương án sẽ được tính theo", "Plans will be made by"),
            rules_in_words(view, NEW_POLICY),
            view.say("Sửa được ở phần Thiết lập của chiến dịch.", "To be changed in the campaign's settings."),
        ),
    )
    return render_form(view, form, values, refusal=refusal)


@router.post(NEW)
async def draft_campaign(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    body = body_of(typed, FIELDS) | {"province_code": await choose_province(view)}
    campaign, refusal = await attempt(view.api.post("/v1/campaigns", body, once=typed.get("once")))
    if refusal is not None:
        return render_new(view, typed, refusal)
    words = view.say(
        "Đã lập bản nháp. Tiếp theo: đặt hạn các bước, nhận nhu cầu của các xã, rồi mở chiến dịch.",
        "The campaign is drafted. Next: due days of the steps, the communes' needs, then open it.",
    )
    return view.go(f"/campaigns/{campaign['id']}", words)
