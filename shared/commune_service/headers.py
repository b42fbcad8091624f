"""Security headers on every answer, by the library `secure`: the same in every service."""

from secure import Preset, Secure
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNSAID = {"Server"}
HEADERS = {name: value for name, value in Secure.from_preset(Preset.STRICT).headers.items() if name not in UNSAID}

RAW = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in HEADERS.items())
"""As they go out: put together once, not for every answer."""


class SecurityHeadersMiddleware:
    """Adds what the route did not say itself (a page with its own policy keeps it)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message["headers"])
                named = {name.lower() for name, _ in own}
                message["headers"] = [*own, *(header for header in RAW if header[0] not in named)]
            await send(message)

        await self.app(scope, receive, send_with_headers)
