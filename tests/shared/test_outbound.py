"""Addresses a service is told to ask: what is refused in every spelling, and what a name may not lead to."""

import asyncio
import socket
from typing import Any

import pytest
from commune_service.outbound import OutboundRule, RefusedAddressError, check_url, is_public, look_up

STRICT = OutboundRule()

PRIVATE = """
127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1
224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1 ::ffff:127.0.0.1
::ffff:10.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 2002:7f00:1:: 2001:0:1:: 2001:db8::1
""".split()  # noqa: SIM905 - twenty-eight quoted words would hide what they are


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_counts_as_public_in_any_spelling(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_open_internet_are_public() -> None:
    assert all(is_public(address) for address in ("1.1.1.1", "203.162.4.191", "2606:4700::1111", "::ffff:1.1.1.1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example.vn/keys", "ftp://id.example.vn", "file:///etc/passwd", "gopher://id.example.vn",
        "//id.example.vn",        "https://", "https://user:word@id.example.vn/", "https://id.example.vn@inside/", "https://id.example.vn:0/",
        "https://id.example.vn:99999/", "https://id.example.vn\\@inside/", "https://id.example.vn/ x",
        "https://id\n.example.vn/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_plain_https_are_refused(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        check_url(url, STRICT)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "017700000001", "127.1"])
async def test_numbers_that_lead_inside_are_refused_however_they_are_written(host: str) -> None:
    with pytest.raises((RefusedAddressError, OSError)):
        await look_up(f"https://{host}/keys", STRICT)


async def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answered(*_arguments: Any, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, 0, 0, "", (address, 443)) for address in ("1.1.1.1", "10.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answered)
    with pytest.raises(RefusedAddressError, match="private"):
        await look_up("https://id.example.vn", STRICT)
    assert await look_up("https://id.example.vn", OutboundRule(allows_private=True)) == "1.1.1.1"
