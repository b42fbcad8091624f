"""Tokens of personal links: 22 characters that name a row, 22 that prove we made it for one purpose and no other."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

PLACEMENT = b"placement-answer/1"
INVITATION = b"invitation/1"
ID_BYTES = 16
PROOF_BYTES = 16


def sign_link(link_id: UUID, *, secret: str, purpose: bytes = PLACEMENT) -> str:
    """The token of a link row: URL-safe, the same each time."""
    return _text(link_id.bytes + _proof(link_id.bytes, secret, purpose))


def find_link_id(token: str, *, secret: str, purpose: bytes = PLACEMENT) -> UUID | None:
    """The row a token names, or None for anything that sign_link() did not make with this secret for this purpose."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    link_id, proof = raw[:ID_BYTES], raw[ID_BYTES:]
    if not hmac.compare_digest(proof, _proof(link_id, secret, purpose)):
        return None
    # base64 has several spellings of some byte strings; only the one we write is ours.
    return UUID(bytes=link_id) if _text(raw) == token else None


def _proof(link_id: bytes, secret: str, purpose: bytes) -> bytes:
    return hmac.new(secret.encode(), purpose + b"\0" + link_id, hashlib.sha256).digest()[:PROOF_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
