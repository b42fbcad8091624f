"""Addresses of databases: the same server, under the driver that each library asks for."""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ASYNCPG = "postgresql+asyncpg"
PLAIN = "postgresql"
_UNDERSTOOD = {PLAIN, "postgres", ASYNCPG}


def for_sqlalchemy(url: str) -> str:
    """For an engine over asyncpg. ValueError, which does not show the address, unless it is a postgresql:// one."""
    return _with_driver(url, ASYNCPG)


def for_asyncpg(url: str) -> str:
    """The address for asyncpg by itself. ValueError as above."""
    return _with_driver(url, PLAIN)


def _with_driver(url: str, driver: str) -> str:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("must be a postgresql:// address") from None
    if address.drivername not in _UNDERSTOOD:
        raise ValueError("must be a postgresql:// address")
    return address.set(drivername=driver).render_as_string(hide_password=False)
