"""The API keeps to its own description: no route answers 5xx, or with a status or body that OpenAPI does not name."""

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from roster_api.access.rules import LINK, OPEN, PUBLIC, RULES
from roster_api.app import create_app
from roster_api.main import openapi_text
from roster_api.settings import Settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.roster_api.description import committed_description
from tests.roster_api.reference_world import NHA_TRANG, World, reference_world

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
ASKS_NOTIFIER = frozenset(
    {
        "/v1/volunteers/{volunteer_id}/data",
        "/v1/volunteers/{volunteer_id}/data.html",
        "/v1/message-orders",
        "/v1/call-list",
        "/v1/call-list/{message_id}/calls",
        "/v1/message-templates",
        "/v1/message-templates/{kind}/{channel}/{language}",
        "/v1/message-templates/{kind}/{channel}/{language}/preview",
        "/v1/message-templates/{kind}/{channel}/{language}/test",
        "/v1/message-templates/{kind}/{channel}/{language}/{version}/publish",
        "/v1/suppressions",
        "/v1/suppressions/{suppression_id}/release",
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}/rotate",
        "/v1/webhooks/{webhook_id}/disable",
        "/v1/webhooks/{webhook_id}/enable",
        "/v1/webhooks/{webhook_id}/replay",
        "/v1/webhooks/{webhook_id}/deliveries",
    }
)
"""Of somebody that exists, or of messages, they are 503 where there is no notifier, as here."""
EXAMPLES = ((POSITIVE, 1), (NEGATIVE, 1))
"""(mode, how many an operation): few, for there are hundreds of operations. What is missing has tests of its own."""


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of `app`, answering in a thread of its own."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # requests made before the server is up wait in the queue
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def filled(module_roster_database_url: str) -> World:
    async def fill() -> World:
        async with reference_world(module_roster_database_url) as world:
            return world

    return asyncio.run(fill())


@pytest.fixture(scope="module")
def address(module_roster_database_url: str, filled: World) -> Iterator[str]:
    app = create_app(Settings(database_url=module_roster_database_url))
    app.openapi_schema = committed_description()
    with served(app) as url:
        yield url


def known_identifiers(world: World, operation: Any) -> dict[str, str]:
    """Identifiers that exist, for those of the operation's path parameters that have one."""
    known = {
        "school_id": world.ids["school"],
        "volunteer_id": world.ids["volunteer"],
        "campaign_id": world.ids["campaign"],
        "commune_code": NHA_TRANG,
    }
    if operation.path.startswith("/v1/provinces"):
        known["code"] = "56"
    elif operation.path.startswith("/v1/communes"):
        known["code"] = NHA_TRANG
    elif operation.path.startswith("/v1/duties"):
        known["code"] = "kpi"
    return {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}


@pytest.mark.parametrize("half", [0, 1])
def test_no_route_answers_outside_its_description(half: int, filled: World, address: str) -> None:
    schema = schemathesis.openapi.from_dict(requests.get(f"{address}/openapi.json", timeout=120).json())
    session = requests.Session()
    session.headers["X-Api-Key"] = filled.keys["admin"]
    failures: list[str] = []
    for result in list(schema.get_all_operations())[half::2]:
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path in ASKS_NOTIFIER:
            continue
        known = known_identifiers(filled, operation)
        for mode, examples in EXAMPLES:

            @settings(
                max_examples=examples,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(mode, path_parameters=known or None))
            def check(case: Case[Any]) -> None:
                case.call_and_validate(base_url=address, session=session, checks=CHECKS, timeout=120)

            try:
                check()
            except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001 - try every operation, then fail
                failures.append(f"{operation.label} ({mode}): {failure}"[:2000])
    assert not failures, "\n\n".join(failures)


def test_every_operation_says_what_it_is_and_what_may_go_wrong() -> None:
    identifiers = []
    for path, operations in committed_description()["paths"].items():
        for method, operation in operations.items():
            rule = RULES[method.upper(), path]
            identifiers.append(operation["operationId"])
            assert operation["summary"], (method, path)
            assert operation["tags"], (method, path)
            if rule not in (PUBLIC, OPEN, LINK):
                missing = {"401", "403", "422", "503"} - operation["responses"].keys()
                assert not missing, (method, path, missing)
                assert "application/problem+json" in operation["responses"]["422"]["content"], (method, path)
            if method == "patch":
                assert {"412", "428"} <= operation["responses"].keys(), path
            if method == "post" and "201" in operation["responses"]:
                headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
                assert "Idempotency-Key" in headers, path
    assert len(identifiers) == len(set(identifiers))


def test_the_committed_description_is_the_present_one() -> None:
    """Renew it with: .venv/bin/roster-api openapi > docs/openapi.json"""
    committed = committed_description()
    present = json.loads(openapi_text())
    old, new = committed["paths"], present["paths"]
    changed = sorted(path for path in old | new if old.get(path) != new.get(path))
    assert committed == present, f"{changed} changed; if it was meant: .venv/bin/roster-api openapi > docs/openapi.json"
