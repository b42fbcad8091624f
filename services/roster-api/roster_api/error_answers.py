"""From exceptions to RFC 9457 answers, in Vietnamese and English: what a client is told, and what it is not."""

import re
import traceback
from collections.abc import Mapping, Sequence
from socket import gaierror
from typing import Any

import structlog
from asyncpg.exceptions import InternalClientError, PostgresError
from commune_schemas.problem import FieldError, Problem
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roster_api.errors import (
    CONSTRAINTS,
    PROBLEM_MEDIA_TYPE,
    ConstraintWords,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ProblemError,
    UnavailableError,
)
from roster_api.validation_words import words_of

log = structlog.get_logger(__name__)
RETRY_AFTER_SECONDS = 5
FRAMES_LOGGED = 8


def problem_answer(  # noqa: PLR0913 - one argument a member of the document
    request: Request,
    *,
    status: int,
    title: str,
    code: str,
    vi: str,
    en: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Response:
    problem = Problem(
        type=f"urn:commune-roster:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=en,
        detail_vi=vi,
        instance=request.url.path,
        errors=list(errors),
        facts=dict(facts or {}),
    )
    return Response(
        problem.model_dump_json(exclude=None if facts else {"facts"}).encode("utf-8", "replace"),
        status_code=status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def declared_route(request: Request) -> str:
    """For the log: the route as declared, never the address, which may hold a personal link. 'none' outside routes."""
    return str(getattr(request.scope.get("route"), "path", "none"))


async def answer_problem(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ProblemError)  # noqa: S101 - registered for this class only
    if isinstance(exc, ForbiddenError | NotFoundError):
        await request.app.state.record_refusal(request, exc)
    return problem_answer(
        request,
        status=exc.status,
        title=exc.title,
        code=exc.code,
        vi=exc.vi,
        en=exc.en,
        errors=exc.errors,
        headers=exc.headers,
        facts=exc.facts,
    )


HTTP_WORDS: dict[int, tuple[str, str, str]] = {
    400: ("request.unreadable", "Không đọc được yêu cầu.", "The request could not be read."),
    404: ("not_found", "Không tìm thấy.", "Not found."),
    405: ("method.not_allowed", "Phương thức không được phép ở địa chỉ này.", "Method not allowed here."),
    408: ("body.too_slow", "Nội dung gửi lên đến quá chậm.", "The request body came too slowly."),
    413: ("body.too_large", "Nội dung gửi lên quá lớn.", "The request body is too large."),
}


async def answer_http_exception(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)  # noqa: S101 - registered for this class only
    code, vi, en = HTTP_WORDS.get(exc.status_code, ("http.error", "Yêu cầu không thực hiện được.", str(exc.detail)))
    return problem_answer(
        request, status=exc.status_code, title=en.rstrip("."), code=code, vi=vi, en=en, headers=exc.headers
    )


def _pointer(location: Sequence[Any]) -> str:
    where, *rest = [str(part) for part in location] or [""]
    if where == "body":
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in rest)
    return ":".join([where, *rest])


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """Pydantic's errors as pointers with words in two languages. Never echoes the input: it may be personal."""
    found = []
    for error in errors:
        vi, en = words_of(error)
        found.append(FieldError(pointer=_pointer(error.get("loc", ())), code=str(error.get("type")), vi=vi, en=en))
    return found


async def answer_validation_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)  # noqa: S101 - registered for this class only
    return problem_answer(
        request,
        status=422,
        title=InvalidError.title,
        code="request.invalid",
        vi="Yêu cầu có trường không hợp lệ; xem danh sách lỗi.",
        en="Some fields are not valid; see errors.",
        errors=field_errors(exc.errors()),
    )


def _postgres_error(exc: Exception) -> PostgresError | None:
    """asyncpg's own error under SQLAlchemy's and its adapter's (raw while a connection is being made)."""
    cause: BaseException | None = exc.orig if isinstance(exc, DBAPIError) else exc
    while cause is not None:
        if isinstance(cause, PostgresError):
            return cause
        cause = cause.__cause__
    return None


def constraint_of(exc: IntegrityError) -> str | None:
    """Name of the constraint that the database says was broken."""
    name = getattr(_postgres_error(exc), "constraint_name", None)
    if name:
        return str(name)
    match = re.search(r'constraint "([^"]+)"', str(exc.orig))
    return match.group(1) if match else None


