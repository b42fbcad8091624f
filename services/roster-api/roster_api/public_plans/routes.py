"""Routes that need no key: what a province shows to everybody. Kept by caches for some minutes."""

import hashlib
from typing import Annotated, Any

from fastapi import Header, Response

from roster_api.boundaries.service import read_province_map
from roster_api.database import SessionDep
from roster_api.public_plans.schemas import PublicPlan
from roster_api.public_plans.service import get_public_province, read_public_plan
from roster_api.routing import domain_router
from roster_api.shapes import ProvinceCodePath

KEPT_SECONDS = 300
"""How late everybody may see the next version, or that the province shows nothing any more."""
GEOJSON = "application/geo+json"
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "As you have it"}}

router = domain_router(tag="public")
IfNoneMatch = Annotated[str | None, Header(max_length=200)]


def answer_kept(content: bytes, media_type: str, if_none_match: str | None) -> Response:
    """With an ETag of the very content; 304 to who has it."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    headers = {"ETag": f'"{digest}"', "Cache-Control": f"public, max-age={KEPT_SECONDS}"}
    if if_none_match is not None and digest in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


@router.get(
    "/public/provinces/{code}/plan",
    operation_id="get_public_plan",
    summary="The plan in force as everybody may read it, where the province says so",
    response_model=PublicPlan,
    responses=UNCHANGED,
)
async def get_public_plan(code: ProvinceCodePath, session: SessionDep, if_none_match: IfNoneMatch = None) -> Response:
    """Schools and numbers by commune; nobody is named. 404 unless the province's `is_plan_public` is set."""
    plan = await read_public_plan(session, code)
    return answer_kept(plan.model_dump_json().encode(), "application/json", if_none_match)


@router.get(
    "/public/provinces/{code}/boundaries",
    operation_id="get_public_boundaries",
    summary="The communes' shapes for the public map",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}, **UNCHANGED},
)
async def get_public_boundaries(
    code: ProvinceCodePath, session: SessionDep, if_none_match: IfNoneMatch = None
) -> Response:
    await get_public_province(session, code)
    content, _ = await read_province_map(session, code)
    return answer_kept(content.encode(), GEOJSON, if_none_match)
