"""What only the other services may reach has a port of its own; the port people reach does not know it."""

import asyncio
import os
import signal
import subprocess
import sysconfig
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from commune_stack.ports import free_port
from pydantic import ValidationError
from roster_api.access.rules import RULES
from roster_api.app import create_app
from roster_api.ports import HEALTH_PATHS, Port, entered_by
from roster_api.settings import Settings

from tests.roster_api.test_access_routes import filled
from tests.support.deadlines import until

NOWHERE = "postgresql://nobody:x@127.0.0.1:1/none"
ROSTER_API = Path(sysconfig.get_path("scripts")) / "roster-api"
PUT_RESULT = f"/v1/internal/matching-runs/{'0' * 8}-0000-4000-8000-{'0' * 12}/result"


@dataclass
class Serving:
    public: str
    internal: str
    process: subprocess.Popen[bytes]


@pytest.fixture
def serving(roster_database_url: str) -> Iterator[Serving]:
    ports = free_port(), free_port()
    settings = {
        "ROSTER_DATABASE_URL": roster_database_url,
        "ROSTER_ENVIRONMENT": "development",
        "ROSTER_PORT": str(ports[0]),
        "ROSTER_INTERNAL_PORT": str(ports[1]),
    }
    process = subprocess.Popen([ROSTER_API, "serve"], env={**os.environ, **settings})
    public, internal = (f"http://127.0.0.1:{port}" for port in ports)
    yield Serving(public, internal, process)
    process.kill()
    process.wait()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as made:
        yield made


async def wait_healthy(client: httpx.AsyncClient, serving: Serving) -> None:
    async def answers() -> bool:
        try:
            return all([(await client.get(f"{url}/health")).is_success for url in (serving.public, serving.internal)])
        except httpx.TransportError:
            return False

    await until(answers)


@pytest.mark.parametrize("port", Port)
async def test_each_port_serves_its_own_routes_and_health_and_nothing_else(port: Port) -> None:
    app = create_app(Settings(database_url=NOWHERE))
    transport = httpx.ASGITransport(entered_by(app, port))
    wrong = []
    async with httpx.AsyncClient(transport=transport, base_url="http://roster.example") as client:
        for method, path in RULES:
            if path in HEALTH_PATHS:
                continue
            answer = await client.request(method, filled(path))
            is_there = path.startswith(("/v1/internal/", "/metrics")) == (port is Port.INTERNAL)
            if (answer.status_code == 404) == is_there and not path.startswith(("/a/", "/i/", "/u/")):
                wrong.append((method, path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("path", ["/v1/internal", "/v1/internal/", "/v1/internal/none", PUT_RESULT])
async def test_the_public_ports_answer_about_internal_routes_is_that_of_any_unknown_address(path: str) -> None:
    app = create_app(Settings(database_url=NOWHERE))
    transport = httpx.ASGITransport(entered_by(app, Port.PUBLIC))
    async with httpx.AsyncClient(transport=transport, base_url="http://roster.example") as client:
        hidden, unknown = await client.put(path), await client.put("/v1/nothing")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.json() | {"instance": ""} == unknown.json() | {"instance": ""}
    own = {"x-request-id", "content-length"}
    assert {k: v for k, v in hidden.headers.items() if k not in own} == {
        k: v for k, v in unknown.headers.items() if k not in own
    }


async def test_the_serving_process_has_both_ports_answers_a_long_body_from_nobody_and_ends_with_both(
    serving: Serving, client: httpx.AsyncClient
) -> None:
    await wait_healthy(client, serving)
    assert (await client.put(f"{serving.public}{PUT_RESULT}", json={})).status_code == 404
    assert (await client.put(f"{serving.internal}{PUT_RESULT}", json={})).status_code == 401
    assert (await client.get(f"{serving.public}/v1/provinces")).status_code == 401
    assert (await client.get(f"{serving.internal}/v1/provinces")).status_code == 404
    body = b"[" + b"[]," * 7_000_000 + b"[]]"
    headers = {"Content-Type": "application/json"}
    answer = await client.put(f"{serving.internal}{PUT_RESULT}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "access.key_missing")
    serving.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(serving.process.wait, 30) == 0


def test_both_on_one_port_is_refused() -> None:
    with pytest.raises(ValidationError, match="ROSTER_INTERNAL_PORT"):
        Settings(database_url=NOWHERE, port=8002, internal_port=8002)
