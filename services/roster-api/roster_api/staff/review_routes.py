"""Routes of the review of staff: one answer, and the same as one sheet."""

import asyncio

from fastapi import Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError
from roster_api.fields.repository import name_fields
from roster_api.provinces.repository import find_province
from roster_api.routing import domain_router
from roster_api.shapes import ProvinceCodePath
from roster_api.staff.review import StaffReview, review, write_review

router = domain_router(tag="staff")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _review(code: str, session: SessionDep, principal: PrincipalDep) -> StaffReview:
    if await find_province(session, principal=principal, code=code) is None:
        raise NotFoundError
    return await review(session, province_code=code)


@router.get(
    "/provinces/{code}/staff-review", operation_id="get_staff_review", summary="Surplus and shortage by unit and field"
)
async def get_staff_review(code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep) -> StaffReview:
    return await _review(code, session, principal)


@router.get(
    "/provinces/{code}/staff-review.xlsx", operation_id="get_staff_review_sheet", summary="The same, to print",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}, "description": "A sheet"}},
)  # fmt: skip
async def get_staff_review_sheet(code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep) -> Response:
    reviewed = await _review(code, session, principal)
    content = await asyncio.to_thread(write_review, reviewed, await name_fields(session))
    headers = {"Content-Disposition": 'attachment; filename="ra-soat.xlsx"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=XLSX, headers=headers)
