"""How often one caller may ask: by account or key, and by address, counted with the library `limits`. Else 429.

Every request is counted in this process's memory. What is heavy, and what is guessed, is counted in Valkey, so that it
holds over processes. While Valkey is away nobody waits for it: signed-in people pass, keys and guesses are counted in
this process's memory.

Addresses are counted where the settings name the proxies that tell them. Elsewhere everyone may have the proxy's.
"""

import asyncio
import hashlib
import time
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

import structlog
from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from roster_api.access.principal import Principal
from roster_api.at_once import ADDRESS_FACTOR, Address
from roster_api.errors import TooManyError
from roster_api.settings import Settings

log = structlog.get_logger(__name__)
PREFIX = "roster-rates"
VALKEY_SECONDS = 0.25
"""As long as a request may wait for a count."""
LEFT_ALONE_SECONDS = 5.0
"""Valkey, after it did not answer."""
IPV6_NETWORK = 64
"""What one subscriber is given."""


@dataclass(frozen=True)
class Refusal:
    """The words of a 429."""

    code: str
    vi: str
    en: str


TOO_OFTEN = Refusal(
    "rate.too_often",
    "Quá nhiều yêu cầu trong một thời gian ngắn. Hãy thử lại sau.",
    "Too many requests in a short time.",
)
TOO_MUCH_WORK = Refusal(
    "rate.too_much_work",
    "Việc nặng này đã được yêu cầu quá nhiều lần trong giờ qua. Hãy thử lại sau.",
    "This heavy work was asked for too often within the hour. Try again later.",
)
WRONG_LINKS = Refusal(
    "link.too_many_wrong",
    "Có quá nhiều liên kết sai từ địa chỉ này. Hãy thử lại sau một phút.",
    "Too many wrong links from this address. Try again in a minute.",
)
WRONG_KEYS = Refusal(
    "access.too_many_wrong",
    "Có quá nhiều khóa hoặc lần đăng nhập sai từ địa chỉ này. Hãy thử lại sau một phút.",
    "Too many wrong keys or sign-ins from this address. Try again in a minute.",
)
HEAVY = frozenset(
    {
        ("POST", "/v1/provinces/{code}/communes/import"),
        ("POST", "/v1/schools/{school_id}/roster-uploads"),
        ("PUT", "/v1/roster-uploads/{upload_id}/mapping"),
        ("GET", "/v1/roster-uploads/{upload_id}/annotated"),
        ("POST", "/v1/roster-uploads/{upload_id}/commit"),
        ("POST", "/v1/campaigns/{campaign_id}/matching-runs"),
        ("POST", "/v1/national-runs"),
        ("POST", "/v1/matching-runs/{run_id}/advice"),
        ("GET", "/v1/plans/{plan_id}/annex.xlsx"),
        ("GET", "/v1/plans/{plan_id}/decision.docx"),
        ("POST", "/v1/campaigns/{campaign_id}/allowance-statements"),
        ("GET", "/v1/campaigns/{campaign_id}/allowances.xlsx"),
        ("GET", "/v1/campaigns/{campaign_id}/review.docx"),
        ("GET", "/v1/campaigns/{campaign_id}/review.xlsx"),
        ("POST", "/v1/plans/{plan_id}/reminders"),
        ("GET", "/v1/audit/export"),
        ("POST", "/v1/schools/{school_id}/invitations"),
        ("POST", "/v1/schools/{school_id}/invitations/reminders"),
    }
)
"""Routes whose work is children, solvers, messages or whole tables. Each is counted by itself."""


