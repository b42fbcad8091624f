"""Connections to the API: as many small pools as a busy moment wants, in place of a large one.

httpcore looks at every connection of a pool whenever a request begins or ends, and asks the system of each idle one
whether it still stands. With twenty people at work that was a fifth of what a page takes.
"""

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Self

import httpx

POOLS = 8
CONNECTIONS, KEPT = 25, 5
"""Of each pool, at most; and of those, how many stay open when nobody asks."""
IDLE_SECONDS = 2.0
"""A connection to the API is let go before the API itself closes it, after 5: a request would meet its end."""


def make_pools(*, verify: ssl.SSLContext) -> "SmallPools":
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=KEPT, keepalive_expiry=IDLE_SECONDS)
    return SmallPools([httpx.AsyncHTTPTransport(verify=verify, limits=limits) for _ in range(POOLS)])


class SmallPools(httpx.AsyncBaseTransport):
    """A request goes by the pool that has least to do: one that event streams hold is passed by."""

    def __init__(self, pools: Sequence[httpx.AsyncBaseTransport]) -> None:
        self._pools = pools
        self.busy = [0] * len(pools)
        """Requests of each pool whose answers are not read to their end."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        number = self.busy.index(min(self.busy))
        self.busy[number] += 1

        def end() -> None:
            self.busy[number] -= 1

        try:
            response = await self._pools[number].handle_async_request(request)
        except BaseException:
            end()
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - of a transport that is asynchronous
        response.stream = _Counted(response.stream, end)
        return response

    async def __aenter__(self) -> Self:
        for pool in self._pools:
            await pool.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        for pool in self._pools:
            await pool.__aexit__(exc_type, exc_value, traceback)

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class _Counted(httpx.AsyncByteStream):
    """An answer's body. `end` is called once, when nobody reads it any more."""

    def __init__(self, stream: httpx.AsyncByteStream, end: Callable[[], None]) -> None:
        self._stream = stream
        self._end: Callable[[], None] | None = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        end, self._end = self._end, None
        try:
            await self._stream.aclose()
        finally:
            if end is not None:
                end()
