"""A body beyond its limit is answered with a problem, as everything else is.

The limit itself is FastAPI's (max_body_size of the application or a route). It answers in plain text, and outside every
middleware that can be added to an application, so this one is put around the finished stack.
"""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roster_api.error_answers import HTTP_WORDS, problem_answer
from roster_api.hang_up import HangUpMiddleware
from roster_api.headers import SecurityHeadersMiddleware

TOO_LARGE = 413


class BodyLimitedApp(FastAPI):
    """FastAPI, save for the words of its 413."""

    def build_middleware_stack(self) -> ASGIApp:
        return HangUpMiddleware(SecurityHeadersMiddleware(ProblemForTooLarge(super().build_middleware_stack())))


class ProblemForTooLarge:
    """Replaces a plain 413."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_problem_instead(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                replaced = (b"content-type", b"text/plain; charset=utf-8") in message["headers"]
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_problem_instead)
        if replaced:
            code, vi, en = HTTP_WORDS[TOO_LARGE]
            answer = problem_answer(Request(scope), status=TOO_LARGE, title="Too large", code=code, vi=vi, en=en)
            await answer(scope, receive, send)
