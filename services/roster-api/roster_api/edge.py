"""What stands around the whole application: hang-ups noticed, headers on every answer, a problem for a large body.

What no route answers is answered here, too: below a personal link on a page, for a person reads it.
"""

from commune_service.headers import SecurityHeadersMiddleware
from commune_service.large_bodies import TOO_LARGE, AnswerTooLarge
from commune_service.slow_clients import SlowBodyMiddleware
from fastapi import FastAPI, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Scope

from roster_api.answers.page import render_refusal
from roster_api.answers.page_route import WRONG_LINK, on_page
from roster_api.error_answers import HTTP_WORDS, answer_http_exception, problem_answer
from roster_api.hang_up import HangUpMiddleware

NOTHING_THERE, TOO_SLOW = 404, 408
LINKS = ("/a/", "/i/", "/u/")
"""Under them lies nothing but pages that personal links open."""


class EdgedApp(FastAPI):
    """FastAPI, save for what its answers are wrapped in."""

    def build_middleware_stack(self) -> ASGIApp:
        inner = AnswerTooLarge(super().build_middleware_stack(), answer=too_large)
        return HangUpMiddleware(SecurityHeadersMiddleware(SlowBodyMiddleware(inner, answer=too_slow)))


def too_large(scope: Scope) -> Response:
    return _answer_outside(scope, TOO_LARGE, title="Too large")


def too_slow(scope: Scope) -> Response:
    answer = _answer_outside(scope, TOO_SLOW, title="Too slow")
    answer.headers["Connection"] = "close"
    return answer


def _answer_outside(scope: Scope, status: int, *, title: str) -> Response:
    request, (code, vi, en) = Request(scope), HTTP_WORDS[status]
    problem = problem_answer(request, status=status, title=title, code=code, vi=vi, en=en)
    return on_page(problem) if is_for_people(request) else problem


def is_for_people(request: Request) -> bool:
    return request.url.path.startswith(LINKS)


async def answer_outside_routes(request: Request, exc: Exception) -> Response:
    """A link with a slash or a word too many is a wrong link."""
    if isinstance(exc, HTTPException) and exc.status_code == NOTHING_THERE and is_for_people(request):
        return render_refusal(status=NOTHING_THERE, line=WRONG_LINK)
    return await answer_http_exception(request, exc)
