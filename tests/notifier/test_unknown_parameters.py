"""The notifier refuses a query parameter it does not know, as roster-api does; a callback may bring any."""

import re

import httpx
import pytest
from notifier.api.access import RULES, Need
from notifier.app import create_app

from tests.notifier.world import ADMIN_KEY, World
from tests.support.shared_routes import with_shared_routes

STRICT = [key for key, need in RULES.items() if key[1].startswith("/v1/") and need is not Need.SIGNATURE]
SOME_ID = "00000000-0000-4000-8000-000000000000"


async def ask(world: World, method: str, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=with_shared_routes(create_app(world.settings)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notifier.example") as client:
        return await client.request(method, path, headers={"X-Api-Key": ADMIN_KEY})


@pytest.mark.parametrize(("method", "path"), STRICT)
async def test_every_route_refuses_what_it_does_not_know(world: World, method: str, path: str) -> None:
    answer = await ask(world, method, re.sub(r"\{[^}]+\}", SOME_ID, path) + "?khong_co_tham_so_nay=1")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.unknown_parameter")


async def test_a_slip_is_refused_with_the_name_that_was_meant(world: World) -> None:
    answer = await ask(world, "GET", "/v1/messages?plan=x&planid=y&status=sent&limit=1")
    errors = answer.json()["errors"]
    assert [error["pointer"] for error in errors] == ["query:plan", "query:planid"]
    assert "'plan_id'" in errors[1]["vi"]
    assert (await ask(world, "GET", "/v1/messages?status=sent&limit=1")).status_code == 200


async def test_a_providers_callback_may_bring_any(world: World) -> None:
    answer = await ask(world, "POST", "/v1/receipts/sms?account=1")
    assert answer.json()["code"] == "receipt.not_signed"
