"""Sealing: personal data as it stands in a database, opened by the keyset and the place it was sealed for alone.

The place (table, column, row) is associated data: a value copied to another row does not open there. The process's
composition root calls `use_sealer` once; whatever reads or writes a sealed column asks `get_sealer`.
"""

import hmac
import json
from dataclasses import dataclass

import tink
from tink import aead, json_proto_keyset_format, proto_keyset_format, secret_key_access

from commune_service.data_keys import read_keyset, register

PREFIX_BYTES = 5
"""Tink begins a sealed value with one byte and the id of the key that sealed it."""


class UnsealError(Exception):
    """What stands there was not sealed for this place by any of our keys."""


@dataclass(frozen=True)
class OwnKeySealed:
    """A value under a key of its own, and that key under the keyset. Without `wrapped_key` nobody opens it again."""

    wrapped_key: bytes
    sealed: bytes


class Sealer:
    """Seals and opens with one keyset; finds with one lookup key."""

    def __init__(self, data_keys: str, *, lookup_key: str = "") -> None:
        register()
        keyset = read_keyset(data_keys)
        handle = json_proto_keyset_format.parse(json.dumps(keyset), secret_key_access.TOKEN)
        self._aead = handle.primitive(aead.Aead)
        self._keyed = hmac.new(lookup_key.encode(), digestmod="sha256") if lookup_key else None
        self.prefix = b"\x01" + int(keyset["primaryKeyId"]).to_bytes(PREFIX_BYTES - 1, "big")
        """How everything begins that the sealing key sealed."""

    def seal(self, value: bytes, *, place: str) -> bytes:
        sealed: bytes = self._aead.encrypt(value, place.encode())
        return sealed

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """UnsealError when it was sealed for another place, by no key of ours, or was changed."""
        try:
            value: bytes = self._aead.decrypt(bytes(sealed), place.encode())
        except tink.TinkError:
            raise UnsealError(place.partition(":")[0]) from None
        return value

    def seal_with_own_key(self, value: bytes, *, place: str) -> OwnKeySealed:
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        key: bytes = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
        sealed: bytes = handle.primitive(aead.Aead).encrypt(value, place.encode())
        return OwnKeySealed(wrapped_key=self.seal(key, place=place), sealed=sealed)

    def open_with_own_key(self, wrapped_key: bytes, sealed: bytes, *, place: str) -> bytes:
        handle = proto_keyset_format.parse(self.open(wrapped_key, place=place), secret_key_access.TOKEN)
        try:
            value: bytes = handle.primitive(aead.Aead).decrypt(bytes(sealed), place.encode())
        except tink.TinkError:
            raise UnsealError(place.partition(":")[0]) from None
        return value

    def digest(self, value: str, *, kind: str) -> bytes:
        """The same for the same value, whosever it is; says nothing to whom the lookup key is unknown."""
        if self._keyed is None:
            raise RuntimeError("there is no lookup key")
        begun = self._keyed.copy()  # hmac.digest() lets other threads go first, each time
        begun.update(f"{kind}\0{value}".encode())
        return begun.digest()


@dataclass
class _Process:
    sealer: Sealer | None = None


_process = _Process()


def use_sealer(sealer: Sealer) -> None:
    """For the whole process, from now on."""
    _process.sealer = sealer


def get_sealer() -> Sealer:
    if _process.sealer is None:
        raise RuntimeError("no data keys are in use: the composition root calls use_sealer()")
    return _process.sealer
