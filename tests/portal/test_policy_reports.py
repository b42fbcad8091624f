"""What browsers report of a broken policy is counted by directive; nobody needs a session, and nobody floods."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_portal.policy_reports import A_MINUTE, MAXIMUM_BYTES
from pydantic import SecretStr

from tests.portal.world import PortalWorld, portal_world

TOKEN = "token-of-prometheus"


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.app.state.settings.metrics_token = SecretStr(TOKEN)
        yield made


async def report(world: PortalWorld, content: Any) -> int:
    """As browsers send it: no session, no form token, another origin or none."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return (await world.client.post("/csp-reports", content=body, headers={"Origin": "null"})).status_code


def count(world: PortalWorld, directive: str) -> float:
    labels = {"directive": directive}
    return world.app.state.policy_reports.registry.get_sample_value("portal_policy_violations_total", labels) or 0


async def test_every_page_names_the_address_and_both_forms_of_a_report_are_counted(world: PortalWorld) -> None:
    policy = (await world.client.get("/sign-in")).headers["Content-Security-Policy"]
    assert "report-uri /csp-reports" in policy
    old = {"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://evil.example/a?name=Le"}}
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "inline"}}]
    assert [await report(world, each) for each in (old, new)] == [204, 204]
    assert count(world, "img-src") == 2


async def test_a_directive_of_somebodys_making_is_no_new_row(world: PortalWorld) -> None:
    for number in range(5):
        await report(world, {"csp-report": {"violated-directive": f"made-up-{number} 'self'"}})
    assert count(world, "other") == 5


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'"x"', b'{"csp-report": 1}', b"\xff"])
async def test_what_is_no_report_is_counted_as_such(world: PortalWorld, content: bytes) -> None:
    assert await report(world, content) == 204
    assert world.app.state.policy_reports.registry.get_sample_value("portal_policy_reports_refused_total") == 1


async def test_what_is_too_long_or_too_much_is_refused(world: PortalWorld) -> None:
    assert await report(world, b"x" * (MAXIMUM_BYTES + 1)) == 413
    world.app.state.policy_reports.may_take = iter([True] * 2 + [False]).__next__
    assert [await report(world, {"csp-report": {}}) for _ in range(3)] == [204, 204, 429]


def test_so_many_a_minute_and_no_more(world: PortalWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commune_portal.policy_reports.time.monotonic", lambda: 6000.0)
    reports = world.app.state.policy_reports
    assert [reports.may_take() for _ in range(A_MINUTE + 1)] == [True] * A_MINUTE + [False]
    monkeypatch.setattr("commune_portal.policy_reports.time.monotonic", lambda: 6060.0)
    assert reports.may_take()


async def test_the_counts_are_shown_to_who_has_the_token_and_to_nobody_else(world: PortalWorld) -> None:
    await report(world, {"csp-report": {"effective-directive": "script-src"}})
    shown = await world.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert 'portal_policy_violations_total{directive="script-src"} 1.0' in shown.text
    for headers in ({}, {"Authorization": "Bearer another"}):
        assert (await world.client.get("/metrics", headers=headers)).status_code == 404
    world.app.state.settings.metrics_token = None
    assert (await world.client.get("/metrics", headers={"Authorization": "Bearer None"})).status_code == 404
