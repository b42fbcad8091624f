"""How a gateway that knows no Standard Webhooks proves that a receipt is its own, and words it: data, not code.

A gateway signs the body (`hmac`), logs in (`basic`), or only calls from addresses of its own (`address`: as good as
the network between, and no better). `addresses` may stand beside each; behind a proxy they are the proxy's.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

ReceiptStatus = Literal["delivered", "failed", "partly_delivered"]
SECRET_LENGTH = 16
LONGEST_WORD = 200


class ReceiptForm(BaseModel):
    """`reference`, `status` and `id` are places in the body ('data.status'). A status that is not in `statuses` says
    nothing about arrival ('queued'), and is taken without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    check: Literal["hmac", "basic", "address"]
    secret: SecretStr = SecretStr("")
    """The key of the HMAC-SHA256 over the raw body, or 'name:password'."""
    header: str = "X-Signature"
    prefix: str = ""
    """What stands before the signature in its header: 'sha256='."""
    digest: Literal["hex", "base64"] = "hex"
    addresses: tuple[str, ...] = ()
    """Networks: '203.0.113.0/24'."""
    encoding: Literal["json", "form"] = "json"
    reference: str = "reference"
    id: str = "id"
    status: str = "status"
    statuses: Annotated[dict[str, ReceiptStatus], Field(min_length=1)]

    @field_validator("addresses")
    @classmethod
    def _are_networks(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            ip_network(address)
        return addresses

    @model_validator(mode="after")
    def _prove_something(self) -> Self:
        if self.check == "address" and not self.addresses:
            raise ValueError("`check` by address needs `addresses`")
        if self.check != "address" and len(self.secret.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"`secret` of receipts needs {SECRET_LENGTH} characters or more")
        return self

    @property
    def needed_header(self) -> str | None:
        """Without it nothing is read."""
        return {"hmac": self.header, "basic": "Authorization", "address": None}[self.check]

    def is_proved(self, content: bytes, headers: Mapping[str, str], *, client: str | None) -> bool:
        """Whether this gateway sent it."""
        if self.addresses and not self._is_from_there(client):
            return False
        secret = self.secret.get_secret_value().encode()
        match self.check:
            case "hmac":
                made = hmac.new(secret, content, hashlib.sha256).digest()
                shown = made.hex() if self.digest == "hex" else base64.b64encode(made).decode()
                given = headers.get(self.header, "")
                return hmac.compare_digest(given.encode(), f"{self.prefix}{shown}".encode())
            case "basic":
                return hmac.compare_digest(_read_basic(headers.get("Authorization", "")), secret)
            case "address":
                return True

    def _is_from_there(self, client: str | None) -> bool:
        try:
            address = ip_address(client or "")
        except ValueError:
            return False
        return any(address in ip_network(network) for network in self.addresses)

    def read(self, content: bytes) -> tuple[str, str, ReceiptStatus | None]:
        """(its id, our reference, what it says of arrival). ValueError when it is not understood."""
        body: Any = json.loads(content) if self.encoding == "json" else dict(parse_qsl(content.decode()))
        reference, status = self._word(body, self.reference), self._word(body, self.status)
        if reference is None or status is None:
            raise ValueError("no reference, or no status")
        # Two receipts of one message differ by what they say, where the gateway numbers none of them.
        number = self._word(body, self.id) or f"{reference}/{status}"
        return number, reference, self.statuses.get(status)

    def _word(self, body: Any, path: str) -> str | None:
        for name in path.split("."):
            body = body.get(name) if isinstance(body, dict) else None
        if isinstance(body, bool) or not isinstance(body, str | int):
            return None
        return str(body) if len(str(body)) <= LONGEST_WORD and "\0" not in str(body) else None


def _read_basic(header: str) -> bytes:
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
