"""The proxy by which a provider is reached, where the machine's environment names one."""

from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]


def find_proxy(url: str) -> str | None:
    """From HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as other programs read them. None: straight there."""
    parts, proxies = urlsplit(url), getproxies_environment()
    if proxy_bypass_environment(parts.hostname or "", proxies):
        return None
    return proxies.get(parts.scheme) or proxies.get("all") or None
