"""The issuers' public keys: fetched, kept for a while, and fetched again when a token names one that is not known."""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from commune_service.authorities import trusted_authorities
from commune_service.outbound import OutboundRule, RefusedAddressError, look_up
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from roster_api.errors import UnavailableError
from roster_api.issuer_settings import IssuerSettings

log = structlog.get_logger(__name__)
PublicKey = RSAKey | ECKey
FRESH_SECONDS = 600.0
KEPT_SECONDS = 24 * 3600.0
"""So long the last known keys serve while the issuer is away."""
FETCH_SECONDS = 5.0
MAXIMUM_BYTES = 256_000
RSA_MINIMUM_BITS = 2048
KINDS = frozenset({"RSA", "EC"})
PUBLIC_PARTS = frozenset({"kty", "n", "e", "crv", "x", "y"})
DISCOVERY = "/.well-known/openid-configuration"


class FetchError(Exception):
    """What the issuer answered is no key set; or it did not answer."""


@dataclass
class _Known:
    keys: dict[str | None, PublicKey] = field(default_factory=dict)
    fetched_at: float | None = None
    tried_at: float | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class KeySets:
    """Of every issuer; one an application. `refetch_seconds`: no sooner is an issuer asked again, whatever is asked."""

    def __init__(
        self, *, rule: OutboundRule, refetch_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rule = rule
        self._refetch_seconds = refetch_seconds
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def find_key(self, issuer: IssuerSettings, kid: str | None) -> PublicKey | None:
        """The key of that name, or the only one when none is named. 503 when there are no keys to look among."""
        known = self._known.setdefault(issuer.issuer, _Known())
        if self._is_stale(known) or _choose(known, kid) is None:
            await self._fetch_unless_just_done(issuer, known)
        if known.fetched_at is None or self._clock() - known.fetched_at > KEPT_SECONDS:
            raise _issuer_away()
        return _choose(known, kid)

    def _is_stale(self, known: _Known) -> bool:
        return known.fetched_at is None or self._clock() - known.fetched_at > FRESH_SECONDS

    async def _fetch_unless_just_done(self, issuer: IssuerSettings, known: _Known) -> None:
        async with known.lock:
            if known.tried_at is not None and self._clock() - known.tried_at < self._refetch_seconds:
                return
            known.tried_at = self._clock()
            try:
                known.keys = await self._fetch(issuer)
            except (httpx.HTTPError, OSError, TimeoutError, RefusedAddressError, FetchError) as error:
                log.warning("issuers.keys_not_fetched", issuer=issuer.issuer, error=f"{type(error).__name__}: {error}")
            else:
                known.fetched_at = self._clock()

    async def _fetch(self, issuer: IssuerSettings) -> dict[str | None, PublicKey]:
        url = issuer.jwks_url
        if url is None:
            described = await self._get(issuer.issuer.rstrip("/") + DISCOVERY)
            url = described.get("jwks_uri")
            if described.get("issuer") != issuer.issuer or not isinstance(url, str):
                raise FetchError("its configuration is of another issuer, or names no keys")
        return read_keys(await self._get(url))

    async def _get(self, url: str) -> dict[str, Any]:
        """A JSON object from an address of the settings or of the issuer's; nothing is followed elsewhere."""
        address = await look_up(url, self._rule)
        parts = urlsplit(url)
        asked = httpx.URL(url).copy_with(host=address)
        extensions = {"sni_hostname": parts.hostname}
        headers = {"Host": parts.netloc, "Accept": "application/json"}
        async with (
            httpx.AsyncClient(
                timeout=FETCH_SECONDS, trust_env=False, verify=trusted_authorities(trust_env=False)
            ) as client,
            client.stream("GET", asked, headers=headers, extensions=extensions) as answer,
        ):
            if answer.status_code != 200:
                raise FetchError(f"answered {answer.status_code}")
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MAXIMUM_BYTES:
                    raise FetchError(f"answered more than {MAXIMUM_BYTES} bytes")
        try:
            read = json.loads(body)
        except (ValueError, RecursionError):
            raise FetchError("answered no JSON") from None
        if not isinstance(read, dict):
            raise FetchError("answered no JSON object")
        return read


def read_keys(document: Mapping[str, Any]) -> dict[str | None, PublicKey]:
    """By kid, those that may prove a signature; what is no such key is left out, and the log says so."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise FetchError("answered no key set")
    keys: dict[str | None, PublicKey] = {}
    for each in listed:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig" or each.get("kty") not in KINDS:
            continue
        try:
            key = _read_key(each)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("issuers.key_left_out", reason=type(error).__name__)
            continue
        kid = each.get("kid")
        keys[kid if isinstance(kid, str) else None] = key
    return keys


def _read_key(described: dict[str, Any]) -> PublicKey:
    public = {name: value for name, value in described.items() if name in PUBLIC_PARTS}
    if public["kty"] == "EC":
        return ECKey.import_key(public)
    modulus = base64.urlsafe_b64decode(public["n"] + "==").lstrip(b"\0")
    if len(modulus) * 8 < RSA_MINIMUM_BITS:
        raise ValueError("too short")
    return RSAKey.import_key(public)


def _choose(known: _Known, kid: str | None) -> PublicKey | None:
    if kid is None:
        return next(iter(known.keys.values())) if len(known.keys) == 1 else None
    return known.keys.get(kid)


def _issuer_away() -> UnavailableError:
    return UnavailableError(
        "access.issuer_away",
        vi="Chưa lấy được khóa công khai của nơi cấp phiên đăng nhập. Hãy thử lại sau ít phút.",
        en="The issuer's public keys cannot be fetched at the moment. Try again in a few minutes.",
        headers={"Retry-After": "30"},
    )
