"""What the portal keeps for some seconds: each for its own reader, nothing of it after that reader changed things."""

from collections.abc import AsyncIterator

import pytest

from tests.portal.test_editing import CAMPAIGN, PLAN
from tests.portal.world import ADMIN, EMPTY, PortalWorld, portal_world

PUBLISHED = PLAN | {
    "status": "published",
    "version": 1,
    "published_at": "2026-11-02T03:00:00Z",
    "published_by": "Nội vụ",
    "counts": {"communes_led": 1, "people_placed": 1, "person_days_per_week": 1, "unmet_days": 0},
}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/plans/p1"): (200, PUBLISHED),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN),
            ("GET", "/v1/provinces/56/boundaries"): (200, {"schematic": True, "features": []}),
        }
        yield made


async def asked_for(world: PortalWorld, path: str) -> list[str]:
    """What the API is asked for one page."""
    world.asked.clear()
    assert (await world.client.get(path)).status_code == 200
    return [request.url.path for request in world.asked]


async def test_of_a_published_plan_seen_again_only_the_plan_itself_is_asked_for(world: PortalWorld) -> None:
    assert "/v1/plans/p1/responsibilities" in await asked_for(world, "/plans/p1")
    assert await asked_for(world, "/plans/p1") == ["/v1/plans/p1"]
    world.sign_in(token="of-somebody-else")
    assert "/v1/plans/p1/responsibilities" in await asked_for(world, "/plans/p1"), "each person asks for themselves"
    world.answers["GET", "/v1/plans/p1"] = (404, {"code": "not_found"})
    assert (await world.client.get("/plans/p1")).status_code == 404, "who may not see it any more does not"


async def test_a_draft_is_read_anew_each_time(world: PortalWorld) -> None:
    world.answers["GET", "/v1/plans/p1"] = (200, PUBLISHED | PLAN)
    await asked_for(world, "/plans/p1")
    assert "/v1/plans/p1/responsibilities" in await asked_for(world, "/plans/p1")


async def test_ones_own_deed_shows_at_once_and_no_phone_is_kept(world: PortalWorld) -> None:
    world.answers["GET", "/v1/campaigns"] = (
        200,
        EMPTY
        | {"items": [CAMPAIGN | {"status": "open", "starts_on": "2026-11-02", "ends_on": "2026-11-29"}], "total": 1},
    )
    world.answers["GET", "/v1/campaigns/c1/plans"] = (200, EMPTY | {"items": [PUBLISHED], "total": 1})
    standing = {"communes": [], "covered": 0, "short": 0, "silent": 0, "stuck": 0}
    world.answers["GET", "/v1/campaigns/c1/standing"] = (200, standing)
    world.answers["GET", "/v1/campaigns/c1/attendance/totals"] = (200, {"total": {"unconfirmed": 0, "disputed": 0}})
    counts = {"confirmed": 1, "cannot_go": 0, "no_answer": 0}
    answers = EMPTY | {"items": [{"phone": "+84950000123"}], "counts": counts}
    world.answers["GET", "/v1/plans/p1/answers"] = (200, answers)
    assert "/v1/campaigns" in await asked_for(world, "/")
    assert await asked_for(world, "/") == []
    assert "+84950000123" not in repr(vars(world.app.state.kept))
    fields = await world.form_of("/")
    assert (await world.post("/runs/r1/cancel", fields)).status_code == 303
    assert "/v1/campaigns" in await asked_for(world, "/")
