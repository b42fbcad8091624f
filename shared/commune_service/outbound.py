"""Addresses that settings name and a service asks: which may be, and where a host's name leads at that moment.

A name is looked up once and the answer is what is connected to, so that a second look-up cannot lead elsewhere.
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}
LOOK_UP_SECONDS = 5.0
TRANSLATED = ("64:ff9b::", "64:ff9b:1::")
"""Networks of IPv6 that stand for addresses of IPv4: wherever those lie."""


class RefusedAddressError(ValueError):
    """The address may not be asked; says why, without what else the settings hold."""


@dataclass(frozen=True)
class OutboundRule:
    """What may be asked. Both False in production, unless a setting says otherwise."""

    allows_http: bool = False
    allows_private: bool = False


def check_url(url: str, rule: OutboundRule) -> None:
    """Before anything is looked up: scheme, host, and nothing that hides another host. RefusedAddressError."""
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in url):
        raise RefusedAddressError("an address holds no space, backslash or control character")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddressError(f"not an address: {error}") from None
    if parts.scheme not in DEFAULT_PORTS or (parts.scheme == "http" and not rule.allows_http):
        raise RefusedAddressError("only https:// is asked")
    if not parts.hostname or parts.username is not None or parts.password is not None or port == 0:
        raise RefusedAddressError("an address needs a host, and carries no name or password")


def is_public(address: str) -> bool:
    """Whether an address of IPv4 or IPv6, in any of its spellings, lies on the open Internet."""
    parsed = ip_address(address.split("%", 1)[0])
    if isinstance(parsed, IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if str(parsed).startswith(TRANSLATED) or parsed.teredo is not None or parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast


async def look_up(url: str, rule: OutboundRule) -> str:
    """The IP address to connect to. RefusedAddressError when any of the name's is private; OSError when it has none."""
    check_url(url, rule)
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    looking = asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    found = await asyncio.wait_for(looking, LOOK_UP_SECONDS)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise OSError("the name leads nowhere")
    if not rule.allows_private and not all(is_public(address) for address in addresses):
        raise RefusedAddressError("the name leads to a private address")
    return addresses[0]
