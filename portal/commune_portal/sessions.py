"""The session: one encrypted cookie that only this service can read, at most 4 kB, never seen by a script.

It holds the person's token, so that no browser ever does. Ended sessions are remembered until they would have run out,
and the API ends the token itself, for other portals and for after a restart: a cookie copied before opens nothing.
"""

import hashlib
import json
import secrets
import time
from http.cookies import SimpleCookie
from typing import Any

import structlog
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAXIMUM_BYTES = 4000
ALGORITHMS = ["dir", "A256GCM"]
log = structlog.get_logger(__name__)


class SessionTooLargeError(RuntimeError):
    """The issuer's token does not fit into a cookie."""


class EndedSessions:
    """Ids of sessions that were signed out of, each kept until its time would have been over."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def end(self, session: dict[str, Any]) -> None:
        now = time.time()
        self._until = {known: until for known, until in self._until.items() if until > now}
        if "id" in session:
            self._until[session["id"]] = session.get("until", now)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._until


class SessionCipher:
    """Seals a session into a compact JWE and opens it again; what is not ours, or too old, opens as None."""

    def __init__(self, secret: str) -> None:
        self._key = OctKey.import_key(hashlib.sha256(secret.encode()).digest())

    def seal(self, session: dict[str, Any]) -> str:
        content = json.dumps(session, separators=(",", ":"), ensure_ascii=False).encode()
        protected = {"alg": "dir", "enc": "A256GCM", "zip": "DEF"}
        sealed = jwe.encrypt_compact(protected, content, self._key, algorithms=[*ALGORITHMS, "DEF"])
        if len(sealed) > MAXIMUM_BYTES:
            raise SessionTooLargeError(f"the session takes {len(sealed)} bytes of {MAXIMUM_BYTES}")
        return sealed

    def open(self, sealed: str) -> dict[str, Any] | None:
        try:
            content = jwe.decrypt_compact(sealed, self._key, algorithms=[*ALGORITHMS, "DEF"]).plaintext
            session = json.loads(content or b"null")
        except (JoseError, ValueError):
            return None
        is_alive = isinstance(session, dict) and session.get("until", 0) > time.time()
        return session if is_alive else None


def start_session(seconds: float) -> dict[str, Any]:
    """A new one, with an id and a form token of its own: nothing of an earlier session is carried over."""
    return {"id": secrets.token_urlsafe(18), "until": time.time() + seconds, "form": secrets.token_urlsafe(18)}


class SessionMiddleware:
    """Puts the session into the scope; after the answer's start, what changed is in the cookie."""

    def __init__(self, app: ASGIApp, *, cipher: SessionCipher, ended: EndedSessions, secure: bool) -> None:
        self.app = app
        self.cipher = cipher
        self.ended = ended
        self.secure = secure
        self.name = "__Host-session" if secure else "session"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = HTTPConnection(scope).cookies.get(self.name, "")
        found = self.cipher.open(given) if given else None
        if found is not None and found.get("id") in self.ended:
            found = None
        scope["session"] = found if found is not None else {}
        before = json.dumps(scope["session"], sort_keys=True)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                session = scope["session"]
                if json.dumps(session, sort_keys=True) != before or (given and found is None):
                    MutableHeaders(scope=message).append("Set-Cookie", self._cookie(session))
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _cookie(self, session: dict[str, Any]) -> str:
        cookie: SimpleCookie = SimpleCookie()
        cookie[self.name] = self.cipher.seal(session) if session else ""
        morsel = cookie[self.name]
        morsel["path"], morsel["httponly"], morsel["samesite"] = "/", True, "Lax"
        if self.secure:
            morsel["secure"] = True
        morsel["max-age"] = max(0, int(session["until"] - time.time())) if "until" in session else 0
        return morsel.OutputString()
