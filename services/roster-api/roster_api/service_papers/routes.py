"""Routes of activity reports and certificates, and of checking a code, which anybody may."""

import asyncio
from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from roster_api.access.authorize import GatedRoute
from roster_api.access.principal import PrincipalDep
from roster_api.access.rates import get_rates
from roster_api.database import LateSessionDep, SessionDep
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.papers.codes import show_code
from roster_api.papers.routes import DOCX
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, gated_router, problems
from roster_api.service_papers import service
from roster_api.service_papers.models import PaperKind, ServicePaper
from roster_api.service_papers.schemas import PaperRequest, ServicePaperOut, Verdict
from roster_api.shapes import IdPath

router = domain_router(tag="papers")
public = gated_router(tag="papers", route_class=GatedRoute)
FILE_NAMES = {PaperKind.ACTIVITY_REPORT: "bao-cao-hoat-dong", PaperKind.CERTIFICATE: "giay-chung-nhan"}
YES = "CÓ: văn bản mang mã này do hệ thống cấp và còn hiệu lực. · YES: this paper was issued here and holds.\n"
NO = "KHÔNG: không có văn bản còn hiệu lực mang mã này. · NO: no paper that holds has this code.\n"


@router.post(
    "/campaigns/{campaign_id}/service-papers",
    operation_id="issue_service_paper",
    summary="Issue a person's activity report or certificate from confirmed days",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def issue_service_paper(
    campaign_id: IdPath, body: PaperRequest, session: SessionDep, principal: PrincipalDep
) -> ServicePaperOut:
    """Nothing new to say: the paper that holds. Something new: another code, and the old one answers no."""
    paper = await service.issue(session, principal=principal, campaign_id=campaign_id, request=body)
    return service.show(paper)


@router.get(
    "/campaigns/{campaign_id}/service-papers", operation_id="list_service_papers", summary="Papers that were issued"
)
async def list_service_papers(
    campaign_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    kind: Annotated[PaperKind | None, Query()] = None,
) -> Page[ServicePaperOut]:
    await get_visible_campaign(session, principal, campaign_id)
    query = service.select_papers(principal).where(ServicePaper.campaign_id == campaign_id)
    if kind is not None:
        query = query.where(ServicePaper.kind == kind)
    rows, total = await fetch_page(session, query, paging=paging)
    return Page(items=[service.show(row) for row in rows], total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/service-papers/{paper_id}/paper.docx",
    operation_id="get_service_paper_docx",
    summary="The paper as a docx, the same to the byte each time",
    response_class=Response,
    responses={**problems(409), 200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_service_paper_docx(
    paper_id: IdPath, request: Request, late: LateSessionDep, principal: PrincipalDep
) -> Response:
    async with late.short() as session:
        paper = await service.get_paper(session, principal, paper_id)
        write = service.prepare_docx(paper, public_url=request.app.state.settings.public_url)
        name = f"{FILE_NAMES[PaperKind(paper.kind)]}-{show_code(paper.code)}.docx"
    return Response(
        await asyncio.to_thread(write),
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@router.post(
    "/service-papers/{paper_id}/revoke",
    operation_id="revoke_service_paper",
    summary="Its code answers no from now on",
)
async def revoke_service_paper(paper_id: IdPath, session: SessionDep, principal: PrincipalDep) -> ServicePaperOut:
    return service.show(await service.revoke(session, principal=principal, paper_id=paper_id))


@public.head("/v/{code}", include_in_schema=False)
@public.get(
    "/v/{code}",
    operation_id="verify_paper",
    summary="Was a paper with this code issued, and does it hold?",
    response_model=Verdict,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(422, 429, 503)},
)
async def verify_paper(
    code: Annotated[str, Path(max_length=40, examples=["7KQM-2WXP-9ABC"])], request: Request, session: SessionDep
) -> Response:
    """Yes or no, to anybody, and nothing about anybody; a browser gets a sentence. Guessing is answered 429."""
    answer = await service.is_valid(session, code)
    if not answer:
        await get_rates(request).count_wrong_link(request)
    is_browser = "text/html" in request.headers.get("accept", "")
    headers = {"Cache-Control": "no-store"}
    if is_browser:
        return PlainTextResponse(YES if answer else NO, headers=headers)
    return JSONResponse({"is_valid": answer}, headers=headers)
