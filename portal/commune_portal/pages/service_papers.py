"""Papers of a person's service: activity reports and certificates, issued, downloaded, revoked."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN, SCHOOL
from commune_portal.paging import as_query, of_answer, sort_people
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/papers"
KINDS = ("activity_report", "certificate")
ISSUERS = frozenset({ADMIN, SCHOOL})


@router.get(PAGE, response_class=HTMLResponse)
async def show_papers(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_papers(request, view, campaign_id)


async def render_papers(
    request: Request,
    view: View,
    campaign_id: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    kind = request.query_params.get("kind")
    campaign, papers, people = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/service-papers", campaign_id=campaign_id, kind=kind, **as_query(request)
        ),
        list_served(view, campaign_id),
    )
    return view.render(
        "service_papers.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        rows=of_answer(request, papers),
        kinds=KINDS,
        people=people,
        may_issue=view.role in ISSUERS,
        typed=typed or {},
        refusal=refusal,
    )


async def list_served(view: View, campaign_id: str) -> list[dict[str, str]]:
    """Who has a confirmed day, by given name: of whom there is something to certify."""
    if view.role not in ISSUERS:
        return []
    days = await view.api.list_all("/v1/campaigns/{campaign_id}/attendance", campaign_id=campaign_id, state="confirmed")
    there = [day for day in days if day["outcome"] == "present"]
    people = {day["volunteer_id"]: {"id": day["volunteer_id"], "full_name": day["full_name"]} for day in there}
    return sort_people(people.values())


@router.post(PAGE)
async def issue_paper(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = await read_typed(request)
    try:
        if "revoke" in typed:
            await view.api.post(
                "/v1/service-papers/{paper_id}/revoke", None, once=typed.get("once"), paper_id=typed["revoke"]
            )
            done = view.say("Đã thu hồi; mã của bản này trả lời là không còn giá trị.", "Revoked: its code answers no.")
            return view.go(f"/campaigns/{campaign_id}/papers", done)
        body = {"kind": typed.get("kind", ""), "volunteer_id": typed.get("volunteer_id", "")}
        paper = await view.api.post(
            "/v1/campaigns/{campaign_id}/service-papers", body, once=typed.get("once"), campaign_id=campaign_id
        )
    except ApiError as refusal:
        if refusal.status not in {404, 409, 422}:
            raise
        return await render_papers(request, view, campaign_id, typed=typed, refusal=refusal)
    words = view.say(f"Đã lập cho {paper['full_name']}: mã {paper['code']}.", f"Issued for {paper['full_name']}.")
    return view.go(f"/campaigns/{campaign_id}/papers", words)


@router.get("/papers/{paper_id}/paper.docx")
async def get_paper(view: PersonDep, paper_id: str) -> Response:
    return pass_on(await view.api.download("/v1/service-papers/{paper_id}/paper.docx", paper_id=paper_id))