async def answer_integrity_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, IntegrityError)  # noqa: S101 - registered for this class only
    name = constraint_of(exc) or "unknown"
    words = CONSTRAINTS.get(name)
    if words is None:
        log.warning("database.constraint_broken", constraint=name, route=declared_route(request))
        words = ConstraintWords(
            409,
            "conflict",
            "Dữ liệu trùng hoặc mâu thuẫn với dữ liệu đã có.",
            f"The data is a duplicate of, or contradicts, what is stored ({name}).",
        )
    return problem_answer(request, status=words.status, title="Conflict", code=words.code, vi=words.vi, en=words.en)


async def answer_stale_row(request: Request, exc: Exception) -> Response:
    log.info("database.stale_row", route=declared_route(request), error=type(exc).__name__)
    return problem_answer(
        request,
        status=409,
        title="Conflict",
        code="conflict.concurrent",
        vi="Dữ liệu vừa được người khác thay đổi. Hãy đọc lại rồi thử lại.",
        en="Someone else changed this at the same moment. Read it again and retry.",
    )


SERIALIZATION_STATES = {"40001", "40P01", "55P03", "57014"}
"""Serialization failure, deadlock, lock not available, statement timeout: the same request may succeed later."""
AWAY_STATES = ("08", "53", "57P")  # connection, resources, operator intervention (shutdown, crash recovery)


async def answer_database_error(request: Request, exc: Exception) -> Response:
    """503 when Postgres is away or too busy, so that a client tries again; else 500 as any defect of ours."""
    state = getattr(_postgres_error(exc), "sqlstate", None)
    is_away = state is not None and (state in SERIALIZATION_STATES or state.startswith(AWAY_STATES))
    is_answer_of_server = isinstance(exc, PostgresError) or (
        isinstance(exc, DBAPIError)
        and not exc.connection_invalidated
        and not isinstance(exc, OperationalError | InterfaceError)
    )
    if is_answer_of_server and not is_away:
        return await answer_unknown_error(request, exc)
    log.warning("database.unavailable", route=declared_route(request), error=type(exc).__name__, sqlstate=state)
    return problem_answer(
        request,
        status=503,
        title=UnavailableError.title,
        code="database.unavailable",
        vi="Cơ sở dữ liệu tạm thời không sẵn sàng. Hãy thử lại sau vài giây.",
        en="The database is temporarily unavailable. Try again in a few seconds.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


async def answer_hung_up(request: Request, exc: Exception) -> Response:
    """A client that goes in the middle of its body is no fault of anybody's; this answer reaches nobody."""
    log.info("request.hung_up", route=declared_route(request), error=type(exc).__name__)
    return await answer_http_exception(request, HTTPException(400))


async def answer_unknown_error(request: Request, exc: Exception) -> Response:
    # Frames only: an exception's message may hold what a person typed.
    frames = traceback.format_tb(exc.__traceback__)[-FRAMES_LOGGED:]
    log.error("request.failed", route=declared_route(request), error=type(exc).__name__, frames=frames)
    return problem_answer(
        request,
        status=500,
        title="Internal error",
        code="internal",
        vi="Lỗi của hệ thống. Mã yêu cầu ở tiêu đề X-Request-ID giúp tìm nguyên nhân.",
        en="A fault of ours. The request id in the X-Request-ID header helps to find it.",
    )


# InternalClientError: a connection that was given up in the middle, of a server that was frozen.
LOST = (DBAPIError, InternalClientError, PoolTimeoutError, PostgresError, ConnectionError, TimeoutError, gaierror)


async def answer_fault(request: Request, exc: Exception) -> Response:
    """Whatever is no refusal of a rule, answered as `add_error_handlers` has it."""
    if isinstance(exc, IntegrityError):
        return await answer_integrity_error(request, exc)
    if isinstance(exc, StaleDataError):
        return await answer_stale_row(request, exc)
    return await (answer_database_error if isinstance(exc, LOST) else answer_unknown_error)(request, exc)


class UnknownErrorMiddleware:
    """Innermost: answers what no handler knows, so that a defect's answer too has its headers and its request id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as exc:
            if scope["type"] != "http" or started:
                raise
            await (await answer_unknown_error(Request(scope), exc))(scope, receive, send)


def add_error_handlers(app: FastAPI) -> None:
    """Every exception that can leave a route, to its answer."""
    app.add_exception_handler(ProblemError, answer_problem)
    app.add_exception_handler(RequestValidationError, answer_validation_error)
    app.add_exception_handler(HTTPException, answer_http_exception)
    app.add_exception_handler(ClientDisconnect, answer_hung_up)
    app.add_exception_handler(IntegrityError, answer_integrity_error)
    app.add_exception_handler(StaleDataError, answer_stale_row)
    for unavailable in LOST:
        app.add_exception_handler(unavailable, answer_database_error)
    app.add_middleware(UnknownErrorMiddleware)
