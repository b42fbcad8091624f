"""Routes of API keys."""

from typing import Annotated

from fastapi import Query, Request, Response

from roster_api.access.principal import PrincipalDep, Role
from roster_api.api_keys import service
from roster_api.api_keys.schemas import KeyCreate, KeyCreated, KeyRead, KeyRotation
from roster_api.database import SessionDep
from roster_api.idempotency import OnceOnly, keep_answer_secret
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath, SearchText

router = domain_router(tag="api keys")


@router.get("/api-keys", operation_id="list_api_keys", summary="API keys, newest first")
async def list_api_keys(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    q: SearchText = None,
    role: Annotated[Role | None, Query()] = None,
    revoked: Annotated[bool, Query(description="true: the revoked ones instead")] = False,
) -> Page[KeyRead]:
    """Never the keys themselves: those are not kept."""
    return await service.list_keys(session, principal=principal, q=q, role=role, revoked=revoked, paging=paging)


@router.post(
    "/api-keys",
    operation_id="create_api_key",
    summary="Make an API key",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_api_key(
    request: Request, response: Response, body: KeyCreate, session: SessionDep, principal: PrincipalDep
) -> KeyCreated:
    """The key is in this answer and nowhere else; repeating the request with its Idempotency-Key is 409."""
    keep_answer_secret(request)
    row, value = await service.create_key(session, principal=principal, body=body)
    response.headers["Cache-Control"] = "no-store"
    return KeyCreated(key=value, **KeyRead.model_validate(row).model_dump())


@router.post(
    "/api-keys/{key_id}/rotate",
    operation_id="rotate_api_key",
    summary="Let a new key take an old one's place",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def rotate_api_key(
    key_id: IdPath,
    request: Request,
    response: Response,
    body: KeyRotation,
    session: SessionDep,
    principal: PrincipalDep,
) -> KeyCreated:
    """Same role, same bounds. Both work until the overlap is over; then only the new one."""
    keep_answer_secret(request)
    row, value = await service.rotate_key(session, principal=principal, key_id=key_id, body=body)
    response.headers["Cache-Control"] = "no-store"
    return KeyCreated(key=value, **KeyRead.model_validate(row).model_dump())


@router.post("/api-keys/{key_id}/revoke", operation_id="revoke_api_key", summary="Revoke an API key")
async def revoke_api_key(key_id: IdPath, session: SessionDep, principal: PrincipalDep) -> KeyRead:
    return KeyRead.model_validate(await service.revoke_key(session, principal=principal, key_id=key_id))
