"""What every request passes before a page sees it: where a form comes from, its token, and the answer's headers."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FORM_TOKEN = "form_token"  # noqa: S105 - the field's name
REPORTS = "/csp-reports"
"""Where browsers say that a page broke its policy; they send neither an origin of ours nor a form's token."""
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'{issuer}; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    f"report-uri {REPORTS}"
)


class ForeignFormError(Exception):
    """A form that did not come from a page of ours, in this session."""


class OriginMiddleware:
    """Refuses what changes something and does not come from our own origin. Browsers say where a form comes from."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self.app = app
        self.origin = urlsplit(public_url)._replace(path="", query="", fragment="").geturl()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and scope["path"] != REPORTS:
            origin = MutableHeaders(scope=scope).get("origin")
            if origin != self.origin:
                answer = [(b"content-type", b"text/plain; charset=utf-8")]
                await send({"type": "http.response.start", "status": 403, "headers": answer})
                words = "Yêu cầu đến từ trang khác, nên bị từ chối.\nAsked for by another site: refused.\n"
                await send({"type": "http.response.body", "body": words.encode()})
                return
        await self.app(scope, receive, send)


class HeadMiddleware:
    """HEAD is answered as GET is, so that programs that check the links of a mail find ours alive; no body is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self.app({**scope, "method": "GET"} if is_head else scope, receive, send)


class HeadersMiddleware:
    """Strict headers on every answer; pages with people's names are kept by no cache."""

    def __init__(self, app: ASGIApp, *, issuer: str, is_https: bool) -> None:
        self.app = app
        where = urlsplit(issuer)
        self.headers = {
            "Content-Security-Policy": POLICY.format(issuer=f" {where.scheme}://{where.netloc}"),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cache-Control": "private, no-store",
        }
        if is_https:
            self.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def masked_form_token(token: str) -> str:
    """The session's form token under a fresh mask: the same page compressed twice gives nothing away."""
    mask = secrets.token_bytes(len(token))
    return urlsafe_b64encode(mask + bytes(a ^ b for a, b in zip(mask, token.encode(), strict=True))).decode()


def unmask(given: str) -> str:
    """The token under the mask; '' for what is none."""
    try:
        content = urlsafe_b64decode(given.encode())
    except ValueError:
        return ""
    half = len(content) // 2
    return bytes(a ^ b for a, b in zip(content[:half], content[half:], strict=False)).decode("ascii", "replace")


async def check_form(request: Request) -> None:
    """Every route's first dependency: a form carries the token of this very session. ForeignFormError otherwise."""
    if request.method in SAFE_METHODS or request.scope["path"] == REPORTS:
        return
    form = await request.form()
    expected = request.session.get("form", "")
    given = form.get(FORM_TOKEN)
    if not expected or not isinstance(given, str) or not hmac.compare_digest(unmask(given), expected):
        raise ForeignFormError
