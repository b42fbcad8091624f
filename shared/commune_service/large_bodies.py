"""A body beyond its limit is answered as every other fault is.

The limit itself is FastAPI's (max_body_size of the application or a route). It answers in plain text, and outside every
middleware that can be added to an application, so this one is put around the finished stack.
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413


class AnswerTooLarge:
    """Replaces a plain 413 by `answer`'s."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Scope], ASGIApp]) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_ours_instead(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                replaced = (b"content-type", b"text/plain; charset=utf-8") in message["headers"]
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_ours_instead)
        if replaced:
            await self._answer(scope)(scope, receive, send)
