"""What may not travel in clear in production: one rule for every service."""

from collections.abc import Mapping
from urllib.parse import urlsplit

REMEDY = "or, where this stays on one machine, ALLOW_CLEARTEXT=1"


def find_cleartext(addresses: Mapping[str, str]) -> list[str]:
    """Of these settings, those that are no https:// address; each in words that name the setting and the remedy."""
    return [
        f"{name} is no https:// address: what is sent there would travel in clear (https://..., {REMEDY})"
        for name, address in addresses.items()
        if urlsplit(address).scheme != "https"
    ]
