"""Bearer tokens (JWT) of the configured issuers: what must hold before anything in them is believed."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from roster_api.access.key_sets import KeySets
from roster_api.errors import UnauthenticatedError
from roster_api.issuer_settings import IssuerSettings

LONGEST_TOKEN = 16_000
LONGEST_NAME = 255
TOLERANCE_SECONDS = 60
LONGEST_LIFE = timedelta(days=3660)
TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""Not, say, a token that ends a session: same issuer, same audience, another purpose."""
NEVER_IN_A_HEADER = frozenset({"jwk", "jku", "x5u", "x5c", "crit"})
"""A token that brings its own key, or says where to look for one."""


@dataclass(frozen=True)
class VerifiedToken:
    """Whom an issuer vouches for. Of rights it says nothing: those are ours."""

    issuer: IssuerSettings
    subject: str
    email: str | None
    """Lower case; only when the issuer says that it is verified."""
    is_strong: bool
    """Proves what the issuer's settings ask of administrators."""
    sha256: bytes
    """Of what was signed."""
    ends_at: datetime
    """When nobody believes it any more; LONGEST_LIFE from now where its issuer says later."""


def refused_token(code: str = "access.token_invalid") -> UnauthenticatedError:
    """One answer for everything that may be wrong: who sends such tokens learns nothing from it."""
    return UnauthenticatedError(
        code,
        vi="Phiên đăng nhập không hợp lệ hoặc đã hết hạn. Hãy đăng nhập lại.",
        en="The token is not valid, or has expired. Sign in again.",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


async def verify_token(token: str, *, issuers: Sequence[IssuerSettings], key_sets: KeySets) -> VerifiedToken:
    """401 unless every check holds; 503 while the issuer's keys cannot be had."""
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise refused_token()
    header, unproved = (_read_part(part) for part in token.split(".")[:2])
    issuer = next((each for each in issuers if each.issuer == unproved.get("iss")), None)
    kid, algorithm, kind = header.get("kid"), header.get("alg"), header.get("typ", "JWT")
    if (
        issuer is None
        or algorithm not in issuer.algorithms
        or NEVER_IN_A_HEADER & header.keys()
        or not isinstance(kind, str)
        or kind.casefold() not in TYPES
        or not (kid is None or isinstance(kid, str))
    ):
        raise refused_token()
    key = await key_sets.find_key(issuer, kid)
    if key is None:
        raise refused_token()
    claims = _check(token, key=key, algorithm=str(algorithm), issuer=issuer)
    signed = token.rpartition(".")[0].encode()
    return _read_claims(claims, issuer, sha256=hashlib.sha256(signed).digest())


def _read_part(part: str) -> dict[str, Any]:
    try:
        read = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise refused_token() from None
    if not isinstance(read, dict):
        raise refused_token()
    return read


def _check(token: str, *, key: Any, algorithm: str, issuer: IssuerSettings) -> dict[str, Any]:
    """The claims of a token whose signature, issuer, audience and times are right."""
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    claims = jwt.JWTClaimsRegistry(
        leeway=TOLERANCE_SECONDS,
        iss={"essential": True, "value": issuer.issuer},
        aud={"essential": True, "value": issuer.audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        proved = jwt.decode(token, key, registry=registry).claims
        claims.validate(proved)
    except (JoseError, ValueError, TypeError):
        raise refused_token() from None
    return proved


def _read_claims(claims: dict[str, Any], issuer: IssuerSettings, *, sha256: bytes) -> VerifiedToken:
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_NAME:
        raise refused_token()
    is_mail = isinstance(email, str) and 0 < len(email) <= LONGEST_NAME and claims.get("email_verified") is True
    acr, amr = claims.get("acr"), claims.get("amr")
    methods = {each for each in amr if isinstance(each, str)} if isinstance(amr, list) else set()
    return VerifiedToken(
        issuer=issuer,
        subject=subject,
        email=str(email).strip().casefold() if is_mail else None,
        sha256=sha256,
        ends_at=_read_end(claims["exp"]),
        is_strong=(isinstance(acr, str) and acr in issuer.strong_acr) or bool(methods & issuer.strong_amr),
    )


def _read_end(exp: float) -> datetime:
    now = datetime.now(UTC)
    seconds = min(float(exp) - now.timestamp(), LONGEST_LIFE.total_seconds())
    return now + timedelta(seconds=seconds + TOLERANCE_SECONDS)
