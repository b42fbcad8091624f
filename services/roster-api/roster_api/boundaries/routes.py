"""Routes of boundaries and measured travel."""

from typing import Annotated

from fastapi import Header, Response

from roster_api.access.principal import PrincipalDep
from roster_api.boundaries import service
from roster_api.boundaries.schemas import BoundaryCollection, BoundaryReport, TravelAnswer, TravelTable
from roster_api.database import LateSessionDep, SessionDep
from roster_api.provinces.service import get_province
from roster_api.routing import DocumentRoute, domain_router, problems
from roster_api.shapes import ProvinceCodePath

MOST_BYTES = 40_000_000
GEOJSON = "application/geo+json"

router = domain_router(tag="boundaries", route_class=DocumentRoute)


@router.put(
    "/provinces/{code}/boundaries",
    operation_id="put_boundaries",
    summary="The communes' real boundaries, as GeoJSON by commune code",
    max_body_size=MOST_BYTES,
)
async def put_boundaries(
    code: ProvinceCodePath, body: BoundaryCollection, late: LateSessionDep, principal: PrincipalDep
) -> BoundaryReport:
    """Every commune once (those served at a distance may be left out), every shape valid; 422 names each fault.

    Overlaps are reported. Kept simplified, all communes together; neighbours from then on are who shares a border.
    """
    async with late.short() as session:
        await get_province(session, principal=principal, code=code)
        communes = await service.list_communes(session, code)
    found = await service.check(body, communes)
    session = await late.open()
    return await service.keep(session, code, communes, found, by=principal.label)


@router.get(
    "/provinces/{code}/boundaries",
    operation_id="get_boundaries",
    summary="The communes' shapes as GeoJSON: imported, else schematic cells",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}, 304: {"description": "As you have it"}},
)
async def get_boundaries(
    code: ProvinceCodePath,
    session: SessionDep,
    principal: PrincipalDep,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """`schematic` says which; `geometry` is null of what has no shape, and its place stands in the properties."""
    content, digest = await service.read_map(session, principal=principal, code=code)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, no-cache"}
    if if_none_match is not None and digest in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=GEOJSON, headers=headers)


@router.put(
    "/provinces/{code}/travel",
    operation_id="put_travel",
    summary="Measured kilometres or minutes from schools to communes",
    max_body_size=MOST_BYTES,
    responses=problems(409),
)
async def put_travel(
    code: ProvinceCodePath, body: TravelTable, session: SessionDep, principal: PrincipalDep
) -> TravelAnswer:
    """Authoritative from the next run on: these pairs' distances are what is stated here."""
    await get_province(session, principal=principal, code=code)
    return await service.keep_travel(session, code, body)
