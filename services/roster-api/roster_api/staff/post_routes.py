"""Routes of posts."""

from typing import Annotated

from fastapi import Query, Response, status

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.staff import repository, service
from roster_api.staff.models import Post
from roster_api.staff.schemas import PostCreate, PostFilter, PostPatch, PostRead

router = domain_router(tag="staff")


@router.get("/posts", operation_id="list_posts", summary="Posts of units, in alphabetical order")
async def list_posts(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, filters: Annotated[PostFilter, Query()]
) -> Page[PostRead]:
    """A unit's officer sees the own unit's."""
    rows, total = await repository.list_rows(session, Post, principal=principal, filters=filters, paging=paging)
    items = [PostRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post(
    "/posts",
    operation_id="create_post",
    summary="Add a post",
    status_code=status.HTTP_201_CREATED,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_post(body: PostCreate, session: SessionDep, principal: PrincipalDep, response: Response) -> PostRead:
    row = await service.create_in_unit(session, Post, principal=principal, body=body)
    response.headers["Location"] = f"/v1/posts/{row.id}"
    return _answer(row, response)


@router.get("/posts/{post_id}", operation_id="get_post", summary="One post")
async def get_post(post_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> PostRead:
    return _answer(await service.get_row(session, Post, post_id, principal=principal), response)


@router.patch(
    "/posts/{post_id}",
    operation_id="change_post",
    summary="Change a post",
    responses=problems(409, 412, 428),
)
async def change_post(
    post_id: IdPath,
    patch: PostPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> PostRead:
    row = await service.change_row(session, Post, post_id, principal=principal, if_match=if_match, patch=patch)
    return _answer(row, response)


@router.post(
    "/posts/{post_id}/archive", operation_id="archive_post", summary="Take a post out of use", responses=problems(409)
)
async def archive_post(post_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> PostRead:
    return _answer(await service.set_archived(session, Post, post_id, principal=principal, archived=True), response)


@router.post("/posts/{post_id}/restore", operation_id="restore_post", summary="Bring a post back into use")
async def restore_post(post_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> PostRead:
    return _answer(await service.set_archived(session, Post, post_id, principal=principal, archived=False), response)


def _answer(row: Post, response: Response) -> PostRead:
    set_etag(response, row.row_version)
    return PostRead.model_validate(row)