class Rates:
    """The counts of one application."""

    def __init__(self, settings: Settings) -> None:
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._connections = ConnectionPool.from_url(
            settings.redis_url, socket_timeout=VALKEY_SECONDS, socket_connect_timeout=VALKEY_SECONDS
        )
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=PREFIX,
            connection_pool=self._connections,  # type: ignore[arg-type]  # the library's own words allow it
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._left_alone_until = 0.0
        self._secret = settings.link_secret.get_secret_value().encode()[:64]
        self._knows_addresses = bool(settings.trusted_proxies)
        self._requests = RateLimitItemPerMinute(settings.requests_a_minute)
        self._requests_of_address = RateLimitItemPerMinute(settings.requests_a_minute * ADDRESS_FACTOR)
        self._heavy = RateLimitItemPerHour(settings.heavy_requests_an_hour)
        self._heavy_of_address = RateLimitItemPerHour(settings.heavy_requests_an_hour * ADDRESS_FACTOR)
        self._wrong_links = RateLimitItemPerMinute(settings.wrong_links_a_minute)
        self._wrong_keys = RateLimitItemPerMinute(settings.wrong_keys_a_minute)

    def holders_of(self, request: Request, principal: Principal) -> list[Hashable]:
        """Whose turns a request takes: the account's or key's, and the address's where addresses are known."""
        address = self._address_of(request) if self._knows_addresses else None
        return [holder_of(principal), *([Address(address)] if address else [])]

    async def count_address(self, request: Request) -> None:
        """429 for an address that asks too often, before anything is asked of the database."""
        if self._knows_addresses:
            await self._count_here(self._requests_of_address, self._address_of(request), TOO_OFTEN)

    async def count_principal(self, request: Request, principal: Principal, route: tuple[str, str]) -> None:
        """429 for an account or a key that asks too often, or for too much heavy work; for its address alike."""
        holder = holder_of(principal)
        await self._count_here(self._requests, holder, TOO_OFTEN)
        if route not in HEAVY:
            return
        is_person = principal.account_id is not None
        place = " ".join(route)
        await self._count_shared(self._heavy, f"{place} {holder}", TOO_MUCH_WORK, passes=is_person)
        if self._knows_addresses:
            address = self._address_of(request)
            await self._count_shared(self._heavy_of_address, f"{place} {address}", TOO_MUCH_WORK, passes=is_person)

    async def count_account(self, account_id: UUID) -> None:
        """429 for an account that asks too often about itself, whatever roles it has."""
        await self._count_here(self._requests, str(account_id), TOO_OFTEN)

    async def count_wrong_link(self, request: Request) -> None:
        """429 after too many of them from one address."""
        await self._count_shared(self._wrong_links, f"link {self._address_of(request)}", WRONG_LINKS, passes=False)

    async def count_wrong_key(self, request: Request) -> None:
        """429 after too many of them from one address; a right one is let in whatever came before."""
        await self._count_shared(self._wrong_keys, f"key {self._address_of(request)}", WRONG_KEYS, passes=False)

    async def close(self) -> None:
        await self._connections.disconnect()

    def _address_of(self, request: Request) -> str:
        """Never the address itself: what is kept outside this process names nobody."""
        host = request.client.host if request.client else "unknown"
        try:
            address = ip_address(host)
            if isinstance(address, IPv6Address):
                host = str(ip_network((address, IPV6_NETWORK), strict=False))
        except ValueError:
            pass  # no address of the Internet: a test's, or a socket's
        return hashlib.blake2b(host.encode(), key=self._secret, digest_size=12).hexdigest()

    async def _count_here(self, limit: RateLimitItem, holder: str, refusal: Refusal) -> None:
        if not await self._here.hit(limit, refusal.code, holder):
            raise _too_many(refusal, (await self._here.get_window_stats(limit, refusal.code, holder)).reset_time)

    async def _count_shared(self, limit: RateLimitItem, holder: str, refusal: Refusal, *, passes: bool) -> None:
        """`passes`: whoever it is may go on while Valkey is away."""
        if time.monotonic() >= self._left_alone_until:
            try:
                async with asyncio.timeout(VALKEY_SECONDS):
                    if await self._shared.hit(limit, refusal.code, holder):
                        return
                    stats = await self._shared.get_window_stats(limit, refusal.code, holder)
            except (RedisError, OSError, TimeoutError) as error:
                self._left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
                log.warning("rates.valkey_away", error=type(error).__name__)
            else:
                raise _too_many(refusal, stats.reset_time)
        if not passes:
            await self._count_here(limit, holder, refusal)


def holder_of(principal: Principal) -> str:
    """The account, whatever role it acts in, or the key."""
    return str(principal.holder_id)


def get_rates(request: Request) -> Rates:
    rates: Rates = request.app.state.rates
    return rates


def _too_many(refusal: Refusal, reset_time: float) -> TooManyError:
    seconds = max(1, round(reset_time - time.time()))
    return TooManyError(refusal.code, vi=refusal.vi, en=refusal.en, headers={"Retry-After": str(seconds)})
