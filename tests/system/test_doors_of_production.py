"""What a stranger finds at both services' doors in production: no documentation, no counts, the same headers."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from commune_service.headers import HEADERS
from fastapi import FastAPI
from notifier.app import create_app as create_notifier
from notifier.settings import Settings as NotifierSettings
from roster_api.app import create_app as create_roster
from roster_api.ports import Port, entered_by
from roster_api.settings import Settings as RosterSettings
from starlette.types import ASGIApp

from tests.system.test_secrets_of_production import NOTIFIER, ROSTER, start

pytestmark = pytest.mark.long

DOCUMENTATION = ("/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json")
PORTAL = "https://portal.example.vn"
NOWHERE = "postgresql://nobody:x@127.0.0.1:1/none"


def roster(**settings: Any) -> FastAPI:
    return create_roster(RosterSettings(**{"database_url": NOWHERE, "environment": "development"} | settings))


def notifier(**settings: Any) -> FastAPI:
    given = {"notifier_database_url": NOWHERE, "notifier_environment": "development", "notifier_api_key": "reads"}
    return create_notifier(NotifierSettings.model_validate(given | settings))


def asking(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service.example")


@pytest.fixture(params=[(create_roster, ROSTER), (create_notifier, NOTIFIER)], ids=["roster-api", "notifier"])
def production(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    create, service = request.param
    app: FastAPI = create(start(monkeypatch, *service))
    return app


async def test_production_shows_nobody_the_documentation(production: FastAPI) -> None:
    async with asking(production) as client:
        for path in DOCUMENTATION:
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


@pytest.mark.parametrize("create", [roster, notifier])
async def test_no_environment_has_a_page_that_runs_another_hosts_scripts(create: Callable[[], FastAPI]) -> None:
    async with asking(create()) as client:
        for path in DOCUMENTATION[:3]:
            assert (await client.get(path)).status_code == 404, path
        description = await client.get("/openapi.json")
        assert description.status_code == 200, "a programmer's machine still has the description"


async def test_metrics_are_read_on_the_internal_port_or_with_a_key() -> None:
    app = roster()
    for port, status in ((Port.PUBLIC, 404), (Port.INTERNAL, 200)):
        async with asking(entered_by(app, port)) as client:
            assert (await client.get("/metrics")).status_code == status
    async with asking(notifier()) as client:
        assert (await client.get("/metrics")).status_code == 401


@pytest.mark.parametrize("create", [roster, notifier])
async def test_every_answer_has_the_same_headers_whatever_it_is(create: Callable[[], FastAPI]) -> None:
    requests: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", "/health/live", {}),
        ("GET", "/nothing", {}),
        ("GET", "/health", {}),
        ("POST", "/v1/messages/0/resend", {"content": b"x" * 2_000_000}),
        ("POST", "/v1/receipts/sms", {"content": b"x" * 2_000_000}),
    )
    async with asking(create()) as client:
        for method, path, body in requests:
            answer = await client.request(method, path, **body)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
            assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("create", "path"), [(roster, "/v1/schools"), (notifier, "/v1/receipts/sms")], ids=["roster-api", "notifier"]
)
async def test_a_body_too_large_is_answered_with_a_problem(create: Callable[[], FastAPI], path: str) -> None:
    signed = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}
    async with asking(create()) as client:
        answer = await client.post(path, content=b"x" * 2_000_000, headers=signed)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "body.too_large"
    assert answer.json()["detail_vi"]


@pytest.mark.parametrize(("origin", "is_allowed"), [(PORTAL, True), ("https://evil.example", False), ("null", False)])
async def test_only_a_named_portals_pages_may_ask_from_a_browser(origin: str, *, is_allowed: bool) -> None:
    wish = {"Origin": origin, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    async with asking(roster(portal_origins=[PORTAL])) as client:
        preflight = await client.options("/v1/schools", headers=wish)
        asked = await client.get("/health/live", headers={"Origin": origin})
    assert preflight.is_success is is_allowed
    for answer in (preflight, asked):
        assert answer.headers.get("access-control-allow-origin") == (PORTAL if is_allowed else None)
        assert "access-control-allow-credentials" not in answer.headers


async def test_no_page_may_ask_from_a_browser_unless_named() -> None:
    async with asking(roster()) as client:
        answer = await client.get("/health/live", headers={"Origin": PORTAL})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("given", ["*", "portal.example.vn", "https://portal.example.vn/", "ftp://portal.example.vn"])
def test_what_is_no_origin_stops_the_service_at_its_start(given: str) -> None:
    with pytest.raises(ValueError, match="ROSTER_PORTAL_ORIGINS"):
        roster(portal_origins=[given])
