"""Security headers on every answer, by the library `secure`; the documentation page alone may load its scripts."""

from secure import ContentSecurityPolicy, Preset, Secure
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STRICT = dict(Secure.from_preset(Preset.STRICT).headers)
DOCUMENTATION_POLICY = (
    ContentSecurityPolicy()
    .default_src("'none'")
    .script_src("'self'", "'unsafe-inline'", "https://cdn.jsdelivr.net")
    .style_src("'self'", "'unsafe-inline'", "https://cdn.jsdelivr.net")
    .img_src("'self'", "data:", "https://fastapi.tiangolo.com")
    .connect_src("'self'")
    .frame_ancestors("'none'")
)
DOCUMENTATION = {name: value for name, value in STRICT.items() if not name.startswith("Cross-Origin-")} | dict(
    Secure(csp=DOCUMENTATION_POLICY).headers
)
DOCUMENTATION_PATHS = {"/docs", "/redoc"}
UNSAID = {"Server"}


class SecurityHeadersMiddleware:
    """Adds what the route did not say itself (a page with its own policy keeps it)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = DOCUMENTATION if scope["path"] in DOCUMENTATION_PATHS else STRICT

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    if name not in UNSAID:
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
