"""RFC 9457 answers of this service, in two languages: one exception, one handler a kind of trouble."""

from collections.abc import Sequence
from typing import Any

import structlog
from asyncpg.exceptions import InternalClientError, PostgresError
from commune_schemas.problem import FieldError, Problem
from commune_service.large_bodies import TOO_LARGE
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

log = structlog.get_logger(__name__)
RETRY_AFTER_SECONDS = 5
FORBIDDEN = 403
PROBLEM_MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An answer other than success: status, stable code, words in both languages."""

    def __init__(self, status: int, code: str, *, vi: str, en: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.vi = vi
        self.en = en
        self.errors = list(errors)


class InvalidValueError(ValueError):
    """Raised where a value is checked: what is wrong with it, in both languages."""

    def __init__(self, *, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


def not_found() -> ProblemError:
    return ProblemError(404, "not_found", vi="Không tìm thấy.", en="Not found.")


def answer(request: Request, error: ProblemError, headers: dict[str, str] | None = None) -> Response:
    problem = Problem(
        type=f"urn:commune-roster:problem:{error.code}",
        title=error.en.split(".")[0],
        status=error.status,
        code=error.code,
        detail=error.en,
        detail_vi=error.vi,
        instance=request.url.path,
        errors=error.errors,
    )
    body = problem.model_dump_json(exclude={"facts"}).encode("utf-8", "replace")
    return Response(body, status_code=error.status, media_type=PROBLEM_MEDIA_TYPE, headers=headers)


def declared_route(request: Request) -> str:
    """For the log: the route as declared, never the address. 'none' outside routes."""
    return str(getattr(request.scope.get("route"), "path", "none"))


async def answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for this class only
    if error.status == FORBIDDEN:
        await request.app.state.record_refusal(request, code=error.code)
    is_away = error.status == 503
    return answer(request, error, {"Retry-After": str(RETRY_AFTER_SECONDS)} if is_away else None)


async def answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    errors = [_describe(item) for item in error.errors()[:50]]
    vi, en = "Yêu cầu có giá trị không hợp lệ.", "The request has values that are not valid."
    return answer(request, ProblemError(422, "request.invalid", vi=vi, en=en, errors=errors))


def _describe(item: dict[str, Any]) -> FieldError:
    raised = item.get("ctx", {}).get("error")
    is_ours = isinstance(raised, InvalidValueError)
    vi, en = (raised.vi, raised.en) if is_ours else ("Giá trị không hợp lệ.", str(item["msg"])[:300])
    return FieldError(pointer=_pointer(item["loc"]), code=item["type"], vi=vi, en=en)


def _pointer(location: Sequence[object]) -> str:
    where, *rest = [str(part) for part in location]
    return "/" + "/".join(rest) if where == "body" else f"{where}:{'/'.join(rest)}"


async def answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    code = {404: "not_found", 405: "method.not_allowed"}.get(error.status_code, "http.error")
    vi = {404: "Không tìm thấy.", 405: "Phương thức không được phép ở địa chỉ này."}.get(
        error.status_code, "Yêu cầu không thực hiện được."
    )
    problem = ProblemError(error.status_code, code, vi=vi, en=f"{error.detail}.")
    return answer(request, problem, dict(error.headers or {}))


def answer_too_large(scope: Scope) -> Response:
    vi, en = "Nội dung gửi lên quá lớn.", "The request body is too large."
    return answer(Request(scope), ProblemError(TOO_LARGE, "body.too_large", vi=vi, en=en))


def answer_too_slow(scope: Scope) -> Response:
    vi, en = "Nội dung gửi lên đến quá chậm.", "The request body came too slowly."
    return answer(Request(scope), ProblemError(408, "body.too_slow", vi=vi, en=en), {"Connection": "close"})


async def answer_database(request: Request, error: Exception) -> Response:
    log.warning("request.database_away", route=declared_route(request), error=type(error).__name__)
    vi = "Cơ sở dữ liệu tạm thời không trả lời. Hãy thử lại sau ít giây."
    en = "The database does not answer for the moment. Try again in a few seconds."
    problem = ProblemError(503, "service.unavailable", vi=vi, en=en)
    return answer(request, problem, {"Retry-After": str(RETRY_AFTER_SECONDS)})


async def answer_hung_up(request: Request, error: Exception) -> Response:
    """A client that goes in the middle of its body is no fault of anybody's; this answer reaches nobody."""
    log.info("request.hung_up", route=declared_route(request), error=type(error).__name__)
    return await answer_http(request, HTTPException(400))


async def answer_fault(request: Request, error: Exception) -> Response:
    """A fault of ours. The log has the kind only: an exception's words may name a person."""
    log.error("request.fault", route=declared_route(request), error=type(error).__name__)
    vi, en = "Hệ thống gặp lỗi.", "Something went wrong on our side."
    return answer(request, ProblemError(500, "internal.error", vi=vi, en=en))


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ProblemError, answer_problem)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(ClientDisconnect, answer_hung_up)
    for kind in (DBAPIError, InternalClientError, PostgresError, PoolTimeoutError, OSError):
        app.add_exception_handler(kind, answer_database)
    app.add_exception_handler(Exception, answer_fault)
