"""The router every domain folder starts from: idempotent POSTs, and the problems each route may answer, declared."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from roster_api.access.authorize import GatedRoute, Handler, refuse_ungated
from roster_api.documents.reading import DocumentRequest, find_model
from roster_api.errors import PROBLEM_MEDIA_TYPE
from roster_api.idempotency import IdempotentRoute

MAXIMUM_BODY_BYTES = 1_000_000
"""A route that takes more (an upload) says so itself with max_body_size=."""
PROBLEM_DESCRIPTIONS = {
    400: "Unreadable request",
    401: "No API key, or an unknown or revoked one",
    403: "The key's role may not do this",
    404: "Missing, or outside the key's scope",
    409: "The present state does not allow it",
    412: "Changed since it was read (If-Match)",
    413: "Too large",
    422: "Fields are not acceptable; see errors",
    428: "If-Match is missing",
    429: "Too many at once; try again after Retry-After",
    500: "A fault of ours",
    503: "The database is away; try again",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of the problem answers a route may give."""
    return {
        status: {
            "description": PROBLEM_DESCRIPTIONS[status],
            "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


class DocumentRoute(IdempotentRoute):
    """A route that may be sent large documents: they are read and checked by a child process."""

    def after_admission(self, handle: Handler) -> Handler:
        handle_once = super().after_admission(handle)
        model = find_model(self)

        async def handle_document(request: Request) -> Response:
            if model is None:
                return await handle_once(request)
            document = DocumentRequest(request.scope, request.receive)
            document.model = model
            try:
                return await handle_once(document)
            except RequestValidationError as refused:
                errors = getattr(request.state, "document_errors", None)
                raise RequestValidationError(errors) if errors else refused from None

        return handle_document


def gated_router(*, tag: str, route_class: type[GatedRoute], **more: Any) -> APIRouter:
    """Routes that ask the gate first and take small bodies; `more`: as APIRouter takes it."""
    return APIRouter(
        tags=[tag],
        route_class=route_class,
        dependencies=[Depends(refuse_ungated)],
        max_body_size=MAXIMUM_BODY_BYTES,
        **more,
    )


def domain_router(*, tag: str, prefix: str = "/v1", route_class: type[GatedRoute] = IdempotentRoute) -> APIRouter:
    """Routes of one folder, with what every route may answer; a route adds its own with `responses=problems(...)`."""
    return gated_router(
        tag=tag,
        prefix=prefix,
        route_class=route_class,
        responses=problems(400, 401, 403, 404, 413, 422, 503),
    )


def add_routes(app: FastAPI, router: APIRouter) -> None:
    """Adds the router's own routes: `include_router` would make each anew, and look for every request's twice.

    TypeError for a route that does not ask the gate, or takes a body of any size: not of `gated_router`.
    """
    unguarded = [route for route in router.routes if not (isinstance(route, GatedRoute) and route.max_body_size)]
    if unguarded:
        raise TypeError(f"routes that are not of gated_router: {unguarded}")
    app.router.routes.extend(router.routes)
