"""Routes of provinces."""

from fastapi import Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.etags import SeenDep
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.provinces import service
from roster_api.provinces.schemas import CommuneImportAnswer, ProvinceRead, PublishingRules
from roster_api.routing import domain_router, problems
from roster_api.shapes import ProvinceCodePath, SearchText

router = domain_router(tag="provinces")


@router.get("/provinces", operation_id="list_provinces", summary="Provinces, in alphabetical order")
async def list_provinces(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, q: SearchText = None
) -> Page[ProvinceRead]:
    """All 34 are known from the start; their communes come by import."""
    return await service.list_provinces(session, principal=principal, paging=paging, q=q)


@router.get("/provinces/{code}", operation_id="get_province", summary="One province")
async def get_province(
    code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep, response: Response
) -> ProvinceRead:
    return _tagged(response, await service.get_province(session, principal=principal, code=code))


def _tagged(response: Response, province: ProvinceRead) -> ProvinceRead:
    response.headers["ETag"] = f'"{service.tag_of(province)}"'
    return province


@router.put(
    "/provinces/{code}/publishing",
    operation_id="set_publishing_rules",
    summary="How the province publishes",
    responses=problems(412),
)
async def set_publishing_rules(
    code: ProvinceCodePath,
    body: PublishingRules,
    session: SessionDep,
    principal: PrincipalDep,
    seen: SeenDep,
    response: Response,
) -> ProvinceRead:
    """Four eyes: who approves a plan is not who publishes it. The price of a segment is named before publishing."""
    province = await service.set_publishing(session, principal=principal, code=code, rules=body, seen=seen)
    return _tagged(response, province)


@router.post(
    "/provinces/{code}/communes/import",
    operation_id="import_communes",
    summary="Import the province's official list of communes",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def import_communes(code: ProvinceCodePath, session: SessionDep, principal: PrincipalDep) -> CommuneImportAnswer:
    """Names, kinds, coordinates, areas, as in force since 1 July 2025. The same import again changes nothing."""
    return await service.import_communes(session, principal=principal, code=code)
