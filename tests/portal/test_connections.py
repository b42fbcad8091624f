"""The portal's connections to the API: small pools, the one with least to do first."""

from collections.abc import AsyncIterator

import httpx
import pytest
from commune_portal.connections import SmallPools


class Pool(httpx.AsyncBaseTransport):
    """Answers with its number; `fails` once where that is set."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.fails = False
        self.is_open = True

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.fails:
            raise httpx.ConnectError("away", request=request)
        return httpx.Response(200, content=self._body(), headers={"Pool": str(self.number)})

    async def _body(self) -> AsyncIterator[bytes]:
        yield b"its body"

    async def aclose(self) -> None:
        self.is_open = False

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


@pytest.fixture
def pools() -> list[Pool]:
    return [Pool(number) for number in range(3)]


async def test_a_pool_whose_answer_is_still_read_is_passed_by(pools: list[Pool]) -> None:
    transport = SmallPools(pools)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        async with client.stream("GET", "/events") as first, client.stream("GET", "/events") as second:
            others = [(await client.get("/")).headers["Pool"] for _ in range(2)]
            assert [first.headers["Pool"], second.headers["Pool"], *others] == ["0", "1", "2", "2"]
            assert transport.busy == [1, 1, 0]
        assert (await client.get("/")).text == "its body"
        assert transport.busy == [0, 0, 0]


async def test_a_request_that_failed_keeps_no_pool_busy(pools: list[Pool]) -> None:
    transport = SmallPools(pools)
    pools[0].fails = True
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/")
    assert transport.busy == [0, 0, 0]


@pytest.mark.parametrize("as_a_context", [True, False])
async def test_every_pool_is_closed_with_the_client(pools: list[Pool], as_a_context: bool) -> None:
    client = httpx.AsyncClient(transport=SmallPools(pools), base_url="http://api")
    if as_a_context:
        async with client:
            await client.get("/")
    else:
        await client.aclose()
    assert [pool.is_open for pool in pools] == [False, False, False]
