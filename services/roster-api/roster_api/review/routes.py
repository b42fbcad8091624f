"""Routes of the review of a campaign."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Depends, Request, Response

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.campaigns.working_time import Span
from roster_api.database import LateSession, LateSessionDep, SessionDep
from roster_api.papers.routes import DOCX
from roster_api.plans.routes import XLSX
from roster_api.plans.visibility import get_visible_campaign
from roster_api.review.schemas import Review
from roster_api.review.service import describe_review
from roster_api.review.writing import write_docx, write_xlsx
from roster_api.routing import domain_router
from roster_api.shapes import IdPath

router = domain_router(tag="review")
PATH = "/campaigns/{campaign_id}/review"


async def get_spans(request: Request) -> Sequence[Span]:
    spans: Sequence[Span] = request.app.state.settings.working_hours
    return spans


SpansDep = Annotated[Sequence[Span], Depends(get_spans)]


@router.get(PATH, operation_id="get_review", summary="What the campaign came to: every number with its rows")
async def get_review(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep, spans: SpansDep) -> Review:
    """As of this moment. Names communes and schools, and nobody else."""
    return await describe_review(session, await get_visible_campaign(session, principal, campaign_id), spans)


@router.get(
    f"{PATH}.docx",
    operation_id="get_review_docx",
    summary="The review as a report to be edited and signed",
    response_class=Response,
    responses={200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_review_docx(
    campaign_id: IdPath, late: LateSessionDep, principal: PrincipalDep, spans: SpansDep
) -> Response:
    return await _answer(late, principal, campaign_id, spans, write_docx, DOCX, "docx")


@router.get(
    f"{PATH}.xlsx",
    operation_id="get_review_xlsx",
    summary="The review's numbers as a workbook, each with its rows' address",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_review_xlsx(
    campaign_id: IdPath, late: LateSessionDep, principal: PrincipalDep, spans: SpansDep
) -> Response:
    return await _answer(late, principal, campaign_id, spans, write_xlsx, XLSX, "xlsx")


async def _answer(
    late: LateSession,
    principal: Principal,
    campaign_id: IdPath,
    spans: Sequence[Span],
    write: Callable[[Review], bytes],
    media_type: str,
    suffix: str,
) -> Response:
    async with late.short() as session:
        review = await describe_review(session, await get_visible_campaign(session, principal, campaign_id), spans)
    return Response(
        await asyncio.to_thread(write, review),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="bao-cao-tong-ket.{suffix}"',
            "Cache-Control": "private, no-store",
        },
    )
