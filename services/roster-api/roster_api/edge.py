"""What stands around the whole application: hang-ups noticed, headers on every answer, a problem for a large body."""

from commune_service.headers import SecurityHeadersMiddleware
from commune_service.large_bodies import TOO_LARGE, AnswerTooLarge
from commune_service.slow_clients import SlowBodyMiddleware
from fastapi import FastAPI, Response
from starlette.requests import Request
from starlette.types import ASGIApp, Scope

from roster_api.error_answers import HTTP_WORDS, problem_answer
from roster_api.hang_up import HangUpMiddleware

TOO_SLOW = 408


class EdgedApp(FastAPI):
    """FastAPI, save for what its answers are wrapped in."""

    def build_middleware_stack(self) -> ASGIApp:
        inner = AnswerTooLarge(super().build_middleware_stack(), answer=too_large)
        return HangUpMiddleware(SecurityHeadersMiddleware(SlowBodyMiddleware(inner, answer=too_slow)))


def too_large(scope: Scope) -> Response:
    code, vi, en = HTTP_WORDS[TOO_LARGE]
    return problem_answer(Request(scope), status=TOO_LARGE, title="Too large", code=code, vi=vi, en=en)


def too_slow(scope: Scope) -> Response:
    code, vi, en = HTTP_WORDS[TOO_SLOW]
    headers = {"Connection": "close"}
    return problem_answer(Request(scope), status=TOO_SLOW, title="Too slow", code=code, vi=vi, en=en, headers=headers)
