"""The decision of a published plan: its number, signer and words, and the file to sign."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.forms import day_or_none
from commune_portal.meanwhile import NOTHING, differing, is_stale
from commune_portal.pages.plans import load_plan
from commune_portal.rendering import day
from commune_portal.view import PersonDep, View

router = APIRouter()
LINES = ("issuer", "legal_bases", "signing", "recipients")
"""Typed a line each."""
PARAGRAPHS = "articles"
"""An article each, with an empty line between."""
LINE = ("parent", "number", "symbol", "place", "signed_on", "decided_by", "subject", "signer_name")
NUMBER, DAY = "number", "signed_on"


@router.get("/plans/{plan_id}/decision", response_class=HTMLResponse)
async def show_decision_paper(view: PersonDep, plan_id: str) -> Response:
    return await render_paper(view, plan_id)


async def render_paper(
    view: View, plan_id: str, *, refusal: ApiError | None = None, typed: dict[str, str] | None = None
) -> Response:
    """`typed`: what was refused, shown again as it was typed."""
    shown = await load_plan(view, plan_id)
    decision = await view.api.read("/v1/plans/{plan_id}/decision", plan_id=plan_id)
    return view.render(
        "decision.html",
        status=refusal.status if refusal else 200,
        shown=shown,
        plan=shown.plan,
        title=shown.title(view),
        decision=decision.content,
        values=typed or as_typed(decision["facts"]),
        meanwhile=differing(view, as_typed(decision["facts"]), typed) if typed and is_stale(refusal) else NOTHING,
        etag=decision.etag if is_stale(refusal) else (typed or {}).get("etag", decision.etag),
        refusal=refusal,
    )


def as_typed(facts: dict[str, Any]) -> dict[str, str]:
    """Facts as a form shows them."""
    values = {name: str(facts[name]) if facts[name] is not None else "" for name in LINE}
    values[DAY] = day(facts[DAY])
    values |= {name: "\n".join(facts[name]) for name in LINES}
    return values | {PARAGRAPHS: "\n\n".join(facts[PARAGRAPHS] or [])}


def as_facts(typed: dict[str, str]) -> dict[str, Any]:
    """What the API is sent: what was left empty is left out, and then the usual, or open."""
    facts: dict[str, Any] = {name: typed[name].strip() for name in LINE if typed.get(name, "").strip()}
    if facts.get(NUMBER, "").isdecimal():
        facts[NUMBER] = int(facts[NUMBER])
    if DAY in facts:
        facts[DAY] = day_or_none(facts[DAY])
    for name in LINES:
        facts[name] = [line.strip() for line in typed.get(name, "").splitlines() if line.strip()]
    text = typed.get(PARAGRAPHS, "").replace("\r\n", "\n")
    articles = [article.strip() for article in text.split("\n\n") if article.strip()]
    return facts | ({PARAGRAPHS: articles} if articles else {})


@router.post("/plans/{plan_id}/decision")
async def state_decision_paper(view: PersonDep, request: Request, plan_id: str) -> Response:
    typed = {name: str(value) for name, value in (await request.form()).items()}
    try:
        await view.api.put(
            "/v1/plans/{plan_id}/decision",
            as_facts(typed),
            etag=typed.get("etag"),
            plan_id=plan_id,
        )
    except ApiError as refusal:
        if refusal.status not in {409, 412, 422}:
            raise
        return await render_paper(view, plan_id, refusal=refusal, typed=typed)
    return view.go(f"/plans/{plan_id}/decision", view.say("Đã lưu quyết định.", "The decision is kept."))


@router.get("/plans/{plan_id}/decision.docx")
async def download_decision(view: PersonDep, plan_id: str) -> Response:
    return pass_on(await view.api.download("/v1/plans/{plan_id}/decision.docx", plan_id=plan_id))
