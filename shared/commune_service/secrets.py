"""What a secret must be in production: one rule for every service, so that none of them is the weak one."""

import base64
import binascii
from collections.abc import Mapping

MINIMUM_LENGTH = 32
MINIMUM_DISTINCT = 10
RECEIPT_MINIMUM_BYTES = 24
RECEIPT_PREFIX = "whsec_"
TELLTALES = ("development", "changeme", "change-me", "password", "example", "default")


def find_weakness(name: str, value: str, *, minimum_length: int = MINIMUM_LENGTH) -> str | None:
    """Why this is no secret, in words that name the setting and never show the value; None when it is one."""
    if not value:
        return f"{name} is empty: set it (openssl rand -hex 32)"
    if len(value) < minimum_length:
        return f"{name} is shorter than {minimum_length} characters (openssl rand -hex 32)"
    if any(word in value.casefold() for word in TELLTALES):
        return f"{name} is a development value (openssl rand -hex 32)"
    if len(set(value)) < MINIMUM_DISTINCT:
        return f"{name} has fewer than {MINIMUM_DISTINCT} different characters (openssl rand -hex 32)"
    return None


def find_weaknesses(secrets: Mapping[str, str], *, minimum_lengths: Mapping[str, int] | None = None) -> list[str]:
    """Of one service's secrets by name, every weakness, two equal ones included."""
    shorter = minimum_lengths or {}
    found = [
        weakness
        for name, value in secrets.items()
        if (weakness := find_weakness(name, value, minimum_length=shorter.get(name, MINIMUM_LENGTH)))
    ]
    names: dict[str, str] = {}
    for name, value in secrets.items():
        other = names.setdefault(value, name)
        if value and other != name:
            found.append(f"{name} and {other} are the same: each needs its own")
    return found


def decode_receipt_secret(value: str) -> bytes:
    """The bytes of a Standard Webhooks secret ('whsec_' + base64). ValueError, without the value, when it has none."""
    try:
        secret = base64.b64decode(value.removeprefix(RECEIPT_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not secret:
        raise ValueError("SMS_RECEIPT_SECRET must be whsec_ and base64 (echo whsec_$(openssl rand -base64 32))")
    return secret
