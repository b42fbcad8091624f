"""One address, spelt in other ways, asked by other methods or with headers that name another: the rule is the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from commune_stack.serving import served
from roster_api.ports import Port, entered_by

from tests.roster_api.reference_world import MISSING_ID, reference_world

KEYS, NOTICES = "/v1/api-keys", f"/v1/internal/sources/plan/{MISSING_ID}/notices"
SPELLINGS = (
    "/{}", "//{}", "/./{}", "/x/../{}", "/%2e/{}", "/x/%2e%2e/{}", "/{};x", "/{}/", "/{}%20", "/{}%00", "/{}#",
    "/{}.json", "/{}%23", "/{}%3f", "/;/{}", "/%2f{}", "/\\{}",
)  # fmt: skip
WITHIN = (
    ("/v1/", "/v1//"), ("/v1/", "/V1/"), ("/v1/", "/v1%2f"), ("/v1/", "/v1\\"), ("/v1/", "/v%31/"), ("/v1/", "/v1;a/"),
    ("keys", "%6beys"), ("internal", "%69nternal"), ("internal", "INTERNAL"), ("internal", "%C4%B1nternal"),
    ("internal", "internal%00"),
)  # fmt: skip
OVERRIDES = (
    "X-HTTP-Method-Override: POST", "X-HTTP-Method: DELETE", "X-Method-Override: PUT", f"X-Original-URL: {KEYS}",
    f"X-Rewrite-URL: {KEYS}", "X-Forwarded-Host: evil.example", "X-Forwarded-Prefix: /v1/internal",
    "Forwarded: for=127.0.0.1",
)  # fmt: skip
Ask = Callable[..., Awaitable[tuple[int, bytes]]]


def spellings(path: str) -> list[str]:
    changed = [path.replace(old, new) for old, new in WITHIN if old in path]
    return [each.format(path.lstrip("/")) for each in SPELLINGS] + changed + [f"http://127.0.0.1:8002{path}"]


@pytest.fixture
async def ask(roster_database_url: str) -> AsyncIterator[Ask]:
    """Over a real connection to the public port, with the path as it is written; the key of Finance unless named."""
    async with reference_world(roster_database_url) as world, served(entered_by(world.app, Port.PUBLIC)) as port:

        async def ask_for(target: str, method: str = "GET", who: str = "finance", *more: str) -> tuple[int, bytes]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            key = f"X-Api-Key: {world.keys[who]}"
            lines = [f"{method} {target} HTTP/1.1", "Host: service.example", "Connection: close", key, *more, "", ""]
            writer.write("\r\n".join(lines).encode())
            answer = await reader.read()
            writer.close()
            return int(answer.split()[1]), answer

        yield ask_for


async def test_another_spelling_of_an_address_opens_nothing(ask: Ask) -> None:
    opened = [target for target in spellings(KEYS) if (await ask(target))[0] not in {400, 403, 404}]
    assert opened == []
    assert (await ask(KEYS, "GET", "admin"))[0] == 200


async def test_no_spelling_leads_to_the_services_routes_on_the_public_port(ask: Ask) -> None:
    answers = {target: (await ask(target, "GET", "notifier"))[0] for target in spellings(NOTICES)}
    assert set(answers.values()) <= {400, 404}, answers


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND", "get", "DELETE"])
async def test_a_method_that_a_route_has_not_is_refused(ask: Ask, method: str) -> None:
    assert (await ask(KEYS, method))[0] in {400, 404, 405}


@pytest.mark.parametrize("path", ["/health", "/health/live"])
async def test_whoever_looks_whether_it_lives_may_ask_for_the_head_alone(ask: Ask, path: str) -> None:
    assert [(await ask(path, method))[0] for method in ("HEAD", "GET")] == [200, 200]


async def test_headers_that_name_another_method_or_address_change_nothing(ask: Ask) -> None:
    for header in OVERRIDES:
        status, answer = await ask("/v1/communes", "GET", "finance", header)
        assert (status, b"evil.example" in answer) == (200, False), header
        assert (await ask(KEYS, "GET", "finance", header))[0] == 403, header


async def test_an_upgrade_is_not_taken_and_the_request_is_judged_as_it_stands(ask: Ask) -> None:
    upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    assert (await ask(KEYS, "GET", "finance", *upgrade))[0] == 403
    assert (await ask("/v1/communes", "GET", "finance", *upgrade))[0] in {200, 400, 404}


UNCLEAR = (
    "X-Api-Key : x", "Content-Length: 5\r\nContent-Length: 6", "Transfer-Encoding: xchunked", "X-A: a\x00b",
)  # fmt: skip


@pytest.mark.parametrize("header", UNCLEAR, ids=range(len(UNCLEAR)))
async def test_a_header_that_another_would_read_otherwise_is_no_request(ask: Ask, header: str) -> None:
    assert (await ask("/v1/communes", "GET", "finance", header))[0] == 400
