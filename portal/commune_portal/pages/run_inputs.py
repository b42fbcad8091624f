"""What a run was computed from: each commune's need as it stood, and free weekdays that did not count."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep

router = APIRouter()


@router.get("/runs/{run_id}/inputs", response_class=HTMLResponse)
async def show_inputs(request: Request, view: PersonDep, run_id: str) -> Response:
    run, needs, aside = await asyncio.gather(
        view.api.get("/v1/matching-runs/{run_id}", run_id=run_id),
        view.api.list_all("/v1/matching-runs/{run_id}/needs", run_id=run_id),
        view.api.get("/v1/matching-runs/{run_id}/set-aside", run_id=run_id, **as_query(request)),
    )
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=run["campaign_id"])
    moved = [each for each in needs if not each["is_current"]]
    facts = {"run": run, "needs": needs, "moved": moved, "rows": of_answer(request, aside)}
    return view.render("run_inputs.html", campaign=campaign, **facts)
