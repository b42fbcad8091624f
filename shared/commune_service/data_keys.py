"""The keyset that seals personal data: made, read, given another key, and held against what production demands.

A keyset is Tink's, as JSON in base64: one line, for an environment variable or a file. It is as secret as the data.
"""

import base64
import binascii
import functools
import json
from pathlib import Path
from typing import Any

import tink
from tink import aead, json_proto_keyset_format, secret_key_access

DEVELOPMENT_DATA_KEYS = (
    "eyJwcmltYXJ5S2V5SWQiOjY0OTA1MDE4NCwia2V5IjpbeyJrZXlEYXRhIjp7InR5cGVVcmwiOiJ0eXBlLmdvb2dsZWFwaXMuY29t"
    "L2dvb2dsZS5jcnlwdG8udGluay5BZXNHY21LZXkiLCJ2YWx1ZSI6IkdpQk15SmVRK05iY2haQ3VvKzNDT0FJV1pJdXFxOUlTdENy"
    "Z2RUTzJEWWx0QWc9PSIsImtleU1hdGVyaWFsVHlwZSI6IlNZTU1FVFJJQyJ9LCJzdGF0dXMiOiJFTkFCTEVEIiwia2V5SWQiOjY0"
    "OTA1MDE4NCwib3V0cHV0UHJlZml4VHlwZSI6IlRJTksifV19"
)
"""In the source, so it protects nothing: refused in production."""
DEVELOPMENT_LOOKUP_KEY = "development-lookup-key-not-for-production"
HOW_TO_MAKE = "roster-api data-keys new"


@functools.cache
def register() -> None:
    """Tink's algorithms, once a process."""
    aead.register()


def new_data_keys() -> str:
    """A keyset with one key."""
    register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return _write(json.loads(json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)))


def add_key(data_keys: str) -> str:
    """With one more key, which opens and does not seal yet: to be brought to every process before `promote_key`."""
    keyset, new = read_keyset(data_keys), read_keyset(new_data_keys())
    return _write({**keyset, "key": [*keyset["key"], *new["key"]]})


def promote_key(data_keys: str) -> str:
    """The newest key seals from now on; the others open."""
    keyset = read_keyset(data_keys)
    return _write({**keyset, "primaryKeyId": keyset["key"][-1]["keyId"]})


def drop_old_keys(data_keys: str) -> str:
    """The sealing key alone: what another one sealed opens no more."""
    keyset = read_keyset(data_keys)
    return _write({**keyset, "key": [key for key in keyset["key"] if key["keyId"] == keyset["primaryKeyId"]]})


def read_keyset(data_keys: str) -> dict[str, Any]:
    """ValueError, without the keys, for what is no keyset."""
    text = data_keys.strip()
    try:
        keyset = json.loads(text if text.startswith("{") else base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        keyset = None
    if not isinstance(keyset, dict) or not keyset.get("key") or "primaryKeyId" not in keyset:
        raise ValueError(f"the data keys are no keyset ({HOW_TO_MAKE})")
    return keyset


def read_data_keys(given: str, *, file: Path | None) -> str:
    """The file's where there is one. ValueError, in words that show nothing, where it cannot be read."""
    if file is None:
        return given
    try:
        return file.read_text().strip()
    except OSError as error:
        raise ValueError(f"the file of the data keys cannot be read: {type(error).__name__}") from None


def find_data_key_weaknesses(name: str, data_keys: str) -> list[str]:
    """Why these are no keys for production; nothing when they are."""
    if not data_keys:
        return [f"{name} is empty: set it ({HOW_TO_MAKE})"]
    keyset = read_keyset(data_keys)
    known = {key["keyData"]["value"] for key in read_keyset(DEVELOPMENT_DATA_KEYS)["key"]}
    if any(key["keyData"]["value"] in known for key in keyset["key"]):
        return [f"{name} holds a development key ({HOW_TO_MAKE})"]
    return []


def _write(keyset: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(keyset, separators=(",", ":")).encode()).decode()
