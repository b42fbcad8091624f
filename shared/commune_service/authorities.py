"""Whom this process trusts to vouch for a server: read once, for reading the list takes longer than ten requests."""

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities(*, trust_env: bool = True) -> ssl.SSLContext:
    """For `verify` of a client that talks over the network; `trust_env` as the client's own (SSL_CERT_FILE)."""
    return httpx.create_ssl_context(trust_env=trust_env)
