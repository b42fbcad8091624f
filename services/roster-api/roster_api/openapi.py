"""The API's description (OpenAPI): an introduction, and FastAPI's own 422 replaced by what is really answered."""

from typing import Any

from commune_schemas.problem import Problem
from fastapi import FastAPI

DESCRIPTION = """\
Cử giảng viên, sinh viên, giáo viên về giúp xã: danh sách, nhu cầu, chiến dịch, phân công, công bố.

Lending a province's lecturers and students to its communes: rosters, needs, campaigns, plans, publishing.

* Người / people: `Authorization: Bearer <token>`, with several roles also `X-Acting-As`; máy / machines: `X-Api-Key`.
* Someone else's object answers 404, like a missing one.
* Lists: `limit` (at most 200), `offset`, filters, and `q`, which ignores accents and case.
* `POST` that creates takes an `Idempotency-Key`: the same request again gives the same answer, once done.
* `PATCH` needs `If-Match` with the `ETag` that was read: 428 without, 412 when someone was quicker.
* Errors are `application/problem+json` (RFC 9457), in Vietnamese and English, with JSON pointers.
"""
FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Makes `app.openapi()` tell the truth about error answers."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generate()
            components = schema["components"]["schemas"]
            for name in FASTAPIS_OWN:
                components.pop(name, None)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            components |= problem.pop("$defs") | {"Problem": problem}
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
